// test/security.md: which test keeps which requirement. The sentences are written by hand there, the tests are read from
// the code: a test's name begins with what it keeps, such as "NW-5: …" or "AU-3, AU-4: …".
import { filesBelow } from './files.js';

export interface SecurityTest {
  ids: string[];
  path: string;
  /** As it stands in the code, without the IDs; values of a table of tests and of templates are `…`. */
  name: string;
}

// The first argument of a test, followed by its function.
const named =
  /(?<!describe(?:WithClock)?\()(['"`])((?:[A-Z]{1,2}-\d+(?:, )?)+): ((?:\\.|(?!\1).)*)\1,\s*(?:async )?\(/gs;

/** Every test that names a requirement. */
export function securityTests(): SecurityTest[] {
  return filesBelow('test', '.test.ts').flatMap(({ path, text }) =>
    [...text.matchAll(named)].map(([, , ids, name]) => ({
      ids: ids.split(', '),
      path,
      name: readable(name),
    })),
  );
}

/** The table as it should be: the rows of the given one, in their order, with the tests of the code. */
export function securityTable(written: string): string {
  const tests = securityTests();
  return written.replaceAll(/^\| ([A-Z]{1,2}-\d+) \| (.*?) \|.*$/gm, (_, id: string, sentence: string) => {
    const own = tests.filter(({ ids }) => ids.includes(id));
    return `| ${id} | ${sentence} | ${own.length > 0 ? cell(own) : 'not yet'} |`;
  });
}

/** The requirements that the table has, each once. */
export function requirementsIn(written: string): string[] {
  return [...written.matchAll(/^\| ([A-Z]{1,2}-\d+) \|/gm)].map(([, id]) => id);
}

function cell(tests: SecurityTest[]): string {
  const files = [...new Set(tests.map(({ path }) => path))];
  return files
    .map((file) => {
      const names = tests.filter(({ path }) => path === file).map(({ name }) => name);
      return `\`${file.replace(/^test\//, '')}\`: ${names.join(' · ')}`;
    })
    .join('<br>');
}

function readable(name: string): string {
  return name
    .replaceAll(/\$\{[^}]*\}|%[a-z]|\$\w+/g, '…')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;');
}
