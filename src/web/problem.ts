// What is wrong with one value: said once, as data, and put into words where it is shown.
import type { Translate } from './texts.js';

export type ProblemCode =
  | 'missing'
  | 'invalid'
  | 'too_long'
  | 'unknown'
  | 'not_allowed'
  | 'taken'
  | 'none_free'
  | 'wrong_width'
  | 'bad_text'
  | 'duplicate_user'
  | 'duplicate_in_file'
  | 'skipped'
  | 'not_run';

export interface Problem {
  /** Form field's name. */
  field: string;
  /** What was given. */
  value: string;
  /** Stable, for scripts and filters. */
  code: ProblemCode;
  /** English sentence and key of the translation; `{{name}}` stands for one of `values`. */
  text: string;
  values?: Record<string, string | number>;
  /** A value that would be right, where one can be told. */
  suggestion?: string;
}

/** The sentence of a problem in the reader's language. */
export function sentence(problem: Problem, t: Translate): string {
  const { label, ...values } = problem.values ?? {};
  return t(problem.text, label === undefined ? values : { ...values, label: t(String(label)) });
}
