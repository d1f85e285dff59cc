// Files that are no text: told by their content, whatever their name says.
import type { FileProblem } from './file-problem.js';

const zip: FileProblem = {
  code: 'zip_file',
  text: 'This is a workbook or a zip archive, not a CSV file. Open it in a spreadsheet program and save it as CSV UTF-8.',
};
const oldWorkbook: FileProblem = {
  code: 'xls_file',
  text: 'This is an old (.xls) or password-protected workbook. Open it in a spreadsheet program and save it as CSV UTF-8.',
};
const pdf: FileProblem = {
  code: 'pdf_file',
  text: 'This is a PDF document. Open the table it was made from in a spreadsheet program and save it as CSV UTF-8.',
};
const image: FileProblem = {
  code: 'image_file',
  text: 'This is an image. Put the users into a spreadsheet and save it as CSV UTF-8.',
};
const webPage: FileProblem = {
  code: 'html_file',
  text: 'This is a web page or XML document, whatever its name says. Open it in a spreadsheet program and save it as CSV UTF-8.',
};
const binary: FileProblem = {
  code: 'binary_file',
  text: 'This file does not hold text. Open the table in a spreadsheet program and save it as CSV UTF-8.',
};

/** First bytes, written as Latin-1. */
const signatures: [string, FileProblem][] = [
  ['PK\x03\x04', zip],
  ['PK\x05\x06', zip],
  ['\xD0\xCF\x11\xE0', oldWorkbook],
  ['%PDF-', pdf],
  ['\x89PNG', image],
  ['\xFF\xD8\xFF', image],
  ['GIF8', image],
];

/** The kind of file that its first bytes give away, as the refusal of it. */
export function foreignFormat(bytes: Buffer): FileProblem | undefined {
  const start = bytes.toString('latin1', 0, 8);
  return signatures.find(([signature]) => start.startsWith(signature))?.[1];
}

/**
 * The refusal of decoded text that is markup or nothing readable. A few control characters are let through:
 * they are a problem of their own row.
 */
export function foreignText(text: string): FileProblem | undefined {
  if (/^\s*<(?:!doctype|html|head|body|table|\?xml)[\s>]/i.test(text)) return webPage;
  const controls = countControls(text);
  return controls > 8 && controls > text.length / 50 ? binary : undefined;
}

function countControls(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && !(code >= 0x09 && code <= 0x0d)) count++;
  }
  return count;
}
