// Text of a file on a page: without control characters, which HTML cannot hold and a terminal would obey.

export function readable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]/gu, '');
}
