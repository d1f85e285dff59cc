// An .xlsx file (ECMA-376): the text of one sheet's cells. Macros, protected and other files are refused by what they hold.
import type { FileProblem } from './file-problem.js';
import { foreignZip, brokenWorkbook, hiddenSheets, noSuchSheet, workbookTooLarge } from './foreign-format.js';
import type { FileRow } from './read-file.js';
import { SheetReader, type SheetWorld } from './xlsx-sheet.js';
import { openZip, type ZipEntries } from './xlsx-entries.js';
import { cellFormat, type CellFormat } from './xlsx-values.js';
import { TagReader, plainText, type Tag } from './xlsx-xml.js';

export interface WorkbookOptions {
  /** Name of the sheet; else the first visible one with rows. */
  sheet?: string;
  mostColumns: number;
  /** What a sheet may come to when it is unpacked. */
  mostBytes: number;
  /** What the texts that cells share may come to: they are kept. */
  mostStrings: number;
  /** Takes the rows as they come; false when no more are wanted. */
  take: (rows: FileRow[]) => Promise<boolean>;
}

export interface WorkbookHow {
  /** Visible ones. */
  sheets: string[];
  sheet: string;
  /** Rows with values that the spreadsheet does not show. */
  hiddenRows: number[];
}

interface Sheet {
  name: string;
  path: string;
  isVisible: boolean;
}

/** Reads a sheet of a workbook. Never throws, whatever the bytes are. @param descriptor of an open file, which stays open */
export async function readWorkbook(
  descriptor: number,
  options: WorkbookOptions,
): Promise<WorkbookHow | { problem: FileProblem }> {
  const zip = await openZip(descriptor);
  if (!zip) return { problem: brokenWorkbook };
  const foreign = foreignZip(zip.names(), (await zip.text('mimetype', 1000)) ?? '');
  if (foreign) return { problem: foreign };
  const workbook = await workbookOf(zip, options);
  if ('problem' in workbook) return workbook;
  const { sheets, world } = workbook;
  const visible = sheets.filter(({ isVisible }) => isVisible);
  const wanted = options.sheet === undefined ? visible : visible.filter(({ name }) => name === options.sheet);
  if (wanted.length === 0)
    return { problem: sheets.length > 0 && visible.length === 0 ? hiddenSheets : noSuchSheet };
  for (const sheet of wanted) {
    const reader = new SheetReader(world);
    const read = await readSheet(zip, sheet, reader, options);
    if (read === 'broken') return { problem: zip.has(sheet.path) ? workbookTooLarge : brokenWorkbook };
    const isLast = sheet === wanted[wanted.length - 1];
    if (read === 'filled' || isLast)
      return { sheets: visible.map(({ name }) => name), sheet: sheet.name, hiddenRows: reader.hidden };
  }
  return { problem: brokenWorkbook };
}

async function readSheet(
  zip: ZipEntries,
  sheet: Sheet,
  reader: SheetReader,
  { mostBytes, take }: WorkbookOptions,
): Promise<'filled' | 'empty' | 'broken'> {
  let filled = false;
  let isSheet = true;
  const complete = await zip.read(sheet.path, mostBytes, async (part) => {
    const rows = reader.push(part);
    isSheet = rows !== undefined;
    filled ||= Boolean(rows?.length);
    return rows !== undefined && (await take(rows)) && !reader.isOver;
  });
  if (!complete || !isSheet) return 'broken';
  return filled ? 'filled' : 'empty';
}

async function workbookOf(
  zip: ZipEntries,
  { mostStrings, mostColumns }: WorkbookOptions,
): Promise<{ sheets: Sheet[]; world: SheetWorld } | { problem: FileProblem }> {
  const path = (await workbookPath(zip)) ?? 'xl/workbook.xml';
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const xml = await zip.text(path, smallText);
  const targets = await relations(zip, `${folder}_rels/${path.slice(folder.length)}.rels`, folder);
  if (xml === null) return { problem: brokenWorkbook };
  const sheets: Sheet[] = [];
  let from1904 = false;
  const isXml = eachTag(xml, (tag) => {
    if (tag.name === 'workbookPr') from1904 = /^(1|true)$/.test(tag.attribute('date1904') ?? '');
    if (tag.name !== 'sheet' || tag.isEnd) return;
    const target = targets.get(tag.attribute('id') ?? '');
    if (!target) return;
    sheets.push({
      name: tag.attribute('name') ?? '',
      path: target.path,
      isVisible: !tag.attribute('state')?.match(/hidden/i),
    });
  });
  const stringsPath = [...targets.values()].find(({ type }) => type.endsWith('/sharedStrings'))?.path;
  const stylesPath = [...targets.values()].find(({ type }) => type.endsWith('/styles'))?.path;
  const strings = stringsPath ? await sharedStrings(zip, stringsPath, mostStrings) : [];
  if (!isXml) return { problem: brokenWorkbook };
  if (!strings) return { problem: workbookTooLarge };
  const formats = stylesPath ? formatsOf((await zip.text(stylesPath, smallText * 4)) ?? '') : [];
  return { sheets, world: { strings, formats, from1904, mostColumns } };
}

/** For the parts of a workbook that describe it. */
const smallText = 2 * 1024 * 1024;

interface Target {
  path: string;
  type: string;
}

async function workbookPath(zip: ZipEntries): Promise<string | undefined> {
  const targets = await relations(zip, '_rels/.rels', '');
  return [...targets.values()].find(({ type }) => type.endsWith('/officeDocument'))?.path;
}

async function relations(zip: ZipEntries, path: string, folder: string): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  eachTag((await zip.text(path, smallText)) ?? '', (tag) => {
    const [id, type, target] = ['Id', 'Type', 'Target'].map((name) => tag.attribute(name));
    if (id && type && target)
      targets.set(id, { type, path: target.startsWith('/') ? target.slice(1) : folder + target });
  });
  return targets;
}

/** Null when there is too much of it. */
async function sharedStrings(zip: ZipEntries, path: string, mostBytes: number): Promise<string[] | null> {
  const strings: string[] = [];
  let text = '';
  let isPhonetic = false;
  const tags = new TagReader((tag, before) => {
    if (tag.name === 'rPh') isPhonetic = !tag.isEnd;
    if (tag.name === 't' && tag.isEnd && !isPhonetic) text += before;
    if (tag.name !== 'si' || !(tag.isEnd || tag.isEmpty)) return;
    strings.push(plainText(text));
    text = '';
  });
  let isXml = true;
  const complete = await zip.read(path, mostBytes, (part) => (isXml = tags.push(part)));
  return complete && isXml ? strings : null;
}

function formatsOf(xml: string): CellFormat[] {
  const codes = new Map<number, string>();
  const formats: CellFormat[] = [];
  let inCells = false;
  eachTag(xml, (tag) => {
    if (tag.name === 'numFmt')
      codes.set(Number(tag.attribute('numFmtId')), tag.attribute('formatCode') ?? '');
    if (tag.name === 'cellXfs') inCells = !tag.isEnd;
    if (!inCells || tag.name !== 'xf' || tag.isEnd) return;
    const id = Number(tag.attribute('numFmtId') ?? 0);
    formats.push(cellFormat(id, codes.get(id)));
  });
  return formats;
}

function eachTag(xml: string, meet: (tag: Tag) => void): boolean {
  return new TagReader(meet).push(xml);
}
