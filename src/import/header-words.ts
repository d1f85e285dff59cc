// Headers as people and other systems write them, reduced to what they mean: "Email Address [Required]" -> "email address".

/** Words that say how a column is to be filled, in the languages such files were met in. */
const decorations = new Set(
  `required mandatory optional pflichtfeld pflicht obligatoire facultatif obligatorio opcional obrigatorio obbligatorio
  facoltativo wymagane wymagany verplicht optioneel povinne kotelezo obligatorisk zorunlu обязательно обязательный
  必須 任意 必填 选填`.split(/\s+/),
);

/** What may stand in parentheses without changing the meaning, beside numbers. */
const remarks = new Set(
  `${[...decorations].join(' ')} digit digits char chars character characters max min maximum minimum unique example format
  text string id ids name names or and of to work business company internal list separated comma semicolon lowercase numeric
  ziffern zeichen stellig dienstlich intern chiffres cifras znaki`.split(/\s+/),
);

/** Whose value it is, where that goes without saying: the users of the file. */
const owners = new Set(
  `user users usr employee employees agent agents staff member person people worker operator contact record profile
  benutzer nutzer mitarbeiter mitarbeiterin utilisateur employe collaborateur salarie usuario empleado agente trabajador
  utente dipendente operatore funcionario colaborador gebruiker medewerker pracownik pracownika uzytkownik uzytkownika
  uzivatel zamestnanec felhasznalo dolgozo anvandare medarbejder bruger kullanici calisan personel
  пользователь пользователя сотрудник сотрудника оператор оператора користувач користувача співробітник співробітника`.split(
    /\s+/,
  ),
);

/** Which one of several, when it is the usual one. */
const qualifiers = new Set(
  `work business company corporate office official primary main login default current official institutional school
  university dienstlich dienstliche geschaftlich geschaftliche firmen professionnel professionnelle pro corporativo corporativa
  institucional principal aziendale zakelijk zakelijke sluzbowy sluzbowa firmowy firmowe pracovni munkahelyi arbets
  рабочий рабочая рабочее рабочий корпоративный корпоративная корпоративное служебный служебная робоча`.split(
    /\s+/,
  ),
);

const endings = new Set(['1', 'value', 'field']);

/**
 * A header as plain lower-case words: "Email Address [Required]" -> "email address", "FirstName*" -> "first name",
 * "E_MAIL" -> "email", "Prénom" -> "prenom". What stands in square brackets is another system's decoration.
 */
export function normalizeHeader(text: string): string {
  return wordsOf(text.replace(/\[[^\]]*\]/g, ' ')).join(' ');
}

/**
 * What a header can be compared by, blanks removed, the surest reading first: as it stands, without remarks in parentheses,
 * and the technical name that some systems put into square brackets.
 */
export function headerKeys(text: string): string[] {
  const bracketed = [...text.matchAll(/\[([^\]]*)\]/g)].map(([, inside]) => wordsOf(inside));
  const readings = [wordsOf(text.replace(/\[[^\]]*\]/g, ' ')), withoutRemarks(text), ...bracketed];
  return keysOf(readings);
}

/** The same without words that go without saying: "Employee Work Email 1" -> "email". Less sure than `headerKeys`. */
export function coreKeys(text: string): string[] {
  const words = withoutRemarks(text).flatMap((word) => word.replace(/(\p{L})1$/u, '$1'));
  return keysOf([without(words, owners), without(without(words, owners), qualifiers)]);
}

/** Words of a header, for telling likeness. */
export function headerWords(text: string): string[] {
  return withoutRemarks(text);
}

/** The words of a field's name. There are some hundred names, asked for again and again: each is reduced once. */
export function nameWords(name: string): string[] {
  const known = reduced.get(name);
  if (known) return known;
  const words = wordsOf(name);
  reduced.set(name, words);
  return words;
}

const reduced = new Map<string, string[]>();

/** A field's name as it is compared with the keys of headers. */
export function nameKeyOf(name: string): string {
  return nameWords(name).join('');
}

function keysOf(readings: string[][]): string[] {
  return [...new Set(readings.map((words) => words.join('')).filter(Boolean))];
}

function without(words: string[], dropped: Set<string>): string[] {
  const left = words.filter((word) => !dropped.has(word) && !endings.has(word));
  return left.length > 0 ? left : words;
}

function withoutRemarks(text: string): string[] {
  const plain = text.replace(/\[[^\]]*\]/g, ' ').replace(/\(([^)]*)\)/g, (all, inside: string) => {
    const said = wordsOf(inside);
    return said.every((word) => remarks.has(word) || /^\d+$/.test(word)) ? ' ' : all;
  });
  return wordsOf(plain);
}

function wordsOf(text: string): string[] {
  const words = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\p{Cf}]/gu, '')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '' && !decorations.has(word));
  return words
    .join(' ')
    .replace(/\be mail\b/g, 'email')
    .split(' ')
    .filter(Boolean);
}
