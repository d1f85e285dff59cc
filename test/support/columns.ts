import type { Page } from './page.js';

/** The texts of one column of a table, by the text of its heading; without the heading. */
export function columnOf(page: Page, heading: string, caption = 'Users'): string[] {
  const [head, ...rows] = page.table(caption);
  const place = head.indexOf(heading);
  if (place < 0) throw new Error(`No column ${heading} on ${page.summary}; there are: ${head.join(' · ')}`);
  return rows.map((row) => row[place]);
}
