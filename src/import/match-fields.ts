// The catalogue's fields as the matcher sees them: their names, and what their values look like in this tenant.
import { readSipSetting } from '../sip/sip-settings.js';
import { listParts, readField, type Tenant } from '../users/read-field.js';
import { inFile, userFields, type UserField } from '../users/user-fields.js';
import { headerKeys, nameKeyOf, normalizeHeader } from './header-words.js';
import type { MatchField } from './match-columns.js';
import { plainRoleWords, roleWords, synonyms } from './synonyms.js';

const asked = userFields.filter(({ wizard }) => wizard === 'required' || wizard === 'optional');

/** The email first: usernames are compared with it. */
const order = (field: UserField) => (field.name === 'email' ? 0 : 1);

/** Every field that a column can serve. */
export function matchFields(tenant: Tenant): MatchField[] {
  return [...asked]
    .sort((a, b) => order(a) - order(b))
    .map((field) => ({
      name: field.name,
      labels: labelsOf(field),
      synonyms: synonyms[field.name],
      looksLike: looksLike(field, tenant),
      ...valueEvidence(field, tenant),
    }));
}

/** True for a header that names a field of ours in any of its words: what tells a header row from a title or from data. */
export function namesField(header: string): boolean {
  return headerKeys(header).some((key) => known.has(key));
}

function labelsOf(field: UserField): string[] {
  return [field.header, field.label, inFile(field).label];
}

const known = new Set(
  asked.flatMap((field) => {
    const { sure = [], weak = [], found = [], paired = {} } = synonyms[field.name] ?? {};
    return [...labelsOf(field), field.name, ...sure, ...weak, ...found, ...Object.keys(paired)].map(
      nameKeyOf,
    );
  }),
);

function looksLike(field: UserField, tenant: Tenant): MatchField['looksLike'] {
  const readable = (value: string) => 'value' in readField(field, value, tenant);
  if (field.kind === 'username')
    return (value, of) =>
      field.looksLike!(value) && (!value.includes('@') || isOfMailbox(value, of('email')));
  if (field.kind === 'language' || field.kind === 'timezone' || field.name === 'callerId') return readable;
  return field.looksLike;
}

function valueEvidence(field: UserField, tenant: Tenant): Partial<MatchField> {
  if (field.kind === 'email')
    return {
      proves: field.looksLike,
      first: true,
      differs: (value, other) => domain(value) !== domain(other),
      distinct: true,
    };
  if (field.kind === 'timezone')
    return { proves: (value) => value.includes('/') && 'value' in readField(field, value, tenant) };
  if (field.kind === 'username')
    return {
      resembles: (value) => /^[a-z][\w.-]{2,63}$/i.test(value),
      speaksFor: (value, of) =>
        [localPart(of('email')), of('firstName'), of('lastName')].some((name) =>
          sharesPart(localPart(value), normalizeHeader(name)),
        ),
      proves: (value, of) =>
        isMadeOfNames(value, localPart(of('email')) || nameOf(of)) &&
        ![of('firstName'), of('lastName')].some((name) => name.toLowerCase() === value.toLowerCase()),
      proofs: 2,
      distinct: true,
    };
  if (field.kind === 'extension')
    return {
      resembles: (value) => /^[1-9]\d{2,5}$/.test(value),
      speaksFor: (value) => /^[1-9]\d{2,4}$/.test(value),
      distinct: true,
    };
  if (field.name === 'sip') return { isForeign: (value) => readSipSetting(value) === undefined };
  if (!field.kin) return {};
  const names = tenant.names[field.kin];
  const isId = (part: string) => /^\d+$/.test(part);
  const isName = (part: string) =>
    names.find(part) !== undefined || (field.kin === 'roles' && namesOfRoles.has(nameKeyOf(part)));
  const resembles = (value: string) => listParts(value).every((part) => !isId(part) && isName(part));
  const isRole = (value: string) =>
    !isId(value) && (names.find(value) !== undefined || plainRoles.has(nameKeyOf(value)));
  return {
    kin: true,
    resembles,
    // "Agent" in all rows may be a job, a licence or a queue's word; "Agent" and "Supervisor" are roles.
    ...(field.kin === 'roles' ? { proves: isRole, proofs: 3, variety: 2 } : {}),
    isForeign: (value) => listParts(value).every((part) => isId(part) && names.find(part) === undefined),
  };
}

const plainRoles = new Set(plainRoleWords.map(nameKeyOf));
const namesOfRoles = new Set(roleWords.map(nameKeyOf));

const localPart = (address: string) => address.toLowerCase().split('@')[0];
/** "jane.doe", as an email would begin. */
const nameOf = (of: (field: string) => string) => `${of('firstName')}.${of('lastName')}`.toLowerCase();
const domain = (address: string) => address.toLowerCase().split('@')[1] ?? '';

/** A sign-in name with a domain goes with an email of the same domain or the same name: both are the person's own. */
function isOfMailbox(name: string, email: string): boolean {
  return (
    email === '' ||
    domain(name) === domain(email) ||
    localPart(name) === localPart(email) ||
    isMadeOfNames(localPart(name), localPart(email))
  );
}

/** "jdoe" and "jane.doe": at least four letters in a row, the whole shorter one, or it is an initial with the rest of a name. */
function sharesPart(a: string, b: string): boolean {
  const [short, long] = [a, b]
    .map((text) => text.replace(/[^\p{L}\d]/gu, '').replace(/(?<=\p{L}{3})\d+$/u, ''))
    .sort((x, y) => x.length - y.length);
  if (short.length < 3 || /^\d+$/.test(short)) return false;
  const size = Math.min(4, short.length);
  const parts = Array.from({ length: short.length - size + 1 }, (_, at) => short.slice(at, at + size));
  const begins = short.length > 3 && long.startsWith(short[0]) && long.endsWith(short.slice(1));
  return begins || parts.some((part) => long.includes(part));
}

/**
 * "jdoe", "doej" and "jane.doe" beside the mailbox "jane.doe", or "jane.doe" beside "jdoe": the same letters, or the beginnings
 * of two names. A bare "doe" or "Jane" is a name, not a login.
 */
function isMadeOfNames(login: string, mailbox: string): boolean {
  if (!/^[a-z][a-z\d._-]{2,}$/i.test(login) || /^[A-Z][a-z]+$/.test(login)) return false;
  const [own, other] = [login.toLowerCase(), mailbox].map((text) => text.replace(/\d+$/, ''));
  const namesOf = (text: string) => text.split(/[._-]+/).filter(Boolean);
  const [ownNames, otherNames] = [namesOf(own), namesOf(other)];
  if (ownNames.join('') === otherNames.join('')) return own.length >= 4 && login === login.toLowerCase();
  return isOfBeginnings(ownNames, otherNames) || isOfBeginnings(otherNames, ownNames);
}

/** The short form begins with some letters of one name and goes on with those of another. */
function isOfBeginnings(short: string[], [...names]: string[]): boolean {
  const text = short.join('');
  return names.some((first) =>
    names.some((second) => {
      if (first === second) return false;
      return Array.from({ length: Math.min(first.length, text.length - 1) }, (_, at) => at + 1).some(
        (size) => text.startsWith(first.slice(0, size)) && second.startsWith(text.slice(size)),
      );
    }),
  );
}
