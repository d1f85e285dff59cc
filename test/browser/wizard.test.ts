// The steps of the import in a browser: what htmx swaps in, what works without it, with the keyboard, and on the review page.
import type { BrowserContext } from 'playwright-core';
import { openBrowser } from '../support/chromium.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { records } from './five-hundred.js';
import {
  type Tab,
  announced,
  attach,
  countLoads,
  download,
  drop,
  focusIsOnProblems,
  focused,
  follow,
  look,
  openTab,
  press,
  setUpInBrowser,
  tabTo,
  tiles,
} from './tour.js';

jest.setTimeout(600_000);

let rollcall: Rollcall;
let chief: BrowserContext;
const tabs: Tab[] = [];

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await (await openBrowser()).newContext();
  const { page } = await tab(chief);
  await setUpInBrowser(page, rollcall);
});

// Over the whole run: no broken content security policy, no script error, no dialog.
afterEach(() => {
  for (const { console } of tabs) console.expectClean();
});

test('a form that is refused, a step back and a step on are swapped in, with address and focus where they belong', async () => {
  const { page } = await tab(chief);
  await page.goto(`${rollcall.address}/imports/new`);
  const loads = countLoads(page);
  await press(page, 'Upload');
  await focusIsOnProblems(page);
  expect(new URL(page.url()).pathname).toBe('/imports/new');
  await look(page, 'steps-01-upload-refused');

  await attach(
    page,
    'three.csv',
    'Username,Email\nstep.one,step.one@example.com\nstep.two,step.two@example.com\n',
  );
  await press(page, 'Upload');
  await page.waitForURL('**/fields');
  // The role of the import before is offered again; without one the page begins there.
  await page.getByLabel('Role from Dialer', { exact: true }).selectOption('');
  const fields = page.url();
  await press(page, 'Next');
  await focusIsOnProblems(page);
  expect(page.url()).toBe(fields);
  await look(page, 'steps-02-fields-refused');
  await follow(page, 'Choose the Role for all users, or a column.');
  expect(await page.evaluate(() => (document.activeElement as HTMLSelectElement).name)).toBe('role.value');

  await page.getByLabel('Role from Dialer', { exact: true }).selectOption({ label: 'Agent' });
  await press(page, 'Next');
  await page.waitForURL('**/security');
  await page.locator('main:focus').getByRole('heading', { name: 'Security', exact: true }).waitFor();
  await look(page, 'steps-03-security');
  await press(page, 'Next');
  await page.waitForURL('**/options');
  await page.getByText('More Fields', { exact: true }).click();
  await page.getByLabel('Desks', { exact: true }).selectOption({ label: 'From Dialer' });
  await look(page, 'steps-04-options');
  expect(loads()).toBe(0);

  await page.goBack();
  await page.waitForURL('**/security');
  await page.getByRole('heading', { name: 'Security', exact: true }).waitFor();
  await page.goBack();
  await page.waitForURL('**/fields');
  expect(await page.getByLabel('Role from Dialer', { exact: true }).inputValue()).not.toBe('');
  // The refused form added no step of its own.
  await page.goBack();
  await page.waitForURL('**/imports/new');
});

test('the import goes from upload to the users without JavaScript', async () => {
  const context = await signedIn({ javaScriptEnabled: false });
  const { page } = await tab(context);
  await page.goto(`${rollcall.address}/users`);
  await follow(page, 'Create from file');
  await attach(
    page,
    'plain.csv',
    [
      'Username,Email,Role,Virtual Extension,Desk',
      'plain.one,plain.one@example.com,Agent,3001,Berlin',
      'plain.two,not an address,Agent,3002,Berlin',
      'plain.three,plain.three@example.com,Telefonist,3003,Berlin',
      'plain.four,plain.four@example.com,Agent,,Berlin',
      'plain.five,,Agent,3005,Berlin',
    ].join('\r\n'),
  );
  await press(page, 'Upload');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Required Fields');
  // Everything is there; what the choices do not need is ignored.
  expect(await page.getByLabel('Custom URI', { exact: true }).isVisible()).toBe(true);
  await press(page, 'Next');
  await press(page, 'Next');
  await press(page, 'Next');
  expect(await tiles(page, 'What will happen')).toEqual([1, 0, 4, 0]);

  await page.getByLabel('Email, row 3', { exact: true }).fill('plain.two@example.com');
  await press(page, 'Save row 3');
  await page.getByText('Row 3 is ready now.', { exact: true }).waitFor();
  await page.getByLabel('Role: “Telefonist”').selectOption({ label: 'Agent' });
  await press(page, 'Match Names');
  await press(page, 'Generate for this 1 row');
  await press(page, 'Leave out row 6');
  expect(await tiles(page, 'What will happen')).toEqual([4, 0, 0, 1]);

  await press(page, 'Import Users');
  // The page asks again by itself.
  await page.getByRole('heading', { name: 'Result', exact: true }).waitFor();
  expect(await tiles(page, 'Counts')).toEqual([4, 0, 0, 1]);
  await press(page, 'Continue');
  await page.getByRole('heading', { name: 'The passwords were not downloaded', exact: true }).waitFor();
  await press(page, 'Continue Without Passwords');
  expect(page.url()).toMatch(/\/users\?import=\d+$/);
  await page.getByText('plain.four', { exact: true }).waitFor();
});

test('the import can be done with the keyboard alone', async () => {
  const { page } = await tab(await signedIn());
  const key = (name: string) => page.keyboard.press(name);
  // From the beginning: it takes a moment until Chromium hands the dialog over.
  const choosing = page.waitForEvent('filechooser', { timeout: 60_000 });
  await page.goto(`${rollcall.address}/users`);
  await tabTo(page, 'Create from file');
  await key('Enter');
  await page.waitForURL('**/imports/new');
  await tabTo(page, 'File');
  await key('Enter');
  const chooser = await choosing;
  const rows = 'Username,Email,Role\nkeys.one,keys.one@example.com,Agent\nkeys.two,keys.two@example,Agent\n';
  await chooser.setFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await tabTo(page, 'Upload');
  await key('Enter');
  await page.waitForURL('**/fields');
  await tabTo(page, 'Generate virtual extensions');
  await key('Space');
  await tabTo(page, 'Virtual Extension');
  await page.keyboard.type('Role');
  await tabTo(page, 'Generate virtual extensions');
  await key('Space');
  await tabTo(page, 'Help for SIP Settings');
  await key('Enter');
  await page.getByText('How the user receives calls.').waitFor();
  await key('Escape');
  await tabTo(page, 'Skip to Review');
  await key('Enter');
  await page.waitForURL('**/review');
  expect(await tiles(page, 'What will happen')).toEqual([1, 0, 1, 0]);
  await tabTo(page, 'Email, row 3');
  await page.keyboard.type('keys.two@example.com');
  await key('Enter');
  await announced(page, 'Row 3 is ready now.');
  expect(await focused(page)).toBe('Row 3 is ready now.');
  await tabTo(page, 'Import Users');
  await key('Space');
  await page.getByRole('heading', { name: 'Result', exact: true }).waitFor();
  await tabTo(page, 'Download Success Details');
  const success = await download(page, () => key('Enter'));
  expect(records(success.text).map(({ Username }) => Username)).toEqual(['keys.one', 'keys.two']);
  await tabTo(page, 'Continue');
  await key('Enter');
  await page.waitForURL(/\/users\?import=/);
});

test('a dropped file, pasted rows, and everything that can be mended on the review page', async () => {
  const { page } = await tab(chief);
  await page.goto(`${rollcall.address}/imports/new`);
  await drop(page, 'dropped.csv', 'Username,Email,Role\ndrop.one,drop.one@example.com,Agent\n');
  await press(page, 'Upload');
  await page.waitForURL('**/fields');
  await page.getByText('dropped.csv', { exact: true }).waitFor();
  await page.getByText('Discard File', { exact: true }).click();
  await press(page, 'Discard It');
  await page.getByText('The file was discarded. No user was created from it.').waitFor();

  await page.goto(`${rollcall.address}/imports/new`);
  const pasted = [
    ['Username', 'Email', 'Role', 'Virtual Extension', 'Desk'],
    ['paste.one', 'paste.one@example.com', 'Agent', '4001', 'Berlin'],
    ['paste.two', 'Jane <paste.two@example.com>', 'Agent', '4002', 'Berlin'],
    ['paste.three', 'paste.three@example.com', 'Team Lead', '4003', 'Berlin'],
    ['paste.four', 'paste.four@example.com', 'Team Lead', '4004', 'Hamburg'],
    ['paste.five', 'paste.five@example.com', 'Agent', '', 'Berlin'],
    ['paste.six', 'paste.six@example.com', 'Agent', '', 'Berlin'],
    ['x', 'paste.seven@example', 'Agent', '4007', 'Berlin'],
    ['paste.one', 'paste.eight@example.com', 'Agent', '4008', 'Berlin'],
  ];
  const loads = countLoads(page);
  await page.getByLabel('Paste Rows', { exact: true }).fill(pasted.map((row) => row.join('\t')).join('\n'));
  await press(page, 'Upload');
  await page.waitForURL('**/fields');
  await press(page, 'Skip to Review');
  await page.waitForURL('**/review');
  const review = page.url();
  expect(await tiles(page, 'What will happen')).toEqual([1, 1, 6, 0]);
  await look(page, 'mend-01-review');

  // A suggestion is taken over, and the next row that needs something has the focus.
  await press(page, 'Use paste.two@example.com as Email, row 3');
  await announced(page, 'Row 3 is ready now.');
  expect(await focused(page)).toBe('Role, row 4');
  expect(new URL(page.url()).pathname).toBe(new URL(review).pathname);

  // A name that nobody knows is matched once for all its rows; the next one has the focus.
  await page.getByLabel('Role: “Team Lead”').selectOption({ label: 'Supervisor' });
  await press(page, 'Match Names');
  await page.getByText('Names that were matched').waitFor();
  expect(await focused(page)).toContain('Hamburg');
  await page.getByLabel('Desks: “Hamburg”').selectOption({ label: 'Lisbon' });
  await press(page, 'Match Names');
  await page.getByText('Names that Rollcall does not know').waitFor({ state: 'detached' });
  expect(await tiles(page, 'What will happen')).toEqual([4, 1, 3, 0]);

  // A row with two problems: what is still wrong keeps the focus there.
  await page.getByLabel('Email, row 8', { exact: true }).fill('paste.seven@example.com');
  await press(page, 'Save row 8');
  await announced(page, 'Row 8 is saved, but something is still wrong with it.');
  expect(await focused(page)).toBe('Username, row 8');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('paste.seven');
  await page.keyboard.press('Enter');
  await announced(page, 'Row 8 is ready now.');
  expect(loads()).toBe(0);

  await press(page, 'Leave out row 9');
  await announced(page, 'Row 9 is left out.');
  await press(page, 'Generate for these 2 rows');
  await page.getByText('Rows without a virtual extension get a free one at the import.').waitFor();
  expect(await tiles(page, 'What will happen')).toEqual([7, 0, 0, 1]);
  await look(page, 'mend-02-review-mended');

  await follow(page, 'Left out (1)');
  await press(page, 'Take in again, row 9');
  await announced(page, 'Row 9 is saved, but something is still wrong with it.');
  await press(page, 'Import Users');
  await page.getByRole('heading', { name: 'Result', exact: true }).waitFor();
  expect(await tiles(page, 'Counts')).toEqual([7, 1, 0, 0]);
  const [slips] = await Promise.all([
    page.context().waitForEvent('page'),
    press(page, 'Print Sign-in Slips'),
  ]);
  await slips.getByRole('heading', { name: 'paste.seven', exact: true }).waitFor();
  await look(slips, 'mend-03-slips');
  await press(page, 'Continue');
  await page.waitForURL(/\/users\?import=/);
});

test('a cancelled import says so, and the button keeps the focus while the progress moves on', async () => {
  const { page } = await tab(chief);
  await page.goto(`${rollcall.address}/imports/new`);
  const rows = Array.from({ length: 500 }, (_, index) => `digits.${index},digits.${index}@example.com,Agent`);
  await attach(page, 'digits.csv', ['Username,Email,Role', ...rows].join('\n'));
  await press(page, 'Upload');
  await page.waitForURL('**/fields');
  await press(page, 'Next');
  await page.waitForURL('**/security');
  await press(page, 'Next');
  await page.waitForURL('**/options');
  // Passwords of digits take long enough to be cancelled.
  await page
    .getByLabel('Generate user passwords with digits only (not recommended)', { exact: true })
    .check();
  await press(page, 'Skip to Review');
  await page.waitForURL('**/review');
  await press(page, 'Import Users');
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
  await cancel.focus();
  await page.waitForResponse('**/progress');
  await page.waitForResponse('**/progress');
  expect(await focused(page)).toBe('Cancel');
  await cancel.press('Enter');
  await page.getByText('The import was cancelled; what was done until then stays.').waitFor();
  const [made, , , skipped] = await tiles(page, 'Counts');
  expect(made + skipped).toBe(500);
  expect(skipped).toBeGreaterThan(0);
  await look(page, 'cancel-01-result');
});

async function tab(context: BrowserContext): Promise<Tab> {
  const opened = await openTab(context);
  tabs.push(opened);
  return opened;
}

/** A browser of its own in which the administrator is signed in. */
async function signedIn(options: { javaScriptEnabled?: boolean } = {}): Promise<BrowserContext> {
  return chief.browser()!.newContext({ ...options, storageState: await chief.storageState() });
}
