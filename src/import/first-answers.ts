// What a file says by itself, before anybody was asked.
import { readSipSetting } from '../sip/sip-settings.js';
import type { Tenant } from '../users/read-field.js';
import { userFields } from '../users/user-fields.js';
import type { Answers } from './answers.js';
import { matchColumns } from './match-columns.js';
import { matchFields } from './match-fields.js';

export interface FirstAnswers {
  answers: Answers;
  /** Field name -> position of a column that may be meant, from 1: a person decides. */
  perhaps: Record<string, number>;
}

/**
 * What can be told from the file itself: matched columns, and the choices that follow from them.
 * @param lastRole the role that this person gave last, if it is not administrative
 */
export function firstAnswers(
  headers: string[],
  rows: string[][],
  tenant: Tenant,
  lastRole?: number,
): FirstAnswers {
  const { sure: matched, perhaps } = matchColumns(headers, rows, matchFields(tenant));
  // Whoever signs in with the address needs no column of usernames.
  const email = matched.get('email');
  if (email && !matched.has('username') && !perhaps.has('username')) perhaps.set('username', email);
  const cells = (position: number) => rows.map((row) => (row[position - 1] ?? '').trim()).filter(Boolean);
  // Nor does a file need two columns whose users sign in with an address, as Entra's bulk files have it.
  const username = matched.get('username');
  if (username && !email && !perhaps.has('email') && cells(username).some((cell) => cell.includes('@')))
    perhaps.set('email', username);
  const at = (name: string) => String(matched.get(name) ?? '');
  const answers: Answers = {};
  for (const name of ['username', 'email', 'pbxDevice', 'customUri']) answers[`${name}.column`] = at(name);
  if (!answers['pbxDevice.column']) answers['pbxDevice.column'] = at('extension');
  answers['extension.column'] = at('extension');
  // A column that is empty, as in the example file, gives no number either.
  const extension = matched.get('extension');
  if (!extension || cells(extension).length === 0) answers['extension.generate'] = 'on';

  const role = matched.get('roles');
  const roleNames = role ? cells(role).flatMap((cell) => cell.split(/[;|,]/)) : [];
  const rolesFit = roleNames.some((name) => tenant.names.roles.find(name.trim()) !== undefined);
  answers['role.source'] = role && rolesFit ? `column:${role}` : 'dialer';
  answers['role.value'] = lastRole ? String(lastRole) : '';

  const sip = matched.get('sip');
  const sipFits = sip !== undefined && cells(sip).some((cell) => readSipSetting(cell) !== undefined);
  answers['sip.source'] = sipFits ? 'file' : 'webrtc';
  answers['sip.column'] = at('sip');
  answers['pbxDomain.source'] = matched.has('pbxDomain') ? `column:${at('pbxDomain')}` : 'dialer';
  answers['pbxDomain.value'] = '';

  for (const field of userFields.filter(({ wizard }) => wizard === 'optional')) {
    const position = matched.get(field.name);
    answers[`${field.name}.source`] = position
      ? `column:${position}`
      : field.name === 'active'
        ? 'dialer'
        : '';
    answers[`${field.name}.value`] = field.name === 'active' ? 'yes' : '';
  }
  return { answers, perhaps: Object.fromEntries(perhaps) };
}
