// Signing in with each of the four types of second factor, as people do it in a browser.
import type { Browser, Page } from 'playwright-core';
import { Authenticator } from '../support/authenticator.js';
import { collectConsole, expectAccessible, openBrowser, screenshot } from '../support/chromium.js';
import { Mailbox } from '../support/mailbox.js';
import { addUser, firstSignIn, ownPassword } from '../support/newcomers.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

const mailbox = new Mailbox();
let rollcall: Rollcall;
let chief: Visitor;
let browser: Browser;

beforeAll(async () => {
  await mailbox.start();
  rollcall = await startRollcall({ env: { SMTP_URL: mailbox.url } });
  chief = await setUp(rollcall);
  browser = await openBrowser();
});

afterAll(async () => mailbox.stop());

async function person(username: string, factor: string): Promise<void> {
  await firstSignIn(rollcall, username, await addUser(chief, username, 'Agent'));
  await chief.open('/users');
  await chief.follow(username);
  await chief.form('Save Changes').choose('Two-Factor Authentication Type', factor).press('Save Changes');
}

async function typePassword(username: string, width = 1280, dark = false): Promise<Page> {
  const context = await browser.newContext({
    baseURL: rollcall.address,
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('Username or Email', { exact: true }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(ownPassword);
  await page.getByRole('button', { name: 'Sign In', exact: true }).click();
  return page;
}

const verify = async (page: Page, code: string, field = 'Code') => {
  await page.getByLabel(field, { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
};
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('Disabled: the password is enough', async () => {
  await person('plain', 'Disabled - login without 2FA');
  const page = await typePassword('plain');
  await page.waitForURL('**/account');
  await expectAccessible(page);
});

test('Email: the code comes by mail', async () => {
  await person('by.mail', 'Email - with one-time code');
  const page = await typePassword('by.mail', 390);
  const errors = collectConsole(page);
  await page.waitForURL('**/sign-in/code');
  await expectAccessible(page);
  await screenshot(page, 'code-by-mail-narrow');
  await verify(page, await mailbox.code('by.mail@example.com'));
  await page.waitForURL('**/account');
  errors.expectClean();
});

test('Google 2FA App: the QR code is shown first, then codes are asked, and a recovery code helps when the phone is lost', async () => {
  await person('by.app', 'Google 2FA App - with one-time code');
  const page = await typePassword('by.app');
  const errors = collectConsole(page);
  await page.waitForURL('**/account/authenticator');
  const loaded = () => page.locator('.qr').evaluate((image) => (image as HTMLImageElement).naturalWidth > 0);
  expect(await loaded()).toBe(true);
  await page.getByText('I cannot scan it').click();
  await expectAccessible(page);
  await screenshot(page, 'authenticator-wide');
  const key = await page.locator('.enrolment-key').innerText();
  const app = new Authenticator(key.replaceAll(' ', ''));
  await verify(page, app.code(-1));
  await page.getByText('Keep these codes', { exact: false }).waitFor();
  await expectAccessible(page);
  await screenshot(page, 'recovery-codes-wide');
  const codes = await page.locator('.recovery-codes code').allInnerTexts();
  expect(codes).toHaveLength(10);
  expect(await page.getByRole('button', { name: 'Print', exact: true }).isVisible()).toBe(true);
  await page.getByRole('link', { name: 'Continue', exact: true }).click();
  await page.waitForURL('**/account');
  await expectAccessible(page);
  await screenshot(page, 'account-with-app-wide');
  errors.expectClean();
  const again = await typePassword('by.app', 390, true);
  await again.waitForURL('**/sign-in/code');
  await expectAccessible(again);
  await screenshot(again, 'code-of-app-narrow-dark');
  await verify(again, app.code());
  await again.waitForURL('**/account');
  const lost = await typePassword('by.app');
  await lost.getByRole('link', { name: 'Use Recovery Code', exact: true }).click();
  await expectAccessible(lost);
  await verify(lost, codes[0], 'Recovery Code');
  await lost.waitForURL('**/account');
});

test('Default from Role/Tenant: what the tenant says counts', async () => {
  await person('by.default', 'Default from Role/Tenant (Tenant: Disabled)');
  await chief.open('/settings');
  await chief
    .form('Save Settings')
    .choose('Two-Factor Authentication Type', 'Email - with one-time code')
    .press('Save Settings');
  const page = await typePassword('by.default');
  await page.waitForURL('**/sign-in/code');
  expect(await heading(page).innerText()).toBe('Enter Your Code');
  await verify(page, await mailbox.code('by.default@example.com'));
  await page.waitForURL('**/account');
});

test('a forgotten password is asked for and mail is looked after without a breach of accessibility', async () => {
  const page = await (await browser.newContext({ baseURL: rollcall.address })).newPage();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?', exact: true }).click();
  await expectAccessible(page);
  await screenshot(page, 'forgotten-wide');
});
