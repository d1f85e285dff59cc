// The XML of workbooks, tag by tag. It has no document type, so there are no entities to expand but the five of XML itself.

export interface Tag {
  /** Without its prefix. */
  name: string;
  isEnd: boolean;
  /** `<row/>`: its end comes with it. */
  isEmpty: boolean;
  attribute(name: string): string | undefined;
}

/** The longest tag or text that is waited for. */
const mostWaiting = 1024 * 1024;

/** Takes XML in parts, and hands over each tag with the raw text in front of it. Returns false for what is no such XML. */
export class TagReader {
  private rest = '';

  constructor(private readonly meet: (tag: Tag, textBefore: string) => void) {}

  push(part: string): boolean {
    const all = this.rest + part;
    let at = 0;
    for (;;) {
      const start = all.indexOf('<', at);
      const end = start === -1 ? -1 : all.indexOf('>', start);
      if (end === -1) break;
      if (all.startsWith('<!DOCTYPE', start)) return false;
      if (all[start + 1] !== '?' && all[start + 1] !== '!')
        this.meet(new SourceTag(all.slice(start + 1, end)), all.slice(at, start));
      at = end + 1;
    }
    this.rest = all.slice(at);
    return this.rest.length <= mostWaiting;
  }
}

class SourceTag implements Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly isEmpty: boolean;

  constructor(private readonly source: string) {
    this.isEnd = source.startsWith('/');
    this.isEmpty = source.endsWith('/');
    this.name = /^\/?(?:[\w.-]+:)?([\w.-]*)/.exec(source)![1];
  }

  attribute(name: string): string | undefined {
    const found = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(this.source);
    return found ? plainText(found[1] ?? found[2]) : undefined;
  }
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with its references resolved, also the `_x000D_` that workbooks write for control characters. */
export function plainText(xml: string): string {
  const text = xml.includes('&')
    ? xml.replace(
        /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
        (all, hex?: string, decimal?: string, name?: string) => {
          if (name) return named[name.toLowerCase()];
          const code = hex ? parseInt(hex, 16) : Number(decimal);
          return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
        },
      )
    : xml;
  return text.includes('_x')
    ? text.replace(/_x([\da-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;
}
