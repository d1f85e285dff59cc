// Uploads that came without a name: they are stored under an English one and shown in the reader's language.
import type { Translate } from './texts.js';

export const pastedRows = 'Pasted rows';
export const unnamedFile = 'Unnamed file';

/** The name of an uploaded file as people read it. */
export function shownFileName(name: string, t: Translate): string {
  if (name === pastedRows) return t('Pasted rows');
  return name === unnamedFile ? t('Unnamed file') : name;
}
