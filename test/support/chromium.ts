// Debian's Chromium, driven by playwright-core: for what needs JavaScript, styles or a screen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type Page, chromium } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const opened = new Set<Browser>();
/** Rollcall opens none, so one that does open comes from what somebody typed (SECURITY.md IN-1). */
const dialogs: string[] = [];

/** A microphone that hums, allowed without a question, and calls that stay on this machine. */
export const withMicrophone = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
];

/** Starts Chromium; it is closed after the tests of the file. `CHROMIUM` names another program than /usr/bin/chromium. */
export async function openBrowser(more: string[] = []): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: [...flags, ...more] });
  opened.add(browser);
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.on('dialog', (dialog) => {
      dialogs.push(`${dialog.page()?.url()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return context;
  };
  return browser;
}

afterAll(async () => {
  for (const browser of opened) await browser.close();
  expect(dialogs).toEqual([]);
});

/** What went wrong in a page behind the back of its user. */
export interface PageConsole {
  /** One line each: broken content security policy, script error, missing file. Dialogs fail the whole test file. */
  problems: string[];
  /** Throws when there is any problem. */
  expectClean(): void;
}

/** Collects from now on, over all pages that this tab opens. Refused forms (422 and the like) are no problem. */
export function collectConsole(page: Page): PageConsole {
  const problems: string[] = [];
  const note = (text: string) => problems.push(`${new URL(page.url()).pathname}: ${text}`);
  page.on('console', (message) => {
    const worth = message.type() === 'error' || /content security policy/i.test(message.text());
    // An answer of 4xx is logged as an error too; which of them are wrong is decided below.
    if (worth && !message.text().startsWith('Failed to load resource')) note(message.text());
  });
  page.on('pageerror', (error) => note(`script error: ${error.message}`));
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    if (response.status() < 400 || ['document', 'fetch', 'xhr'].includes(kind)) return;
    note(`${kind} ${new URL(response.url()).pathname} answers ${response.status()}`);
  });
  const expectClean = () => {
    if (problems.length > 0) throw new Error(`The page is not clean:\n${problems.join('\n')}`);
  };
  return { problems, expectClean };
}

/**
 * Throws with every breach of WCAG 2.2 AA, and of axe's own good practices, in the page as it is now.
 * @param about `colours` when only these changed since the page was found accessible
 */
export async function expectAccessible(
  page: Page,
  about: 'everything' | 'colours' = 'everything',
): Promise<void> {
  await injectAxe(page);
  const { violations } = await page.evaluate(
    (runOnly) =>
      (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run({
        runOnly,
        resultTypes: ['violations'],
      }),
    about === 'colours' ? ['color-contrast', 'link-in-text-block'] : rules,
  );
  if (violations.length === 0) return;
  const breaches = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      (node) => `${id}: ${help}\n  ${node.html}\n  ${node.failureSummary?.replace(/\s*\n\s*/g, ' ')}`,
    ),
  );
  throw new Error(`${page.url()} is not accessible:\n${breaches.join('\n')}`);
}

/** Keeps a picture of the whole page as test-results/<name>.png, when SCREENSHOTS=1: they take a minute of all journeys. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== '1') return;
  mkdirSync('test-results', { recursive: true });
  await page.screenshot({ path: join('test-results', `${name}.png`), fullPage: true });
}

// By the debugger's door: the pages' content security policy refuses both a script tag and eval, and must stay in force.
async function injectAxe(page: Page): Promise<void> {
  if (await page.evaluate(() => 'axe' in globalThis)) return;
  const debuggerSession = await page.context().newCDPSession(page);
  await debuggerSession.send('Runtime.evaluate', { expression: axe.source });
  await debuggerSession.detach();
}
