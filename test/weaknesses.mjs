// node test/weaknesses.mjs: known weaknesses of the packages that run in production, by `npm audit`. High and critical ones
// fail unless test/weaknesses.json has an exception that is still good. Patched within 7 days (critical) or 30 (high). A
// machine without a network, or a registry that does not answer such questions, fails nothing: it is said loudly.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ package: string, until: string, reason: string }} Exception `until` is the last day, as YYYY-MM-DD
 * @typedef {{ asked: boolean, weak: string[], excepted: string[] }} Verdict
 */

/**
 * What the answer of `npm audit --json` comes to.
 * @param {string} answer
 * @param {Exception[]} exceptions
 * @param {string} today YYYY-MM-DD
 * @returns {Verdict}
 */
export function judge(answer, exceptions, today) {
  const found = vulnerabilities(answer);
  if (!found) return { asked: false, weak: [], excepted: [] };
  const severe = Object.entries(found).filter(([, { severity }]) => ['high', 'critical'].includes(severity));
  const isExcepted = (/** @type {string} */ name) =>
    exceptions.some((one) => one.package === name && one.until >= today && one.reason !== '');
  const said = severe.map(([name, { severity }]) => ({ name, text: `${name} (${severity})` }));
  return {
    asked: true,
    weak: said.filter(({ name }) => !isExcepted(name)).map(({ text }) => text),
    excepted: said.filter(({ name }) => isExcepted(name)).map(({ text }) => text),
  };
}

/**
 * @param {string} answer
 * @returns {Record<string, { severity: string }> | undefined} undefined when nobody answered
 */
function vulnerabilities(answer) {
  try {
    return JSON.parse(answer).vulnerabilities;
  } catch {
    return undefined;
  }
}

function main() {
  const audit = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 60_000 });
  const exceptions = JSON.parse(readFileSync('test/weaknesses.json', 'utf8'));
  const { asked, weak, excepted } = judge(
    audit.stdout ?? '',
    exceptions,
    new Date().toISOString().slice(0, 10),
  );
  if (!asked)
    return console.log('!!! KNOWN WEAKNESSES WERE NOT ASKED FOR: the registry does not answer npm audit');
  for (const one of excepted) console.log(`Excepted in test/weaknesses.json: ${one}`);
  for (const one of weak) console.log(`Known weakness: ${one}. See npm audit --omit=dev`);
  if (weak.length === 0) console.log('No known high or critical weakness');
  else process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
