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
  y n yes no true false on off ja nein oui non si sim nao tak nie да нет
  st ad ldap windows domain domane dominio domaine directory
  ziffern zeichen stellig dienstlich intern chiffres cifras znaki`,
);

/** Whose value it is, where that goes without saying: the users of the file. */
const owners = wordSet(
  `user users usr employee employees agent agents staff member person people worker operator contact record profile new starter starters joiner joiners hire hires
  resource officer associate advisor adviser rep representative executive
  benutzer nutzer mitarbeiter mitarbeiterin utilisateur employe collaborateur salarie usuario empleado agente trabajador
  utente dipendente operatore funcionario colaborador gebruiker medewerker pracownik pracownika uzytkownik uzytkownika
  uzivatel zamestnanec felhasznalo dolgozo anvandare medarbejder bruger kullanici calisan personel
  пользователь пользователя сотрудник сотрудника оператор оператора користувач користувача співробітник співробітника
  pegawai karyawan pengguna pekerja kasutaja tootaja lietotajs darbinieks naudotojas darbuotojas zamestnanca uzivatela
  angajat angajatului utilizator user's`,
);

/** Where it holds, and the small words before that. */
const places = wordSet(
  `windows domenove domenovy domenowy domenowe domenna доменная доменное доменный доменний system dialer sentralbord centrale zentrale приложении программе программа aplicatie aplicacion aplikace aplikacji applicatif applicativo network systemu systemie системе системы система системі sistema sistem sisteme réseau rede red rete acceso acesso
  accesso acces cc in im of for the what whats which is are your their his her our my please enter s de del des du do da di dans en na w we в у pro per`,
);

/** Words beside the name of a number. */
const counting = wordSet(
  `n no nr num number numbers nummer numero numer номер numara numarasi numarası číslo číslo cislo internal intern interne interna inside inhouse`,
);

/** The same at the end of a longer word: "Toestelnr." */
const joinedCounting = /(?<=\p{L}{4})(?:nr|nummer|numer|number)$/u;

/** Which one of several: that of the work, not the private one. */
const work = wordSet(
  `work business company corporate office official primary professional organization organisation dienst dienstlich
  dienstliche dienstl geschaftlich geschaftliche geschafts betrieblich betriebliche firmen arbeits buro professionnel
  professionnelle pro travail bureau oficina trabalho escritorio praca pracy ofis arbete entreprise societe corporativo corporativa comercial empresa empresarial institucional laboral trabajo
  profissional profesional aziendale lavoro ufficio zakelijk zakelijke werk bedrijf bedrijfs sluzbowy sluzbowa sluzbowe
  firmowy firmowe firmowa pracovni pracovny pracovna firemni firemny munkahelyi ceges hivatali arbets arbetet jobb jobbet
  arbejds arbejde arbeid tyo kurumsal sirket serviciu firma службова službeni sluzbeni radni poslovni
  рабочий рабочая рабочее корпоративный корпоративная корпоративное служебный служебная служебное робоча робочий робоче
  службова службовий службове корпоративна корпоративний служебен служебна hivatalos officiel officielle oficial ufficiale offiziell oficjalny официальный korporativ kantor kerja perusahaan
  раб служ корп corp corpor sluzb firm prac geschaftl dienstl serv служебный службен ऑफिस कार्यालय ऑफ़िस
  darbo darba too tookoha sluzbena zavodni υπηρεσιακο υπηρεσιακη εταιρικο εταιρικη εργασιας للعمل العمل الشركة`,
);

/** Which one of several, when it is the usual one. */
const qualifiers = new Set([
  ...work,
  ...wordSet(
    'main principal login default current institutional school university hauptsachliche haupt glavni основной основна',
  ),
]);

/** The same as parts of words: in scripts that write without blanks, and where words are joined. */
const joinedQualifiers = new RegExp(
  `^(?:${folded('公司|工作|企业|单位|办公|会社用?|社内|業務用?|勤務先|회사|업무|직장')})(?=.{2})|` +
    '^(?:dienst|firmen|firma|arbeits|geschafts|buro|work|arbets|arbejds|jobb?|werk|bedrijfs|tyo)(?=e?mail|e?post|sahkoposti)',
  'u',
);

/** Words of headers whose values belong to somebody else, or are not the ones that the field means. */
const others = wordSet(
  `manager managers mgr tl shared cc bcc alt test next target supervisor supervisors boss chief leader lead head director coach mentor coordinator reports reporting by
  parent guardian father mother spouse emergency secondary alternate alternative other additional second assistant secretary
  zweite zweiter zweites weitere weiterer zusatzliche zusatzlicher andere secondaire secondario secondaria secundario secundaria
  otro otra outro outra altro altra autre tweede andere drugi dodatkowy dodatkowa dodatkowe inny дополнительная второй вторая
  додаткова другий ikinci diger yedek druhy dalsi zalozni masodik tartalek secundar alternativa alternativni
  deputy delegate referrer recruiter sponsor private personal home old previous former legacy recovery backup reply sender
  forward forwarding notification approver block blocked disabled suspended locked inactive priv creator created modified updated
  owner added invited sent
  личн лич особ pryw soukr sukr magan kisisel निजी व्यक्तिगत
  skype twitter github gitlab linkedin facebook instagram slack telegram whatsapp xing wechat discord
  vorgesetzter vorgesetzte vorgesetzten fuhrungskraft teamleiter teamleitung leiter leiterin stellvertreter stellvertretung
  ersatz privat private privater personlich personliche alte alter altes bisherig bisherige bisheriger vorherige fruhere
  fruherer notfall eltern vater mutter
  responsable superieur superviseur gestionnaire encadrant prive privee perso personnel personnelle ancien ancienne precedent
  secours urgence tuteur maison domicile hogar domicilio casa thuis domowy domowa hem hjem hjemme koti otthoni acasa ev
  домашний домашняя домашня домашній
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
  asmeninis asmenine vadovas vadovo personigais privats isiklik juht лична личен лично личный privatni privatna osobni osobna licni licna sukromny sukromna domaci predpostavljeni rukovodilac nadredeni voditelj
  началник ръководител претходна предишен
  προϊστάμενος προϊσταμένου διευθυντής προσωπικό παλιό atasan pribadi lama sebelumnya
  المدير مدير المشرف مشرف الشخصي شخصي القديم السابق الطوارئ מנהל מנהלת ממונה פרטי אישי קודם ישן חירום`,
);

/** What is asked for in a request: it counts where the file has no other. */
const wishes = wordSet(
  `requested desired proposed wanted suggested gewunschter gewunschte gewunschtes wunsch souhaite souhaitee demande demandee
  deseado deseada solicitado solicitada desejado desejada desiderato desiderata richiesto richiesta gewenste zadany pozadovany
  желаемый желаемая желаемое onskat onsket`,
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

/** Words of headers whose values name something of the user's that may be called like the user. */
const things = wordSet(
  `display friendly nick nickname meeting room webinar url link website page slug path folder directory drive share computer
  hostname host device machine laptop pc workstation rechner laufwerk ordner ordinateur poste ordenador equipo komputer`,
);

/** Words that make another thing of what stands beside them: an "Interno ID" is no extension. */
const identifying = wordSet(
  `id ids ref reference key code kod kodu kod codigo codice код schlussel badge payroll personnel personal personalnr personalnummer
  matricola matricule matricula external extern externe externo esterno`,
);

const endings = new Set(['1', 'value', 'field']);

/** "emails[type eq "work"].value", as identity systems write it, says which one in brackets; other brackets hold decoration, as numbers before headers are, and "to be assigned". */
function withoutBrackets(text: string): string {
  return text
    .replace(/^\s*(?:\d{1,2}[.):]|[A-Za-z]\))\s+(?=\p{L})/u, '')
    .replace(/\bto be (?:created|assigned|allocated|allotted|issued|given|set up)\b/iu, ' ')
    .replace(/\[[^\]"]*"([^"\]]*)"[^\]]*\]/g, ' $1 ')
    .replace(/\[[^\]]*\]/g, ' ');
}

/**
 * A header as plain lower-case words: "Email Address [Required]" -> "email address", "FirstName*" -> "first name",
 * "E_MAIL" -> "email", "Prénom" -> "prenom". What stands in square brackets is another system's decoration.
 */
export function normalizeHeader(text: string): string {
  return wordsOf(withoutBrackets(text)).join(' ');
}

/**
 * What a header can be compared by, blanks removed, the surest reading first: as it stands, without remarks in parentheses,
 * and the technical name that some systems put into square brackets.
 */
export function headerKeys(text: string): string[] {
  const bracketed = [...text.matchAll(/\[([^\]]*)\]/g)].map(([, inside]) => wordsOf(inside));
  const readings = [wordsOf(withoutBrackets(text)), withoutRemarks(text), ...bracketed];
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
    plain.map((word) => word.replace(joinedCounting, '')),
  ]);
}

/** True for the words of a header such as "Manager's Email" or "Previous username": not the user's own, or not the present one. */
export function isOfOthers(words: string[]): boolean {
  // "GitHub" is two words here.
  const joined = words.slice(1).map((word, index) => words[index] + word);
  // "Rolle im CC" is one in the call center.
  const isCopy = words[0] === 'cc' || words.includes('email') || words.includes('mail');
  return [...words, ...joined].some(
    (word) =>
      (others.has(word) && (word !== 'cc' || isCopy)) ||
      wishes.has(word) ||
      othersWithin.some((part) => word.includes(part)),
  );
}

/** The keys of each part of a header that may say the same in several languages: "Vorname / First name"; none for a plain one. */
export function languageKeys(text: string): string[][] {
  const parts = withoutBrackets(text)
    .split(/[/|\n()]/)
    .filter((part) => part.trim() !== '');
  return parts.length > 1 ? parts.map((part) => [...headerKeys(part), ...coreKeys(part)]) : [];
}

/** The header without the words of a wish, such as "Desired Username", or nothing when it has none. */
export function wishKeys(text: string): string[] {
  const words = withoutRemarks(text);
  const plain = words.filter((word) => !wishes.has(word));
  return plain.length < words.length && plain.length > 0 && !isOfOthers(plain)
    ? coreKeys(plain.join(' '))
    : [];
}

/** True for the words of a header such as "Company Email": not the private one. */
export function isOfWork(words: string[]): boolean {
  return words.some((word) => work.has(word) || joinedQualifiers.test(word));
}

/** True for the words of a header such as "Phone PIN" or "Voicemail Extension". */
export function isSecret(words: string[]): boolean {
  return words.some((word) => secrets.has(word));
}

/** True for the words of a header such as "Meeting Room Name" or "Computer". */
export function isOfThing(words: string[]): boolean {
  return words.some((word) => things.has(word));
}

/** Those of the words that make another thing of what stands beside them, as in "Interno ID". */
export function identifyingWords(words: string[]): string[] {
  return words.filter((word) => identifying.has(word));
}

/** Words of a header, for telling likeness. */
export function headerWords(text: string): string[] {
  return withoutRemarks(text);
}

/** Words that a header cuts short: "Ext. phone" -> "ext". Shorter ones could be anything. */
export function cutWords(text: string): string[] {
  return [...text.matchAll(/(\p{L}{3,})\./gu)].flatMap(([, word]) => wordsOf(word));
}

/** The words of a field's name. */
export function nameWords(name: string): string[] {
  return wordsOf(name);
}

/**
 * The words that the headers of most columns begin with, longest first: "New user" of "New user - email", "New user - extension".
 * They say whose all that is, and nothing about a single column.
 */
export function sharedBeginnings(headers: string[]): string[][] {
  const all = headers.map((header) => withoutRemarks(header)).filter((words) => words.length > 0);
  const begins = (words: string[], beginning: string[]) =>
    words.length > beginning.length && beginning.every((word, at) => words[at] === word);
  const counts = new Map<string, string[]>();
  for (const words of all)
    for (let size = 1; size < Math.min(words.length, 5); size++)
      counts.set(words.slice(0, size).join(' '), words.slice(0, size));
  return [...counts.values()]
    .filter((beginning) => {
      const many = all.filter((words) => begins(words, beginning)).length;
      return many >= 4 && many >= all.length / 2;
    })
    .sort((a, b) => b.length - a.length);
}

/** A header without such a beginning, or as it is. */
export function withoutBeginning(text: string, beginnings: string[][]): string {
  const words = withoutRemarks(text);
  const found = beginnings.find(
    (beginning) => words.length > beginning.length && beginning.every((word, at) => words[at] === word),
  );
  return found ? words.slice(found.length).join(' ') : text;
}

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
  const plain = withoutBrackets(text).replace(/\(([^)]*)\)/g, (all, inside: string) => {
    const said = wordsOf(inside);
    const isRemark = said.every((word) => remarks.has(word) || /^\d+$/.test(word));
    return isRemark || (said.length > 2 && !isOfOthers(said) && !isSecret(said) && !isOfThing(said))
      ? ' '
      : all;
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
    .replace(/(?<=[a-z])(?=\p{Lo})|(?<=\p{Lo})(?=[a-z])/giu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '' && !decorations.has(word));
  return words
    .join(' ')
    .replace(/\be mail\b/g, 'email')
    .split(' ')
    .filter(Boolean);
}
