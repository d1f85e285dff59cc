// The visitor of the page tests must submit what a browser would: its rules, one by one.
import { type Submission, formOf } from './form.js';
import { Page, duplicateNames } from './page.js';

const answer = (body: string) =>
  new Page(new URL('http://rollcall.test/users?page=2'), 200, new Headers(), body);

function pressed(body: string, button = 'Go', fill = (form: ReturnType<typeof formOf>) => form): Submission {
  const page = answer(body);
  return fill(formOf(page, button, async () => page)).submission(button);
}

const form = (controls: string, attributes = 'method="post"') =>
  `<form ${attributes}>${controls}<button name="go" value="1">Go</button></form>`;

describe('a form sends', () => {
  test.each([
    ['its values in document order', '<input name="b" value="1"><input name="a" value="2">', 'b=1&a=2&go=1'],
    [
      'what was typed, with the line breaks of the web',
      '<textarea name="a">\nx\ny</textarea>',
      'a=x%0D%0Ay&go=1',
    ],
    [
      'ticked boxes only',
      '<input type="checkbox" name="a"><input type="checkbox" name="b" checked>',
      'b=on&go=1',
    ],
    [
      'the first option of a drop-down',
      '<select name="a"><option disabled>No</option><option value="7">X</option></select>',
      'a=7&go=1',
    ],
    [
      'no option of a list without a choice',
      '<select name="a" multiple><option value="7">X</option></select>',
      'go=1',
    ],
    ['nothing disabled', '<input name="a" disabled><fieldset disabled><input name="b"></fieldset>', 'go=1'],
    [
      'what a disabled group has in its legend',
      '<fieldset disabled><legend><input name="b" value="1"></legend></fieldset>',
      'b=1&go=1',
    ],
    ['nothing without a name', '<input value="1">', 'go=1'],
    ['no other button', '<button name="other" value="1">Other</button>', 'go=1'],
    ['hidden fields', '<input type="hidden" name="a" value="&quot;&amp;">', 'a=%22%26&go=1'],
  ])('%s', (_what, controls, body) => {
    expect(pressed(form(controls))).toMatchObject({ method: 'POST', body });
  });

  test('fields that name it from outside, and none that name another one', () => {
    const outside =
      form('<input name="b" form="other" value="2">', 'method="post" id="one"') +
      '<input name="a" form="one" value="1">';
    expect(pressed(outside).body).toBe('go=1&a=1');
  });

  test('to its own address when it names none, with its query', () => {
    expect(pressed(form('')).address.href).toBe('http://rollcall.test/users?page=2');
  });

  test('a search as a query in place of the old one', () => {
    const search = form('<input name="q" value="anna b">', 'action="/users?page=2"');
    expect(pressed(search)).toEqual({
      method: 'GET',
      address: new URL('http://rollcall.test/users?q=anna+b&go=1'),
    });
  });

  test('where and how the button says', () => {
    const body = '<form action="/a"><button formaction="/b?x=1" formmethod="post">Go</button></form>';
    expect(pressed(body)).toMatchObject({ method: 'POST', address: new URL('http://rollcall.test/b?x=1') });
  });

  test('files in parts, and an empty part for a file input without a file', () => {
    const files = '<label>File <input type="file" name="f"></label><input type="file" name="g">';
    const attached = pressed(form(files, 'method="post" enctype="multipart/form-data"'), 'Go', (filled) =>
      filled.attach('File', { name: 'a"ü.csv', type: 'text/csv', bytes: 'x,y' }),
    );
    const boundary = attached.contentType?.replace('multipart/form-data; boundary=', '');
    expect(String(attached.body).split(`--${boundary}`)).toEqual([
      '',
      '\r\nContent-Disposition: form-data; name="f"; filename="a%22ü.csv"\r\nContent-Type: text/csv\r\n\r\nx,y\r\n',
      '\r\nContent-Disposition: form-data; name="g"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n',
      '\r\nContent-Disposition: form-data; name="go"\r\n\r\n1\r\n',
      '--\r\n',
    ]);
  });
});

describe('a person fills in', () => {
  test('fields by label, aria-label and aria-labelledby', () => {
    const fields =
      '<label for="a">First <b>Name</b></label><input id="a" name="a">' +
      '<input name="b" aria-label="Last Name"><span id="c">Number,</span><input id="d" name="c" aria-labelledby="c d" aria-label="row 2">';
    const filled = pressed(form(fields), 'Go', (it) =>
      it.fill('First Name', '1').fill('Last Name', '2').fill('Number, row 2', '3'),
    );
    expect(filled.body).toBe('a=1&b=2&c=3&go=1');
  });

  test('drop-downs, lists, ticks and groups of radio buttons', () => {
    const fields =
      '<label>Role <select name="r"><option value="1" selected>Agent</option><option value="2">Chief</option></select></label>' +
      '<label>Desks <select name="d" multiple><option selected>A</option><option>B</option><option>C</option></select></label>' +
      '<label><input type="checkbox" name="on" checked> Active</label><label><input type="checkbox" name="x"> Extra</label>' +
      '<fieldset><legend>SIP Settings</legend><label><input type="radio" name="s" value="w" checked> WebRTC</label><label><input type="radio" name="s" value="p"> PBX</label></fieldset>';
    const filled = pressed(form(fields), 'Go', (it) =>
      it
        .choose('Role', 'Chief')
        .choose('Desks', 'B', 'C')
        .uncheck('Active')
        .check('Extra')
        .choose('SIP Settings', 'PBX'),
    );
    expect(filled.body).toBe('r=2&d=B&d=C&x=on&s=p&go=1');
  });
});

describe('a person is told', () => {
  const page = form(
    '<label>Role <select name="r"><option>Agent</option></select></label><label>Off <input name="o" disabled></label>' +
      '<label>Fixed <input name="x" readonly></label><label>Twin <input name="t"></label><label>Twin <input name="u"></label>' +
      '<div hidden><label>Secret <input name="s"></label></div><button type="button">Copy</button><button disabled>Stop</button>',
  );

  test.each<[string, (it: ReturnType<typeof formOf>) => unknown]>([
    [
      'There is no field named "Name" on /users?page=2 (200 ""); there are: Role · Off · Fixed · Twin · Twin',
      (it) => it.fill('Name', ''),
    ],
    ['There are 2 fields named "Twin"', (it) => it.fill('Twin', '')],
    ['There is no field named "Secret"', (it) => it.fill('Secret', '')],
    ['"Off" is disabled', (it) => it.fill('Off', '')],
    ['"Fixed" is read-only', (it) => it.fill('Fixed', '')],
    ['"Role" is not a text field', (it) => it.fill('Role', 'Agent')],
    [
      'There is no option of "Role" with the text "Chief"; there are: Agent',
      (it) => it.choose('Role', 'Chief'),
    ],
    ['"Fixed" cannot be ticked', (it) => it.check('Fixed')],
    ['submits no form: without JavaScript it does nothing', (it) => it.submission('Copy')],
    ['The button "Stop" is disabled', (it) => it.submission('Stop')],
    [
      'There is no button named "Save" on /users?page=2 (200 ""); there are: Copy · Stop · Go',
      (it) => it.submission('Save'),
    ],
  ])('%s', (message, act) => {
    const opened = answer(page);
    expect(() => act(formOf(opened, 'Go', async () => opened))).toThrow(message);
  });

  test('which controls of a page share a name', () => {
    const names =
      '<a href="/a">Edit</a><a href="/b">Edit</a><button>Edit</button><a>No link</a><a>No link</a>';
    expect(duplicateNames(answer(page + names))).toEqual(['field "Twin" (2)', 'link "Edit" (2)']);
  });
});
