// Headers as people and other systems write them, reduced to what they mean: "Email Address [Required]" -> "email address".

/** Letters that no normal form takes apart, as people write them without the right keyboard. */
const plainLetters: Record<string, string> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

/** Words that say how a column is to be filled, in the languages such files were met in. */
const decorations = wordSet(
  `required mandatory optional pflichtfeld pflicht obligatoire facultatif obligatorio opcional obrigatorio obbligatorio
  facoltativo wymagane wymagany verplicht optioneel povinne kotelezo obligatorisk zorunlu обязательно обязательный
  必須 任意 必填 选填`,
);

/** What may stand in parentheses without changing the meaning, beside numbers. */
const remarks = wordSet(
  `${[...decorations].join(' ')} digit digits char chars character characters max min maximum minimum unique example format
  text string id ids name names or and of to work business company internal list separated comma semicolon lowercase numeric
  ziffern zeichen stellig dienstlich intern chiffres cifras znaki`,
);

/** Whose value it is, where that goes without saying: the users of the file. */
const owners = wordSet(
  `user users usr employee employees agent agents staff member person people worker operator contact record profile
  benutzer nutzer mitarbeiter mitarbeiterin utilisateur employe collaborateur salarie usuario empleado agente trabajador
  utente dipendente operatore funcionario colaborador gebruiker medewerker pracownik pracownika uzytkownik uzytkownika
  uzivatel zamestnanec felhasznalo dolgozo anvandare medarbejder bruger kullanici calisan personel
  пользователь пользователя сотрудник сотрудника оператор оператора користувач користувача співробітник співробітника
  pegawai karyawan pengguna pekerja kasutaja tootaja lietotajs darbinieks naudotojas darbuotojas zamestnanca uzivatela
  angajat angajatului utilizator user's`,
);

/** Where it holds, and the small words before that. */
const places = wordSet(
  `system dialer network systemu systemie системе системы система системі sistema sistem sisteme réseau rede red rete acceso acesso
  accesso acces in im of for the de del des du do da di dans en na w we в у pro per`,
);

/** Words beside the name of a number. */
const counting = wordSet(
  `n no nr num number numbers nummer numero numer номер numara numarasi numarası číslo číslo cislo internal intern interne interna`,
);

/** Which one of several, when it is the usual one. */
const qualifiers = wordSet(
  `work business company corporate office official primary main login default current official institutional school
  university dienstlich dienstliche dienstl geschaftlich geschaftliche firmen arbeits professionnel professionnelle pro
  corporativo corporativa comercial empresa entreprise institucional laboral trabajo principal aziendale lavoro zakelijk zakelijke werk sluzbowy sluzbowa
  sluzbowe firmowy firmowe pracovni pracovny munkahelyi ceges arbets jobb arbejds arbejde jobb tyo kurumsal sirket serviciu
  рабочий рабочая рабочее рабочий корпоративный корпоративная корпоративное служебный служебная служебное робоча робочий
  робоче службова службовий korporativ kantor perusahaan`,
);

/** The same in scripts that write words without blanks, at the beginning of a word. */
const joinedQualifiers = /^(?:公司|工作|企业|单位|办公|会社|社内|業務|勤務先|회사|업무|직장)(?=.{2})/u;

/** Words of headers whose values belong to somebody else, or are not the ones that the field means. */
const others = wordSet(
  `manager managers supervisor supervisors boss chief leader lead head director coach mentor coordinator reports reporting by
  parent guardian father mother spouse emergency secondary alternate alternative other additional second assistant secretary
  deputy delegate referrer recruiter sponsor private personal home old previous former legacy recovery backup reply sender
  forward forwarding notification approver block blocked disabled suspended locked inactive priv creator created modified updated
  owner added invited sent
  skype twitter github gitlab linkedin facebook instagram slack telegram whatsapp xing wechat discord
  vorgesetzter vorgesetzte vorgesetzten fuhrungskraft teamleiter teamleitung leiter leiterin stellvertreter stellvertretung
  ersatz privat private privater personlich personliche alte alter altes bisherig bisherige bisheriger vorherige fruhere
  fruherer notfall eltern vater mutter
  responsable superieur superviseur gestionnaire encadrant prive privee perso personnel personnelle ancien ancienne precedent
  secours urgence tuteur
  jefe jefa encargado supervisora coordinador gerente superior particular anterior antiguo antigua alternativo emergencia tutor
  gestor gestora chefe chefia coordenador pessoal antigo antiga emergencia
  capo responsabile superiore referente personale privato privata precedente vecchio vecchia emergenza
  leidinggevende teamleider prive vorige oude noodgeval
  przełożony przełożonego kierownik kierownika menedżer prywatny prywatna prywatne stary poprzedni poprzednia awaryjny
  nadřízený nadřízeného vedoucí manažer soukromý soukromá osobní starý předchozí nouzový nadriadený vedúci súkromný osobný
  felettes vezető magán privát régi korábbi
  руководитель руководителя начальник начальника менеджер личный личная личное домашний старый прежний предыдущий экстренный
  керівник керівника особистий особиста приватний приватна старий попередній
  yönetici yöneticisi müdür amir kişisel özel eski önceki acil
  chef chefens chefs närmaste privata personlig gammal tidigare leder leders nærmeste gammel tidligere
  esimies esimiehen henkilökohtainen yksityinen vanha
  șef manageri superiorului personală vechi anterior
  προϊστάμενος προϊσταμένου διευθυντής προσωπικό παλιό atasan pribadi lama sebelumnya
  المدير مدير المشرف مشرف الشخصي شخصي القديم السابق الطوارئ מנהל מנהלת ממונה פרטי אישי קודם ישן חירום`,
);

/** The same in scripts that write words without blanks: parts of a word. */
const othersWithin = [
  '上司',
  '個人',
  '私用',
  '緊急',
  '旧',
  '主管',
  '上级',
  '领导',
  '曾用',
  '原用户',
  '经理',
  '个人',
  '私人',
  '备用',
  '紧急',
  '상사',
  '개인',
  '비상',
].map(folded);

/** Words of headers whose values are short secrets, or numbers beside the phone's own. */
const secrets = wordSet(
  `pin pins passcode password passwords pass pwd passwd secret code auth voicemail vm mailbox fax kennwort passwort geheimzahl
  contrasena clave senha haslo пароль parola wachtwoord heslo losenord`,
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

/**
 * The same without words that go without saying, from few to many: "Employee Work Email 1" -> "work email", "email". Less sure
 * than `headerKeys`.
 */
export function coreKeys(text: string): string[] {
  const words = withoutRemarks(text).flatMap((word) => word.replace(/(\p{L})1$/u, '$1'));
  // "Last login" and "First contact" are no names: here the word before says which one, not whose.
  if (words.length > 1 && (words[0] === 'first' || words[0] === 'last')) return [];
  const plain = without(without(words, owners), places);
  return keysOf([
    without(words, owners),
    without(words, places),
    plain,
    without(plain, qualifiers),
    without(plain, counting),
    plain.map((word) => word.replace(joinedQualifiers, '')),
  ]);
}

/** True for the words of a header such as "Manager's Email" or "Previous username": not the user's own, or not the present one. */
export function isOfOthers(words: string[]): boolean {
  return words.some((word) => others.has(word) || othersWithin.some((part) => word.includes(part)));
}

/** True for the words of a header such as "Phone PIN" or "Voicemail Extension". */
export function isSecret(words: string[]): boolean {
  return words.some((word) => secrets.has(word));
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

/** Without accents, ligatures and marks that nobody sees; letters of other scripts stay. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\p{Cf}]/gu, '')
    .replace(/[łøđðıßæœ]/giu, (letter) => plainLetters[letter.toLowerCase()] ?? letter);
}

function wordSet(text: string): Set<string> {
  return new Set(folded(text).toLowerCase().split(/\s+/));
}

function wordsOf(text: string): string[] {
  const words = folded(text)
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
