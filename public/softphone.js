// The phone on /softphone: registers this page at the SIP server with a credential of its own, makes and takes calls.
// What it says stands in the page, in the reader's language. One call at a time; a second caller hears that it is busy.

const phone = document.getElementById('phone');
const part = (name) => document.getElementById(`phone-${name}`);
const number = part('number');

// The line: a credential, and the connection that registers with it.

const renewEvery = 60; // seconds: how long a registration lasts
const awakeEvery = 30_000;
const tryAgainAfter = 5_000;

let line;
let agent;
/** Since the last registration: a credential that is refused is replaced once. */
let refused = false;

async function connect() {
  showLine('connecting');
  const answer = await post('/softphone/lines');
  if (!answer) return connectLater();
  if (answer.redirected) return end('over');
  if (answer.status === 409) return end('changed');
  if (!answer.ok) return answer.status < 500 ? end('refused') : connectLater();
  line = await answer.json();
  if (line.address !== phone.dataset.address) return end('changed');
  const mine = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(phone.dataset.server)],
    uri: line.address,
    authorization_user: line.username,
    ha1: line.ha1,
    realm: line.realm,
    // The SIP server knows this page by its contact, and takes it off alone when it ends.
    contact_uri: `sip:${line.username}@softphone.invalid;transport=ws`,
    register_expires: renewEvery,
    session_timers: false,
    user_agent: 'Rollcall Softphone',
    connection_recovery_max_interval: 10,
  });
  delete line.ha1;
  // One that was stopped still tells of its end.
  const listen = (event, work) => mine.on(event, (news) => mine === agent && work(news));
  listen('registered', () => {
    refused = false;
    showLine('registered');
  });
  listen('registrationFailed', ({ response }) => notRegistered(response?.status_code));
  listen('disconnected', () => {
    showLine('lost');
    void stayAwake();
  });
  // The SIP server was told to forget this phone.
  listen('sipEvent', () => void stayAwake());
  listen('newRTCSession', ({ session, originator }) => originator === 'remote' && take(session));
  agent = mine;
  agent.start();
}

function notRegistered(status) {
  if (![401, 403, 404].includes(status)) {
    showLine('lost');
    const mine = agent;
    setTimeout(() => mine === agent && mine.isConnected() && mine.register(), tryAgainAfter);
  } else if (refused) {
    end('refused');
  } else {
    refused = true;
    stop();
    void connect();
  }
}

function connectLater() {
  showLine('lost');
  setTimeout(() => void connect(), tryAgainAfter);
}

// No more calls here until the person does something.
function end(why) {
  stop();
  refused = false;
  showLine(why);
}

function stop() {
  const last = agent;
  agent = undefined;
  line = undefined;
  last?.stop();
}

// An open, registered softphone counts as being there; and it is told when the sign-in is over.
async function stayAwake() {
  const asked = line;
  if (!asked) return;
  const answer = await post(`/softphone/lines/${asked.id}/alive`);
  if (line !== asked) return;
  if (answer?.redirected) return end('over');
  if (answer?.ok) Object.assign(asked, await answer.json());
  if (answer?.status !== 404) return;
  // Somebody changed this user's phone settings.
  stop();
  void connect();
}

setInterval(() => void (agent?.isRegistered() && stayAwake()), awakeEvery);
document.addEventListener('visibilitychange', () => void stayAwake());

async function post(address) {
  try {
    const headers = { Accept: 'application/json' };
    return await fetch(address, { method: 'POST', body: new URLSearchParams(), headers });
  } catch {
    return undefined;
  }
}

window.addEventListener('pagehide', () => {
  if (!line) return;
  navigator.sendBeacon(`/softphone/lines/${line.id}/end`, new URLSearchParams());
  stop();
});

window.addEventListener('beforeunload', (event) => call && event.preventDefault());

function showLine(state) {
  const badge = ['registered', 'connecting'].includes(state) ? state : 'lost';
  for (const element of phone.querySelectorAll('[data-badge]'))
    element.hidden = element.dataset.badge !== badge;
  put(part('line'), said(state));
  part('again').hidden = state !== 'refused';
  part('reload').hidden = !['changed', 'over'].includes(state);
  phone.dataset.line = state;
  showSilence();
}

// Calls

let call;
let peer;
/** True for a call that came in. */
let incoming = false;
/** While the browser asks for the microphone, a second press does nothing. */
let asking = false;
let microphone;
let clock;

async function dial() {
  const wanted = number.value.replaceAll(/[\s()./-]/g, '');
  if (!/^\d{2,15}$/.test(wanted)) return showCall('digits');
  if (wanted === phone.dataset.extension) return showCall('own');
  if (call || asking || !agent?.isRegistered()) return;
  if (!(await openMicrophone())) return showCall('silent');
  // Somebody else was quicker.
  if (call || !agent) return;
  peer = wanted;
  incoming = false;
  showCall('calling');
  follow(agent.call(`sip:${wanted}@${line.realm}`, media()));
}

function take(session) {
  if (call) return session.terminate({ status_code: 486 });
  // Only the number is vouched for by the SIP server, a name could be anything.
  peer = session.remote_identity.uri.user;
  incoming = true;
  follow(session);
  showCall('incoming');
  ring(true);
}

async function answer() {
  const wanted = call;
  if (asking || !wanted) return;
  if (!(await openMicrophone())) return showCall('silent');
  if (wanted === call) call.answer(media());
  else if (!call) closeMicrophone();
}

// What a call sends, and the servers that help it through NATs.
function media() {
  return { mediaStream: microphone, pcConfig: { iceServers: line.iceServers } };
}

function follow(session) {
  call = session;
  // A STUN or TURN server that does not answer would hold the call up for as long as the browser asks it.
  session.once('icecandidate', ({ ready }) => setTimeout(() => ready(), 1000));
  if (session.connection) hear(session.connection);
  session.on('peerconnection', ({ peerconnection }) => hear(peerconnection));
  session.on('progress', () => {
    if (incoming) return;
    showCall('ringing');
    ring(true);
  });
  session.on('accepted', talk);
  session.on('ended', () => over('ended'));
  session.on('failed', (why) => over(reasonOf(why)));
}

function talk() {
  ring(false);
  showCall('talking');
  const begun = Date.now();
  clock = setInterval(() => put(part('time'), duration(Date.now() - begun)), 1000);
  put(part('time'), duration(0));
}

function over(why) {
  ring(false);
  clearInterval(clock);
  closeMicrophone();
  call = undefined;
  put(part('sent'), '');
  showCall(why);
}

const byStatus = {
  404: 'unknown',
  408: 'unanswered',
  480: 'away',
  486: 'busy',
  488: 'unlike',
  600: 'busy',
  603: 'busy',
};

function reasonOf({ originator, message, cause }) {
  if (incoming && originator !== 'local' && message?.getHeader('Reason')?.includes('cause=200'))
    return 'elsewhere';
  if (incoming && (originator !== 'local' || cause === JsSIP.C.causes.NO_ANSWER)) return 'missed';
  if (originator === 'local') return 'ended';
  return byStatus[message?.status_code] ?? 'failed';
}

function hear(connection) {
  connection.addEventListener('track', ({ streams }) => (part('sound').srcObject = streams[0]));
}

function hangUp() {
  call?.terminate();
}

function mute() {
  const { audio } = call.isMuted();
  if (audio) call.unmute({ audio: true });
  else call.mute({ audio: true });
  showCall(audio ? 'talking' : 'muted');
}

function press(key) {
  wakeSound();
  if (!call) {
    number.setRangeText(key, number.selectionStart, number.selectionEnd, 'end');
  } else if (call.isEstablished()) {
    call.sendDTMF(key, { transportType: 'RFC2833' });
    part('sent').textContent += key;
    part('sent-line').hidden = false;
  }
}

const during = ['calling', 'ringing', 'incoming', 'talking', 'muted'];

function showCall(state) {
  const talking = ['talking', 'muted'].includes(state);
  const busy = during.includes(state) || Boolean(call);
  const shown = {
    answer: call && incoming && !talking,
    decline: call && incoming && !talking,
    mute: talking,
    'hang-up': busy && !(incoming && !talking),
  };
  const focused = document.activeElement;
  for (const [name, show] of Object.entries(shown)) button(name).hidden = !show;
  button('mute').setAttribute('aria-pressed', String(state === 'muted'));
  part('dial').hidden = busy;
  part('time').hidden = !talking;
  part('sent-line').hidden = !talking || part('sent').textContent === '';
  const wrong = ['digits', 'own'].includes(state);
  number.setAttribute('aria-invalid', String(wrong));
  if (wrong) number.focus();
  put(part('call'), said(state));
  phone.dataset.call = during.includes(state) ? state : '';
  document.title = [state === 'incoming' && said(state), pageTitle].filter(Boolean).join(' – ');
  // A button that has just gone takes the focus with it.
  if (focused?.closest('#phone') && focused.closest('[hidden]')) (busy ? button('hang-up') : number).focus();
}

const pageTitle = document.title;

// The microphone: asked for once it has been explained, on only during a call.

async function openMicrophone() {
  if (!navigator.mediaDevices) return false;
  asking = true;
  try {
    microphone ??= await navigator.mediaDevices.getUserMedia({ audio: true });
    showMicrophone('granted');
    return true;
  } catch (error) {
    showMicrophone(error.name === 'NotAllowedError' ? 'denied' : 'none');
    return false;
  } finally {
    asking = false;
  }
}

function closeMicrophone() {
  for (const track of microphone?.getTracks() ?? []) track.stop();
  microphone = undefined;
}

async function allowMicrophone() {
  await openMicrophone();
  if (!call) closeMicrophone();
}

function showMicrophone(state) {
  part('microphone').hidden = state === 'granted';
  for (const text of part('microphone').querySelectorAll('[data-microphone]'))
    text.hidden = text.dataset.microphone !== state;
  button('allow').hidden = !['prompt', 'none'].includes(state);
}

async function lookAtMicrophone() {
  if (!navigator.mediaDevices) return showMicrophone('insecure');
  try {
    const permission = await navigator.permissions.query({ name: 'microphone' });
    permission.addEventListener('change', () => showMicrophone(permission.state));
    showMicrophone(permission.state);
  } catch {
    showMicrophone('prompt');
  }
}

// Sounds: a ring, or what the caller hears meanwhile. Browsers keep silent until somebody has used the page.

let sound;
let ringing;

function ring(on) {
  clearInterval(ringing);
  if (!on) return;
  const once = () => (incoming ? [0, 0.6] : [0]).forEach((start) => tone(start, incoming ? 0.4 : 1));
  once();
  ringing = setInterval(once, incoming ? 3000 : 4000);
}

function tone(start, seconds) {
  if (sound?.state !== 'running') return;
  const [source, volume] = [sound.createOscillator(), sound.createGain()];
  source.frequency.value = incoming ? 520 : 425;
  volume.gain.value = incoming ? 0.3 : 0.08;
  source.connect(volume).connect(sound.destination);
  source.start(sound.currentTime + start);
  source.stop(sound.currentTime + start + seconds);
}

function wakeSound() {
  sound ??= new AudioContext();
  void sound.resume().then(showSilence);
}

function showSilence() {
  part('quiet').hidden = sound?.state === 'running' || phone.dataset.line !== 'registered';
}

for (const kind of ['click', 'keydown']) document.addEventListener(kind, wakeSound, { once: true });

// What is pressed, what is said

const actions = {
  answer,
  decline: () => call?.terminate({ status_code: 486 }),
  'hang-up': hangUp,
  mute,
  delete: () => (number.value = number.value.slice(0, -1)),
  allow: allowMicrophone,
  again: connect,
};

document.addEventListener('click', ({ target }) => {
  const pressed = target.closest?.('[data-do], [data-key]');
  if (pressed?.dataset.key) press(pressed.dataset.key);
  else if (pressed) void actions[pressed.dataset.do]();
});

part('dial').addEventListener('submit', (event) => {
  event.preventDefault();
  void dial();
});

function button(name) {
  return document.querySelector(`[data-do="${name}"]`);
}

function said(state) {
  const key = `say${state[0].toUpperCase()}${state.slice(1)}`;
  return (phone.dataset[key] ?? '').replace('%s', peer);
}

// A region that is told the same again stays silent.
function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function duration(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds / 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
}

phone.hidden = false;
void lookAtMicrophone();
void connect();
