// test/security.md says which tests keep which requirement. To bring it up to date after tests were added or renamed:
//   WRITE_TABLES=1 npx jest test/house/security
import { readFileSync, writeFileSync } from 'node:fs';
import { requirementsIn, securityTable, securityTests } from './security-table.js';

const path = 'test/security.md';
const written = readFileSync(path, 'utf8');

test('the table of requirements names the tests that there are', () => {
  const right = securityTable(written);
  if (process.env.WRITE_TABLES === '1') writeFileSync(path, right);
  else expect(written.split('\n')).toEqual(right.split('\n'));
});

test('every test that names a requirement names one of the table, and the table has each once', () => {
  const known = requirementsIn(written);
  expect(known.length).toBeGreaterThan(80);
  expect(known.filter((id, index) => known.indexOf(id) !== index)).toEqual([]);
  const unknown = securityTests().filter(({ ids }) => ids.some((id) => !known.includes(id)));
  expect(unknown).toEqual([]);
});

test('tests are found however they are written', () => {
  const found = securityTests().filter(({ path: file }) => file === 'test/settings/address-list.test.ts');
  expect(found.length).toBeGreaterThan(5);
  expect(found.map(({ name }) => name)).toContain('… is refused, with its line and what to write instead');
});
