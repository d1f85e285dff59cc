// Who gets the temporary passwords, how often, and when they are gone (PRODUCT.md section 5, SECURITY.md TP-1 to TP-10).
import { request } from 'node:http';
import { eventually } from '../support/eventually.js';
import {
  csvRows,
  ended,
  fileOf,
  importFile,
  importOf,
  result,
  successDetails,
  toReview,
} from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { change, countOf, rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { type Visitor, withoutNumber } from '../support/visitor.js';
import { unzipped } from '../support/zip.js';

let rollcall: Rollcall;
let chief: Visitor;
let count = 0;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

/** Imports a few new people. The chief stands on the result. */
async function imported(who = chief, people = 3): Promise<number> {
  const { id, counts } = await importFile(who, fileOf(people, `batch${++count}.`));
  expect(counts.created).toBe(people);
  return id;
}

const formats = ['success.csv', 'success.xlsx', 'success.html'];

test('TP-6: no link, prefetcher or mail scanner can use up the passwords: GET is refused', async () => {
  const id = await imported();
  for (const format of formats) {
    for (const path of [`/imports/${id}/${format}`, `/imports/${id}/${format}?confirmed=yes`]) {
      expect([path, (await chief.get(path)).status]).toEqual([path, 405]);
    }
  }
  expect((await chief.get(`/imports/${id}/continue?confirmed=yes`)).status).toBe(200);
  expect(await rowsOf(rollcall, `SELECT downloaded_at FROM imports WHERE id = ${id}`)).toEqual([
    { downloaded_at: null },
  ]);
  expect(await successDetails(chief)).toHaveLength(3);
});

describe('only the author gets them', () => {
  test('TP-6: another administrator sees the counts and the errors, and no passwords', async () => {
    const id = await imported();
    const other = await newcomer(rollcall, chief, 'other.admin', [
      'Create users from a file',
      'See the imports of others',
      'See users',
    ]);
    await other.open(`/imports/${id}`);
    expect(other.page.text).toContain('Imported by chief.');
    expect(other.page.text).toContain('Only the person who imported the file can download the passwords.');
    expect(other.page.hasButton('Download Success Details')).toBe(false);
    expect(other.page.hasButton('Continue')).toBe(false);
    expect((await other.get(`/imports/${id}/errors.csv`)).status).toBe(200);
    for (const format of [...formats, 'continue', 'cancel', 'discard', 'run']) {
      const answer = await other.post(`/imports/${id}/${format}`);
      const unknown = await other.post(`/imports/999999/${format}`);
      expect([format, answer.status]).toEqual([format, 404]);
      expect(withoutNumber(answer)).toBe(withoutNumber(unknown));
    }
  });

  test('AZ-2: somebody without the right to see the imports of others finds nothing at all', async () => {
    const id = await imported();
    const importer = await newcomer(rollcall, chief, 'other.importer', ['Create users from a file']);
    for (const path of ['', '/progress', '/errors.csv', '/fields', '/review']) {
      expect([path, (await importer.get(`/imports/${id}${path}`)).status]).toEqual([path, 404]);
    }
    for (const format of formats) expect((await importer.post(`/imports/${id}/${format}`)).status).toBe(404);
  });

  test('TP-6: an author who lost the right to import has lost them too', async () => {
    const author = await newcomer(rollcall, chief, 'once.importer', [
      'Create users from a file',
      'See users',
    ]);
    const id = await imported(author);
    await chief.open('/roles');
    await chief.follow('Edit Role of once.importer');
    await chief.form('Save Changes').uncheck('Create users from a file').press('Save Changes');
    for (const format of formats) expect((await author.post(`/imports/${id}/${format}`)).status).toBe(403);
  });

  test('somebody who is not signed in is led to the sign-in', async () => {
    const id = await imported();
    const answer = await chief.post(`/imports/${id}/success.csv`, {}, { headers: { Cookie: '' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in']);
  });
});

describe('until Continue', () => {
  test('TP-7: a download can be repeated, also after a connection that broke, and holds the same passwords', async () => {
    const id = await imported(chief, 200);
    await brokenDownload(`/imports/${id}/success.csv`);
    const first = await chief.download('Download Success Details');
    const second = await chief.download('Download Success Details');
    expect(first.bytes.equals(second.bytes)).toBe(true);
    expect(csvRows(first)).toHaveLength(201);
  });

  test('a spreadsheet program gets them as text', async () => {
    await imported();
    const success = await successDetails(chief);
    const answer = await chief.download('Download for Excel');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=rollcall-success.xlsx');
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const sheet = [...unzipped(answer.bytes)]
      .filter(([name]) => /sheet1|sharedStrings/.test(name))
      .join('\n');
    for (const line of success) {
      for (const cell of Object.values(line).filter(Boolean)) expect(sheet).toContain(cell);
    }
    // No cell is a number: those have no type or the type "n".
    expect(sheet.match(/<c [^>]*>/g)!.filter((cell) => !/ t="(s|inlineStr|str)"/.test(cell))).toEqual([]);
  });

  test('slips can be printed, one for each person', async () => {
    await imported();
    const success = await successDetails(chief);
    const page = await chief.press('Print Sign-in Slips');
    expect(page.headers.get('cache-control')).toBe('no-store');
    for (const line of success) {
      for (const name of ['Username', 'Temporary Password', 'Virtual Extension', 'Sign-in Address']) {
        expect(page.text).toContain(line[name]);
      }
    }
  });

  test('TP-9: each download is in the audit log, with the count and without content', async () => {
    const id = await imported();
    const [{ 'Temporary Password': secret }] = await successDetails(chief);
    await chief.download('Download for Excel');
    await eventually(async () => {
      const entries = await rowsOf<{ details: string; actor_name: string }>(
        rollcall,
        `SELECT details, actor_name FROM audit_entries WHERE action = 'import.passwords_downloaded' AND subject_id = ${id} ORDER BY id`,
      );
      expect(entries.map(({ actor_name }) => actor_name)).toEqual(['chief', 'chief']);
      expect(entries.map(({ details }) => JSON.parse(details) as object)).toEqual([
        { format: 'csv', count: 3 },
        { format: 'xlsx', count: 3 },
      ]);
      expect(JSON.stringify(entries)).not.toContain(secret);
    });
  });

  test('TP-5: they lie sealed on their rows, each in its own way', async () => {
    const id = await imported();
    const sealed = await rowsOf<{ secret: string }>(
      rollcall,
      `SELECT secret FROM import_rows WHERE import_id = ${id}`,
    );
    expect(sealed.every(({ secret }) => secret.startsWith('v1.'))).toBe(true);
    expect(new Set(sealed.map(({ secret }) => secret)).size).toBe(3);
  });
});

describe('Continue', () => {
  test('asks first when nothing was downloaded', async () => {
    const id = await imported();
    await chief.press('Continue');
    const question =
      'After Continue the temporary passwords of 3 users cannot be shown again, and they were not downloaded yet.';
    expect(chief.page.text).toContain(question);
    // Loading the question again asks it again, and does nothing else.
    await chief.open(chief.page.path);
    expect(chief.page.text).toContain(question);
    await chief.follow('Back to the Result');
    expect(await successDetails(chief)).toHaveLength(3);
    expect(chief.page.path).toBe(`/imports/${id}`);
  });

  test('TP-7: takes them away for ever', async () => {
    const id = await imported();
    await chief.press('Continue');
    await chief.press('Continue Without Passwords');
    expect(chief.page.path).toBe(`/users?import=${id}`);
    for (const format of formats) {
      const answer = await chief.post(`/imports/${id}/${format}`);
      expect([format, answer.status]).toEqual([format, 410]);
      expect(answer.text).toContain('The temporary passwords of this import are no longer kept.');
    }
    await chief.open(`/imports/${id}/continue`);
    expect(chief.page.path).toBe(`/imports/${id}`);
    expect(chief.page.hasButton('Download Success Details')).toBe(false);
    expect(chief.page.text).toContain('The temporary passwords are no longer kept.');
    expect(await countOf(rollcall, `import_rows WHERE import_id = ${id} AND secret IS NOT NULL`)).toBe(0);
    expect(
      await countOf(rollcall, `audit_entries WHERE action = 'import.passwords_wiped' AND subject_id = ${id}`),
    ).toBe(1);
  });

  test('does not ask after a download, and can be pressed twice', async () => {
    const id = await imported();
    const [line] = await successDetails(chief);
    await eventually(async () =>
      expect(await countOf(rollcall, `imports WHERE id = ${id} AND downloaded_at > 0`)).toBe(1),
    );
    for (let times = 0; times < 2; times++) {
      const answer = await chief.post(`/imports/${id}/continue`);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/users?import=${id}`]);
    }
    const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
    expect(agent.page.path).toBe('/password');
  });

  test('has nothing to ask when nobody was created', async () => {
    const id = await toReview(chief, 'Username,Email\nchief,chief@example.com');
    await chief.post(`/imports/${id}/run`);
    expect((await ended(chief, id)).counts).toMatchObject({ created: 0, duplicate: 1 });
    await chief.open(`/imports/${id}`);
    expect(chief.page.text).toContain('No user was created, so there is nothing to hand out.');
    await chief.press('Continue');
    expect(chief.page.path).toBe(`/users?import=${id}`);
  });
});

test('TP-6: of more than 10,000 users they come as CSV alone, and the other formats say so', async () => {
  const id = await imported();
  await rollcall.kill();
  await change(rollcall, `UPDATE imports SET created = 10001 WHERE id = ${id}`);
  await rollcall.start();
  for (const format of ['success.xlsx', 'success.html']) {
    const answer = await chief.post(`/imports/${id}/${format}`);
    expect([format, answer.status]).toEqual([format, 422]);
    expect(answer.text).toContain('More than 10,000 users are too many for a workbook or for slips.');
  }
  await chief.open(`/imports/${id}`);
  expect(chief.page.hasButton('Download for Excel')).toBe(false);
  expect(await successDetails(chief)).toHaveLength(3);
});

test('TP-2: with digits only they are 15 digits, and work', async () => {
  await chief.open('/imports/new');
  await chief
    .form('Upload')
    .attach('File', { name: 'digits.csv', type: 'text/csv', bytes: fileOf(3, 'digits') })
    .press('Upload');
  await chief.form('Next').choose('Role from Dialer', 'Agent').press('Next');
  await chief.press('Next');
  await chief
    .form('Next')
    .check('Generate user passwords with digits only (not recommended)')
    .press('Skip to Review');
  await chief.press('Import Users');
  await result(chief, importOf(chief));
  const success = await successDetails(chief);
  for (const line of success) expect(line['Temporary Password']).toMatch(/^[1-9]\d{14}$/);
  const agent = await signIn(rollcall, 'digits2', success[1]['Temporary Password']);
  expect(agent.page.path).toBe('/password');
  expect(
    await countOf(rollcall, `users WHERE username LIKE 'digits%' AND password_hash LIKE '$argon2id$%'`),
  ).toBe(3);
});

/** Asks for a download and hangs up as soon as its first bytes are there. */
async function brokenDownload(path: string): Promise<void> {
  const { hostname, port } = new URL(rollcall.address);
  await new Promise<void>((resolve, reject) => {
    const outgoing = request({
      hostname,
      port,
      path,
      method: 'POST',
      headers: { Cookie: `rollcall=${chief.cookie('rollcall')}`, 'Sec-Fetch-Site': 'same-origin' },
    });
    outgoing.once('response', (response) => {
      response.once('data', () => response.destroy());
      response.once('close', resolve);
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
