import { readFileSync } from 'node:fs';
import { type SourceFile, trackedFiles } from './files.js';

// The two files that have to name what they forbid.
const exempt = ['test/house/repository.test.ts', 'package-lock.json'];

const forbidden = [
  { what: 'a path of somebody’s machine', pattern: /(?<![\w.*:/-])\/(?:work|tmp|root|home|Users)\/[\w.-]/ },
  {
    what: 'the address of a package registry',
    pattern: /\bregistry\.[a-z][\w.-]*\.[a-z]{2,}|\b(?:artifactory|verdaccio|codeartifact|npm\.pkg)\b/i,
  },
  {
    what: 'a switch that silences a check',
    pattern:
      /(?:\/\/|\/\*|<!--)\s*(?:@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint)-disable|prettier-ignore)/,
  },
  { what: 'something left to do', pattern: /\b(?:TODO|FIXME|XXX)\b/ },
];

test('no file of the repository holds what belongs to one machine, or work left undone', () => {
  const files = trackedFiles().filter(({ path }) => !exempt.includes(path));
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap(breaches)).toEqual([]);
});

test('package-lock.json fetches from the public registry only', () => {
  expect(otherHosts(readFileSync('package-lock.json', 'utf8'))).toEqual([]);
});

describe('the rule finds', () => {
  test.each([
    ['a temporary file', `readFileSync('/tmp/x.csv')`],
    ['a home', 'see /home/anna/notes'],
    ['a private registry', 'registry=https://registry.corp.example.com/npm'],
    ['a silenced type error', '// @ts-expect-error later'],
    ['a silenced lint', '/* eslint-disable no-var */'],
    ['a promise', '// TODO write this'],
  ])('%s', (_what, text) => {
    expect(breaches({ path: 'a.ts', text: `good\n${text}` })).toHaveLength(1);
    expect(breaches({ path: 'a.ts', text: `good\n${text}` })[0]).toMatch(/^a\.ts:2: /);
  });

  test('nothing in addresses of pages, globs and the network', () => {
    const text = `get('/users/1') views/home/page.hbs https://example.com/home/page **/tmp/** ./root/x`;
    expect(breaches({ path: 'a.ts', text })).toEqual([]);
  });

  test('a package from elsewhere', () => {
    const lock = (resolved: string) => JSON.stringify({ packages: { 'node_modules/a': { resolved } } });
    expect(otherHosts(lock('https://registry.npmjs.org/a/-/a-1.0.0.tgz'))).toEqual([]);
    expect(otherHosts(lock('http://10.0.0.7:4873/a/-/a-1.0.0.tgz'))).toEqual(['10.0.0.7:4873']);
    expect(otherHosts(lock('git+ssh://git@example.com/a.git'))).toEqual(['example.com']);
  });
});

function breaches({ path, text }: SourceFile): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      forbidden
        .filter(({ pattern }) => pattern.test(line))
        .map(({ what }) => `${path}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`),
    );
}

function otherHosts(lock: string): string[] {
  const addresses = [...lock.matchAll(/"resolved":\s*"(\w[\w+.-]*:\/\/[^"]+)"/g)].map(
    ([, address]) => new URL(address).host,
  );
  return [...new Set(addresses)].filter((host) => host !== 'registry.npmjs.org');
}
