import { ownPath } from '../../src/web/go-to.js';

test.each([
  '//evil.example',
  '/\\evil.example',
  'https:evil.example',
  'https://evil.example',
  '/%0d%0aSet-Cookie: a=b\r\n',
  'javascript:alert(1)',
  '',
  undefined,
  ['/users'],
])('IN-8: %j leads to the own page instead', (next) => {
  expect(ownPath(next, '/')).toBe('/');
});

test('IN-8: an own page with its filters is found again', () => {
  expect(ownPath('/users?q=anna&role=3&after=12', '/')).toBe('/users?q=anna&role=3&after=12');
});
