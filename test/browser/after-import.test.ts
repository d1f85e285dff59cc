// The life of an import in a real browser: who came in, new passwords for the others on slips, and taking it back.
import type { Page } from 'playwright-core';
import { openBrowser, screenshot } from '../support/chromium.js';
import { fileOf, importFile, successDetails } from '../support/imports.js';
import { firstSignIn } from '../support/newcomers.js';
import { administrator, password, setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import {
  attach,
  download,
  focusIsOnProblems,
  follow,
  look,
  openTab,
  press,
  signInInBrowser,
  type Tab,
} from './tour.js';

let rollcall: Rollcall;
let tab: Tab;
let page: Page;
let successFile: string;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  const chief = await setUp(rollcall);
  await importFile(chief, fileOf(12, 'agent'), 'Agent');
  successFile = (await chief.download('Download Success Details')).text;
  const [first] = await successDetails(chief);
  await firstSignIn(rollcall, first.Username, first['Temporary Password']);
  await chief.press('Continue');
  if (chief.page.hasButton('Continue Without Passwords')) await chief.press('Continue Without Passwords');
  const browser = await openBrowser();
  tab = await openTab(await browser.newContext({ acceptDownloads: true }));
  page = tab.page;
  await signInInBrowser(page, rollcall, administrator, password);
});

test('an administrator gives new passwords to those who never came, on slips to print, and undoes the import', async () => {
  await page.goto(`${rollcall.address}/imports`);
  await look(page, 'imports-history');
  await follow(page, 'users.csv (import #1)');
  await page.getByText('1 of 12 signed in.').waitFor();
  await look(page, 'import-life');

  await follow(page, 'Reissue Passwords');
  await look(page, 'import-reissue-question');
  await press(page, 'Reissue Passwords');
  await page.getByRole('button', { name: 'Print Sign-in Slips', exact: true }).waitFor();
  await look(page, 'import-reissued');
  const { name, text } = await download(page, () => press(page, 'Download New Passwords'));
  expect(name).toBe('rollcall-passwords.csv');
  expect(text.trim().split('\r\n')).toHaveLength(12);
  const [slips] = await Promise.all([
    page.context().waitForEvent('page'),
    press(page, 'Print Sign-in Slips'),
  ]);
  await slips.waitForLoadState();
  expect(await slips.locator('.slip').count()).toBe(11);
  await slips.emulateMedia({ media: 'print' });
  await screenshot(slips, 'sign-in-slips');
  // No slip is cut in two by the end of a sheet.
  expect(await slips.locator('.slip').evaluateAll(uncut)).toBe(true);
  await slips.close();

  await page.goto(`${rollcall.address}/users?import=1`);
  await follow(page, 'Never signed in');
  await page.getByRole('link', { name: 'agent2', exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'agent1', exact: true }).count()).toBe(0);
  await look(page, 'import-never-signed-in');

  await follow(page, 'Open Import #1');
  await follow(page, 'Undo this import');
  await look(page, 'import-undo-question');
  await press(page, 'Undo this import');
  await page.getByText('This user has signed in already.').waitFor();
  await look(page, 'import-undone');
  tab.console.expectClean();
});

test('who uploads the success file by mistake is refused; who is invited by mail can be invited again', async () => {
  await page.goto(`${rollcall.address}/imports/new`);
  await attach(page, 'rollcall-success.csv', successFile);
  await press(page, 'Upload');
  await focusIsOnProblems(page);
  await page
    .locator('.summary')
    .getByText('This file holds temporary passwords from import #1. It was not kept.')
    .waitFor();
  await look(page, 'import-success-refused');

  await attach(page, 'guests.csv', fileOf(2, 'guest'));
  await press(page, 'Upload');
  await page.waitForURL('**/fields');
  await page.getByLabel('Role from Dialer', { exact: true }).selectOption('Agent');
  await press(page, 'Next');
  await page.waitForURL('**/security');
  await press(page, 'Next');
  await page.waitForURL('**/options');
  await page.getByLabel('Invite users by email instead of temporary passwords').check();
  await press(page, 'Skip to Review');
  await page.waitForURL('**/review');
  await press(page, 'Import Users');
  await follow(page, 'Send Invitations Again');
  await page.getByText('This is for 2 users of import #2 (guests.csv).').waitFor();
  await press(page, 'Send Invitations Again');
  await page.waitForURL('**/mass-actions/*');
  await look(page, 'import-invited-again');
  tab.console.expectClean();
});

function uncut(elements: Element[]): boolean {
  return elements.every((element) => getComputedStyle(element).breakInside === 'avoid');
}
