// What an administrator does about an import afterwards: who came in, new passwords for the others, and taking it back.
import { eventually } from '../support/eventually.js';
import {
  csvRows,
  fileOf,
  importFile,
  importOf,
  result,
  successDetails,
  toReview,
  upload,
} from '../support/imports.js';
import { addUser, firstSignIn, newcomer, ownPassword } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';
import { unzipped } from '../support/zip.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

/** Imports three people; the first of them signs in. Returns the import and the passwords of all. */
async function threeOfWhomOneCame(prefix: string, who = chief): Promise<{ id: number; secrets: string[] }> {
  const { id } = await importFile(who, fileOf(3, prefix));
  const secrets = (await successDetails(who)).map((line) => line['Temporary Password']);
  await firstSignIn(rollcall, `${prefix}1`, secrets[0]);
  return { id, secrets };
}

describe('passwords that were lost', () => {
  test('TP-8: are made anew for those of the import who never signed in, in one file; who has signed in keeps theirs', async () => {
    const { id, secrets } = await threeOfWhomOneCame('lost');
    await chief.open(`/imports/${id}`);
    expect(chief.page.text).toContain('1 of 3 signed in.');
    expect(chief.page.hasLink('Reissue Passwords')).toBe(false);
    await chief.press('Continue');
    if (chief.page.hasButton('Continue Without Passwords')) await chief.press('Continue Without Passwords');
    expect(chief.page.text).toContain(`3 created by import #${id} (users.csv), 1 signed in so far`);
    await chief.follow('Reissue Passwords');
    expect(chief.page.heading).toBe('Reissue Passwords?');
    expect(chief.page.text).toContain(`This is for 2 users of import #${id} (users.csv).`);
    await chief.press('Reissue Passwords');
    const [head, ...rows] = csvRows(await chief.download('Download New Passwords'));
    const fresh = rows.map((row) => [row[head.indexOf('Username')], row[head.indexOf('Temporary Password')]]);
    expect(fresh.map(([username]) => username)).toEqual(['lost2', 'lost3']);
    const excel = await chief.download('Download for Excel');
    expect([...unzipped(excel.bytes).values()].join()).toContain(fresh[0][1]);
    const slips = await chief.download('Print Sign-in Slips');
    expect([slips.headers.get('cache-control'), slips.text.includes(fresh[1][1])]).toEqual([
      'no-store',
      true,
    ]);
    expect((await signIn(rollcall, 'lost2', secrets[1])).page.path).toBe('/sign-in');
    expect((await signIn(rollcall, 'lost2', fresh[0][1])).page.path).toBe('/password');
    expect((await signIn(rollcall, 'lost1', ownPassword)).page.path).toBe('/account');
    await chief.open(`/audit?action=import.passwords_reissued`);
    expect(chief.page.text).toContain('users.csv');
  });

  test('TP-8: leave nothing to hand out of the import itself when all of them were made anew', async () => {
    const { id } = await importFile(chief, fileOf(2, 'renewed'));
    await chief.post(`/imports/${id}/reissue`);
    await chief.open(`/imports/${id}`);
    expect(chief.page.hasButton('Download Success Details')).toBe(false);
    expect(chief.page.text).toContain('The temporary passwords are no longer kept.');
    expect((await chief.post(`/imports/${id}/success.csv`)).status).toBe(410);
  });

  test('TP-8: go to nobody but their author; others may not even ask without the right to reset passwords', async () => {
    const { id } = await threeOfWhomOneCame('guarded');
    const importer = await newcomer(rollcall, chief, 'stranger', ['Create users from a file', 'See users']);
    expect((await importer.get(`/imports/${id}/reissue`)).status).toBe(404);
    expect((await importer.post(`/imports/${id}/reissue`)).status).toBe(404);
    const onlooker = await newcomer(rollcall, chief, 'onlooker', ['See the imports of others', 'See users']);
    for (const what of ['reissue', 'undo']) {
      expect((await onlooker.get(`/imports/${id}/${what}`)).status).toBe(403);
      expect((await onlooker.post(`/imports/${id}/${what}`)).status).toBe(403);
    }
    const answer = await chief.post(`/imports/${id}/reissue`);
    const run = answer.headers.get('location')!;
    expect((await onlooker.post(`${run}/passwords.csv`)).status).toBe(404);
    expect((await chief.get(`${run}/passwords.csv`)).status).toBe(405);
  });

  test('TP-8: an importer who sees no users reissues those of an own import', async () => {
    const importer = await newcomer(rollcall, chief, 'own.importer', ['Create users from a file']);
    const { id } = await importFile(importer, fileOf(2, 'own'));
    await importer.press('Continue');
    await importer.press('Continue Without Passwords');
    await importer.open(`/imports/${id}`);
    await importer.follow('Reissue Passwords');
    await importer.press('Reissue Passwords');
    expect(csvRows(await importer.download('Download New Passwords'))).toHaveLength(3);
  });
});

test('the link Never signed in leads to those of the import who have not come', async () => {
  const { id } = await threeOfWhomOneCame('absent');
  await chief.open(`/imports/${id}`);
  await chief.follow('Never signed in');
  expect(chief.page.path).toBe(`/users?import=${id}&status=never`);
  expect(chief.page.hasLink('absent2')).toBe(true);
  expect(chief.page.hasLink('absent1')).toBe(false);
});

describe('Undo this import', () => {
  test('deletes whom the import created and nobody touched since, and names the others with the reason', async () => {
    const { id } = await threeOfWhomOneCame('undone');
    const [{ id: edited }] = await rowsOf<{ id: number }>(
      rollcall,
      `SELECT id FROM users WHERE username = 'undone2'`,
    );
    await chief.open(`/users/${edited}`);
    await chief.form('Save Changes').fill('First Name', 'Kept').press('Save Changes');
    await chief.open(`/imports/${id}`);
    await chief.follow('Undo this import');
    expect(chief.page.text).toContain(`This is for one user of import #${id} (users.csv).`);
    await chief.press('Undo this import');
    expect(chief.page.table('Kept').slice(1)).toEqual([
      ['undone1', 'This user has signed in already.'],
      ['undone2', 'This user was edited since.'],
    ]);
    expect(await countOf(rollcall, `users WHERE username LIKE 'undone%'`)).toBe(2);
    await chief.open(`/imports/${id}`);
    expect(chief.page.text).toContain('This import was undone. Removed: 1, kept: 2.');
    await chief.open('/imports');
    expect(chief.page.table('Imports')[1]).toContain('finished undone');
    await chief.open('/audit?action=import.undone');
    expect(chief.page.text).toContain('users.csv');
    // The name is free: the same file creates the one who is gone.
    expect((await importFile(chief, fileOf(3, 'undone'))).counts).toMatchObject({ created: 1, duplicate: 2 });
  });

  test('is found under its address however that is written', async () => {
    const { id } = await importFile(chief, fileOf(1, 'address'));
    for (const address of ['undo/', 'UNDO', 'Reissue/'])
      expect([address, (await chief.get(`/imports/${id}/${address}`)).status]).toEqual([address, 200]);
    const draft = await toReview(chief, fileOf(1, 'step'));
    expect((await chief.get(`/imports/${draft}/Fields/`)).status).toBe(200);
  });

  test('of more than two hundred users is a job whose page can be left, and ends with the same report', async () => {
    const { id } = await importFile(chief, fileOf(230, 'big'));
    await chief.open(`/imports/${id}/undo`);
    await chief.press('Undo this import');
    const { path } = chief.page;
    await eventually(async () => expect((await chief.open(path)).text).toContain('Removed'));
    expect(await countOf(rollcall, `users WHERE username LIKE 'big%'`)).toBe(0);
    await chief.open(`/imports/${id}`);
    expect(chief.page.hasLink('Undo this import')).toBe(false);
    expect(chief.page.text).toContain('This import was undone. Removed: 230, kept: 0.');
  });
});

test('what changed between the review and the import is said, and stands in the error details', async () => {
  const id = await toReview(chief, fileOf(2, 'promised'));
  const other = chief.copy();
  await addUser(other, 'promised1', 'Agent');
  await chief.press('Import Users');
  expect((await result(chief, id)).counts).toMatchObject({ created: 1, duplicate: 1 });
  expect(chief.page.text).toContain('The review showed 2 rows that were ready');
  const [, [row]] = csvRows(await chief.download('Download Error Details'));
  expect(row).toBe('promised1');
  expect(chief.page.text).toContain('Role for all users: Agent');
});

describe('a file that was here before', () => {
  test('and waits in a draft leads back to it, with what was chosen, however often it is uploaded', async () => {
    const file = fileOf(2, 'waiting');
    const id = await toReview(chief, file, 'Supervisor');
    const tabs = [chief, chief.copy(), chief.copy()];
    await Promise.all(tabs.map((tab) => upload(tab, file, 'other name.csv')));
    expect(importOf(chief)).toBe(id);
    expect(chief.page.value('Role from Dialer')).toBe('Supervisor');
    // Whichever tab's page comes first tells it.
    expect(tabs.flatMap(({ page }) => page.notices).join()).toContain(
      'You uploaded this very file before and have not imported it',
    );
    expect(await countOf(rollcall, `imports WHERE file_name = 'other name.csv'`)).toBe(0);
    // Two clicks on Upload at once.
    const twice = [chief.copy(), chief.copy()];
    await Promise.all(twice.map((tab) => upload(tab, fileOf(2, 'twice'))));
    expect(importOf(twice[0])).toBe(importOf(twice[1]));
    // Once it is discarded, or somebody else's, it is a new one.
    await chief.post(`/imports/${id}/discard`);
    await upload(chief, file);
    expect(importOf(chief)).not.toBe(id);
    const own = importOf(chief);
    const other = await newcomer(rollcall, chief, 'same.file', ['Create users from a file']);
    await upload(other, file);
    expect(importOf(other)).not.toBe(own);
  });

  test('is recognised by its bytes, with what became of it and a way to go on', async () => {
    const file = fileOf(2, 'again');
    const { id } = await importFile(chief, file);
    await upload(chief, file, 'renamed.csv');
    expect(chief.page.notices.join()).toMatch(
      new RegExp(
        `This very file was imported before: Import #${id}.* Created: 2, duplicates: 0, errors: 0, skipped: 0`,
      ),
    );
    const again = importOf(chief);
    await chief.follow(`Import #${id}`);
    expect(chief.page.path).toBe(`/imports/${id}`);
    await upload(chief, `${file}\nanother,another@example.com`);
    expect(chief.page.text).not.toContain('This very file');
    await chief.open(`/imports/${again}/fields`);
    await chief.press('Skip to Review');
    expect(chief.page.text).toContain('2 duplicates');
  });

  test('an error file leads to the import it comes from, and that one to its corrected file', async () => {
    const { id } = await importFile(chief, 'Username,Email\nround1,round1@example.com\nround2,');
    const errors = await chief.download('Download Error Details');
    await upload(chief, errors.text.replace('round2,,', 'round2,round2@example.com,'));
    await chief.follow(`Earlier import #${id}`);
    expect(chief.page.path).toBe(`/imports/${id}`);
    await chief.follow(`Corrected file: import #${id + 1}`);
    await chief.press('Skip to Review');
    await chief.press('Import Users');
    expect((await result(chief, id + 1)).counts).toEqual({
      read: 1,
      created: 1,
      duplicate: 0,
      error: 0,
      skipped: 0,
    });
  });
});

describe('a success file that is uploaded by mistake', () => {
  test('is refused by the import whose passwords it holds, in each of its formats, and leaves nothing behind', async () => {
    const { id } = await importFile(chief, fileOf(2, 'mistake'));
    const [csv, xlsx] = [
      await chief.download('Download Success Details'),
      await chief.download('Download for Excel'),
    ];
    const before = await countOf(rollcall, 'imports');
    for (const { bytes } of [csv, xlsx]) {
      await upload(chief, bytes);
      expect(chief.page.status).toBe(422);
      expect(chief.page.problems.join()).toContain(`This file holds temporary passwords from import #${id}.`);
    }
    expect(await countOf(rollcall, 'imports')).toBe(before);
    expect(await countOf(rollcall, 'import_pieces WHERE import_id > ' + id)).toBe(0);
    const stranger = await newcomer(rollcall, chief, 'finder', ['Create users from a file']);
    await upload(stranger, csv.bytes);
    expect(stranger.page.problems.join()).toContain(
      'This file holds temporary passwords that Rollcall gave out.',
    );
    await chief.open('/audit?action=import.passwords_refused');
    expect(chief.page.text).toContain('finder');
  });
});
