// One answer of the server, read as a person reads it.
import { type HTMLElement, parse } from 'node-html-parser';
import { accessibleName, isHidden, oneLine, visibleText } from './accessible-name.js';

/** A file that is attached to a file input. */
export interface Attachment {
  name: string;
  type: string;
  bytes: Uint8Array | string;
}

export class Page {
  private parsed?: HTMLElement;
  /** What was typed, ticked, chosen (the `value` of options) or attached since the page came, by control. */
  readonly entered = new Map<HTMLElement, string | boolean | Attachment[]>();

  constructor(
    /** Where it came from, after redirects. */
    readonly address: URL,
    readonly status: number,
    readonly headers: Headers,
    readonly html: string,
  ) {}

  get root(): HTMLElement {
    this.parsed ??= parsePage(this.html);
    return this.parsed;
  }

  /** Path with query, e.g. `/users?page=2`. */
  get path(): string {
    return this.address.pathname + this.address.search;
  }

  /** Everything there is to read, one line per block. */
  get text(): string {
    return visibleText(this.root);
  }

  /** The main heading (h1). */
  get heading(): string {
    const heading = this.root.querySelector('h1');
    return heading ? oneLine(visibleText(heading)) : '';
  }

  /** The problems that the summary on top of a refused form lists, e.g. `Username: Use 3 to 64 letters …`. */
  get problems(): string[] {
    return this.visible('.summary li').map((item) => oneLine(visibleText(item)));
  }

  /** All messages across the page, banners first. */
  get notices(): string[] {
    const notices = this.visible('.notice').filter((notice) => !notice.classList.contains('summary'));
    return notices.map((notice) => oneLine(visibleText(notice))).filter(Boolean);
  }

  /** The message about what was just done; empty when there is none. */
  get flash(): string {
    return this.notices.at(-1) ?? '';
  }

  /** All rows of a table, the header first, each as the texts of its cells. Without a caption: the first table. */
  table(caption?: string): string[][] {
    const tables = this.visible('table');
    const table = caption === undefined ? tables[0] : named(tables, caption, 'table');
    if (!table) throw new Error(`There is no table on ${this.summary}`);
    return table
      .querySelectorAll('tr')
      .filter((row) => !isHidden(row))
      .map((row) => row.children.map((cell) => oneLine(visibleText(cell))));
  }

  /** The address a link leads to, as written in the page. The name is the exact accessible one. */
  link(name: string): string {
    return named(this.links, name, 'link', this).getAttribute('href')!;
  }

  /** True when there is a link of this exact name. */
  hasLink(name: string): boolean {
    return this.links.some((link) => accessibleName(link) === name);
  }

  /** True when there is a button of this exact name. */
  hasButton(name: string): boolean {
    return this.buttons.some((button) => accessibleName(button) === name);
  }

  /** The content of a field; the text of the chosen options (joined by `, `) of a select. */
  value(name: string): string {
    const field = this.field(name);
    if (field.tagName !== 'SELECT') return this.valueOf(field);
    return this.chosenOptions(field).map(optionText).join(', ');
  }

  /** True when the checkbox or radio button of this name is ticked. */
  isChecked(name: string): boolean {
    return this.checked(this.field(name));
  }

  /** The texts of all options of a select. */
  options(name: string): string[] {
    return this.field(name).querySelectorAll('option').map(optionText);
  }

  /** The one visible field (input, select, textarea) of this exact accessible name. */
  field(name: string): HTMLElement {
    return named(this.fields, name, 'field', this);
  }

  get links(): HTMLElement[] {
    return this.visible('a[href]');
  }

  get buttons(): HTMLElement[] {
    return [
      ...this.visible('button, summary'),
      ...this.visible('input').filter((input) => pressable.has(typeOf(input))),
    ];
  }

  get fields(): HTMLElement[] {
    return this.visible('input, select, textarea').filter(
      (field) => !pressable.has(typeOf(field)) && typeOf(field) !== 'hidden',
    );
  }

  /** Status, address and heading: what an error message needs to say where it happened. */
  get summary(): string {
    return `${this.path} (${this.status} "${this.heading}")`;
  }

  /** What the field would submit, before line breaks are normalised. Not for files and ticks. */
  valueOf(field: HTMLElement): string {
    const entered = this.entered.get(field);
    if (typeof entered === 'string') return entered;
    // A line break right after the tag is not part of a textarea's value (HTML, 13.2.6.4.7).
    return field.tagName === 'TEXTAREA'
      ? field.text.replace(/^\r?\n/, '')
      : (field.getAttribute('value') ?? '');
  }

  /** Whether a checkbox or radio button is ticked now. */
  checked(box: HTMLElement): boolean {
    const entered = this.entered.get(box);
    return typeof entered === 'boolean' ? entered : box.hasAttribute('checked');
  }

  /** The options of a select that are chosen now; a drop-down without a choice has its first usable one. */
  chosenOptions(select: HTMLElement): HTMLElement[] {
    const options = select.querySelectorAll('option');
    const chosen = options.filter((option) => {
      const entered = this.entered.get(option);
      return typeof entered === 'boolean' ? entered : option.hasAttribute('selected');
    });
    if (select.hasAttribute('multiple')) return chosen;
    const first = options.find((option) => !option.hasAttribute('disabled'));
    return (chosen.length > 0 ? chosen.slice(-1) : [first]).filter((option) => option !== undefined);
  }

  private visible(selector: string): HTMLElement[] {
    return this.root.querySelectorAll(selector).filter((element) => !isHidden(element));
  }
}

function parsePage(html: string): HTMLElement {
  const root = parse(html.replace(/^\s*<!doctype[^>]*>/i, ''), {
    blockTextElements: { script: true, style: true },
  });
  for (const template of root.querySelectorAll('template')) template.remove();
  return root;
}

/** The controls that share their exact name with another one of the page, e.g. `button "Delete" (2)`; empty is good. */
export function duplicateNames(page: Page): string[] {
  return [
    ...repeated('field', page.fields),
    ...repeated('link', page.links),
    ...repeated('button', page.buttons),
  ];
}

/** The one element with this accessible name; throws an error that lists what there is instead. */
export function named(elements: HTMLElement[], name: string, kind: string, page?: Page): HTMLElement {
  const found = elements.filter((element) => accessibleName(element) === name);
  if (found.length === 1) return found[0];
  const place = page ? ` on ${page.summary}` : '';
  if (found.length > 1) throw new Error(`There are ${found.length} ${kind}s named "${name}"${place}`);
  const names = elements.map((element) => accessibleName(element) || `(no name: ${startTag(element)})`);
  throw new Error(`There is no ${kind} named "${name}"${place}; there are: ${names.join(' · ') || 'none'}`);
}

/** The type of an input, `text` when none is given; empty for other elements. */
export function typeOf(element: HTMLElement): string {
  return element.tagName === 'INPUT' ? (element.getAttribute('type') ?? 'text').toLowerCase() : '';
}

export function optionText(option: HTMLElement): string {
  return oneLine(option.getAttribute('label') ?? option.text);
}

const pressable = new Set(['submit', 'reset', 'button', 'image']);

function repeated(kind: string, elements: HTMLElement[]): string[] {
  const counts = new Map<string, number>();
  for (const element of elements) {
    const name = accessibleName(element) || `(no name: ${startTag(element)})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([name, count]) => `${kind} "${name}" (${count})`);
}

function startTag(element: HTMLElement): string {
  return `<${element.rawTagName} ${element.rawAttrs}>`;
}
