// Why a file was refused: one sentence for the person who chose it.

export interface FileProblem {
  /** Stable, for scripts and tests. */
  code: string;
  /** English sentence and key of the translation; `{{name}}` stands for one of `values`. */
  text: string;
  values?: Record<string, string | number>;
}

export const emptyFile: FileProblem = { code: 'empty_file', text: 'The file is empty.' };

/** A success file that was uploaded by mistake, of an import that the person may see. */
export function passwordsOfImport(id: number): FileProblem {
  return {
    code: 'holds_passwords',
    text: 'This file holds temporary passwords from import #{{id}}. It was not kept. Choose the file of users that you want to create.',
    values: { id },
  };
}

export const passwordsInFile: FileProblem = {
  code: 'holds_passwords',
  text: 'This file holds temporary passwords that Rollcall gave out. It was not kept. Choose the file of users that you want to create.',
};

export function tooManyBytes(limit: number): FileProblem {
  return {
    code: 'too_many_bytes',
    text: 'The file is larger than {{limit}} MB. Split it into smaller files.',
    values: { limit: Math.round((limit / 1024 / 1024) * 10) / 10 },
  };
}

export function tooManyRows(count: number, limit: number): FileProblem {
  return {
    code: 'too_many_rows',
    text: 'The file has {{count}} users, but the limit is {{limit}}. Split it into smaller files.',
    values: { count, limit },
  };
}

export function farTooManyRows(limit: number): FileProblem {
  return {
    code: 'too_many_rows',
    text: 'The file has far more users than the limit of {{limit}}. Split it into smaller files.',
    values: { limit },
  };
}

export function tooManyColumns(row: number, limit: number): FileProblem {
  return {
    code: 'too_many_columns',
    text: 'Row {{row}} has more than {{limit}} columns. Remove the columns that are not needed.',
    values: { row, limit },
  };
}

export function recordTooLong(row: number, line: number, limit: number): FileProblem {
  return {
    code: 'record_too_long',
    text: 'Row {{row}} (line {{line}}) is longer than {{limit}} KB. Shorten it, or look there for a quotation mark that is not closed.',
    values: { row, line, limit: Math.round(limit / 1024) },
  };
}

export function cellTooLong(row: number, column: number, length: number, limit: number): FileProblem {
  return {
    code: 'cell_too_long',
    text: 'The cell in row {{row}}, column {{column}} has {{length}} characters, but the limit is {{limit}}. Shorten it, or look there for a quotation mark that is not closed.',
    values: { row, column, length, limit },
  };
}

export function unclosedQuote(line: number): FileProblem {
  return {
    code: 'unclosed_quote',
    text: 'The quotation mark that opens on line {{line}} is not closed. Close it or remove it, then upload the file again.',
    values: { line },
  };
}

export function noHeaderRow(row: number): FileProblem {
  return {
    code: 'no_header_row',
    text: 'Row {{row}} is empty or not in the file. Choose the row that holds the names of the columns.',
    values: { row },
  };
}
