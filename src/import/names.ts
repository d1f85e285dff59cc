// Names of a field, prepared once: each upload compares hundreds of them with every header.
import type { Column } from './file-column.js';
import { nameKeyOf, nameWords } from './header-words.js';

interface Name {
  words: string[];
  key: string;
}

export class Names {
  private readonly ranks = new Map<string, number>();
  private readonly byFirstWord = new Map<string, Name[]>();
  private readonly byLength = new Map<number, Name[]>();

  private constructor(texts: readonly string[]) {
    texts.forEach((text, index) => {
      const name = { words: nameWords(text), key: nameKeyOf(text) };
      if (name.key === '' || this.ranks.has(name.key)) return;
      this.ranks.set(name.key, index);
      if (name.words.every((word) => word.length > 2)) add(this.byFirstWord, name.words[0], name);
      if (name.key.length >= 5) add(this.byLength, name.key.length, name);
    });
  }

  /** @param texts a list that does not change any more; its names are reduced once */
  static of(texts: readonly string[]): Names {
    const known = prepared.get(texts) ?? new Names(texts);
    prepared.set(texts, known);
    return known;
  }

  /** The place of the first name that is one of the keys, or Infinity. */
  rank(keys: string[]): number {
    return Math.min(...keys.map((key) => this.ranks.get(key) ?? Infinity));
  }

  has(keys: string[]): boolean {
    return keys.some((key) => this.ranks.has(key));
  }

  /**
   * True when all words of a name stand in the header, or the header is a name but for a slip of the keyboard.
   * @param leastWords names of fewer words do not count
   */
  areNear({ words, keys, cut, identifying }: Column, leastWords = 1): boolean {
    const stands = (word: string) => words.includes(word) || cut.some((begin) => word.startsWith(begin));
    const first = words.flatMap((word) => this.byFirstWord.get(word) ?? []);
    const cutFirst = [...(cut.length > 0 ? this.byFirstWord : [])].flatMap(([word, names]) =>
      cut.some((begin) => word.startsWith(begin)) ? names : [],
    );
    const counts = (name: Name) =>
      name.words.length >= leastWords && identifying.every((word) => name.words.includes(word));
    if ([...first, ...cutFirst].some((name) => counts(name) && name.words.every(stands))) return true;
    return keys.some((key) =>
      [-1, 0, 1]
        .flatMap((more) => this.byLength.get(key.length + more) ?? [])
        .some((name) => counts(name) && isSlip(key, name.key)),
    );
  }
}

const prepared = new WeakMap<readonly string[], Names>();

function add<Key>(groups: Map<Key, Name[]>, key: Key, name: Name): void {
  const group = groups.get(key);
  if (group) group.push(name);
  else groups.set(key, [name]);
}

/** One letter in five may be another, missing or too many. */
function isSlip(own: string, name: string): boolean {
  return isWithin(own, name, Math.floor(name.length / 5));
}

/** True when so many letters changed, added or removed make one text of the other. */
function isWithin(a: string, b: string, edits: number): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [one, other] = [a.slice(same), b.slice(same)];
  if (one === '' || other === '') return one.length + other.length <= edits;
  return (
    edits > 0 &&
    (isWithin(one.slice(1), other.slice(1), edits - 1) ||
      isWithin(one.slice(1), other, edits - 1) ||
      isWithin(one, other.slice(1), edits - 1))
  );
}
