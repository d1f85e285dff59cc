// Requests and files that mean no good, and people who ask for more than they may (SECURITY.md AZ, UP, IN, NW).
import { connect } from 'node:net';
import {
  csvRows,
  ended,
  fileOf,
  importFile,
  importOf,
  result,
  stateOf,
  toReview,
  upload,
} from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { type Answer, Visitor, withoutNumber } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
/** May import, and nothing else. */
let importer: Visitor;
/** May see users, and nothing else. */
let watcher: Visitor;
let draft: number;
let finished: number;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  importer = await newcomer(rollcall, chief, 'importer', ['Create users from a file', 'Create users']);
  watcher = await newcomer(rollcall, chief, 'watcher', ['See users']);
  finished = (await importFile(chief, `${fileOf(2, 'done')}\nx`)).id;
  draft = await toReview(chief, fileOf(3, 'waiting'));
});

afterAll(() => expect(rollcall.failures()).toEqual([]));

const pages = () => [
  '/imports',
  '/imports/new',
  '/imports/template.csv',
  '/imports/template.xlsx',
  ...['', '/progress', '/errors.csv'].map((path) => `/imports/${finished}${path}`),
  ...['fields', 'security', 'options', 'review'].map((step) => `/imports/${draft}/${step}`),
];
const actions = () => [
  '/imports',
  ...[
    'fields',
    'security',
    'options',
    'reading',
    'rows/2',
    'names',
    'generate',
    'run',
    'cancel',
    'discard',
  ].map((action) => `/imports/${draft}/${action}`),
  ...['success.csv', 'success.xlsx', 'success.html', 'continue'].map(
    (action) => `/imports/${finished}/${action}`,
  ),
];

describe('nobody gets in who may not', () => {
  test('AZ-1: without a sign-in every page and action leads to it, and every page is found again afterwards', async () => {
    const nobody = new Visitor(rollcall.address);
    for (const path of pages()) {
      const { status, headers } = await nobody.get(path);
      expect([path, status, headers.get('location')]).toEqual([
        path,
        303,
        `/sign-in?next=${encodeURIComponent(path)}`,
      ]);
    }
    for (const path of actions()) {
      const { status, headers } = await nobody.post(path);
      expect([path, status, headers.get('location')]).toEqual([path, 303, '/sign-in']);
    }
    const fragment = await nobody.get(`/imports/${finished}/progress`, { headers: { 'HX-Request': 'true' } });
    expect([fragment.status, fragment.headers.get('hx-redirect')]).toEqual([
      204,
      expect.stringMatching(/^\/sign-in/),
    ]);
  });

  test('AZ-1: without the permission every page and action is refused', async () => {
    for (const path of pages()) expect([path, (await watcher.get(path)).status]).toEqual([path, 403]);
    for (const path of actions()) expect([path, (await watcher.post(path)).status]).toEqual([path, 403]);
  });

  test('AZ-2: what belongs to somebody else is not there, as if it did not exist', async () => {
    const own = pages().filter((path) => /\d/.test(path));
    for (const path of own) {
      const [foreign, unknown] = [
        await importer.get(path),
        await importer.get(path.replace(/\d+/, '424242')),
      ];
      expect([path, foreign.status, unknown.status]).toEqual([path, 404, 404]);
      expect(withoutNumber(foreign)).toBe(withoutNumber(unknown));
    }
    for (const path of actions().filter((path) => /\d/.test(path))) {
      const foreign = await importer.post(path);
      expect([path, foreign.status]).toEqual([path, 404]);
    }
    expect((await stateOf(chief, draft)).state).toBe('draft');
    await importer.open('/imports');
    expect(importer.page.text).toContain('No imports yet');
  });

  test.each(['0', '-1', '1e3', '1.5', 'abc', '%00', '99999999999', '9'.repeat(400), '１'])(
    'an import with the number %s does not exist',
    async (id) => {
      for (const path of ['', '/fields', '/review', '/progress', '/errors.csv']) {
        expectOneOf([400, 404], (await chief.get(`/imports/${id}${path}`)).status, path);
      }
      for (const path of ['run', 'success.csv', 'rows/2']) {
        expectOneOf([400, 404], (await chief.post(`/imports/${id}/${path}`)).status, path);
      }
      expectOneOf(
        [400, 404],
        (await chief.post(`/imports/${draft}/rows/${id}`, { do: 'skip' })).status,
        'row',
      );
    },
  );

  test('NW-1: a page of another site cannot make a signed-in browser change anything', async () => {
    const strangers = [
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'https://sub.example' },
      { 'Sec-Fetch-Site': 'none', Origin: 'null' },
    ];
    const before = await rowsOf(rollcall, 'SELECT id, state, answers FROM imports ORDER BY id');
    for (const path of [...actions(), '/sign-in', '/password', '/sign-out', '/setup/x']) {
      for (const headers of strangers)
        expect([path, (await chief.post(path, {}, { headers })).status]).toEqual([path, 403]);
      expect([path, await withoutOrigin(path)]).toEqual([path, 403]);
    }
    expect(await rowsOf(rollcall, 'SELECT id, state, answers FROM imports ORDER BY id')).toEqual(before);
    expect((await chief.get('/imports')).status).toBe(200);
  });
});

describe('bodies that no form sends', () => {
  const odd = [
    'username.column[]=1',
    'username[column]=1',
    'username.column=1&username.column=2&username.column=3',
    '__proto__[x]=1&constructor=1&toString=2',
    'field=__proto__&value=x&choice=1',
    'field=desks&value=__proto__&choice=1',
    'field[]=desks&value[]=x&choice[]=1',
    'cell.1=a&cell.1=b&cell.999=x&cell.-1=y&cell.=z',
    'do[]=skip&page[]=1&show[]=x',
    'delimiter=x&encoding=y&headerRow=z',
    'headerRow=1e9&delimiter=%2C&encoding=utf-8',
    'confirmed[]=yes',
    'passwordHash=x&id=7&authorId=2&state=finished&created=99',
    '%',
    '%00=%00&%ff=%ff',
    'a='.repeat(400),
  ];

  test('AZ-7: are left out or refused, never an error of ours, and never change what is not theirs', async () => {
    const id = await toReview(chief, fileOf(3, 'odd'));
    for (const path of actions().filter((one) => !/run|discard|cancel|success|continue/.test(one))) {
      for (const body of odd) {
        const { status } = await chief.post(path.replace(String(draft), String(id)), body, urlEncoded);
        expectOneOf([303, 400, 404, 422], status, `${path} ${body.slice(0, 60)}`);
      }
    }
    const [stored] = await rowsOf(rollcall, `SELECT state, created, file_name FROM imports WHERE id = ${id}`);
    expect(stored).toEqual({ state: 'draft', created: 0, file_name: 'users.csv' });
    for (const page of ['fields', 'security', 'options', 'review']) {
      expectOneOf([200, 303], (await chief.get(`/imports/${id}/${page}`)).status, page);
    }
  });

  test.each([
    ['JSON', '{"username.column":"1"}', 'application/json'],
    ['a list', '[1,2]', 'application/json'],
    ['text', 'username.column=1', 'text/plain'],
    ['XML', '<a/>', 'application/xml'],
    ['an unknown encoding', 'a=b', 'application/x-www-form-urlencoded; charset=utf-7'],
  ])('%s in place of a form is refused', async (_, body, type) => {
    for (const path of [
      ...actions().filter((one) => !/run|discard|cancel|success|continue|generate/.test(one)),
      '/sign-in',
      '/password',
    ]) {
      const { status } = await chief.post(path, body, { headers: { 'Content-Type': type } });
      expectOneOf([400, 415, 422], status, path);
    }
  });

  test('UP-1: of more than a form can hold are refused with their size', async () => {
    const large = await chief.post(`/imports/${draft}/fields`, `a=${'x'.repeat(1_200_000)}`, urlEncoded);
    expect(large.status).toBe(413);
    const many = await chief.post(
      `/imports/${draft}/fields`,
      Array.from({ length: 6000 }, (_, index) => `a${index}=1`).join('&'),
      urlEncoded,
    );
    expect(many.status).toBe(413);
  });

  test('with a NUL or half a character find nobody', async () => {
    const nobody = new Visitor(rollcall.address);
    for (const name of ['chief%00', '%00', '%ED%A0%80', 'chi%C0%80ef', '%F0%9F']) {
      const { status } = await nobody.post('/sign-in', `name=${name}&password=x`, urlEncoded);
      expectOneOf([400, 422], status, name);
      expectOneOf([200, 303, 400, 404], (await chief.get(`/users?q=${name}&after=${name}`)).status, name);
    }
  });
});

const urlEncoded = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };

describe('uploads that are no uploads', () => {
  test.each([
    ['a file beyond the limit', `Username,Email\n${`${'x'.repeat(63)}\n`.repeat(32 * 1024)}`],
    ['a file far beyond the limit', `Username,Email\n${`${'x'.repeat(63)}\n`.repeat(480 * 1024)}`],
  ])('%s is refused with the limit', async (_, bytes) => {
    const answer = await post(bytes);
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('The file is larger than 2 MB. Split it into smaller files.');
  });

  test('pasted rows beyond the limit are refused in the same way', async () => {
    const form = new FormData();
    form.append('rows', `Username,Email\n${'x'.repeat(2 * 1024 * 1024)}`);
    const answer = await chief.post('/imports', form);
    expect(answer.status).toBe(413);
  });

  const start =
    '--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\nUsername,Email\r\n';
  test.each([
    ['no boundary', `${start}--b--`, 'multipart/form-data'],
    ['another boundary', `${start}--b--`, 'multipart/form-data; boundary=other'],
    ['an empty body', '', 'multipart/form-data; boundary=b'],
    ['no end', start, 'multipart/form-data; boundary=b'],
    ['a broken head', '--b\r\nContent-Disposition\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b'],
    [
      'a field of another name',
      start.replace('"file"', '"other"') + '\r\n--b--',
      'multipart/form-data; boundary=b',
    ],
    ['two files', `${start}\r\n${start}\r\n--b--`, 'multipart/form-data; boundary=b'],
    ['rows twice', `${field('rows', 'a')}${field('rows', 'b')}--b--`, 'multipart/form-data; boundary=b'],
    ['rows inside rows', `${field('rows[x][y]', 'a')}--b--`, 'multipart/form-data; boundary=b'],
    ['a field named __proto__', `${field('__proto__', 'a')}--b--`, 'multipart/form-data; boundary=b'],
    [
      'a hundred fields',
      `${Array.from({ length: 100 }, (_, index) => field(`f${index}`, 'x')).join('')}--b--`,
      'multipart/form-data; boundary=b',
    ],
    ['a long name of a field', `${field('n'.repeat(10_000), 'x')}--b--`, 'multipart/form-data; boundary=b'],
    ['a form that is not multipart', 'file=x', 'application/x-www-form-urlencoded'],
  ])('%s is refused, and the server lives', async (_, body, type) => {
    const before = await countOf(rollcall, 'imports');
    const answer = await chief.post('/imports', body, { headers: { 'Content-Type': type } });
    expectOneOf([400, 413, 422], answer.status);
    expect(await countOf(rollcall, 'imports')).toBe(before);
    expect((await chief.get('/imports')).status).toBe(200);
  });

  test('UP-3: an upload that breaks off leaves nothing behind', async () => {
    const before = await countOf(rollcall, 'imports');
    const { hostname, port } = new URL(rollcall.address);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST /imports HTTP/1.1\r\nHost: ${hostname}\r\nSec-Fetch-Site: same-origin\r\nCookie: rollcall=${chief.cookie('rollcall')}\r\n` +
            `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n${start}`,
          () => setTimeout(() => socket.destroy(), 50),
        );
      });
      socket.once('close', () => resolve());
    });
    expect((await chief.get('/imports')).status).toBe(200);
    expect(await countOf(rollcall, 'imports')).toBe(before);
  });

  test('UP-1: nobody without a sign-in makes the server read a body', async () => {
    const nobody = new Visitor(rollcall.address);
    const form = new FormData();
    form.append('file', new Blob([fileOf(2, 'nobody')]), 'x.csv');
    const answer = await nobody.post('/imports', form);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in']);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\users.csv', 'users.csv'],
    ['/absolute/users.csv', 'users.csv'],
    ['a"b.csv', 'a"b.csv'],
    ['a\r\nX-Evil: 1.csv', 'aX-Evil: 1.csv'],
    ['\u202Evsc.sresu', 'vsc.sresu'],
    ['Zoë Ж 😀.csv', 'Zoë Ж 😀.csv'],
    ['   ', 'Unnamed file'],
    ['<script>alert(1)<\\script>.csv', 'script>.csv'],
    [`${'é'.repeat(300)}.csv`, 'é'.repeat(127)],
  ])('UP-4: the file name %j is only text, shown as %j', async (name, shown) => {
    const answer = await post(fileOf(1, 'named'), name);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('x-evil')).toBeNull();
    const id = Number(/\d+/.exec(answer.headers.get('location')!)![0]);
    expect((await stateOf(chief, id)).file).toBe(shown);
    await chief.open(`/imports/${id}/fields`);
    expect(chief.page.text).toContain(shown.replace(/\s+/g, ' '));
    await chief.post(`/imports/${id}/discard`);
  });
});

describe('what a file says is text', () => {
  const nasty = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '{{7*7}}{{constructor}}',
    '${7*7}',
    '</textarea><b id="evil">',
    'javascript:alert(1)',
    '=HYPERLINK("https://evil.example")',
    '\u001b[31mred',
  ];

  test('IN-1: in headers, cells and the file name, on every page and in every report', async () => {
    const header = ['Username', 'Email', 'Desk', ...nasty].map(quoted).join(',');
    const rows = nasty.map((text, index) =>
      [`nasty${index}`, `nasty${index}@example.com`, text.replaceAll(/[;,|]/g, ''), ...nasty]
        .map(quoted)
        .join(','),
    );
    rows.push([nasty[0], nasty[1], 'Berlin'].map(quoted).join(','));
    rows.push(['nasty.name', 'nasty.name@example.com', 'Berlin'].map(quoted).join(','));
    await upload(chief, [header, ...rows].join('\n'), '<img src=x onerror=alert(1)>.csv');
    const id = importOf(chief);
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Next');
    await chief.open(`/imports/${id}/options`);
    const form = chief.form('Next').choose('First Name', nasty[1]).choose('Last Name', nasty[0]);
    await form.choose('Desks', 'Desk').press('Next');
    expect(chief.page.heading).toBe('Review');
    await chief.press('Import Users');
    await result(chief, id);
    for (const path of ['fields', 'review', '', 'progress'])
      expectHarmless(await chief.get(`/imports/${id}/${path}`));
    expectHarmless(await chief.get('/imports'));
    expectHarmless(await chief.get(`/users?import=${id}`));
    const slips = await chief.post(`/imports/${id}/success.html`);
    expectHarmless(slips);
    const errors = csvRows(await chief.download('Download Error Details'));
    for (const cell of errors.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(errors[1]).toContain(`'${nasty[7]}`);
  });

  test('IN-1: on the wizard’s pages too, before anything is started', async () => {
    const header = ['Username', 'Email', ...nasty].map(quoted).join(',');
    await upload(chief, `${header}\n${['n.n', 'n@example.com', ...nasty].map(quoted).join(',')}`);
    const id = importOf(chief);
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Next');
    await chief.open(`/imports/${id}/options`);
    await chief.form('Next').choose('Desks', nasty[0]).choose('First Name', nasty[3]).press('Next');
    for (const step of ['fields', 'security', 'options', 'review'])
      expectHarmless(await chief.get(`/imports/${id}/${step}`));
    expect(chief.page.text).toContain('{{7*7}}');
  });

  test('LG-4: and never a line of the log', async () => {
    await upload(chief, 'Username,Email\n"x\n{""level"":30,""msg"":""forged""}\u001b[2J",y');
    for (const line of rollcall
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))) {
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    expect(rollcall.log()).not.toContain('forged');
  });
});

describe('nobody gives more than they hold', () => {
  test('AZ-3: a row that asks for such a role is an error, and so is one among others', async () => {
    const file =
      'Username,Email,Role\ngive1,give1@example.com,Administrator\ngive2,give2@example.com,Agent;1\ngive3,give3@example.com,Agent';
    const { counts } = await importFile(importer, file);
    expect(counts).toMatchObject({ created: 1, error: 2 });
    const errors = csvRows(await importer.download('Download Error Details'));
    expect(errors.slice(1).map((row) => row.slice(4, 7))).toEqual([
      ['Role', 'not_allowed', 'You cannot give a role that permits more than your own.'],
      ['Role', 'not_allowed', 'You cannot give a role that permits more than your own.'],
    ]);
    expect(await countOf(rollcall, `users WHERE username IN ('give1', 'give2')`)).toBe(0);
    await chief.open('/audit?action=import.rows_refused');
    const [, entry] = chief.page.table('Audit Log');
    expect(entry.join(' ')).toMatch(/importer.*Asked in a file for what they may not give.*Rows: 2, 3/);
  });

  test('AZ-3: the wizard does not offer it, and refuses it when it is sent all the same', async () => {
    await upload(importer, fileOf(2, 'sent'));
    const id = importOf(importer);
    expect(importer.page.options('Role from Dialer')).toContain('Agent');
    expect(importer.page.options('Role from Dialer')).not.toContain('Administrator');
    const sent = {
      'username.column': '1',
      'email.column': '2',
      'extension.generate': 'on',
      'role.source': 'dialer',
      'role.value': '1',
      'sip.source': 'webrtc',
    };
    const answer = await importer.post(`/imports/${id}/fields`, sent);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('You cannot give a role that permits more than your own.');
    expect((await importer.get(`/imports/${id}/review`)).status).toBe(303);
    await importer.post(`/imports/${id}/run`);
    expect((await stateOf(importer, id)).state).toBe('draft');
    expect(await countOf(rollcall, `users WHERE username LIKE 'sent%'`)).toBe(0);
  });

  test.each([
    ['fullRecordingAccess', 'on', 'You may not give Full Recording Access.'],
    ['extendedAcl', 'on', 'You may not give Use extended IP ACL?.'],
    ['sessionTtl', '60', 'You may not give session limits of their own.'],
    ['maxSessions', '3', 'You may not give session limits of their own.'],
  ])('AZ-4: %s for all users is refused', async (name, value, sentence) => {
    const id = await toReview(importer, fileOf(1, name));
    const answer = await importer.post(`/imports/${id}/security`, { [name]: value });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(sentence);
  });

  test('a name cannot be matched with it on the review page', async () => {
    const id = await toReview(
      importer,
      'Username,Email,Role\nmatch1,match1@example.com,Boss\nmatch2,match2@example.com,Agent',
    );
    const matched = await importer.post(`/imports/${id}/names`, {
      'field.0': 'roles',
      'value.0': 'Boss',
      'choice.0': '1',
    });
    expect(matched.status).toBe(303);
    await importer.open(`/imports/${id}/review`);
    expect(importer.page.hasLink('Ready (1)')).toBe(true);
  });

  test('AZ-8: who loses the right in the middle of an import is stopped, and the rest is counted', async () => {
    const someone = await newcomer(rollcall, chief, 'loser', ['Create users from a file', 'Create users']);
    const id = await toReview(someone, fileOf(400, 'losing'));
    await someone.open(`/imports/${id}/options`);
    await someone
      .form('Next')
      .check('Generate user passwords with digits only (not recommended)')
      .press('Next');
    await chief.open('/roles');
    await chief.follow('Edit Role of loser');
    const taken = chief.form('Save Changes').uncheck('Create users from a file');
    await someone.press('Import Users');
    await taken.press('Save Changes');
    const { state, counts } = await ended(chief, id);
    expect(state).toBe('failed');
    expect(counts.created).toBeLessThan(400);
    expect(counts.created + counts.skipped).toBe(400);
    expect(await countOf(rollcall, `users WHERE username LIKE 'losing%'`)).toBe(counts.created);
    await chief.open(`/imports/${id}`);
    expect(chief.page.text).toContain('The import stopped before the end.');
  });
});

async function post(bytes: string, name = 'users.csv'): Promise<Answer> {
  const boundary = 'boundary-of-the-test';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name.replaceAll('\\', '\\\\').replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}"\r\n\r\n`;
  const body = `${head}${bytes}\r\n--${boundary}--\r\n`;
  return chief.post('/imports', body, {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  });
}

function expectOneOf(allowed: number[], status: number, what = 'The request'): void {
  if (!allowed.includes(status))
    throw new Error(`${what} is answered ${status}, not one of ${allowed.join(', ')}`);
}

function field(name: string, value: string): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/** POST without any header that says where it comes from. */
async function withoutOrigin(path: string): Promise<number> {
  const answer = await fetch(new URL(path, rollcall.address), {
    method: 'POST',
    headers: { Cookie: `rollcall=${chief.cookie('rollcall')}` },
    redirect: 'manual',
  });
  return answer.status;
}

/** No element, attribute or address of the page comes from data. */
function expectHarmless({ text, status, headers }: Answer): void {
  expect(status).toBeLessThan(400);
  expect(text).not.toMatch(
    /<script>alert|<img src=x|<b id="evil"|<[^>]* onmouseover=|href="javascript:|\b49\b\{\{/i,
  );
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
}
