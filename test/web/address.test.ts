import { isAddress } from '../../src/web/address.js';

test.each([
  'a@x.example',
  "o'neil+tag@mail.example.com",
  'jürgen@bücher.example',
  'a.b_c@sub.domain.example',
])('IN-4: %s is one address', (text) => expect(isAddress(text)).toBe(true));

test.each([
  'a@x.example\r\nBcc: evil@x.example',
  'a@x.example\nBcc: evil@x.example',
  'a@x.example,b@y.example',
  'a@x.example;b@y.example',
  'a@x.example b@y.example',
  'Ann <a@x.example>',
  '<a@x.example>',
  '"a b"@x.example',
  'a@x.example\0',
  'a@x.example ',
  'a@b@x.example@',
  'group:a@x.example;',
  'a(comment)@x.example',
  'a@[127.0.0.1]',
  'a@127.0.0.1',
  'a@localhost',
  '.a@x.example',
  'a..b@x.example',
  'a@-x.example',
  '@x.example',
  'a@',
  '',
  `${'a'.repeat(65)}@x.example`,
  `a@${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.${'v'.repeat(12)}.example`,
])('IN-4: %j is not one address', (text) => expect(isAddress(text)).toBe(false));
