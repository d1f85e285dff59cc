// A form as a browser without JavaScript fills in and submits it (HTML, 4.10.21 "Form submission").
import { randomBytes } from 'node:crypto';
import type { HTMLElement } from 'node-html-parser';
import { accessibleName, around } from './accessible-name.js';
import { type Attachment, type Page, named, optionText, typeOf } from './page.js';

/** What goes to the server when a form is submitted. */
export interface Submission {
  method: 'GET' | 'POST';
  address: URL;
  body?: Uint8Array<ArrayBuffer> | string;
  contentType?: string;
}

type Entry = [name: string, value: string | Attachment];

/** The form that holds the button of this exact name. */
export function formOf(
  page: Page,
  buttonName: string,
  send: (submission: Submission) => Promise<Page>,
): Form {
  const button = named(page.buttons, buttonName, 'button', page);
  return new Form(page, ownerOf(page, button, buttonName), send);
}

export class Form {
  constructor(
    private readonly page: Page,
    private readonly element: HTMLElement,
    private readonly send: (submission: Submission) => Promise<Page>,
  ) {}

  /** Types into a field. */
  fill(name: string, text: string): this {
    const field = this.field(name);
    if (field.tagName === 'SELECT' || unfillable.has(typeOf(field)))
      throw new Error(`"${name}" is not a text field`);
    if (field.hasAttribute('readonly')) throw new Error(`"${name}" is read-only`);
    this.page.entered.set(field, text);
    return this;
  }

  /**
   * Chooses the options with these texts in a select: exactly these in a multiple one, none when none is given.
   * Also ticks a radio button by the name of its group (legend) and its own label.
   */
  choose(name: string, ...texts: string[]): this {
    const select = this.fields.find((field) => field.tagName === 'SELECT' && accessibleName(field) === name);
    if (select) this.chooseOptions(select, name, texts);
    else this.tick(this.radio(name, texts), true);
    return this;
  }

  /** Ticks a checkbox or a radio button. */
  check(name: string): this {
    return this.tick(this.field(name), true);
  }

  uncheck(name: string): this {
    return this.tick(this.field(name), false);
  }

  /** Attaches files to a file input. */
  attach(name: string, ...files: Attachment[]): this {
    const input = this.field(name);
    if (typeOf(input) !== 'file') throw new Error(`"${name}" is not a file input`);
    if (files.length > 1 && !input.hasAttribute('multiple')) throw new Error(`"${name}" takes one file`);
    this.page.entered.set(input, files);
    return this;
  }

  /** Presses a button of this form and follows the answer. */
  async press(buttonName: string): Promise<Page> {
    return this.send(this.submission(buttonName));
  }

  /** What pressing the button would send. */
  submission(buttonName: string): Submission {
    const button = named(this.page.buttons, buttonName, 'button', this.page);
    if (ownerOf(this.page, button, buttonName) !== this.element) {
      throw new Error(`The button "${buttonName}" belongs to another form`);
    }
    if (isDisabled(button)) throw new Error(`The button "${buttonName}" is disabled`);
    const written = (own: string, common: string) =>
      button.getAttribute(own) ?? this.element.getAttribute(common);
    const address = new URL(written('formaction', 'action') || this.page.address.href, this.page.address);
    const entries = this.entries(button);
    if (written('formmethod', 'method')?.toUpperCase() !== 'POST') return asQuery(address, entries);
    const multipart = written('formenctype', 'enctype') === 'multipart/form-data';
    return { method: 'POST', address, ...(multipart ? asMultipart(entries) : asUrlEncoded(entries)) };
  }

  // The successful controls in document order, with what they hold now.
  private entries(button: HTMLElement): Entry[] {
    return controls(this.page)
      .filter((control) => formAround(this.page, control) === this.element && !isDisabled(control))
      .flatMap((control) => this.entriesOf(control, button));
  }

  private entriesOf(control: HTMLElement, button: HTMLElement): Entry[] {
    const name = control.getAttribute('name');
    const type = typeOf(control);
    if (!name || around(control, 'DATALIST')) return [];
    if (control.tagName === 'BUTTON' || presses.has(type)) {
      return control === button ? [[name, control.getAttribute('value') ?? '']] : [];
    }
    if (type === 'checkbox' || type === 'radio') {
      return this.page.checked(control) ? [[name, control.getAttribute('value') ?? 'on']] : [];
    }
    if (type === 'file') return this.filesOf(control).map((file) => [name, file]);
    if (control.tagName !== 'SELECT') return [[name, this.page.valueOf(control)]];
    const chosen = this.page.chosenOptions(control).filter((option) => !isDisabled(option));
    return chosen.map((option) => [name, option.getAttribute('value') ?? optionText(option)]);
  }

  private filesOf(input: HTMLElement): Attachment[] {
    const files = (this.page.entered.get(input) as Attachment[] | undefined) ?? [];
    return files.length > 0 ? files : [{ name: '', type: 'application/octet-stream', bytes: '' }];
  }

  private chooseOptions(select: HTMLElement, name: string, texts: string[]): void {
    this.refuseDisabled(select, name);
    if (texts.length !== 1 && !select.hasAttribute('multiple'))
      throw new Error(`"${name}" takes exactly one option`);
    const options = select.querySelectorAll('option');
    const wanted = texts.map((text) => onlyOne(options, text, `option of "${name}"`));
    for (const option of options) this.page.entered.set(option, wanted.includes(option));
  }

  private radio(group: string, texts: string[]): HTMLElement {
    const groups = this.element.querySelectorAll('fieldset, [role="radiogroup"], [role="group"]');
    const found = groups.filter((one) => accessibleName(one) === group);
    if (found.length === 0) return named(this.selects, group, 'select or group of radio buttons', this.page);
    if (texts.length !== 1) throw new Error(`"${group}" takes exactly one choice`);
    const radios = this.fields.filter(
      (field) => typeOf(field) === 'radio' && found.some((one) => contains(one, field)),
    );
    return named(radios, texts[0], `radio button in "${group}"`);
  }

  private tick(box: HTMLElement, on: boolean): this {
    const type = typeOf(box);
    const name = accessibleName(box);
    if (type !== 'checkbox' && type !== 'radio') throw new Error(`"${name}" cannot be ticked`);
    if (type === 'radio' && !on) throw new Error(`"${name}" is a radio button: choose another one instead`);
    this.refuseDisabled(box, name);
    if (type === 'radio') for (const other of this.radiosBeside(box)) this.page.entered.set(other, false);
    this.page.entered.set(box, on);
    return this;
  }

  private radiosBeside(radio: HTMLElement): HTMLElement[] {
    const name = radio.getAttribute('name');
    return controls(this.page).filter(
      (one) =>
        typeOf(one) === 'radio' &&
        one.getAttribute('name') === name &&
        formAround(this.page, one) === this.element,
    );
  }

  private field(name: string): HTMLElement {
    const field = named(this.fields, name, 'field', this.page);
    this.refuseDisabled(field, name);
    return field;
  }

  private refuseDisabled(control: HTMLElement, name: string): void {
    if (isDisabled(control)) throw new Error(`"${name}" is disabled`);
  }

  private get selects(): HTMLElement[] {
    return this.fields.filter((field) => field.tagName === 'SELECT');
  }

  private get fields(): HTMLElement[] {
    return this.page.fields.filter((field) => formAround(this.page, field) === this.element);
  }
}

const presses = new Set(['submit', 'reset', 'button', 'image']);
const unfillable = new Set(['checkbox', 'radio', 'file']);

function controls(page: Page): HTMLElement[] {
  return page.root.querySelectorAll('input, select, textarea, button');
}

function ownerOf(page: Page, button: HTMLElement, name: string): HTMLElement {
  const form = formAround(page, button);
  const submits = button.tagName === 'BUTTON' ? button.getAttribute('type') : typeOf(button);
  if (!form || ['button', 'reset'].includes(submits ?? 'submit')) {
    throw new Error(
      `The button "${name}" on ${page.summary} submits no form: without JavaScript it does nothing`,
    );
  }
  return form;
}

function formAround(page: Page, control: HTMLElement): HTMLElement | null {
  const id = control.getAttribute('form');
  return id === undefined ? around(control, 'FORM') : page.root.getElementById(id);
}

function isDisabled(control: HTMLElement): boolean {
  if (control.hasAttribute('disabled')) return true;
  for (let one: HTMLElement | null = control.parentNode; one; one = one.parentNode) {
    if (one.tagName === 'OPTGROUP' && one.hasAttribute('disabled')) return true;
    if (one.tagName !== 'FIELDSET' || !one.hasAttribute('disabled')) continue;
    const legend = one.children.find((child) => child.tagName === 'LEGEND');
    if (!legend || !contains(legend, control)) return true;
  }
  return false;
}

function contains(outer: HTMLElement, inner: HTMLElement): boolean {
  for (let one: HTMLElement | null = inner; one; one = one.parentNode) if (one === outer) return true;
  return false;
}

function onlyOne(options: HTMLElement[], text: string, kind: string): HTMLElement {
  const found = options.filter((option) => optionText(option) === text);
  if (found.length === 1 && !isDisabled(found[0])) return found[0];
  const problem = found.length > 1 ? 'more than one' : found.length === 1 ? 'only a disabled' : 'no';
  throw new Error(
    `There is ${problem} ${kind} with the text "${text}"; there are: ${options.map(optionText).join(' · ')}`,
  );
}

function asQuery(address: URL, entries: Entry[]): Submission {
  const withQuery = new URL(address);
  withQuery.search = new URLSearchParams(texts(entries)).toString();
  return { method: 'GET', address: withQuery };
}

function asUrlEncoded(entries: Entry[]): Pick<Submission, 'body' | 'contentType'> {
  return {
    body: new URLSearchParams(texts(entries)).toString(),
    contentType: 'application/x-www-form-urlencoded',
  };
}

// By hand, since FormData leaves out the empty file name that a browser sends for a file input without a file.
function asMultipart(entries: Entry[]): Pick<Submission, 'body' | 'contentType'> {
  const boundary = `----visitor${randomBytes(12).toString('hex')}`;
  const parts = entries.flatMap(([name, value]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`),
    ...(typeof value === 'string'
      ? [Buffer.from(`\r\n\r\n${lineBreaks(value)}\r\n`)]
      : [
          Buffer.from(`; filename="${quoted(value.name)}"\r\nContent-Type: ${value.type}\r\n\r\n`),
          Buffer.from(value.bytes),
          Buffer.from('\r\n'),
        ]),
  ]);
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

function texts(entries: Entry[]): [string, string][] {
  return entries.map(([name, value]) => [name, lineBreaks(typeof value === 'string' ? value : value.name)]);
}

function lineBreaks(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function quoted(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
