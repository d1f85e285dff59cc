import fc from 'fast-check';
import { csvLine, csvText, protect, unprotect } from '../../src/web/csv.js';

describe('a line', () => {
  test('is separated by commas and ends with CRLF', () => {
    expect(csvLine(['anna', 7, ''])).toBe('anna,7,\r\n');
  });

  test('quotes what would be read wrongly, and nothing else', () => {
    expect(csvLine(['Smith, Anna', 'says "hi"', 'two\nlines', 'return\r', 'plain text; really'])).toBe(
      '"Smith, Anna","says ""hi""","two\nlines","return\r",plain text; really\r\n',
    );
  });

  test('can use another delimiter', () => {
    expect(csvLine(['1;5', 'a,b', 'a\tb'], ';')).toBe('"1;5";a,b;a\tb\r\n');
    expect(csvLine(['1;5', 'a\tb'], '\t')).toBe('1;5\t"a\tb"\r\n');
  });

  test('CS-8: carries no formula', () => {
    expect(csvLine(['=1+1', '+4420', '-', '@SUM', "'=x", "it's"])).toBe(
      `"'=1+1","'+4420","'-","'@SUM","''=x",it's\r\n`,
    );
    expect(csvLine([-5])).toBe(`"'-5"\r\n`);
  });
});

test('a text begins with the byte order mark', () => {
  expect(
    csvText([
      ['Username', 'Email'],
      ['anna', 1],
    ]),
  ).toBe('\uFEFFUsername,Email\r\nanna,1\r\n');
  expect(csvText([])).toBe('\uFEFF');
});

describe('protection', () => {
  test.each(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])(
    'covers a leading %j',
    (start) => {
      expect(protect(`${start}1`)).toBe(`'${start}1`);
      expect(unprotect(`'${start}1`)).toBe(`${start}1`);
    },
  );

  test.each(['', 'anna', "O'Neill", "'", "'quoted'", 'a=1', ' =1'])('leaves %j alone, both ways', (cell) => {
    expect(protect(cell)).toBe(cell);
    expect(unprotect(cell)).toBe(cell);
  });

  test('CS-8: takes off one apostrophe only', () => {
    expect(unprotect("''=1")).toBe("'=1");
  });

  test('CS-8: gives every cell back exactly, and leaves none that a spreadsheet would run', () => {
    const cell = fc.string({
      unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\n', '\0', '＝', 'a', ' '),
    });
    fc.assert(
      fc.property(fc.oneof(cell, fc.string({ unit: 'binary' })), (text) => {
        expect(unprotect(protect(text))).toBe(text);
        expect(protect(text)).not.toMatch(/^[=+\-@\t\r\n\0＝＋－＠]/);
      }),
    );
  });
});
