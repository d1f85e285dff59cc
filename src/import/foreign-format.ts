// Files that are no text: told by their content, whatever their name says.
import type { FileProblem } from './file-problem.js';

const zip: FileProblem = {
  code: 'zip_file',
  text: 'This is an archive, not a table. Unpack it, and upload the .xlsx or CSV file that is in it.',
};
const macros: FileProblem = {
  code: 'macro_file',
  text: 'This workbook holds macros. Open it in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};
const openDocument: FileProblem = {
  code: 'ods_file',
  text: 'This is an OpenDocument file (.ods). Open it in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};
const numbers: FileProblem = {
  code: 'numbers_file',
  text: 'This is a Numbers document. Open it in Numbers and export it as .xlsx or CSV UTF-8.',
};
const document: FileProblem = {
  code: 'document_file',
  text: 'This is a text document or presentation. Put the users into a spreadsheet and save it as .xlsx or CSV UTF-8.',
};
const binaryWorkbook: FileProblem = {
  code: 'xlsb_file',
  text: 'This is a binary workbook (.xlsb). Open it in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};
const oldWorkbook: FileProblem = {
  code: 'xls_file',
  text: 'This is an old workbook (.xls). Open it in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};
const protectedWorkbook: FileProblem = {
  code: 'protected_file',
  text: 'This workbook is protected by a password. Save a copy of it without one.',
};
/** A workbook that is damaged, or no workbook at all inside. */
export const brokenWorkbook: FileProblem = {
  code: 'broken_workbook',
  text: 'This workbook is damaged. Open it in a spreadsheet program and save it anew.',
};
/** Unpacked it is many times as large as a file may be. */
export const workbookTooLarge: FileProblem = {
  code: 'workbook_too_large',
  text: 'This workbook is damaged, or far too large when it is unpacked. Copy the users into a new workbook, or save them as CSV UTF-8.',
};
export const hiddenSheets: FileProblem = {
  code: 'hidden_sheets',
  text: 'All sheets of this workbook are hidden. Unhide the one with the users and save it.',
};
export const noSuchSheet: FileProblem = {
  code: 'no_such_sheet',
  text: 'The workbook has no such sheet. Choose one that is there.',
};
const pdf: FileProblem = {
  code: 'pdf_file',
  text: 'This is a PDF document. Open the table it was made from in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};
const image: FileProblem = {
  code: 'image_file',
  text: 'This is an image. Put the users into a spreadsheet and save it as .xlsx or CSV UTF-8.',
};
const webPage: FileProblem = {
  code: 'html_file',
  text: 'This is a web page or XML document, whatever its name says. Open it in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};
const otherText: FileProblem = {
  code: 'no_table',
  text: 'This is no table but text of another kind, such as JSON, LDIF, vCard or RTF. Export the users as .xlsx or CSV UTF-8.',
};
const binary: FileProblem = {
  code: 'binary_file',
  text: 'This file does not hold text. Open the table in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
};

/** First bytes, written as Latin-1. */
const signatures: [string, FileProblem][] = [
  ['%PDF-', pdf],
  ['7z\xBC\xAF', zip],
  ['\x1F\x8B', zip],
  ['Rar!\x1A', zip],
  ['\x89PNG', image],
  ['\xFF\xD8\xFF', image],
  ['GIF8', image],
  ['RIFF', image],
  ['II*\0', image],
  ['MM\0*', image],
];

/** True for a zip archive, as workbooks are. */
export function isZip(bytes: Buffer): boolean {
  return ['PK\x03\x04', 'PK\x05\x06'].includes(bytes.toString('latin1', 0, 4));
}

/**
 * The refusal of a zip archive that is no workbook of ours.
 * @param names of its entries, in lower case
 * @param mimetype what its entry of this name says, as OpenDocument has it
 */
export function foreignZip(names: string[], mimetype: string): FileProblem | undefined {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (mimetype.includes('opendocument.spreadsheet')) return openDocument;
  if (mimetype.includes('opendocument') || has(/^(word|ppt)\//)) return document;
  if (has(/vbaproject\.bin$/) || has(/^xl\/macrosheets\//)) return macros;
  if (has(/^xl\/workbook\.bin$/)) return binaryWorkbook;
  if (has(/^index(\.zip$|\/.*\.iwa$)/)) return numbers;
  return has(/\[content_types\]\.xml$/) && has(/workbook\.xml$/) ? undefined : zip;
}

/** The kind of file that its first bytes give away, as the refusal of it. */
export function foreignFormat(bytes: Buffer): FileProblem | undefined {
  const start = bytes.toString('latin1', 0, 8);
  if (isZip(bytes)) return zip;
  if (start.startsWith('\xD0\xCF\x11\xE0'))
    return bytes.includes('EncryptedPackage', 0, 'utf16le') ? protectedWorkbook : oldWorkbook;
  return signatures.find(([signature]) => start.startsWith(signature))?.[1];
}

/**
 * The refusal of decoded text that is markup or nothing readable. A few control characters are let through:
 * they are a problem of their own row.
 */
export function foreignText(text: string): FileProblem | undefined {
  if (/^\s*<(?:!--|(?:!doctype|html|head|meta|title|style|body|div|table|svg|\?xml)[\s>])/i.test(text))
    return webPage;
  if (/^\s*(?:\[\s*\{|\{\s*"|\{\\rtf|BEGIN:VCARD|dn: |version: 1\s+dn: )/.test(text)) return otherText;
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
