// One user from creation to deletion, as an administrator does it in a browser: with and without JavaScript.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { collectConsole, expectAccessible, openBrowser, screenshot } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { administrator, password, setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { look } from './tour.js';

let rollcall: Rollcall;
let browser: Browser;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  await setUp(rollcall);
  browser = await openBrowser();
});

test('the form is accessible, and fits a wide and a narrow window, light and dark', async () => {
  const page = await signedIn();
  const errors = collectConsole(page);
  await page.goto('/users/1');
  await look(page, 'user-own');
  await page.goto('/users/new');
  await look(page, 'user-new');
  await page.getByRole('radio', { name: 'Use classic PBX', exact: true }).check();
  for (const toggle of ['Advanced User & Extension Settings', 'Advanced Security Settings'])
    await page.getByText(toggle, { exact: true }).click();
  await page.getByRole('button', { name: 'Add User', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'user-refused');
  errors.expectClean();
  await page.context().close();
});

test('only what the SIP choice needs is shown', async () => {
  const page = await signedIn();
  await page.goto('/users/new');
  const shown = async () => ({
    domain: await page.getByLabel('PBX Domain', { exact: true }).isVisible(),
    device: await page.getByLabel('PBX Device', { exact: true }).isVisible(),
    uri: await page.getByLabel('Custom URI', { exact: true }).isVisible(),
  });
  const choose = (choice: string) => page.getByRole('radio', { name: choice, exact: true }).check();
  expect(await shown()).toEqual({ domain: false, device: false, uri: false });
  await choose('Use classic PBX');
  expect(await shown()).toEqual({ domain: true, device: true, uri: false });
  await choose('Use Custom URI');
  expect(await shown()).toEqual({ domain: false, device: false, uri: true });
  await choose('Use Built-in PBX');
  expect(await shown()).toEqual({ domain: false, device: false, uri: false });
  await page.context().close();
});

test('while roles are ticked the defaults say what they come to, and keep what was chosen', async () => {
  const page = await signedIn();
  const errors = collectConsole(page);
  await page.goto('/roles/new');
  await page.getByLabel('Name', { exact: true }).fill('Night Lead');
  await page.getByLabel('Two-Factor Authentication Type', { exact: true }).selectOption({ index: 3 });
  await page.getByLabel('User Session Expires After', { exact: true }).selectOption('1 hour');
  await page.getByRole('button', { name: 'Create Role', exact: true }).click();
  await page.goto('/users/new');
  const defaults = page.locator('#default-twoFactor, #default-sessionTtl, #default-maxSessions');
  const byTenant = ['(Tenant: Disabled)', '(Tenant: 12 hours)', '(Tenant: Unlimited)'];
  const texts = (decided: string[]) => decided.map((text) => `Default from Role/Tenant ${text}`);
  await eventually(async () => expect(await defaults.allTextContents()).toEqual(texts(byTenant)));
  await page.getByText('Advanced Security Settings', { exact: true }).click();
  await page.getByLabel('User Session Expires After', { exact: true }).selectOption('4 hours');
  const lead = page.getByRole('checkbox', { name: 'Night Lead', exact: true });
  await lead.check();
  const byRole = ['(Night Lead: Google 2FA App)', '(Night Lead: 1 hour)', '(Tenant: Unlimited)'];
  await eventually(async () => expect(await defaults.allTextContents()).toEqual(texts(byRole)));
  await expectAccessible(page);
  await lead.uncheck();
  await eventually(async () => expect(await defaults.allTextContents()).toEqual(texts(byTenant)));
  expect(await page.locator('select[name=sessionTtl] option:checked').innerText()).toBe('4 hours');
  errors.expectClean();
  await page.context().close();
});

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  const script = javaScriptEnabled ? 'on' : 'off';

  test.each([
    ['Use WebRTC', {}],
    ['Use Built-in PBX', {}],
    ['Use classic PBX', { 'PBX Device': javaScriptEnabled ? '701' : '702' }],
    ['Use Custom URI', { 'Custom URI': '204@pbx.example.com' }],
  ])(
    'a user with %s is created, changed, reset, deactivated while signed in, and deleted',
    async (choice, more) => {
      const page = await signedIn({ javaScriptEnabled });
      const errors = collectConsole(page);
      const username = `${choice.replace(/\W/g, '').toLowerCase()}.${script}`;
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
      await page.goto('/users/new');
      await press('Generate Available Virtual Extension');
      await page.getByLabel('Username', { exact: true }).fill(username);
      await page.getByLabel('Email', { exact: true }).fill(`${username}@example.com`);
      await page.getByRole('checkbox', { name: 'Agent', exact: true }).check();
      await page.getByRole('radio', { name: choice, exact: true }).check();
      if (choice === 'Use classic PBX')
        await page.getByLabel('PBX Domain', { exact: true }).selectOption('PBX Europe');
      for (const [name, value] of Object.entries(more))
        await page.getByLabel(name, { exact: true }).fill(value);
      await press('Add User');
      // A phone has a password of its own.
      expect(await page.locator('.secret').count()).toBe(choice === 'Use Built-in PBX' ? 2 : 1);
      const temporary = await page.locator('.secret').first().innerText();
      if (javaScriptEnabled) await expectAccessible(page);

      await page.getByRole('link', { name: 'Open This User', exact: true }).click();
      if (javaScriptEnabled) await expectAccessible(page);
      await screenshot(page, `user-edit-${script}`);
      await page.getByLabel('First Name', { exact: true }).fill('Anna');
      await press('Save Changes');
      expect(await page.getByRole('status').first().innerText()).toContain(`“${username}” was saved.`);
      expect(await page.getByLabel('First Name', { exact: true }).inputValue()).toBe('Anna');

      await press('Reset Password');
      const again = await page.locator('.secret').innerText();
      expect(again).not.toBe(temporary);
      const user = await signedInUser(username, again);
      expect(new URL(user.url()).pathname).toBe('/account');

      await page.getByRole('link', { name: 'Back to This User', exact: true }).click();
      await page.getByRole('link', { name: 'Sessions', exact: true }).click();
      if (javaScriptEnabled) await expectAccessible(page);
      await screenshot(page, `user-sessions-${script}`);
      await page.getByRole('link', { name: 'Back to This User', exact: true }).click();
      await press('Deactivate');
      await user.reload();
      expect(new URL(user.url()).pathname).toBe('/sign-in');
      await user.context().close();

      await page.getByRole('link', { name: 'Delete', exact: true }).click();
      if (javaScriptEnabled) await expectAccessible(page);
      await screenshot(page, `user-delete-${script}`);
      await press('Delete User');
      expect(new URL(page.url()).pathname).toBe('/users');
      expect(await page.getByRole('status').first().innerText()).toContain(`“${username}” was deleted.`);
      errors.expectClean();
      await page.context().close();
    },
  );
});

test('desks are found by typing and taken away again', async () => {
  const page = await signedIn();
  await page.goto('/users/new');
  const desks = page.getByRole('combobox', { name: 'Desks', exact: true });
  await desks.fill('Ber');
  await desks.press('Enter');
  const chosen = page.locator('select[name=desks] option:checked');
  expect(await chosen.allTextContents()).toEqual(['Berlin']);
  await desks.press('Escape');
  await desks.press('Backspace');
  expect(await chosen.allTextContents()).toEqual([]);
  await page.context().close();
});

type Options = Parameters<Browser['newContext']>[0];

async function signedIn(options: Options = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ baseURL: rollcall.address, ...options });
  const page = await context.newPage();
  await enter(page, administrator, password);
  return page;
}

async function signedInUser(username: string, temporary: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: rollcall.address })).newPage();
  await enter(page, username, temporary);
  const own = 'copper-meadow-whistle-17';
  await page.getByLabel('New Password', { exact: true }).fill(own);
  await page.getByLabel('Repeat New Password', { exact: true }).fill(own);
  await page.getByRole('button', { name: 'Save Password', exact: true }).click();
  await page.waitForURL('**/account');
  return page;
}

async function enter(page: Page, username: string, secret: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Username or Email', { exact: true }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign In', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}
