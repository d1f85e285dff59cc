import { newAgent, newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

test.each([
  ['/pbx-domains', 'No PBX domains yet', 'Create PBX Domain'],
  ['/caller-ids', 'No caller IDs yet', 'Create Caller ID'],
])('%s says how to begin while it is empty', async (path, heading, action) => {
  await chief.open(path);
  expect(chief.page.text).toContain(heading);
  expect(chief.page.hasLink(action)).toBe(true);
});

describe('PBX domains', () => {
  test('are created, changed and deleted', async () => {
    await createDomain(
      { Name: 'Lyon', Host: ' PBX.Lyon.example.COM ', 'Next Hop': 'sbc.example.com:5061' },
      'TLS (encrypted)',
    );
    expect(chief.page.flash).toBe('“Lyon” was created.');
    expect(row('PBX Domains', 'Lyon')?.slice(1, 6)).toEqual([
      'Lyon',
      'pbx.lyon.example.com',
      'sbc.example.com:5061',
      'TLS',
      '0',
    ]);
    expect(duplicateNames(chief.page)).toEqual([]);
    await chief.follow('Edit Lyon');
    expect(chief.page.value('Transport')).toBe('TLS (encrypted)');
    await chief
      .form('Save Changes')
      .fill('Name', 'Lyon South')
      .fill('Next Hop', '')
      .choose('Transport', 'TCP')
      .press('Save Changes');
    expect(row('PBX Domains', 'Lyon South')?.slice(2, 5)).toEqual(['pbx.lyon.example.com', '–', 'TCP']);
    await chief.follow('Delete Lyon South');
    await chief.press('Delete PBX Domain');
    expect(chief.page.text).toContain('No PBX domains yet');
  });

  test.each([
    ['Host', '', 'Enter the host of the PBX.'],
    ['Host', 'localhost', 'Rollcall’s own machine'],
    ['Host', '127.0.0.1', 'Rollcall’s own machine'],
    ['Host', '[::1]', 'Rollcall’s own machine'],
    ['Host', '169.254.1.1', 'Rollcall’s own machine'],
    ['Host', '2130706433', 'Give a host name or an IP address.'],
    ['Host', 'pbx example', 'Give a host name or an IP address.'],
    ['Host', 'sip:pbx.example.com', 'Give a host name or an IP address.'],
    ['Host', `${'a.'.repeat(130)}de`, 'Use 253 characters at the most.'],
    ['Next Hop', 'sbc.example.com:0', 'Use a port from 1 to 65535'],
    ['Next Hop', 'sbc.example.com:65536', 'Use a port from 1 to 65535'],
    ['Next Hop', 'sbc.example.com:', 'Use a port from 1 to 65535'],
    ['Next Hop', 'localhost:5060', 'Rollcall’s own machine'],
    ['Next Hop', '[::1]:5060', 'Rollcall’s own machine'],
    ['Name', '12', 'Use at least one letter'],
  ])('refuse the %s %j', async (field, value, problem) => {
    const page = await createDomain({ Name: 'Refused', Host: 'pbx.example.com', [field]: value });
    expect(page.status).toBe(422);
    expect(page.problems).toEqual([expect.stringContaining(problem)]);
    const described = page.field(field).getAttribute('aria-describedby') ?? '';
    expect(page.root.getElementById(described.split(' ').at(-1)!)?.text).toContain(problem);
    expect(page.value(field)).toBe(value);
  });

  test.each(['10.0.0.5', 'pbx', '[2001:db8::5]', '192.168.1.10'])('accept the host %s', async (host) => {
    await createDomain({ Name: `At ${host}`, Host: host, 'Next Hop': '[2001:db8::7]:5060' });
    expect(row('PBX Domains', `At ${host}`)?.slice(2, 4)).toEqual([host, '[2001:db8::7]:5060']);
  });

  test('refuse a name that another one has, and a version that somebody else replaced', async () => {
    await createDomain({ Name: 'Oslo', Host: 'oslo.example.com' });
    const again = await createDomain({ Name: 'OSLO', Host: 'other.example.com' });
    expect(again.status).toBe(422);
    expect(again.problems[0]).toMatch(/^“Oslo” \(ID \d+\) has it already/);

    await chief.open('/pbx-domains');
    const address = chief.page.link('Edit Oslo');
    const late = chief.copy();
    await late.open(address);
    await chief.open(address);
    await chief.form('Save Changes').fill('Host', 'north.example.com').press('Save Changes');
    const page = await late.form('Save Changes').fill('Host', 'south.example.com').press('Save Changes');
    expect(page.status).toBe(409);
    expect(page.table('Both versions').slice(1)).toEqual([
      ['Host', 'north.example.com', 'south.example.com'],
    ]);
    expect(page.value('Host')).toBe('south.example.com');
    await chief.open(address);
    expect(chief.page.value('Host')).toBe('north.example.com');
  });

  test('in use are not deleted', async () => {
    await createDomain({ Name: 'Busy', Host: 'busy.example.com' });
    const form = await newAgent(chief, 'device.user', 5204, 'Use classic PBX');
    await form.choose('PBX Domain', 'Busy').fill('PBX Device', '204').press('Add User');
    await chief.open('/pbx-domains');
    expect(row('PBX Domains', 'Busy')?.[5]).toBe('1');
    const address = chief.page.link('Delete Busy');
    await chief.open(address);
    expect(chief.page.text).toContain('One user has “Busy”');
    expect((await chief.post(address)).status).toBe(422);
  });
});

describe('caller IDs', () => {
  test('are created, changed and deleted, the number in E.164', async () => {
    await createCallerId('Berlin Office', '+49 (0)30 / 123-45.67');
    expect(chief.page.flash).toBe('“Berlin Office” was created.');
    expect(row('Caller IDs', 'Berlin Office')?.slice(1, 4)).toEqual(['Berlin Office', '+49301234567', '0']);
    expect(duplicateNames(chief.page)).toEqual([]);
    await chief.follow('Edit Berlin Office');
    await chief.form('Save Changes').fill('Number', '+351 210 123 456').press('Save Changes');
    expect(row('Caller IDs', 'Berlin Office')?.[2]).toBe('+351210123456');
    await chief.follow('Delete Berlin Office');
    await chief.press('Delete Caller ID');
    expect(chief.page.text).toContain('No caller IDs yet');
  });

  test.each([
    ['', 'Enter the number.'],
    ['030 1234567', 'Use + with country code'],
    ['0049 30 1234567', 'Write + instead of 00'],
    ['+123456', '7 to 15 digits'],
    ['+1234567890123456', '7 to 15 digits'],
    ['+0301234567', 'Use + with country code'],
    ['+49 30 CALLME', 'Use + with country code'],
  ])('refuse the number %j', async (number, problem) => {
    const page = await createCallerId('Refused', number);
    expect(page.status).toBe(422);
    expect(page.problems).toEqual([expect.stringContaining(problem)]);
    expect(page.value('Number')).toBe(number);
  });

  test('refuse a number or a name that another one has, also when many ask at once', async () => {
    await createCallerId('Porto', '+351220000000');
    const page = await createCallerId('porto', '+351 22 000 0000');
    expect(page.status).toBe(422);
    expect(page.problems).toHaveLength(2);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        chief.post('/caller-ids', { name: `Braga ${'ab'[index % 2]}`, number: '+351253000000' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 422, 422, 422, 422, 422]);
  });

  test('that somebody else changed show both versions', async () => {
    await createCallerId('Faro', '+351289000000');
    await chief.open('/caller-ids');
    const address = chief.page.link('Edit Faro');
    const answers = await Promise.all(
      ['+351289000001', '+351289000002'].map((number) =>
        chief.post(address, { name: 'Faro', number, version: '1' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 409]);
  });
});

test.each(['/pbx-domains', '/caller-ids'])('%s: what is not there is not found', async (path) => {
  const fields = { name: 'x', host: 'x.example.com', nextHop: '', transport: 'udp', version: '1' };
  const own = path === '/pbx-domains' ? fields : { name: 'x', number: '+4930123456', version: '1' };
  for (const id of ['999999', 'abc', '0', '99999999999']) {
    expect((await chief.get(`${path}/${id}`)).status).toBe(404);
    expect((await chief.get(`${path}/${id}/delete`)).status).toBe(404);
    expect((await chief.post(`${path}/${id}`, own)).status).toBe(404);
    expect((await chief.post(`${path}/${id}/delete`)).status).toBe(404);
  }
});

test.each([
  ['/pbx-domains', 'name=a&host=b.example.com&nextHop=&transport=sctp'],
  ['/pbx-domains', 'name=a&host=b.example.com&host=c.example.com&nextHop=&transport=udp'],
  ['/pbx-domains', 'name=a&host=b.example.com&nextHop=&transport=udp&id=1'],
  ['/caller-ids', 'name=a&number[x]=1'],
  ['/caller-ids', 'name=a&number=1&number=2'],
])('%s takes its own fields only: %s', async (path, body) => {
  expect((await chief.post(path, new URLSearchParams(body))).status).toBe(400);
});

test('who manages PBX domains lands there and sees no caller IDs, and the other way round', async () => {
  const engineer = await newcomer(rollcall, chief, 'engineer', ['Manage PBX domains and the SIP server']);
  const marketing = await newcomer(rollcall, chief, 'marketing', ['Manage caller IDs']);
  await engineer.open('/');
  expect(engineer.page.path).toBe('/pbx-domains');
  for (const path of ['/caller-ids', '/caller-ids/new']) expect((await engineer.get(path)).status).toBe(403);
  expect((await engineer.post('/caller-ids', { name: 'x', number: '+4930123456' })).status).toBe(403);
  expect((await marketing.get('/caller-ids')).status).toBe(200);
  for (const path of ['/pbx-domains', '/pbx-domains/new'])
    expect((await marketing.get(path)).status).toBe(403);
});

async function createDomain(fields: Record<string, string>, transport = 'UDP') {
  await chief.open('/pbx-domains/new');
  const form = chief.form('Create PBX Domain').choose('Transport', transport);
  for (const [name, value] of Object.entries(fields)) form.fill(name, value);
  return form.press('Create PBX Domain');
}

async function createCallerId(name: string, number: string) {
  await chief.open('/caller-ids/new');
  return chief.form('Create Caller ID').fill('Name', name).fill('Number', number).press('Create Caller ID');
}

function row(table: string, name: string): string[] | undefined {
  return chief.page.table(table).find((cells) => cells[1] === name);
}
