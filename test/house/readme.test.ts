// The README's tables say what the code does.
import { readFileSync } from 'node:fs';
import { inFile, parts, userFields, type UserField } from '../../src/users/user-fields.js';

const readme = readFileSync('README.md', 'utf8');

test('the table of fields in the README is the catalogue', () => {
  const lines = userFields
    .filter(({ wizard }) => wizard === 'required' || wizard === 'optional')
    .map(
      (field) =>
        `| ${inFile(field).label} | ${field.header} | ${parts[field.part]} | ${needOf(field)} | ${field.help ?? ''} |`,
    );
  const table = [
    '| field | header | part | needed | what it is |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
  const printed = /<!-- fields:[^>]*-->\n([\s\S]*?)\n?<!-- \/fields -->/.exec(readme)?.[1].trim();
  expect(printed).toBe(table);
});

test('the table of configuration names every variable that is read, and no other', () => {
  const code = readFileSync('src/web/environment.ts', 'utf8');
  const read = new Set([...code.matchAll(/env\.([A-Z_]+)/g)].map(([, name]) => name));
  const named = new Set([...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name));
  expect([...named].sort((a, b) => a.localeCompare(b))).toEqual([...read].sort((a, b) => a.localeCompare(b)));
});

function needOf(field: UserField): string {
  if (field.onlyWith) return 'with its SIP setting';
  return field.required ? 'yes' : '';
}
