// How a person gets through pages in a real browser, and what every page on the way has to stand.
import { type BrowserContext, type Page, type Request } from 'playwright-core';
import { type PageConsole, collectConsole, expectAccessible, screenshot } from '../support/chromium.js';
import { administrator, password } from '../support/people.js';
import type { Rollcall } from '../support/rollcall.js';

/** A tab, and what goes wrong in it behind the back of its user. */
export interface Tab {
  page: Page;
  console: PageConsole;
}

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

/** Opens a tab. Nothing moves in it: a picture, or a measured colour, is never one of half a transition. */
export async function openTab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return { page, console: collectConsole(page) };
}

/** Follows the printed link and makes the administrator, who then stands on the users page. */
export async function setUpInBrowser(page: Page, rollcall: Rollcall): Promise<void> {
  await page.goto(rollcall.setupLink!);
  await page.getByLabel('Username', { exact: true }).fill(administrator);
  await page.getByLabel('Email', { exact: true }).fill(`${administrator}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Repeat Password', { exact: true }).fill(password);
  await press(page, 'Create Administrator');
  await page.waitForURL('**/users');
}

/** Signs in; the page that follows is up to the account. */
export async function signInInBrowser(
  page: Page,
  rollcall: Rollcall,
  name: string,
  secret: string,
): Promise<void> {
  await page.goto(`${rollcall.address}/sign-in`);
  await page.getByLabel('Username or Email', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await press(page, 'Sign In');
  await page.waitForURL((address) => address.pathname !== '/sign-in');
}

/** Presses the one button of this exact name. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

/** Follows the one link of this exact name. */
export async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
}

/** What a click downloads, as text. */
export async function download(
  page: Page,
  click: () => Promise<void>,
): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString('utf8') };
}

/**
 * Looks at the page as it is, in a wide and a narrow window, light and dark: accessible, not wider than the window; with
 * SCREENSHOTS=1 a picture of each goes to test-results/. The window is wide and light afterwards.
 */
export async function look(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
      await expectAccessible(page, colorScheme === 'dark' ? 'colours' : 'everything');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      await screenshot(page, `${name}-${size.width}-${colorScheme}`);
    }
  }
  await page.setViewportSize(sizes[0]);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

/** Presses Tab until the control of this accessible name has the focus. Throws when it cannot be reached, or seen. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const met: string[] = [];
  for (let steps = 0; steps < 150; steps++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(describeFocus);
    if (focused.name === name) {
      if (!focused.visible) throw new Error(`Nothing shows that "${name}" has the focus`);
      return;
    }
    met.push(focused.name);
  }
  throw new Error(`Tab does not lead to "${name}" but to: ${[...new Set(met)].join(' · ')}`);
}

/** Name and look of what has the focus; runs in the page. */
function describeFocus(): { name: string; visible: boolean } {
  const element = document.activeElement as HTMLElement;
  const labels = [...((element as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent);
  const name =
    element.getAttribute('aria-label') ?? (labels.length > 0 ? labels.join(' ') : element.textContent);
  const { outlineStyle, boxShadow } = getComputedStyle(element);
  return {
    name: name.replace(/\s+/g, ' ').trim(),
    visible: outlineStyle !== 'none' || boxShadow !== 'none',
  };
}

/** Holds what the page asks for at these addresses, until the function that comes back lets it go. */
export async function hold(page: Page, addresses: string): Promise<() => void> {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(addresses, async (route) => {
    await gone;
    await route.continue();
  });
  return letGo;
}

/** Counts whole pages that the browser loads from now on: htmx swaps are none. */
export function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('request', (request: Request) => (loads += request.isNavigationRequest() ? 1 : 0));
  return () => loads;
}

/** Chooses a file of this text for **File**. */
export async function attach(page: Page, name: string, text: string): Promise<void> {
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.getByLabel('File', { exact: true }).setInputFiles(file);
}

/** Drops a file of this text on the drop zone. */
export async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName, { type: 'text/csv' }));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('[data-drop]', 'dragover', { dataTransfer });
  await page.dispatchEvent('[data-drop]', 'drop', { dataTransfer });
}

/** The counts that stand beside each other, from the first to the last. */
export async function tiles(page: Page, name: string): Promise<number[]> {
  const texts = await page.getByRole('region', { name, exact: true }).locator('strong').allTextContents();
  return texts.map(Number);
}

/** The name of what has the focus. */
export async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    return element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent.trim();
  });
}

/** Waits until the problem summary of a refused form has the focus. */
export async function focusIsOnProblems(page: Page): Promise<void> {
  await page.locator('.summary:focus').waitFor();
}

/** Waits until a screen reader is told this. */
export async function announced(page: Page, text: string): Promise<void> {
  await page.locator('#announcements').filter({ hasText: text }).waitFor({ state: 'attached' });
}
