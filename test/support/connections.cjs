// Loaded into a server by NODE_OPTIONS=--require: writes each name that it looks up and each address that it connects or
// sends to into the file that CONNECTIONS_FILE names, and changes nothing.
const { appendFileSync } = require('node:fs');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');

const note = (...words) => appendFileSync(process.env.CONNECTIONS_FILE, `${words.join(' ')}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : given;
  if (typeof options === 'object')
    note('connect', options.path ?? `${options.host ?? 'localhost'}:${options.port}`);
  else note('connect', ...given.filter((one) => typeof one !== 'function'));
  return connect.apply(this, given);
};

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...given) {
  note('send', ...given.filter((one) => ['string', 'number'].includes(typeof one)));
  return send.apply(this, given);
};

for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
  for (const name of [
    'lookup',
    ...Object.getOwnPropertyNames(owner).filter((one) => /^resolve|^reverse/.test(one)),
  ]) {
    const known = owner[name];
    if (typeof known !== 'function') continue;
    owner[name] = function (asked, ...rest) {
      note('look up', asked);
      return known.call(this, asked, ...rest);
    };
  }
