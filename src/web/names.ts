// Names of roles, groups, domains: what a spreadsheet cell can hold, and how two of them compare (PRODUCT.md section 2).
import type { Problem } from './problem.js';

/** Form for comparing: compatibility characters and case folded, in code because the databases fold differently. */
export function nameKey(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Trimmed and composed, as every text is stored. */
export function tidy(text: string): string {
  return text.normalize('NFC').trim();
}

/** What is wrong with a name, or nothing: 1 to 100 characters, not all digits, none of `; | ,`, no control characters. */
export function nameProblem(name: string, field = 'name'): Problem | undefined {
  const problem = (code: 'missing' | 'too_long' | 'invalid', text: string): Problem => ({
    field,
    value: name,
    code,
    text,
  });
  if (name === '') return problem('missing', 'Enter a name.');
  if ([...name].length > 100) return problem('too_long', 'Use 100 characters at the most.');
  if (/\p{Cc}/u.test(name)) return problem('invalid', 'Use no line breaks or control characters.');
  if (/^\d+$/.test(name))
    return problem(
      'invalid',
      'Use at least one letter: a name of digits only would look like an ID in a file.',
    );
  if (/[;|,]/.test(name))
    return problem('invalid', 'Use none of ; | , in a name: they separate names in a file.');
  return undefined;
}

/**
 * The problem that somebody else has it already, naming them; none when nobody has it.
 * @param holder who has it
 * @param except ID of the record that is being changed
 */
export function takenBy(
  holder: { id: number; name: string } | null,
  value: string,
  field = 'name',
  except?: number,
): Problem[] {
  if (!holder || holder.id === except) return [];
  const text = '“{{name}}” (ID {{id}}) has it already: use another one.';
  return [{ field, value, code: 'taken', text, values: { name: holder.name, id: holder.id } }];
}
