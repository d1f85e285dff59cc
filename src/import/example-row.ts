// The row that a template brings along to show how it is filled in: nobody wants that person.
import { userField } from '../users/user-fields.js';

/**
 * True for the example row of our own example file, or of a template of another system, however its columns are called.
 * @param cells of one row, trimmed or not
 */
export function isExampleRow(cells: string[]): boolean {
  const texts = cells.map((cell) => cell.trim());
  return ours.every((example) => texts.includes(example)) || texts.some(isExample);
}

/** All four: somebody of that name may really work there. */
const ours = ['username', 'email', 'firstName', 'lastName'].map((name) => userField(name).example!);

/** The domains of Microsoft's invented companies, and what begins with the word itself. */
function isExample(text: string): boolean {
  return (
    /@(contoso|fabrikam)\.(com|onmicrosoft\.com)$/i.test(text) ||
    /^(example|beispiel|exemple|ejemplo|esempio|exemplo|przykład|пример|приклад|örnek|مثال|例)\s?[:：]/iu.test(
      text,
    )
  );
}
