// Workbooks as spreadsheet programs write them, and as nobody should, made by hand part by part.
import { zipped } from './zip.js';

export interface SheetParts {
  name: string;
  /** XML of its rows. */
  rows: string;
  state?: 'hidden' | 'veryHidden';
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** The parts of a workbook by their paths; more of them, or others, can be put in. */
export function workbookParts(
  sheets: SheetParts[],
  {
    strings = [],
    styles = '',
    workbookPr = '',
  }: { strings?: string[]; styles?: string; workbookPr?: string } = {},
): Record<string, string> {
  const relations = sheets.map(
    (_sheet, index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}">${workbookPr}<sheets>${sheets
      .map(
        ({ name, state }, index) =>
          `<sheet name="${name}" sheetId="${index + 1}" ${state ? `state="${state}"` : ''} r:id="rId${index + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}">${relations.join('')}<Relationship Id="rS" Type="${office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rT" Type="${office}/styles" Target="/xl/styles.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}">${styles}</styleSheet>`,
    ...Object.fromEntries(
      sheets.map(({ rows }, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
  };
}

/** Bytes of a workbook. */
export function workbookOf(...told: Parameters<typeof workbookParts>): Buffer {
  return zipped(workbookParts(...told));
}

/** XML of rows of text, from row 1 on. */
export function textRows(rows: string[][]): string {
  const cells = (row: string[]) => row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
  return rows.map((row, index) => `<row r="${index + 1}">${cells(row)}</row>`).join('');
}
