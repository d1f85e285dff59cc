// How a person says that the file is to be read: the form below "How the file was read".
import { delimiters, type Delimiter } from './csv-record.js';
import { encodings, type Encoding } from './decode-text.js';
import type { FileProblem, ReadOptions } from './read-file.js';
import { one, type Answers } from './answers.js';

/** The options for reading again, or what is wrong with them. */
export function readReading(body: Answers): Omit<ReadOptions, 'limits'> | { problem: FileProblem } {
  const delimiter = one(body.delimiter);
  // The button of a guess says the encoding too, and counts more than the select.
  const encoding = one(body.use) || one(body.encoding);
  const headerRow = one(body.headerRow);
  const sheet = one(body.sheet);
  if (!delimiters.includes(delimiter as Delimiter)) return refuse('Choose one of the delimiters.');
  if (!encodings.includes(encoding as Encoding)) return refuse('Choose one of the encodings.');
  if (!/^(0|[1-9]\d{0,5})$/.test(headerRow))
    return refuse('Give the number of the row that holds the names of the columns, or 0 when there is none.');
  return {
    delimiter: delimiter as Delimiter,
    encoding: encoding as Encoding,
    headerRow: Number(headerRow),
    repair: one(body.repair) !== '',
    untilOpenQuote: one(body.untilOpenQuote) !== '',
    ...(sheet === '' ? {} : { sheet }),
  };
}

function refuse(text: string): { problem: FileProblem } {
  return { problem: { code: 'invalid', text } };
}
