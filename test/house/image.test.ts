// What the image for production is made of, read from its Dockerfile: no machine of ours need have docker.
import { readFileSync } from 'node:fs';
import { filesBelow } from './files.js';

const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
const last = stages.at(-1)!;
const lines = (stage: string, word: string) =>
  [...stage.matchAll(new RegExp(`^${word} (.*)$`, 'gm'))].map(([, rest]) => rest);

test('DP-2: what runs has no packages for development, and no npm that fetches any', () => {
  expect(stages).toHaveLength(2);
  expect(stages[0]).toContain('npm prune --omit=dev');
  expect(lines(last, 'RUN').join(' ')).not.toMatch(/npm|apt|curl/);
  expect(lines(last, 'COPY').filter((line) => line.startsWith('--from=build'))).toEqual([
    '--from=build /app/node_modules ./node_modules',
    '--from=build /app/dist ./dist',
  ]);
});

test('DP-1: installation is by the lock file and runs no scripts of packages', () => {
  expect(lines(stages[0], 'RUN').join(' ')).toContain('npm ci --ignore-scripts');
  expect(dockerfile).not.toMatch(/npm (i|install)\b/);
  for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm))
    expect(image).toMatch(/^node:\d+-[a-z]+-slim$/);
});

test('DP-2: it runs as somebody without rights, and owns nothing but the data folder', () => {
  expect(lines(last, 'USER')).toEqual(['node']);
  const before = last.slice(0, last.indexOf('USER node'));
  expect(before.match(/chown|--chown|-o node/g)).toEqual(['-o node']);
  expect(last).toContain('install -d -o node -g node -m 700 /data');
  expect(lines(last, 'VOLUME')).toEqual(['/data']);
});

test('DP-2: it holds no history, data, tests or secrets: only what is named goes in', () => {
  const kept = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(kept[0]).toBe('*');
  const copied = lines(dockerfile, 'COPY')
    .filter((line) => !line.startsWith('--from'))
    .flatMap((line) => line.split(' ').slice(0, -1));
  expect(kept.slice(1).toSorted()).toEqual(
    copied
      .map((name) => `!${name}`)
      .filter(unique)
      .toSorted(),
  );
  expect(copied.filter((name) => /^\.|test|data|key/.test(name))).toEqual([]);
  expect(lines(dockerfile, '(?:ENV|ARG)').join(' ')).not.toMatch(/SECRET|PASSWORD|DATABASE_URL|SMTP/);
});

test('DP-2: every folder that the server reads beside its code is in it', () => {
  const read = filesBelow('src', '.ts').flatMap(({ text }) =>
    [...text.matchAll(/new URL\('\.\.\/\.\.\/([\w/.]+)/g)].map(([, path]) => path),
  );
  expect(read.length).toBeGreaterThan(2);
  const copied = lines(last, 'COPY').map((line) => line.split(' ')[0]);
  expect(read.filter((path) => !copied.some((folder) => path.startsWith(`${folder}/`)))).toEqual([]);
});

test('DP-2: composed, its root is read-only and no capability is left', () => {
  const compose = readFileSync('deploy/compose.yaml', 'utf8');
  for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true'])
    expect(compose).toContain(line);
});

function unique(name: string, index: number, all: string[]): boolean {
  return all.indexOf(name) === index;
}

test('DP-1: the build server installs by the lock file without scripts, lists what is in it, and asks for weaknesses', () => {
  const ci = readFileSync('.ci/run', 'utf8');
  for (const line of ['npm ci --ignore-scripts', 'npm sbom --omit=dev', 'node test/weaknesses.mjs'])
    expect(ci).toContain(line);
});
