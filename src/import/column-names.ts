// What the columns of a file are called on the screen, and which of them are never read.
import type { Translate } from '../web/texts.js';
import { normalizeHeader } from './header-words.js';
import { readable } from './readable.js';

/**
 * What a select shows for each column, each name once (PRODUCT.md section 5): the header, "Column C" for an empty
 * one, "Name (column 4)" for the second and later of a repeated one.
 */
export function columnNames(headers: string[], t: Translate): string[] {
  const names = new Set<string>();
  headers.forEach((header, index) => {
    const own = shortened(readable(header).trim().replace(/\s+/g, ' '));
    let name = own || t('Column {{letters}}', { letters: columnLetters(index) });
    while (names.has(name)) name = t('{{name}} (column {{number}})', { name, number: index + 1 });
    names.add(name);
  });
  return [...names];
}

/** True for a column of passwords: it is never used, never stored. */
export function isPasswordHeader(header: string): boolean {
  const key = normalizeHeader(header).replaceAll(' ', '');
  if (key.length > 60 || harmless.test(key)) return false;
  return secretKeys.includes(key) || passwordKeys.some((word) => key.includes(word));
}

/** Words that mean it by themselves only. */
const secretKeys = [
  'pin',
  'voicemailpin',
  'vmpin',
  'secret',
  'sipsecret',
  'authsecret',
  'devicesecret',
  'clave',
  'mdp',
];

const passwordKeys = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'passwort', 'kennwort', 'motdepasse'],
  ...['contrasena', 'senha', 'parola', 'wachtwoord', 'haslo', 'heslo', 'jelszo', 'losenord', 'salasana'],
  ...[
    'adgangskode',
    'sifre',
    'lozinka',
    'пароль',
    'パスワード',
    '密码',
    '密碼',
    '비밀번호',
    'كلمةالمرور',
    'סיסמה',
  ],
].map((word) => word.normalize('NFKD'));

/** Columns about passwords, without one. */
const harmless = /change|expire|expiry|reset|forc|never|policy|lastset|hint|ablauf|changed|andern/;

function shortened(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

/** As spreadsheets letter their columns: 0 -> A, 25 -> Z, 26 -> AA. */
function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}
