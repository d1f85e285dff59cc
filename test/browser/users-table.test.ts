// The table of users in a browser: search as one types, columns that fit, and what is done to many at once.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectAccessible, openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { fileOf, importFile, toReview, upload } from '../support/imports.js';
import { administrator, password, setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';
import { follow, hold, look, openTab, press, signInInBrowser, type Tab } from './tour.js';

let rollcall: Rollcall;
let browser: Browser;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  await chief.open('/settings');
  const form = chief.form('Save Settings').fill('Users in one file', '5000');
  await form.fill('Highest extension to generate', '99999').press('Save Settings');
  await importFile(chief, fileOf(5000, 'crowd'));
  browser = await openBrowser();
});

test('the table is searched as one types, fits the window, and becomes cards on a phone', async () => {
  const { page, console } = await signedIn();
  await look(page, 'users');
  await page.goto('/users');
  const room = () => page.locator('.table-scroll').evaluate((box) => box.clientWidth - box.scrollWidth);
  expect(await room()).toBe(0);
  await page.getByRole('searchbox', { name: 'Search users', exact: true }).pressSequentially('demo.agent');
  await eventually(async () =>
    expect(await usernames(page)).toEqual(['demo.agent1', 'demo.agent2', 'demo.agent3']),
  );
  expect(new URL(page.url()).searchParams.get('q')).toBe('demo.agent');
  await expectAccessible(page);
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Export CSV')]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(4);
  await page.getByText('Columns', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Email', exact: true }).uncheck();
  await press(page, 'Show Columns');
  expect(await page.getByRole('columnheader', { name: 'Email' }).count()).toBe(0);
  expect(await usernames(page)).toHaveLength(3);
  await page.goto('/users?q=nobodyatall');
  await look(page, 'users-nobody');
  console.expectClean();
});

test('5,000 users that match are asked about, deactivated while a bar shows how far it is, and reported', async () => {
  const { page, console } = await signedIn();
  await page.goto('/users?q=crowd');
  await page.getByLabel('Mass action', { exact: true }).selectOption('Deactivate');
  await press(page, 'Apply to All That Match');
  expect(await page.locator('main').innerText()).toContain(
    'This is for all 5,000 users that match the filters.',
  );
  await look(page, 'mass-question');
  const letGo = await hold(page, '**/progress');
  await press(page, 'Deactivate');
  await page.locator('#progress progress').waitFor();
  await look(page, 'mass-progress');
  letGo();
  await page.getByRole('link', { name: 'Download Report', exact: true }).waitFor({ timeout: 60_000 });
  expect(await page.locator('.facts').innerText()).toMatch(/^Done\s+5,000\s+Left out\s+0$/);
  await look(page, 'mass-report');
  await follow(page, 'Back to Users');
  await page.goto('/users?status=inactive&q=crowd');
  expect(await usernames(page)).toHaveLength(50);
  console.expectClean();
});

test('ticked users get new passwords, which leave once as a file', async () => {
  const { page, console } = await signedIn();
  await page.goto('/users?q=crowd12');
  await page.getByRole('checkbox', { name: 'Select all users of this page', exact: true }).check();
  const ticked = () => page.locator('input[name=user]:checked').count();
  expect(await ticked()).toBe(50);
  await page.getByRole('checkbox', { name: 'Select crowd1200', exact: true }).uncheck();
  expect(await ticked()).toBe(49);
  expect(
    await page.getByRole('checkbox', { name: 'Select all users of this page', exact: true }).isChecked(),
  ).toBe(false);
  await page.getByLabel('Mass action', { exact: true }).selectOption('Reset Passwords');
  await press(page, 'Apply to Selected Users');
  expect(await page.locator('main').innerText()).toContain('This is for 49 selected users.');
  await press(page, 'Reset Passwords');
  await look(page, 'mass-passwords');
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download New Passwords')]);
  expect(file.suggestedFilename()).toBe('rollcall-passwords.csv');
  await press(page, 'Continue');
  await page.goto('/mass-actions');
  await look(page, 'mass-actions');
  console.expectClean();
});

test('without JavaScript ticked users are added to a desk all the same', async () => {
  const { page } = await signedIn({ javaScriptEnabled: false });
  await page.goto('/users?q=demo.agent');
  for (const username of ['demo.agent1', 'demo.agent2'])
    await page.getByRole('checkbox', { name: `Select ${username}`, exact: true }).check();
  await page.getByLabel('Mass action', { exact: true }).selectOption('Add to Desk');
  await press(page, 'Apply to Selected Users');
  await page.getByLabel('Desk', { exact: true }).selectOption('Lisbon');
  await press(page, 'Add to Desk');
  expect(await page.locator('.facts').innerText()).toMatch(/^Done\s+2\s+Left out\s+0$/);
  await page.goto('/users?q=demo.agent1');
  expect(await page.getByRole('row', { name: /demo\.agent1/ }).innerText()).toContain('Lisbon');
});

test('IN-1: names full of HTML run nothing and add nothing to any page', async () => {
  const evil = `"><img src=x onerror=alert(1) data-evil>'onmouseover=alert(2) data-evil='`;
  const cell = `"${evil.replaceAll('"', '""')}"`;
  const people = (name: string) =>
    `Username,Email,First Name,Last Name,${cell}\n${name},${name}@example.com,${cell},${cell},${cell}`;
  for (const path of ['/desks', '/skill-groups', '/queues', '/roles'])
    expect((await chief.post(path, { name: evil })).status).toBe(303);
  const { id } = await importFile(chief, people('evil.one'));
  const draft = await toReview(chief, people('evil.two'));
  await upload(chief, people('evil.three'), `${evil}.csv`);
  await chief.open('/users?q=evil.one');
  const user = chief.page.link('evil.one');
  const { page, console } = await signedIn();
  const imports = [
    `/imports/${id}`,
    ...['fields', 'options', 'review'].map((step) => `/imports/${draft}/${step}`),
  ];
  const pages = [
    '/users?q=evil',
    user,
    `${user}/delete`,
    '/users/new',
    '/desks',
    '/roles',
    '/imports',
    ...imports,
  ];
  for (const path of [...pages, '/imports/new', '/audit', '/search?q=img', '/settings']) {
    await page.goto(path);
    expect([path, await page.locator('[data-evil], [onmouseover]').count()]).toEqual([path, 0]);
  }
  expect(await page.goto('/desks').then(() => page.locator('main').innerText())).toContain(evil);
  console.expectClean();
});

async function signedIn(options: Parameters<Browser['newContext']>[0] = {}): Promise<Tab> {
  const context: BrowserContext = await browser.newContext({ baseURL: rollcall.address, ...options });
  const tab = await openTab(context);
  await signInInBrowser(tab.page, rollcall, administrator, password);
  return tab;
}

async function usernames(page: Page): Promise<string[]> {
  return page.locator('.table-users tbody th').allInnerTexts();
}
