// npm run check: everything that can be said about the code without running it, one step after the other.
import { spawnSync } from 'node:child_process';

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

const broken = [];
for (const { title, command, env } of steps) {
  console.log(`\n=== ${title} (${command})`);
  const begun = Date.now();
  const [program, ...programArguments] = command.split(' ');
  const { status, error } = spawnSync(`node_modules/.bin/${program}`, programArguments, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.message);
  if (status !== 0) broken.push(title);
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`=== ${title}: ${status === 0 ? 'good' : 'BROKEN'} in ${seconds} s`);
}

const summary = broken.length === 0 ? 'all good' : `broken: ${broken.join(' · ')}`;
console.log(`\n${steps.length - broken.length} of ${steps.length} checks passed, ${summary}`);
process.exitCode = broken.length > 0 ? 1 : 0;
