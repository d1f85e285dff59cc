// The people of the tests: they come in by the pages, as everybody does.
import type { Rollcall } from './rollcall.js';
import { Visitor } from './visitor.js';

/** Username of the administrator that `setUp` makes. */
export const administrator = 'chief';
/** Long and uncommon enough for the password rules. */
export const password = 'violet-harbour-lantern-42';

/** Makes the first administrator on the set-up page. Returns them, signed in, on the users page. */
export async function setUp(rollcall: Rollcall): Promise<Visitor> {
  if (!rollcall.setupLink) throw new Error(`Rollcall printed no set-up link:\n${rollcall.log()}`);
  const visitor = new Visitor(rollcall.address);
  await visitor.open(new URL(rollcall.setupLink).pathname);
  await visitor
    .form('Create Administrator')
    .fill('Username', administrator)
    .fill('Email', `${administrator}@example.com`)
    .fill('Password', password)
    .fill('Repeat Password', password)
    .press('Create Administrator');
  expectPath(visitor, '/users');
  return visitor;
}

/** Signs somebody in. Returns them on the page that follows, whichever it is (a refusal stays on `/sign-in`). */
export async function signIn(rollcall: Rollcall, username: string, secret: string): Promise<Visitor> {
  const visitor = new Visitor(rollcall.address);
  await visitor.open('/sign-in');
  await visitor.form('Sign In').fill('Username or Email', username).fill('Password', secret).press('Sign In');
  return visitor;
}

function expectPath(visitor: Visitor, path: string): void {
  const { page } = visitor;
  if (page.address.pathname !== path)
    throw new Error(`Expected ${path}, came to ${page.summary}:\n${page.text}`);
}
