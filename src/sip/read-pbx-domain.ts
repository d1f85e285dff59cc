// What was typed about a PBX domain: name, host, next hop, transport.
import { nameProblem, tidy } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import type { PbxDomain } from './pbx-domain.entity.js';
import { hostProblem } from './sip-uri.js';

export interface PbxDomainForm {
  name: string;
  host: string;
  nextHop: string;
  transport: string;
}

export type PbxDomainValues = Pick<PbxDomain, 'name' | 'host' | 'nextHop' | 'transport'>;

export const transports = [
  { value: 'udp', label: 'UDP' },
  { value: 'tcp', label: 'TCP' },
  { value: 'tls', label: 'TLS (encrypted)' },
] as const;

/** The values that are stored, and every problem; values with a problem must not be used. */
export function readPbxDomain(form: PbxDomainForm): { values: PbxDomainValues; problems: Problem[] } {
  const name = tidy(form.name);
  const host = form.host.trim().toLowerCase();
  const nextHop = form.nextHop.trim().toLowerCase();
  const transport = transports.find(({ value }) => value === form.transport)?.value;
  const problems = [
    nameProblem(name),
    hostMissing(host),
    tooLong('host', host),
    badHost(host),
    badHop(nextHop),
  ];
  if (!transport) problems.push(problem('transport', form.transport, 'invalid', 'Choose one of these.'));
  return {
    values: { name, host, nextHop: nextHop || null, transport: transport ?? 'udp' },
    problems: problems.filter((one) => one !== undefined),
  };
}

function hostMissing(host: string): Problem | undefined {
  return host === '' ? problem('host', host, 'missing', 'Enter the host of the PBX.') : undefined;
}

function tooLong(field: string, text: string): Problem | undefined {
  return text.length > 253 ? problem(field, text, 'too_long', 'Use 253 characters at the most.') : undefined;
}

function badHost(host: string): Problem | undefined {
  const reason = host === '' || host.length > 253 ? undefined : hostProblem(host);
  return reason ? problem('host', host, 'invalid', reason) : undefined;
}

// host, host:port, [2001:db8::1]:port; an IPv6 address without brackets has no port.
function badHop(nextHop: string): Problem | undefined {
  if (nextHop === '') return undefined;
  const invalid = (text: string) => problem('nextHop', nextHop, 'invalid', text);
  const [, host = nextHop, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(nextHop) ?? [];
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    return invalid('Use a port from 1 to 65535, as in sbc.example.com:5060.');
  }
  if (host.length > 247) return tooLong('nextHop', nextHop.padEnd(254));
  const reason = hostProblem(host);
  return reason ? invalid(reason) : undefined;
}

function problem(field: string, value: string, code: Problem['code'], text: string): Problem {
  return { field, value, code, text };
}
