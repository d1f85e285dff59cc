// npm run check: everything that can be said about the code without running it, as many steps at once as there are cores.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const types = ['--noEmit', '--pretty', 'false', '--tsBuildInfoFile'];
const steps = [
  { title: 'Lint', command: 'oxlint --type-aware --deny-warnings --report-unused-disable-directives' },
  { title: 'Format', command: 'prettier --check .' },
  {
    title: 'Types of the application',
    command: `tsc -p tsconfig.json ${types.join(' ')} node_modules/.cache/rollcall/src.tsbuildinfo`,
  },
  { title: 'Types of the tests', command: 'tsc -p test/tsconfig.json --pretty false' },
  { title: 'Direction of imports, as written', command: 'depcruise src', env: { IMPORTS: 'written' } },
  { title: 'Circles and pure files, as run', command: 'depcruise src', env: { IMPORTS: 'run' } },
  { title: 'Dead code and unused packages', command: 'knip' },
];

/** @type {string[]} */
const broken = [];
const waiting = [...steps];
await Promise.all(Array.from({ length: availableParallelism() }, work));

async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) await take(step);
}

// What a step prints is shown when it has ended: two never mix.
/** @param {{ title: string, command: string, env?: Record<string, string> }} step */
async function take({ title, command, env }) {
  const begun = Date.now();
  const [program, ...programArguments] = command.split(' ');
  const { status, printed } = await run(`node_modules/.bin/${program}`, programArguments, env);
  if (status !== 0) broken.push(title);
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`\n=== ${title} (${command})\n${printed.trimEnd()}`);
  console.log(`=== ${title}: ${status === 0 ? 'good' : 'BROKEN'} in ${seconds} s`);
}

/**
 * @param {string} program
 * @param {string[]} programArguments
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ status: number | null, printed: string }>} everything it printed, on both streams
 */
function run(program, programArguments, env) {
  const child = spawn(program, programArguments, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (printed += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: null, printed: error.message }));
    child.once('close', (status) => resolve({ status, printed }));
  });
}

const summary = broken.length === 0 ? 'all good' : `broken: ${broken.join(' · ')}`;
console.log(`\n${steps.length - broken.length} of ${steps.length} checks passed, ${summary}`);
process.exitCode = broken.length > 0 ? 1 : 0;
