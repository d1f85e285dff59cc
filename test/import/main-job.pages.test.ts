// The main job, as PRODUCT.md section 5 promises it: a file becomes users who sign in, and what could not be created
// comes back in a file that goes in again.
import {
  csvRows,
  fileOf,
  importFile,
  importOf,
  result,
  successDetails,
  upload,
  type Success,
} from '../support/imports.js';
import { rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Answer, Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

test('a clean file takes six clicks', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => `six${index}.x,six${index}@example.com,Agent`);
  await chief.open('/users');
  await chief.follow('Create from file');
  const bytes = ['Username,Email,Role', ...rows].join('\n');
  await chief.form('Upload').attach('File', { name: 'six.csv', type: 'text/csv', bytes }).press('Upload');
  expect(chief.page.heading).toBe('Required Fields');
  await chief.press('Skip to Review');
  expect(chief.page.heading).toBe('Review');
  await chief.press('Import Users');
  const { counts } = await result(chief, importOf(chief));
  expect(counts).toEqual({ read: 40, created: 40, duplicate: 0, error: 0, skipped: 0 });
  expect(await successDetails(chief)).toHaveLength(40);
  await chief.press('Continue');
  expect(chief.page.address.pathname).toBe('/users');
  expect(chief.page.text).toContain('40 created by import #');
  expect(chief.page.text).toContain('0 signed in so far, passwords valid until');
});

describe('a file of 500 people with 11 bad rows and 5 duplicates', () => {
  const header =
    'Username,Email,Role,SIP Settings,Virtual Extension,Desk,Skill Group,First Name,Last Name,PBX Domain,PBX Device,Custom URI';
  /** Row number -> what it says, and the codes and the sentences of what is wrong with it. */
  const bad: Record<number, { row: string; code: string; field: string; error: string; mended: string }> = {
    14: {
      row: ',p14@example.com,Agent,,2014,,,,,,,',
      field: 'Username',
      code: 'missing',
      error: 'Username is missing.',
      mended: 'p14,p14@example.com,Agent,,2014,,,,,,,',
    },
    51: {
      row: 'p51,,Agent,,2051,,,,,,,',
      field: 'Email',
      code: 'missing',
      error: 'Email is missing.',
      mended: 'p51,p51@example.com,Agent,,2051,,,,,,,',
    },
    77: {
      row: 'p77,p77(at)example.com,Agent,,2077,,,,,,,',
      field: 'Email',
      code: 'invalid',
      error: 'Give one address such as name@example.com.',
      mended: 'p77,p77@example.com,Agent,,2077,,,,,,,',
    },
    99: {
      row: 'p 99,p99@example.com,Agent,,2099,,,,,,,',
      field: 'Username',
      code: 'invalid',
      error: 'Use 3 to 64 letters A-Z, digits or . _ - @, starting with a letter or digit.',
      mended: 'p99,p99@example.com,Agent,,2099,,,,,,,',
    },
    120: {
      row: 'p120,p120@example.com,Agnet,,2120,,,,,,,',
      field: 'Role',
      code: 'unknown',
      error: 'There is no Role called “Agnet”.',
      mended: 'p120,p120@example.com,Agent,,2120,,,,,,,',
    },
    121: {
      row: 'p121,p121@example.com,Agent,,02121,,,,,,,',
      field: 'Virtual Extension',
      code: 'invalid',
      error: 'Use no leading zero.',
      mended: 'p121,p121@example.com,Agent,,2121,,,,,,,',
    },
    200: {
      row: 'p200,p200@example.com,Agent,,2014,,,,,,,',
      field: '',
      code: '',
      error: '',
      mended: '',
    },
    300: {
      row: 'p300,p300@example.com,Agent,,2299,,,,,,,',
      field: 'Virtual Extension',
      code: 'taken',
      error: 'Virtual Extension: row 299 of this file has the same one. Use another one.',
      mended: 'p300,p300@example.com,Agent,,2300,,,,,,,',
    },
    333: {
      row: 'p333,p333@example.com,Agent,classic,2333,,,,,PBX Europe,,',
      field: 'PBX Device',
      code: 'missing',
      error: 'PBX Device is missing.',
      mended: 'p333,p333@example.com,Agent,classic,2333,,,,,PBX Europe,333,',
    },
    350: {
      row: 'p350,p350@example.com,Agent,uri,2350,,,,,,,sip:350@localhost',
      field: 'Custom URI',
      code: 'invalid',
      error: 'This host is Rollcall’s own machine or a link-local address: use the address of the PBX.',
      mended: 'p350,p350@example.com,Agent,uri,2350,,,,,,,sip:350@pbx.example.com',
    },
    400: {
      row: 'p400,p400@example.com,Agent,,,Nowhere;Berlin,,,,,,',
      field: 'Virtual Extension; Desks',
      code: 'missing; unknown',
      error: 'Virtual Extension is missing.; There is no Desk called “Nowhere”.',
      mended: 'p400,p400@example.com,Agent,,2400,Berlin,,,,,,',
    },
    501: {
      row: 'p501,p501@example.com,Agent,,2501,,,,,,,,too much',
      field: '',
      code: 'wrong_width',
      error: 'The row has more cells than the header: look for a delimiter inside a value and put the value in quotes.',
      mended: 'p501,p501@example.com,Agent,,2501,,,,,,,',
    },
  };
  delete bad[200];
  const duplicates: Record<number, { row: string; code: string; error: string; mended: string }> = {
    20: {
      row: 'P10,p20@example.com,Agent,,2020,,,,,,,',
      code: 'duplicate_in_file',
      error: 'Row 10 of this file is the same user already.',
      mended: 'p20,p20@example.com,Agent,,2020,,,,,,,',
    },
    250: {
      row: 'p250,P10@EXAMPLE.com,Agent,,2250,,,,,,,',
      code: 'duplicate_in_file',
      error: 'Row 10 of this file is the same user already.',
      mended: 'p250,p250@example.com,Agent,,2250,,,,,,,',
    },
    251: {
      row: 'p10,p10@example.com,Agent,,2010,,,,,,,',
      code: 'duplicate_in_file',
      error: 'Row 10 of this file is the same user already.',
      mended: 'p251,p251@example.com,Agent,,2251,,,,,,,',
    },
    252: {
      row: 'Chief,p252@example.com,Agent,,2252,,,,,,,',
      code: 'duplicate_user',
      error: 'The user chief (ID 5) exists already.',
      mended: 'p252,p252@example.com,Agent,,2252,,,,,,,',
    },
    253: {
      row: 'p253,chief@example.com,Agent,,2253,,,,,,,',
      code: 'duplicate_user',
      error: 'The user chief (ID 5) exists already.',
      mended: 'p253,p253@example.com,Agent,,2253,,,,,,,',
    },
  };
});
