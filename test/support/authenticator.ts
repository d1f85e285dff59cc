// The app on a person's phone: takes the key from the page, shows codes.
import { generateSync } from 'otplib';
import type { Visitor } from './visitor.js';

const step = 30;

export class Authenticator {
  /** @param secret base32 */
  constructor(
    readonly secret: string,
    /** The server's time in milliseconds. */
    private readonly now: () => number = Date.now,
  ) {}

  /** The code of the present time step, or of one so many steps later. */
  code(steps = 0): string {
    const at = Math.floor(this.now() / 1000 / step) + steps;
    return generateSync({ secret: this.secret, epoch: at * step });
  }
}

/** Reads the key on the page that sets an app up. */
export function appOn({ page }: Visitor, now?: () => number): Authenticator {
  const key = page.root.querySelector('.enrolment-key');
  if (!key) throw new Error(`No key on ${page.summary}:\n${page.text}`);
  return new Authenticator(key.text.replaceAll(' ', ''), now);
}

/** Types a code into the page that is open. */
export async function type(visitor: Visitor, code: string, field = 'Code'): Promise<void> {
  await visitor.form('Verify').fill(field, code).press('Verify');
}

/** Sets the app up on the page that is open and goes on. Returns it with the recovery codes. */
export async function setUpApp(
  visitor: Visitor,
  now?: () => number,
): Promise<{ app: Authenticator; recoveryCodes: string[] }> {
  const app = appOn(visitor, now);
  // The code before this one, so that the present one can be used at the next sign-in.
  await type(visitor, app.code(-1));
  const recoveryCodes = visitor.page.root.querySelectorAll('.recovery-codes code').map(({ text }) => text);
  if (recoveryCodes.length !== 10)
    throw new Error(`No recovery codes on ${visitor.page.summary}:\n${visitor.page.text}`);
  await visitor.follow('Continue');
  return { app, recoveryCodes };
}
