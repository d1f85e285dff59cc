// People with some permissions only, made by the administrator on the pages and signed in with what those pages showed.
import type { Form } from './form.js';
import { signIn } from './people.js';
import type { Rollcall } from './rollcall.js';
import type { Visitor } from './visitor.js';

/** The own password of everybody made here. */
export const ownPassword = 'copper-meadow-whistle-17';

/** Creates a role whose permissions are ticked by their sentences. */
export async function addRole(
  chief: Visitor,
  name: string,
  permissions: string[],
  ownDesksOnly = false,
): Promise<void> {
  await chief.open('/roles/new');
  const form = chief.form('Create Role').fill('Name', name);
  for (const permission of permissions) form.check(permission);
  if (ownDesksOnly) form.check('Own desks only');
  await form.press('Create Role');
  if (chief.page.path !== '/roles') throw new Error(`The role was not created:\n${chief.page.text}`);
}

/** Creates a WebRTC user with a free extension. Returns the temporary password that the page shows. */
export async function addUser(chief: Visitor, username: string, role: string): Promise<string> {
  await chief.open('/users/new');
  await chief.form('Add User').press('Generate Available Virtual Extension');
  const form = chief.form('Add User').fill('Username', username).fill('Email', `${username}@example.com`);
  await form.check(role).press('Add User');
  return shownPassword(chief);
}

/** The form for a new agent, filled in as far as a user of this SIP setting needs it in any case; to be sent by Add User. */
export async function newAgent(
  chief: Visitor,
  username: string,
  extension: number,
  sip: string,
): Promise<Form> {
  await chief.open('/users/new');
  return chief
    .form('Add User')
    .fill('Username', username)
    .fill('Email', `${username}@example.com`)
    .fill('Virtual Extension', String(extension))
    .choose('SIP Settings', sip)
    .check('Agent');
}

/** The temporary password on the page that follows Add User. */
export function shownPassword({ page }: Visitor): string {
  const secret = page.root.querySelector('.secret');
  if (!secret) throw new Error(`No password on ${page.summary}:\n${page.text}`);
  return secret.text;
}

/** Signs in with a temporary password, chooses an own one, and returns the person on their landing page. */
export async function firstSignIn(rollcall: Rollcall, username: string, temporary: string): Promise<Visitor> {
  const visitor = await signIn(rollcall, username, temporary);
  await visitor
    .form('Save Password')
    .fill('New Password', ownPassword)
    .fill('Repeat New Password', ownPassword)
    .press('Save Password');
  return visitor;
}

/** A new user with a new role of these permissions, signed in. */
export async function newcomer(
  rollcall: Rollcall,
  chief: Visitor,
  username: string,
  permissions: string[],
  ownDesksOnly = false,
): Promise<Visitor> {
  await addRole(chief, `Role of ${username}`, permissions, ownDesksOnly);
  return firstSignIn(rollcall, username, await addUser(chief, username, `Role of ${username}`));
}
