// Other names of the fields in files of other systems and languages; compared without case, accents, blanks and decorations.
// `sure` ones are matched by themselves. `weak` ones mean something else in other files: they are only suggested.
// `found` ones are sure where their values are names of the tenant, or speak for the field in another way.
// `paired` ones are sure beside a column of the partner: "Nom" is the last name where there is a "Prénom", else the full name.
import type { FieldName } from '../users/user-fields.js';

export interface Synonyms {
  sure: string[];
  weak?: string[];
  found?: string[];
  /** Name -> names of the partner, one of which the file must have. */
  paired?: Record<string, string[]>;
}

const lines = (...texts: string[]) => texts.flatMap((text) => text.split(',').map((name) => name.trim()));

const firstNames = lines(
  'nama depan, eesnimi, vards, vardas, ชื่อจริง, पहला नाम, نام, first nm, firstnm, frst nm, fst nm, legal name first name, legal name first, name given, name given name',
  'first name, given name, given names, forename, forenames, first, fname, f name, givenname, christian name, legal first name, name first',
  'vorname, vornamen, rufname',
  'prenom, prenoms, prénom usuel',
  'nombre de pila, primer nombre, nombres',
  'primeiro nome, nome proprio, nome próprio',
  'voornaam, roepnaam',
  'imie, imię, imiona',
  'křestní jméno, keresztnév, utónév, личное имя',
  'förnamn, fornavn, etunimi, prenume',
  'μικρό όνομα, 名, ファーストネーム, الاسم الأول, שם פרטי',
);

/** The first name beside a column of last names, else mostly the full name. */
const fullOrFirst = lines(
  "nombre, nome, imie, imię, имя, ім'я, імʼя, име, jméno, meno, ime, ad, adı, isim, όνομα, 이름, الاسم, שם, tên, név, etunimi",
);

const lastNames = lines(
  'nama belakang, nama keluarga, perekonnanimi, uzvards, pavarde, cognom, cognoms, นามสกุล, उपनाम, نام خانوادگی, გვარი, фамилно име, last nm, lastnm, lst nm, sname, legal name last name, legal name last, name family, name family name',
  'last name, surname, family name, last, lname, l name, familyname, second name, legal last name, name last',
  'nachname, familienname, zuname',
  "nom de famille, nom d'usage, nom patronymique",
  'apellido, apellidos, primer apellido',
  'cognome, sobrenome, apelido, ultimo nome, último nome',
  'achternaam, familienaam',
  'nazwisko, фамилия, прізвище, prijmeni, příjmení, priezvisko, vezeteknev, vezetéknév, családnév',
  'efternamn, efternavn, etternavn, sukunimi, nume de familie, prezime, priimek, soyad, soyadi, soyadı, soyisim, επώνυμο',
  'фамилия, презиме',
  'επίθετο, 姓, 苗字, ラストネーム, 성, اسم العائلة, اللقب, שם משפחה, họ',
);

export const synonyms: Partial<Record<FieldName, Synonyms>> = {
  email: {
    sure: lines(
      'maili, boite mail, boite de messagerie, casella aziendale, skrzynka pocztowa, почтовый ящик, скринька, поштова скринька, アドレス, 회사메일, 社用アドレス, email co quan, email cong ty, email cong viec, thu dien tu cong ty, firmenmail, firmenemail, firmapost, dienstmail, werkmail, tjanstemail, mail pro, mail ufficio, mail firma, mail societe, mail entreprise, correo empresa, 公司信箱, 信箱, 電子信箱, 社内メール, 사내메일, 사내 이메일, 메일, 이메일주소, ईमेल आईडी, ईमेल पता, ई मेल',
      'e postasi, is e postasi, is e posta, alamat email, alamat surel, surel, emel, alamat emel, el pastas, e pastas, epasts, e meil, correu electronic, correu, อีเมล, ईमेल, ایمیل, پست الکترونیک, ელფოსტა, էլ փոստ, arbejdsmail, arbeitsmail, jobbmail, arbetsmail, tyosahkoposti, ηλεκτρονικό ταχυδρομείο, email adresa, mejl, имейл, е пошта, эпошта, поща, ел поща, електронна поща, електронен адрес',
      'email, mail, email address, mail address, email id, mail id, smtp address, primary smtp address, e mail, email addr, emailaddr, user mail, internet address, primary email, work mail, emails',
      'e mail adresse, mailadresse, emailadresse, e mail dienstlich, e post adresse',
      'courriel, adresse courriel, adresse e mail, adresse mail, mel, adresse electronique, adresse de messagerie, messagerie',
      'correo, correo electronico, direccion de correo, direccion de correo electronico, direccion email, mail corporativo, e correo',
      'posta elettronica, indirizzo email, indirizzo e mail, indirizzo di posta, indirizzo di posta elettronica, casella di posta',
      'endereco de email, endereco de e mail, correio eletronico, e mail corporativo, mail address',
      'e mailadres, emailadres, mailadres',
      'adres email, adres e mail, adres poczty, adres poczty elektronicznej, poczta, poczta elektroniczna',
      'почта, адрес почты, электронная почта, адрес электронной почты, эл почта, эл адрес, e mail адрес, мейл, имейл, емейл, пошта, електронна пошта, адреса електронної пошти, електронна адреса, имейл адрес',
      'emailova adresa, e mailova adresa, elektronicka posta, email cim, e mail cim, e mail cím, levelezesi cim',
      'e post, epost, e postadress, epostadress, e postadresse, sahkoposti, sähköposti, sähköpostiosoite, e posta, eposta, e posta adresi, adresa de email, adresa email, imeyl, e posta adresa, e naslov, διεύθυνση email, ηλεκτρονική διεύθυνση',
      'メール, メールアドレス, eメール, 電子メール, 邮箱, 电子邮箱, 电子邮件, 邮件, 邮箱地址, 电邮, 電郵, 電子郵件, 이메일, 이메일 주소, 전자우편, البريد الإلكتروني, البريد الالكتروني, بريد إلكتروني, אימייל, דואר אלקטרוני, דוא"ל, email address primary, thư điện tử',
    ),
    weak: lines(
      'address, contact, kontakt, adresse, email 2, alternate email, secondary email, personal email, private email',
    ),
  },
  username: {
    sure: lines(
      '도메인 계정, ad アカウント, windows felhasznalo, domain kullanicisi, domenove konto, уч запись, уч зап, кор име, корисник, потр име, имя юзера, यूज़र आईडी, यूजर आईडी, यूज़रनेम, यूजरनेम, लॉगिन, लॉगिन आईडी, उपयोगकर्ता आईडी, username rete, nome de logon, nome di logon, login de dominio, benutzername windows, cont de domeniu, cta de red, cta de usuario, 系统账户, 系統帳號, 登录账户, 사내 아이디, id đăng nhập, id login, id pengguna',
      'nama pengguna, nama akun, nama login, kasutajanimi, lietotajvards, vartotojo vardas, prisijungimo vardas, nom d usuari, ชื่อผู้ใช้, उपयोगकर्ता नाम, نام کاربری, მომხმარებლის სახელი, корисничко име, потребителско име, prihlasovacie meno, prihlasovaci jmeno, numele utilizatorului',
      'username, user name, login, login name, logon, logon name, user login, login id, loginid, log in, sign in name, signin name, sign in, screen name, account name, user account, sam account name, samaccountname, samid, user logon name, network id, net id, netid, windows login, ad login, ldap uid, userid login',
      'benutzername, anmeldename, benutzerkennung, nutzername, loginname, benutzer kennung, anmeldekennung, benutzerkonto, kennung',
      'nom d utilisateur, nom utilisateur, identifiant, identifiant de connexion, compte utilisateur',
      'nombre de usuario, usuario, nombre usuario, cuenta de usuario, usuario de red, identificador de usuario',
      'nome utente, nome de usuario, nome do usuario, nome de utilizador, utilizador, utente, account utente, conta de usuario',
      'gebruikersnaam, inlognaam, accountnaam, inloggning, inlogning, innlogging, innskraning, innskráning',
      'nazwa uzytkownika, nazwa użytkownika, użytkownik, login uzytkownika',
      "логин, имя пользователя, учетная запись, учётная запись, логін, ім'я користувача, імʼя користувача, обліковий запис, потребителско име",
      'uzivatelske jmeno, uživatelské jméno, přihlašovací jméno, pouzivatelske meno, používateľské meno, felhasznalonev, felhasználónév, bejelentkezesi nev, bejelentkezési név',
      'anvandarnamn, användarnamn, inloggningsnamn, brugernavn, brukernavn, kayttajatunnus, käyttäjätunnus, käyttäjänimi, nume utilizator, nume de utilizator, korisnicko ime, korisničko ime, uporabnisko ime, kullanici adi, kullanıcı adı, όνομα χρήστη',
      'ユーザー名, ユーザ名, ユーザーid, ユーザid, ログインid, ログイン名, アカウント名, アカウント, 用户名, 使用者名稱, 登录名, 登录名称, 用户账号, 登录账号, 账号, 帳號, 사용자 이름, 사용자명, 사용자명 id, 아이디, 로그인 id, اسم المستخدم, שם משתמש, tên đăng nhập, tên người dùng',
      'user principal name, userprincipalname, upn',
      'logs in as, logs on as, signs in as, signs on as, logs in with, signs in with, log in as, login as, sign in as, log on as, logon as, logging in as, log in with, login with, sign in with, logged in as, logs in, signs in, usr nm',
      'signon, sign on, sign on name, logon id, logonid, login user, login user name, web username, portal username, network login, network username, windows username, windows logon, windows account, domain account, domain user, domain login, ad username, ad account, ad user, adlogin, sso username, sso id, nt login, nt username, racf id, racfid, unix login',
      'login name, systemlogin, windows benutzer, windows benutzername, windows anmeldung, windows login, windows kennung, netzwerkkennung, netzwerkname, loginkennung, zugangskennung, systemkennung, nutzerkennung, userkennung, anmelde id, anmeldung, ad benutzer, ad konto, domänenbenutzer',
      'identifiant utilisateur, identifiant reseau, identifiant windows, identifiant session, identifiant ad, nom de session, nom de connexion, login session, session windows, login windows, compte windows, compte reseau, compte ad, compte de session, id de connexion, nom d ouverture de session, nom de compte',
      'usuario windows, usuario de windows, usuario de dominio, usuario de acceso, usuario del sistema, usuario ad, nombre de inicio de sesion, inicio de sesion, nombre de cuenta, cuenta de red, login de usuario, usuario de acesso, usuario de rede, login de rede, nome de login, nome da conta, conta de rede, nome de acesso, utilizador de rede, conta de utilizador, nome do utilizador',
      'utenza, utenza di rete, utenza di dominio, utenza windows, utente di rete, utente di dominio, account di rete, nome account, nome dell utente, nome di accesso, userid di rete',
      'inlog, inlogcode, inlog id, inlogaccount, netwerknaam, netwerkaccount, windows account, gebruikersaccount, aanmeldnaam',
      'identyfikator uzytkownika, identyfikator logowania, nazwa logowania, nazwa konta, konto uzytkownika, konto domenowe, konto ad, login sieciowy, login domenowy, login windows, login do systemu',
      'имя входа, имя для входа, имя учетной записи, учетка, аккаунт, логин ad, логин windows, логин пользователя, логин для входа, доменная учетная запись, доменное имя пользователя, учетная запись ad, имя для входу, ім я для входу, ім я облікового запису, акаунт, логін користувача, доменний логін, логін для входу, потребителско имя, потребител, акаунт',
      'kullanici kodu, kullanici hesabi, hesap adi, oturum acma adi, giris adi, domain kullanici, sistem kullanici adi, uzivatelsky ucet, nazev uctu, jmeno uctu, domenovy ucet, prihlasovaci id, prihlasovacie konto, pouzivatelsky ucet, cont utilizator, nume cont, nume de cont, nume de login, nume de conectare, cont de utilizator, cont de retea, login nev, felhasznaloi fiok, fioknev, belepesi nev, felhasznaloi azonosito, bejelentkezesi azonosito, felhasznalo neve',
      'inloggnings id, inloggningskonto, kontonamn, anvandarkonto, anvandar id, login navn, loginnavn, brugerkonto, kontonavn, bruger id, innloggingsnavn, palogging, paloggingsnavn, brukerkonto, bruker id, kirjautumistunnus, kirjautumisnimi, kayttajatili, tunnus, korisnicki racun, korisnicko, prijava',
      'λογαριασμός χρήστη, όνομα λογαριασμού, όνομα σύνδεσης, όνομα εισόδου, αναγνωριστικό χρήστη, اسم الدخول, اسم تسجيل الدخول, اسم الحساب, حساب المستخدم, معرف الدخول, معرف المستخدم, שם כניסה, שם התחברות, חשבון משתמש, שם חשבון',
      'ログインユーザー名, サインインid, サインイン名, アカウントid, 利用者id, ユーザーアカウント, ログオン名, ログインアカウント, 登录id, 登陆账号, 登陆名, 登录帐号, 登录用户名, 登入帳號, 系统账号, 域账号, 用户账户, 账户名, 帐号, 帐户名, 使用者帳號, 用户登录名, 계정, 계정명, 로그인 아이디, 사용자 아이디, 사용자 id, 사용자 계정, tài khoản, tên tài khoản',
    ),
    found: lines(
      'pseudo, pseudonyme, identyfikator, azonosito, identifikator, идентификатор, ідентифікатор, tunniste, identificador, identificatore, id operador, id agente, id utilisateur, id usuario, id utente, id conseiller, code utilisateur, code agent, codigo de usuario, codice utente, codice operatore, utilisateur, kod uzytkownika, код пользователя, код оператора, код користувача, χρήστης, المستخدم, משתמש, 用户, ユーザー, 사용자, sigla, szignó, signatur, initialen, trigramme, paraphe',
      'user, user id, userid, uid, account, account id, agent, agent id, agent login id, operator, operator id, employee id, id, code, alias, handle, mail nickname, principal, nutzer, benutzer, benutzer id, kuerzel, kürzel, utilisateur, konto, gebruiker, пользователь, користувач, bruger, anvandare, kullanici, felhasznalo, uzivatel',
    ),
    paired: {
      user: lines('pass, user pass'),
      'user id': lines('pass, password, user password'),
    },
    weak: lines(
      'user, user id, userid, uid, account, account id, id, alias, nickname, mail nickname, cn, common name, handle, agent id, agent login id, employee id, sis id, personalnummer, kuerzel, kürzel, code, agent, operator, nutzer, benutzer, benutzer id, utilisateur, konto',
    ),
  },
  roles: {
    sure: lines(
      'peran, role pengguna, loma, vaidmuo, บทบาท, भूमिका, نقش, როლი, роля, улога, uloga, vloga, rol de usuario, rol d usuari, perfil de usuario, perfil do usuario, perfil de utilizador, perfil de acceso, profilo utente, profil utilisateur, profil d acces, benutzerprofil',
      'role, roles, role id, role ids, role name, user role, user roles, security role, security roles, access role, access roles, system role, system roles, role names',
      'rolle, rollen, benutzerrolle, rollenname, role utilisateur, rôle, rôles, rol, rol de usuario, ruolo, ruoli, funcao do usuario, papel, perfil de acesso, gebruikersrol, rola, role uzytkownika, роль, роли, роль пользователя, ролі, роль користувача, szerepkor, szerepkör, roll, användarroll, rooli, rol adi, kullanıcı rolü, ρόλος, ロール, 役割, 角色, 역할, الدور, תפקיד, vai trò',
    ),
    found: lines(
      'rolle im system, habilitation, habilitations, profil d habilitation, niveau d habilitation, habilitacion, abilitazione, profilo abilitazione, autorizzazione, autorizacion, autorizacao, autorisatie, autorisatierol, autorisation, zugriffsstufe, brugerrolle, brukerrolle, tilgangsrolle, tilgangsniva, adgangsniveau, adgangsrolle, behorighetsgrupp, behorighetsroll, kayttoikeustaso, hozzaferesi szint, hozzaferes, pristupova prava, pristupove prava, uroven opravneni, oprávnenie, ovlasti, ovlascenje, овлашћење, права на доступ, ниво на достъп, pooblastila, pravice, teises, tiesibas, oigused, drept de acces, nivel de acces, rol aplicatie, rol de sistema, rol de aplicacion, funcao no sistema, tipo acesso, permissao de acesso, nivel de permissao, quyen han, hak pengguna, peran pengguna, 系統權限, 使用者權限, 權限, 系统权限, 用户权限, 사용자 권한, 시스템 권한, 利用権限, システム権限, סוג הרשאה, סוג משתמש, הרשאות, مستوى الصلاحية, نوع الصلاحية',
      'permissions group, permissions profile, permissions level, permissions role, role group, role profile, berechtigungsstufe, berechtigungsprofil, berechtigungslevel, rechtestufe, rollenprofil, rollengruppe, benutzergruppe, access, access type, access rights level, system access, license role, dialer role, call center role, crm role, application role, portal role, admin role, rights, rights group, permission, permission profile, permission set name, user category, user class, user rights, zugriff, zugriffsrolle, rechte, rechteprofil, nutzerrolle, systemrolle, benutzerart, benutzertyp, nutzertyp, droit d acces, droits d acces, type d utilisateur, type utilisateur, categorie utilisateur, profil de droits, tipo de usuario, tipo usuario, tipo de acceso, permiso, derechos, tipo utente, tipo di utente, diritti, livello accesso, tipo de acesso, permissao, permissoes de acesso, rechten, toegang, toegangsniveau, typ uzytkownika, poziom uprawnien, rola w systemie, доступ, уровень доступа, тип пользователя, полномочия, рівень доступу, повноваження, доступ до системи, kullanici tipi, yetki, yetki grubu, yetkisi, opravneni, prava, uroven pristupu, drepturi, nivel acces, tip utilizator, jogosultsag, jogosultsagi szint, jogkor, behorighetsniva, adgang, tilgang, brukertype, oikeudet, kayttooikeus, kayttajaryhma, δικαιώματα, επίπεδο πρόσβασης, الصلاحية, صلاحية, نوع المستخدم, הרשאה, 権限グループ, 権限名, ユーザー種別, ユーザー権限, 用户类型, 权限组, 用户角色, 系统角色, 권한그룹, quyền, nhóm quyền',
      'functierol, gebruikersprofiel, rechtenprofiel, profil uzytkownika, poziom dostepu, nivel de acesso, nivel de acceso, niveau d acces, livello di accesso, zugriffsstufe, zugriffsrecht, rechtegruppe, benutzerprofil, yetki seviyesi, access group, access profile, authority, role type, security profile, permission level, permission group, agent type, agent profile',
      'profile, profil, perfil, profilo, profile name, user type, account type, user profile, permission set, permissions, access level, user level, access rights, user group, usergroup, security group, privilege, berechtigung, berechtigungen, berechtigungsgruppe, droits, permisos, permissoes, permessi, uprawnienia, права, права доступа, права доступу, yetki, bevoegdheid, behorighet, rettigheder, 権限, 权限, 권한, صلاحيات, הרשאות, hak akses',
    ),
    weak: lines(
      'profile, profil, profile name, user type, type, group, groups, permission set, permissions, access level, level, user level, usergroup, user group, privilege, position, job title, title, function, funktion, fonction, cargo, licence, license, berechtigung, berechtigungsgruppe, perfil',
    ),
  },
  sip: {
    sure: lines(
      'sip, sip settings, sip setting, sip mode, sip type, sip einstellungen, parametres sip, ajustes sip, impostazioni sip, настройки sip',
    ),
    weak: lines('phone type, device type, endpoint type, softphone, phone mode'),
  },
  extension: {
    sure: lines(
      'melleksz, melleksz tel, kl, tel abrege, dahilisi, dahili numarasi, telefonnr intern, telnr intern, 内線tel, 내선 tel, numero d annuaire, numero annuaire, број локала, broj lokala, lokalni broj, interna st, interna stev, vidinis tel, num abrege, telephone ip, ip telephone, interne lijn, anexo telefonico, anexo telef, ext telefon, nomor ext, no ext, no ekstensi, may nhanh, rufnummern intern, internnr, internno, एक्सटेंशन नंबर, आंतरिक नंबर',
      'ekstensi, nomor ekstensi, sambungan, sisenumber, iekšējais numurs, vidinis numeris, extensio, เบอร์ภายใน, หมายเลขภายใน, एक्सटेंशन, داخلی, شماره داخلی, შიდა ნომერი, локал, интерен, sip ext, sip extension number, voip ext, acd extension, agent extension, pbx ext, internal ext, interne nr, interne durchwahl, nr wew, linia wewnetrzna, nr wewn, wewn, n poste, numero poste, no poste, linea interna, poste tel, poste tél, poste interne, ramal interno, ext telefonica, ext tel, int tel',
      'internal dial, internal dial number, internal dial no, xtn, xtension, extsn, exten, extn no, extn number, ext num, extension num, tel ext, telephone ext, phone extn, line extension, line ext, softphone extension, softphone ext, soft phone extension, desk extension, dialling extension, voice extension, primary extension, user extension, work extension, office extension, internal no, internal line, internal phone, internal telephone, local extension, ext internal, extension internal',
      'nst nr, nebenstellen nr, interne nst, interne nebenstelle, int nr, int durchwahl, tel intern, telefon intern, telefon durchwahl, tel durchwahl, durchwahl nr, dw nr, hausapparat, hausruf, apparat, apparatnummer, apparat nr, amtsdurchwahl, interne telefonnummer, interne telnr, rufnummer intern, telefonnummer intern',
      'n interne, num interne, numero de ligne interne, telephone interne, tel interne, numero court, numero abrege, n de poste telephonique, poste numero, extension telephonique, nro interno, nro de interno, num interno, n interno, n extension, num ext, nro ext, nro anexo, numero de anexo, numero de interno, telefono interno, tel interno, extension interna, extension de telefono, numero corto',
      'numero telefonico interno, numero breve, derivazione, ramal telefonico, n ramal, num ramal, ramal voip, extensao telefonica, extensao interna, n de extensao, num extensao, numero de extensao, telefone interno',
      'intern toestel, toestel nr, toestel nummer, intern toestelnummer, interne lijn, extensie, extensienummer, doorkies, doorkiesnr, doorkiesnummer intern, verkort nummer, intern telefoonnummer',
      'tel wew, telefon wewnetrzny, nr telefonu wewnetrznego, numer wewn, telefon wewn, linia wewn, wewnetrzna, skrocony numer',
      'вн, вн номер, внутр, внутренний, внутренний тел, внутр тел, внутр телефон, доб, доб номер, номер доб, тел внутр, тел доб, короткий номер, внутрішній, внутр номер, внутрішній телефон, внутрішній тел, вн тел, додатковий номер, дод номер, дод, вътрешен, вътрешен телефон, вътр номер, интерни број, интерен број, кратък номер',
      'dahili telefon, dahili hat, dahili tel, ic hat, ic hat no, dahili nr, telefon dahili, c linky, vnitrni linka, interni linka, vnitrni cislo, interni cislo, provolba, cislo klapky, c klapky, tel klapka, klapka tel, vnutorne cislo, vnutorna linka, telefonna linka, nr interior, numar interior, extensie telefon, extensia, tel interior, belso mellek, belso szam, belso telefonszam, belso tel, mellekallomas, mellek szam, mellekszam',
      'ankn, anknytningsnr, anknytning nr, internnummer, internt nummer, intern anknytning, kortnummer, lokalnr, intern telefon, intern tlf, linjenummer, sisainen numero, alanro, lyhytnumero, kucni broj, lokal broj, kratki broj, interna stevilka',
      'εσωτ, εσωτερικό τηλέφωνο, εσωτερικός αριθμός, αριθμός εσωτερικού, εσωτ τηλ, رقم تحويلة, رقم تحويله, تحويله, التحويله, رقم داخلي, الرقم الداخلي للهاتف, الهاتف الداخلي, هاتف داخلي, تحويلة الهاتف, داخلي, מספר שלוחה, מס שלוחה, שלוחה פנימית',
      'vidinis, vidinis nr, iekšējais, iekšējais nr, sisemine number, sisetelefon, interní, vnitřní, vnútorný, notranja, notranja številka, 内線no, 内線電話, 内線電話番号, 内线号, 内线号码, 内线电话, 分机电话, 座机分机, 短号, 分機號碼, 分機號, 내선전화, 내선번호 4자리, 내선 전화, máy lẻ, số máy nhánh',
      'ip phone, ipphone, extensions, voip extensions, virtual extension, extension, ext, extn, extension number, ext number, ext no, extension no, extension nr, virtual ext, phone extension, telephone extension, phone ext, internal extension, internal number, internal phone number, sip extension, extension id, dial extension, short number, voip extension',
      'nebenstelle, nebenst, nebenstellennummer, durchwahl, durchw, durchwahlnummer, interne nummer, interne rufnummer, nst, dw, klappe',
      'numero de poste, poste telephonique, poste interne, numero interne, numéro interne, n de poste, no de poste, ligne interne',
      'extension telefonica, extensión, numero de extension, num extension, interno, anexo, numero interno, número interno',
      'interno telefonico, numero interno, derivato, ramal, numero do ramal, extensao, extensão',
      'toestel, toestelnummer, intern nummer, doorkiesnummer, wewnetrzny, numer wewnetrzny, numer wewnętrzny, nr wewnętrzny, nr wew',
      'внутренний номер, добавочный, добавочный номер, внутр номер, внутренний телефон, вн номер, внутрішній номер, вътрешен номер',
      'linka, klapka, telefonni linka, telefonní linka, cislo linky, mellek, mellék, mellékszám, anknytning, anknytningsnummer, lokalnummer, lokal nr, alanumero, interior, dahili, dahili no, dahili numara, interna linija, lokal, interni broj, εσωτερικό, εσωτερική γραμμή',
      '内線, 内線番号, 分机, 分机号, 分机号码, 分機, 内线, 내선, 내선번호, 내선 번호, رقم التحويلة, التحويلة, تحويلة, الرقم الداخلي, שלוחה, số nội bộ, số máy lẻ',
    ),
    found: lines(
      'poste, ligne, linea, linha, lijn, linje, линия, лінія, dial number, line dn, voip number, softphone, kurzwahl, internal, intern, phone, phone number, telephone, telephone number, telefon, telefonnummer, rufnummer, tel, telefono, teléfono, telephone interne, téléphone, telefone, телефон, line, line number, directory number, dn, station, station id, station number, sip number, work phone, office phone, desk phone, business phone, dienstliche rufnummer, telefoonnummer, telefonní číslo, telefonnummer arbete, 電話番号, 电话, رقم الهاتف',
    ),
    paired: {
      number: lines(
        'auth id, mac, mac address, outbound caller id, vm pin, vm enabled, voicemail pin, phone template',
      ),
    },
    weak: lines(
      'number, phone, phone number, telephone, telephone number, telefon, telefonnummer, rufnummer, tel, telefono, teléfono, телефон, line, line number, directory number, dn, dnis, station, station id, did, sip number, sip id, poste, username number, internal, intern, durchw, numer, nummer, номер, work phone, office phone, desk phone',
    ),
  },
  firstName: {
    sure: firstNames,
    weak: lines('name, full name, display name, preferred name'),
    paired: {
      ...Object.fromEntries(fullOrFirst.map((name) => [name, lastNames])),
      nom: lines('cognom, cognoms'),
      given: lines('family, last, surname'),
    },
  },
  lastName: {
    sure: lastNames,
    paired: {
      name: lines('vorname, vornamen, prénom, first name, given name, firstname, имя'),
      nom: lines('prénom, prenom, prénoms'),
      family: lines('given, first, forename'),
      naam: lines('voornaam'),
      nume: ['prenume'],
      apelido: ['nome'],
      namn: ['förnamn'],
      sn: lines('given name, uid, mail'),
    },
  },
  desks: {
    sure: lines('desk, desks, desk id, desk ids, desk name, desk names'),
    found: lines(
      'work station, workstation, workplace, work place, seat, arbeitsplatz, platz, poste de travail, puesto de trabajo, puesto, postazione, posto di lavoro, posto de trabalho, stanowisko, werkplek, arbetsplats, arbejdsplads, pracoviste, munkahely, рабочее место, робоче місце, calisma yeri, مكتب, المكتب, 席, デスク',
    ),
    weak: lines(
      'team, teams, team name, department, abteilung, division, unit, business unit, service, equipo, reparto, отдел, location, site, standort, office',
    ),
  },
  skillGroups: {
    sure: lines(
      'skill group, skill groups, skill group id, skill group ids, skill group name, skill groups ids, skillgroup, skillgroups, skill group names, skill-gruppe, skillgruppe, skillgruppen, groupe de compétences, grupo de habilidades, группа навыков',
    ),
    found: lines(
      'skill, skills, skill set, skillset, acd skills, agent skills, split skill, competence, competences, competencies, kompetenz, kompetenzen, compétences, competencias, competenze, kompetencje, навыки, навички, vaardigheden, dovednosti, yetenekler, スキル, المهارات',
    ),
    weak: lines(
      'skill, skills, skill set, skillset, group, groups, hunt group, ring group, campaign, campaigns, competence, competences, kompetenz, compétences, навыки',
    ),
  },
  queues: {
    sure: lines(
      'queue, queues, queue id, queue ids, queue name, queue names, call queue, call queues, acd queue, acd queues, warteschlange, warteschlangen, file d attente, files d attente, cola, colas, cola de llamadas, coda, code di attesa, fila, filas, fila de atendimento, wachtrij, wachtrijen, kolejka, kolejki, очередь, очереди, черга, kuyruk, 队列, キュー, 대기열',
    ),
    weak: lines('queue membership, groups, service queues'),
  },
  timezone: {
    sure: lines(
      'timezone, time zone, tz, time zone id, timezone id, user timezone, zeitzone, fuseau horaire, zona horaria, huso horario, fuso orario, fuso horario, fuso horário, tijdzone, strefa czasowa, часовой пояс, часовий пояс, casove pasmo, časové pásmo, idozona, időzóna, tidszon, tidszone, tidssone, saat dilimi, zaman dilimi, aikavyöhyke, タイムゾーン, 时区, 時區, 시간대, المنطقة الزمنية, אזור זמן',
    ),
  },
  language: {
    sure: lines(
      'user language, language, lang, locale, preferred language, preferredlanguage, ui language, language code, language id, default language, sprache, anzeigesprache, benutzersprache, langue, langue preferee, idioma, idioma preferido, lingua, taal, voorkeurstaal, jezyk, język, язык, мова, jazyk, nyelv, sprak, språk, sprog, kieli, dil, limba, jezik, γλώσσα, 言語, 语言, 語言, 언어, اللغة, שפה',
    ),
    weak: lines('languages, spoken languages'),
  },
  active: {
    sure: lines(
      'activate user, active, enabled, enable, is active, isactive, is enabled, account enabled, accountenabled, user active, user enabled, activated, aktiv, aktiviert, actif, active compte, activo, habilitado, attivo, abilitato, ativo, actief, ingeschakeld, aktywny, aktivni, aktivní, aktiv bruger, активен, активный, активний, aktif, etkin, aktív, aktiivinen, ενεργός, 有効, 启用, 활성, نشط, פעיל',
    ),
    weak: lines('status, state, account status, user status, statut, estado, stato'),
  },
  allDesks: { sure: lines('all desks, every desk, all current and future desks') },
  allSkillGroups: { sure: lines('all skill groups, every skill group, all current and future skill groups') },
  callerId: {
    sure: lines(
      'outbound caller id, caller id, callerid, outbound cid, outbound callerid, caller id number, outbound caller id number, cli, external caller id',
    ),
    weak: lines('did, ddi, direct number, external number, outbound number'),
  },
  autoDial: {
    sure: lines('auto dial, autodial, auto dialing, automatic dialing, predictive dialing, auto dial mode'),
  },
  assignLeads: { sure: lines('assign leads, assign leads to user, gets leads, lead assignment') },
  ppq: {
    sure: lines(
      'predictive personal queue, activate predictive personal queue, ppq, ppq active, activate ppq',
    ),
  },
  ppqRatio: { sure: lines('ppq default ratio, ppq ratio') },
  ppqSorting: { sure: lines('ppq sorting, ppq order') },
  pbxDomain: {
    sure: lines('pbx domain, pbx domain id, pbx domain name, pbx'),
    weak: lines('sip domain, domain, realm, sip server, sip host, registrar'),
  },
  pbxDevice: {
    sure: lines('pbx device, pbx extension, pbx device number, pbx device id, device number, device'),
    weak: lines('devices, device id, auth id, authid, sip user'),
  },
  customUri: {
    sure: lines('custom uri, sip uri, sip address, custom sip uri, uri'),
    weak: lines('sip, im address, contact uri'),
  },
};

/** What roles are called in dialers, and what no job is called: a column of such words is one of roles, whatever its header says. */
export const plainRoleWords = lines(
  'agent, agt, supervisor, sup, spv, administrator, admin, adm, agente, agentin, supervisorin, administratorin',
  'superviseur, superviseuse, administrateur, administratrice, supervisora, administrador, administradora, supervisore, amministratore',
  'administratör, administrátor, adminisztrátor, агент, супервизор, администратор, супервайзер, адміністратор',
  'agent, agentin, agente, agenta, agentka, agentti, ajan, ügynök, agen, agentas, агент, агентка, πράκτορας, エージェント, 坐席, 座席, 상담원, 상담사, وكيل, נציג, נציגה, एजेंट, điện thoại viên, tổng đài viên',
  'supervisor, supervisorin, supervisora, supervisore, superviseur, superviseuse, superwizor, supervizor, supervízor, supervisori, szupervizor, süpervizör, supervizors, prižiūrėtojas, супервизор, супервайзер, супервайзор, επόπτης, επόπτρια, スーパーバイザー, スーパーバイザ, 主管, 督導, 슈퍼바이저, مشرف, مشرفة, אחמ"ש, सुपरवाइज़र, giám sát, penyelia',
  'administrator, administratorin, administrador, administradora, amministratore, administrateur, administratör, administrátor, adminisztrátor, администратор, адміністратор, 管理者, 管理员, 管理員, 관리자',
);

/** How people are called by the roles that they have, in any system: what a column of such words holds are roles. */
export const roleWords = lines(
  ...plainRoleWords,
  'operatoriu, operátorka, оператер, τηλεφωνητής, téléconseiller, téléconseillère, operaattori, 專員, 客服專員, 组长, 班长, 話務員, 话务员, trưởng ca, टीम लीडर',
  'agent, senior agent, lead agent, support agent, call center agent, administrator, admin, system admin, superadmin, super admin, account admin, supervisor, manager, user, standard user, basic user, end user, operator, team leader, team lead, team admin, team member, employee, employé, empleado, empleada, dipendente, pracownik, сотрудник, learner, location manager, coordinator, analyst, reporter, representative, customer service representative, service representative, csr, sales representative, sales manager, trainer, auditor, quality manager, agente, administrateur, superviseur, gestionnaire, utilisateur, conseiller, conseillere, teleconseiller, operateur, responsable, chef d equipe',
  'administratorin, supervisorin, benutzer, bediener, teamleiter, teamleiterin, teamleitung, agentin, mitarbeiter, leitung, administrador, supervisora, usuario, operador, operadora, teleoperador, teleoperadora, coordinador, coordinadora, gestor, gestora, jefe de equipo, amministratore, supervisore, utente, operatore, operatrice, responsabile, capo team, atendente, coordenador, coordenadora, utilizador, lider de equipe',
  'beheerder, gebruiker, medewerker, teamleider, administrateurs, konsultant, konsultantka, kierownik, uzytkownik, agenci, lider zespolu, operatör, administratör, handläggare, medarbetare, chef, gruppledare, teamledare, saksbehandler, medarbejder, leder, esimies, asiakaspalvelija, temsilci, musteri temsilcisi, müşteri temsilcisi, yonetici, yönetici, kullanıcı, takım lideri, agent de call center, администратор, супервизор, оператор, агент, менеджер, пользователь, руководитель, старший оператор, адміністратор, керівник, користувач, operátor, administrátor, vedoucí, uživatel, ügyintéző, adminisztrátor, felhasználó, オペレーター, オペレータ, 管理者, 一般, 一般ユーザー, スーパーバイザー, リーダー, 管理员, 坐席, 客服, 主管, 班长, 普通用户, 관리자, 상담원, 사용자, 슈퍼바이저, مدير, مشرف, وكيل, مستخدم, מנהל, נציג, משתמש',
);
