import { columnOf } from '../support/columns.js';
import { addRole, addUser, firstSignIn, newcomer, shownPassword } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  await chief.open('/pbx-domains');
});

describe('Create New User', () => {
  test('asks for what is mandatory, in parts', async () => {
    await chief.open('/users');
    await chief.follow('Create New User');
    expect(chief.page.heading).toBe('New User');
    expect(chief.page.text).toContain('Fields marked with an asterisk (*) are mandatory.');
    expect(chief.page.text).toMatch(/User General Info[^]*User Extension Settings/);
    expect(chief.page.isChecked('Activate User')).toBe(true);
    expect(chief.page.isChecked('Use WebRTC')).toBe(true);
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test('TP-3: shows the temporary password once; the user signs in with it and must choose an own one', async () => {
    await chief.open('/users/new');
    const page = await fill(chief, {
      Username: 'Anna.Kovacs',
      Email: 'Anna@Example.COM',
      'Virtual Extension': '4321',
    })
      .fill('First Name', ' Anna ')
      .fill('Last Name', 'Kovács')
      .press('Add User');
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).toContain(`${rollcall.address}/sign-in`);
    const temporary = shownPassword(chief);
    expect(temporary).toMatch(/^[a-z][a-z2-9]{4}(-[a-z2-9]{5}){4}$/);
    expect(rollcall.log()).not.toContain(temporary);
    await chief.open('/users');
    expect(chief.page.html).not.toContain(temporary);

    const anna = await signIn(rollcall, 'anna.kovacs', temporary.toUpperCase().replaceAll('-', ' '));
    expect(anna.page.path).toBe('/password');
    await anna.open('/account');
    expect(anna.page.path).toBe('/password');
    const signedIn = await firstSignIn(rollcall, 'anna@example.com', temporary);
    expect(signedIn.page.path).toBe('/account');
    expect(signedIn.page.text).toContain('4321');
    expect((await signIn(rollcall, 'anna.kovacs', temporary)).page.path).toBe('/sign-in');
  });

  test('tells who created the user and how to reach them', async () => {
    await chief.open('/users');
    await chief.follow('Anna.Kovacs');
    expect(chief.page.heading).toBe('User Anna.Kovacs');
    expect(chief.page.text).toContain('created by chief');
    for (const [field, value] of Object.entries({
      Username: 'Anna.Kovacs',
      Email: 'anna@example.com',
      'First Name': 'Anna',
      'Last Name': 'Kovács',
      'Virtual Extension': '4321',
    })) {
      expect([field, chief.page.value(field)]).toEqual([field, value]);
    }
    expect(chief.page.isChecked('Agent')).toBe(true);
    expect(chief.page.isChecked('Use WebRTC')).toBe(true);
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test.each([
    ['Use WebRTC', {}, {}],
    ['Use Built-in PBX', {}, {}],
    ['Use classic PBX', { 'PBX Device': '301' }, { 'PBX Domain': 'PBX Europe', 'PBX Device': '301' }],
    ['Use Custom URI', { 'Custom URI': '204@PBX.example.com' }, { 'Custom URI': 'sip:204@pbx.example.com' }],
  ] as const)('makes a user with %s', async (choice, more, facts) => {
    const username = choice.replace(/\W/g, '').toLowerCase();
    const extension = String(5000 + choice.length);
    await chief.open('/users/new');
    const form = fill(chief, {
      Username: username,
      Email: `${username}@example.com`,
      'Virtual Extension': extension,
    });
    if (choice === 'Use classic PBX') form.choose('PBX Domain', 'PBX Europe');
    for (const [name, value] of Object.entries(more)) form.fill(name, value);
    await form.choose('SIP Settings', choice).press('Add User');
    expect(chief.page.status).toBe(200);
    await chief.follow('Open This User');
    expect(chief.page.isChecked(choice)).toBe(true);
    for (const [name, value] of Object.entries(facts)) expect(chief.page.value(name)).toBe(value);
  });

  test('ignores what the chosen SIP setting does not need', async () => {
    await chief.open('/users/new');
    await fill(chief, { Username: 'ignoring', Email: 'ignoring@example.com', 'Virtual Extension': '5151' })
      .choose('PBX Domain', 'PBX Europe')
      .fill('PBX Device', 'not a device')
      .fill('Custom URI', 'not a URI')
      .press('Add User');
    await chief.follow('Open This User');
    for (const name of ['PBX Device', 'Custom URI']) expect(chief.page.value(name)).toBe('');
    expect(chief.page.value('PBX Domain')).toBe('Choose one');
  });

  test('makes a password of digits only where a phone wants that', async () => {
    await chief.open('/users/new');
    const form = fill(chief, {
      Username: 'digits',
      Email: 'digits@example.com',
      'Virtual Extension': '5152',
    });
    await form.check('Generate user passwords with digits only (not recommended)').press('Add User');
    expect(shownPassword(chief)).toMatch(/^[1-9]\d{14}$/);
    expect((await firstSignIn(rollcall, 'digits', shownPassword(chief))).page.path).toBe('/account');
  });

  test('makes a user who is not active and cannot sign in', async () => {
    await chief.open('/users/new');
    const form = fill(chief, {
      Username: 'sleeper',
      Email: 'sleeper@example.com',
      'Virtual Extension': '5153',
    });
    await form.uncheck('Activate User').press('Add User');
    const sleeper = await signIn(rollcall, 'sleeper', shownPassword(chief));
    expect(sleeper.page.path).toBe('/sign-in');
  });

  test('says everything that is missing at once, each beside its field', async () => {
    await chief.open('/users/new');
    const page = await chief.form('Add User').press('Add User');
    expect(page.status).toBe(422);
    expect(page.problems).toEqual([
      'Username is missing.',
      'Email is missing.',
      'Roles: Choose at least one.',
      'Virtual Extension is missing.',
    ]);
    for (const name of ['username', 'email', 'roles', 'extension']) {
      expect(page.root.getElementById(`problem-${name}`)).not.toBeNull();
    }
  });

  test.each([
    ['username', 'Username', 'ab', 'Use 3 to 64 letters'],
    ['username', 'Username', '.anna', 'starting with a letter or digit'],
    ['username', 'Username', 'an na', 'Use 3 to 64 letters'],
    ['username', 'Username', 'x'.repeat(65), 'Use 64 characters at the most.'],
    ['username', 'Username', 'boss@example.com', 'A username with @ must be the user’s own email.'],
    ['username', 'Username', 'CHIEF', 'Username: the user chief (ID'],
    ['username', 'Username', 'demo.AGENT1', 'Username: the user demo.agent1 (ID'],
    ['email', 'Email', 'anna', 'Give one address such as'],
    ['email', 'Email', 'a@example.com, b@example.com', 'Give one address only.'],
    ['email', 'Email', 'Anna <anna@example.com>', 'Give one address such as'],
    ['email', 'Email', 'CHIEF@example.com', 'Email: the user chief (ID'],
    ['firstName', 'First Name', 'x'.repeat(101), 'Use 100 characters at the most.'],
    ['lastName', 'Last Name', 'a\u0007b', 'Remove the invisible character U+0007.'],
    ['extension', 'Virtual Extension', '12', 'Use 3 to 6 digits'],
    ['extension', 'Virtual Extension', '0123', 'Use no leading zero.'],
    ['extension', 'Virtual Extension', '112', 'This is an emergency number'],
    ['extension', 'Virtual Extension', '9901', 'Virtual Extension: the user demo.agent1 (ID'],
  ])('refuses the %s of %s %j', async (field, label, value, problem) => {
    await chief.open('/users/new');
    const page = await fill(chief, {
      Username: 'somebody',
      Email: 'somebody@example.com',
      'Virtual Extension': '6000',
      [label]: value,
    }).press('Add User');
    expect(page.status).toBe(422);
    expect(page.problems).toEqual([expect.stringContaining(problem)]);
    expect(page.root.getElementById(`problem-${field}`)?.text).toContain(problem);
    expect(page.field(label).getAttribute('aria-invalid')).toBe('true');
    expect(page.value(label)).toBe(value);
    expect(page.isChecked('Agent')).toBe(true);
  });

  test.each([
    ['Use classic PBX', 'pbxDevice', 'PBX Device', '', 'PBX Device is missing.'],
    ['Use classic PBX', 'pbxDevice', 'PBX Device', '1', 'Use 2 to 10 digits.'],
    ['Use classic PBX', 'pbxDevice', 'PBX Device', '301', 'PBX Device: the user useclassicpbx (ID'],
    ['Use Custom URI', 'customUri', 'Custom URI', '', 'Custom URI is missing.'],
    ['Use Custom URI', 'customUri', 'Custom URI', 'sip:204@localhost', 'Rollcall’s own machine'],
    [
      'Use Custom URI',
      'customUri',
      'Custom URI',
      'sip:204:pw@pbx.example.com',
      'without password or headers',
    ],
  ])('with %s refuses the %s of %s %j', async (choice, field, label, value, problem) => {
    await chief.open('/users/new');
    const form = fill(chief, {
      Username: 'somebody',
      Email: 'some@example.com',
      'Virtual Extension': '6000',
    });
    form.choose('SIP Settings', choice).choose('PBX Domain', 'PBX Europe').fill(label, value);
    const page = await form.press('Add User');
    expect(page.status).toBe(422);
    expect(page.problems).toEqual([expect.stringContaining(problem)]);
    expect(page.root.getElementById(`problem-${field}`)?.text).toContain(problem);
  });

  test('asks for the PBX domain of a device', async () => {
    await chief.open('/users/new');
    const form = fill(chief, {
      Username: 'somebody',
      Email: 'some@example.com',
      'Virtual Extension': '6000',
    });
    const page = await form
      .choose('SIP Settings', 'Use classic PBX')
      .fill('PBX Device', '302')
      .press('Add User');
    expect(page.problems).toEqual(['PBX Domain is missing.']);
  });

  test('fills in the lowest free virtual extension, keeps what was typed and creates nobody', async () => {
    await chief.open('/users/new');
    const page = await chief
      .form('Add User')
      .fill('Username', 'half typed')
      .check('Supervisor')
      .uncheck('Activate User')
      .press('Generate Available Virtual Extension');
    expect(page.status).toBe(200);
    expect(page.value('Virtual Extension')).toBe('1001');
    expect(page.value('Username')).toBe('half typed');
    expect(page.isChecked('Supervisor')).toBe(true);
    expect(page.isChecked('Activate User')).toBe(false);
    expect(page.problems).toEqual([]);
    await chief.open('/users/new');
    await chief.form('Add User').press('Generate Available Virtual Extension');
    expect(chief.page.value('Virtual Extension')).toBe('1001');
  });

  test('CS-5: creates one user when the same form is sent many times at once', async () => {
    await chief.open('/users/new');
    const body = {
      username: 'racer',
      email: 'racer@example.com',
      roles: await agentId(),
      sip: 'webrtc',
      extension: '6100',
    };
    const answers = await Promise.all(Array.from({ length: 8 }, () => chief.post('/users', body)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 422),
    ]);
  });

  test('AZ-7: takes its own fields only, and lists only where there are lists', async () => {
    await chief.open('/users/new');
    for (const body of [
      'username=a&username=b',
      'passwordHash=x',
      'id=1',
      'username[x]=a',
      'passwordTemporary=on',
      'extension=1&extension=2',
    ]) {
      expect((await chief.post('/users', new URLSearchParams(body))).status).toBe(400);
    }
  });

  test('AZ-3: offers and gives only roles that permit no more than the giver holds', async () => {
    const limited = await newcomer(rollcall, chief, 'limited', ['See users', 'Create users']);
    await limited.open('/users/new');
    expect(limited.page.fields.some((field) => field.getAttribute('value') === '1')).toBe(false);
    const refused = await limited.post('/users', {
      username: 'puppet',
      email: 'puppet@example.com',
      roles: '1',
      sip: 'webrtc',
      extension: '6200',
    });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('You cannot give a role that permits more than your own.');
    const unknown = await limited.post('/users', { roles: '99999999999' });
    expect(unknown.text).toContain('with the ID 99999999999.');
  });
});

describe('the page of a user', () => {
  test.each(['999999', 'abc', '0', '-1', '99999999999'])('is not found for the ID %s', async (id) => {
    expect((await chief.get(`/users/${id}`)).status).toBe(404);
  });
});

test.each([
  '/users',
  '/desks',
  '/roles',
  '/skill-groups',
  '/queues',
  '/pbx-domains',
  '/caller-ids',
  '/imports',
])('from the page of something that is gone a link leads back to %s', async (list) => {
  await chief.open(`${list}/999999`);
  expect(chief.page.status).toBe(404);
  await chief.follow('Back to the List');
  expect([chief.page.status, chief.page.path]).toEqual([200, list]);
});

describe('who may do what', () => {
  test('an agent meets nobody', async () => {
    const agent = await firstSignIn(rollcall, 'demo.agent2', demoPassword('demo.agent2'));
    expect(agent.page.path).toBe('/account');
    for (const path of ['/users', '/users/new', '/users/1']) expect((await agent.get(path)).status).toBe(403);
    expect((await agent.post('/users', {})).status).toBe(403);
  });

  test('who may only create users gets the button, and no table', async () => {
    const creator = await newcomer(rollcall, chief, 'creator', ['Create users']);
    expect(creator.page.path).toBe('/users');
    expect(creator.page.hasLink('Create New User')).toBe(true);
    expect(creator.page.hasLink('Create from file')).toBe(false);
    expect(creator.page.root.querySelector('table')).toBeNull();
    await addUser(creator, 'made.by.creator', 'Agent');
    expect(creator.page.hasLink('Open This User')).toBe(false);
    expect((await creator.get('/users/1')).status).toBe(403);
  });

  test('who may only see users creates none', async () => {
    const viewer = await newcomer(rollcall, chief, 'viewer', ['See users']);
    await viewer.open('/users');
    expect(viewer.page.hasLink('Create New User')).toBe(false);
    expect(viewer.page.hasLink('chief')).toBe(true);
    expect((await viewer.get('/users/new')).status).toBe(403);
    expect((await viewer.post('/users', {})).status).toBe(403);
  });

  test('who may only import gets Create from file, and no table', async () => {
    const importer = await newcomer(rollcall, chief, 'importer', ['Create users from a file']);
    await importer.open('/users');
    expect(importer.page.hasLink('Create from file')).toBe(true);
    expect(importer.page.hasLink('Create New User')).toBe(false);
    expect(importer.page.root.querySelector('table')).toBeNull();
  });

  test('with own desks only a supervisor meets the users of these desks and nobody else', async () => {
    const supervisor = await firstSignIn(rollcall, 'demo.supervisor', demoPassword('demo.supervisor'));
    await supervisor.open('/users');
    expect(usernames(supervisor)).toEqual(['demo.agent1', 'demo.agent2', 'demo.agent3', 'demo.supervisor']);
    expect(supervisor.page.root.querySelector('.pager-text')?.text).toBe('4 users');
    await chief.open('/users');
    const hidden = chief.page.link('chief');
    expect((await supervisor.get(hidden)).status).toBe(404);
    expect((await supervisor.get(chief.page.link('demo.agent1'))).status).toBe(200);
  });

  test('with own desks only and without a desk somebody meets nobody', async () => {
    await addRole(chief, 'Lonely', ['See users'], true);
    const lonely = await firstSignIn(rollcall, 'lonely', await addUser(chief, 'lonely', 'Lonely'));
    await lonely.open('/users');
    expect(lonely.page.text).toContain('You meet no users yet');
  });
});

function fill(visitor: Visitor, values: Record<string, string>) {
  const form = visitor.form('Add User').check('Agent');
  for (const [name, value] of Object.entries(values)) form.fill(name, value);
  return form;
}

async function agentId(): Promise<string> {
  return chief.page.field('Agent').getAttribute('value')!;
}

function usernames(visitor: Visitor): string[] {
  return columnOf(visitor.page, 'Username');
}

function demoPassword(username: string): string {
  return new RegExp(`${username} {2}(\\S+)`).exec(rollcall.log())![1];
}
