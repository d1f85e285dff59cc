// What a control is called and what a page says, as a person meets it: the part of the W3C's accessible name computation
// (accname-1.2) that server-rendered pages need. Styles are not read; `hidden` is.
import { type HTMLElement, type Node, NodeType } from 'node-html-parser';

const blocks = new Set(
  (
    'ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY BR BUTTON CAPTION DD DETAILS DIALOG DIV DL DT FIELDSET FIGCAPTION FIGURE ' +
    'FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR INPUT LABEL LEGEND LI MAIN NAV OL OPTION P PRE SECTION SELECT SUMMARY TABLE ' +
    'TBODY TD TEXTAREA TFOOT TH THEAD TR UL'
  ).split(' '),
);
/** Their own name does not take the place of what they hold. */
const regions = new Set(
  'ARTICLE ASIDE DIV DL FIELDSET FOOTER FORM HEADER MAIN NAV OL SECTION TABLE UL'.split(' '),
);
const unspoken = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TEMPLATE', 'SVG']);
const fields = new Set(['INPUT', 'SELECT', 'TEXTAREA']);

// A page never changes after it came, and tests ask for the same names again and again.
const names = new WeakMap<HTMLElement, string>();

/** The accessible name of a control, link, table or group; empty when it has none. */
export function accessibleName(element: HTMLElement): string {
  let name = names.get(element);
  if (name === undefined) {
    name = labelledBy(element) || oneLine(element.getAttribute('aria-label') ?? '') || nativeName(element);
    names.set(element, name);
  }
  return name;
}

/** The nearest element of this tag (in capitals) around another one, or that one itself; null when there is none. */
export function around(element: HTMLElement, tag: string): HTMLElement | null {
  let one: HTMLElement | null = element;
  while (one && one.tagName !== tag) one = one.parentNode;
  return one;
}

/** What can be read in an element, one line per block. `hidden` parts and closed dialogs are left out. */
export function visibleText(element: HTMLElement): string {
  const text = spoken(element, (child) => isHiddenItself(child));
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).join('\n');
}

/** True when the element or something around it is hidden from everybody. */
export function isHidden(element: HTMLElement): boolean {
  for (let one: HTMLElement | null = element; one; one = one.parentNode) if (isHiddenItself(one)) return true;
  return false;
}

/** The text in one line: runs of white space are one blank. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function labelledBy(element: HTMLElement): string {
  const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
  const named = ids.map((id) => rootOf(element).getElementById(id));
  // The element may name itself, to add its own aria-label to the text of another one.
  return oneLine(named.map((one) => one?.getAttribute('aria-label') ?? label(one)).join(' '));
}

function nativeName(element: HTMLElement): string {
  const tag = element.tagName;
  const title = oneLine(element.getAttribute('title') ?? '');
  if (tag === 'INPUT' && ['submit', 'reset', 'button'].includes(typeOf(element))) {
    return oneLine(element.getAttribute('value') ?? '') || title;
  }
  if (tag === 'INPUT' && typeOf(element) === 'image')
    return oneLine(element.getAttribute('alt') ?? '') || title;
  if (fields.has(tag)) return oneLine(labelsOf(element).map(label).join(' ')) || title;
  if (tag === 'FIELDSET') return label(childOf(element, 'LEGEND'));
  if (tag === 'TABLE') return label(childOf(element, 'CAPTION')) || title;
  if (tag === 'DIV' || tag === 'FORM') return title;
  return label(element) || title;
}

function labelsOf(field: HTMLElement): HTMLElement[] {
  const id = field.getAttribute('id');
  const outer = around(field, 'LABEL');
  return labelsIn(rootOf(field)).filter(
    (one) => one === outer || (id !== undefined && one.getAttribute('for') === id),
  );
}

const labels = new WeakMap<HTMLElement, HTMLElement[]>();

function labelsIn(root: HTMLElement): HTMLElement[] {
  if (!labels.has(root)) labels.set(root, root.querySelectorAll('label'));
  return labels.get(root)!;
}

// A label's own fields are values, not part of the name.
function label(element: HTMLElement | null | undefined): string {
  if (!element) return '';
  const skipped = (child: HTMLElement) =>
    isHiddenItself(child) || child.getAttribute('aria-hidden') === 'true' || fields.has(child.tagName);
  return oneLine(spoken(element, skipped));
}

function spoken(node: Node, skip: (element: HTMLElement) => boolean): string {
  return node.childNodes.map((child) => spokenChild(child, skip)).join('');
}

function spokenChild(child: Node, skip: (element: HTMLElement) => boolean): string {
  if (child.nodeType === NodeType.TEXT_NODE) return child.text.replace(/\s+/g, ' ');
  if (child.nodeType !== NodeType.ELEMENT_NODE) return '';
  const element = child as HTMLElement;
  if (unspoken.has(element.tagName) || skip(element)) return '';
  if (element.tagName === 'IMG') return element.getAttribute('alt') ?? '';
  const text = (!regions.has(element.tagName) && element.getAttribute('aria-label')) || spoken(element, skip);
  return blocks.has(element.tagName) ? `\n${text}\n` : text;
}

function isHiddenItself(element: HTMLElement): boolean {
  return element.hasAttribute('hidden') || (element.tagName === 'DIALOG' && !element.hasAttribute('open'));
}

function childOf(element: HTMLElement, tag: string): HTMLElement | undefined {
  return element.children.find((child) => child.tagName === tag);
}

function rootOf(element: HTMLElement): HTMLElement {
  let root = element;
  while (root.parentNode) root = root.parentNode;
  return root;
}

function typeOf(input: HTMLElement): string {
  return (input.getAttribute('type') ?? 'text').toLowerCase();
}
