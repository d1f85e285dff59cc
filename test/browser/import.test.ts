// The import of users as an administrator meets it in a browser (PRODUCT.md section 5).
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.js';
import { rowsOf } from '../support/peek.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { corrected, counts, fiveHundred, records } from './five-hundred.js';
import {
  announced,
  attach,
  countLoads,
  download,
  follow,
  hold,
  look,
  openTab,
  press,
  setUpInBrowser,
  signInInBrowser,
  tiles,
} from './tour.js';

jest.setTimeout(600_000);

const created = counts.rows - counts.errors - counts.duplicates;
const ownPassword = 'copper-meadow-whistle-77';

let rollcall: Rollcall;
let browser: Browser;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  browser = await openBrowser();
});

test('500 people are imported by six clicks, the 16 who were left by the corrected error file, and they can sign in', async () => {
  const { page, console } = await openTab(await browser.newContext());
  await page.goto(rollcall.setupLink!);
  await look(page, 'import-01-set-up');
  await setUpInBrowser(page, rollcall);
  await look(page, 'import-02-users');

  const clicks: string[] = [];
  const click = async (work: typeof press, name: string) => {
    clicks.push(name);
    await work(page, name);
  };
  await click(follow, 'Create from file');
  await page.waitForURL('**/imports/new');
  await look(page, 'import-03-upload');
  await attach(page, 'agents.csv', fiveHundred());
  await click(press, 'Upload');
  await page.waitForURL('**/fields');
  expect(await page.title()).toBe('Required Fields · Rollcall');
  await look(page, 'import-04-fields');
  await click(press, 'Skip to Review');
  await page.waitForURL('**/review');
  expect(await tiles(page, 'What will happen')).toEqual([created, counts.duplicates, counts.errors, 0]);
  await look(page, 'import-05-review');

  const letGo = await hold(page, '**/progress');
  await click(press, 'Import Users');
  await page.getByRole('heading', { name: 'Importing Users', exact: true }).waitFor();
  await look(page, 'import-06-progress');
  const loads = countLoads(page);
  letGo();
  await page.getByRole('heading', { name: 'Result', exact: true }).waitFor();
  expect(loads()).toBe(0);
  expect(await page.title()).toBe('Result · Rollcall');
  expect(new URL(page.url()).pathname).toBe('/imports/1');
  await announced(page, `The import has ended: ${created} of 500 users were created.`);
  expect(await tiles(page, 'Counts')).toEqual([created, counts.duplicates, counts.errors, 0]);
  await look(page, 'import-07-result');

  const errors = await download(page, () => follow(page, 'Download Error Details'));
  expect(errors.name).toBe('rollcall-errors.csv');
  expect(records(errors.text)).toHaveLength(16);
  const success = await download(page, () => click(press, 'Download Success Details'));
  const people = records(success.text);
  expect(people).toHaveLength(created);
  await click(press, 'Continue');
  await page.waitForURL('**/users?import=1');
  expect(clicks).toEqual([
    'Create from file',
    'Upload',
    'Skip to Review',
    'Import Users',
    'Download Success Details',
    'Continue',
  ]);
  await page.getByText(`${created} created by import #1 (agents.csv), 0 signed in so far`).waitFor();
  await look(page, 'import-08-users-of-the-import');

  await page.goto(`${rollcall.address}/imports/1`);
  await follow(page, 'Import Corrected File');
  await attach(page, errors.name, corrected(errors.text));
  await press(page, 'Upload');
  await page.waitForURL('**/fields');
  await page.getByText('This is an error file of an earlier import.').waitFor();
  await press(page, 'Skip to Review');
  await page.getByText('All 16 users will be created.').waitFor();
  await press(page, 'Import Users');
  await page.getByText('Every row was created. Nothing is left.').waitFor();
  const rest = await download(page, () => press(page, 'Download Success Details'));
  people.push(...records(rest.text));
  const [{ count }] = await rowsOf<{ count: number }>(
    rollcall,
    'SELECT COUNT(*) AS count FROM users WHERE import_id IS NOT NULL',
  );
  expect(Number(count)).toBe(500);
  expect(new Set(people.map(({ Username }) => Username)).size).toBe(500);
  await page.goto(`${rollcall.address}/imports`);
  await look(page, 'import-09-history');

  for (const [index, one] of atRandom(people, 5).entries()) {
    const agent = await openTab(await browser.newContext());
    if (index === 0) {
      await agent.page.goto(`${rollcall.address}/sign-in`);
      await look(agent.page, 'import-10-sign-in');
    }
    await signInInBrowser(agent.page, rollcall, one.Username, one['Temporary Password']);
    expect(new URL(agent.page.url()).pathname).toBe('/password');
    await agent.page.goto(`${rollcall.address}/account`);
    expect(new URL(agent.page.url()).pathname).toBe('/password');
    if (index === 0) await look(agent.page, 'import-11-password');
    await agent.page.getByLabel('New Password', { exact: true }).fill(ownPassword);
    await agent.page.getByLabel('Repeat New Password', { exact: true }).fill(ownPassword);
    await press(agent.page, 'Save Password');
    await agent.page.waitForURL('**/account');
    await agent.page.getByText(one['Virtual Extension'], { exact: true }).waitFor();
    if (index === 0) await look(agent.page, 'import-12-account');
    agent.console.expectClean();
    await agent.page.context().close();
  }
  console.expectClean();
});

// The same people at each run, others with another SEED.
function atRandom<T>(all: T[], count: number): T[] {
  let seed = Number(process.env.SEED ?? 20260) >>> 0;
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return all
    .map((one) => ({ one, order: next() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ one }) => one);
}
