// What no template may do: let a value out of its quotes, bring its own script or style past the content security
// policy, or speak English to somebody who reads another language.
import Handlebars from 'handlebars';
import type { SourceFile } from './files.js';

// Stand-ins for what Handlebars will put there.
const value = '\uE000';
const partial = '\uE001';

/** Letters that are the same in every language. */
const untranslated = /\bRollcall\b/g;
const spokenAttributes = new Set(['alt', 'aria-description', 'aria-label', 'label', 'placeholder', 'title']);
/** Their content is code, not language. */
const codeElements = new Set(['code', 'kbd', 'pre', 'samp', 'script', 'style']);

interface Markup {
  /** The template with stand-ins for values and partials; blocks are opened up, one branch after the other. */
  text: string;
  /** Line of the template for each character. */
  lines: number[];
}

/**
 * Every breach in the templates, as `path:line: what is wrong`. All templates together, since a partial that is
 * used inside a tag holds attributes and not text.
 */
export function lintTemplates(templates: SourceFile[]): string[] {
  const parsed = templates.map(({ path, text }) => ({ path, program: Handlebars.parse(text) }));
  const attributePartials = new Set(parsed.flatMap(({ program }) => partialsInTags(program)));
  return parsed.flatMap(({ path, program }) => {
    const note = (line: number, problem: string) => `${path}:${line}: ${problem}`;
    const holdsAttributes = attributePartials.has(partialName(path));
    return [
      ...rawValues(program, path).map((line) => note(line, 'a raw value, {{{ or {{&, outside the layouts')),
      ...lintMarkup(markupOf(program), holdsAttributes, note),
    ];
  });
}

function lintMarkup(
  markup: Markup,
  holdsAttributes: boolean,
  note: (line: number, problem: string) => string,
): string[] {
  const problems: string[] = [];
  const report = (offset: number, problem: string) => problems.push(note(markup.lines[offset] ?? 1, problem));
  if (holdsAttributes) {
    lintAttributes('', markup.text, 0, report);
    return problems;
  }
  const inside: string[] = [];
  let end = 0;
  for (const tag of markup.text.matchAll(tags)) {
    const [whole, slash, name = '', attributes = ''] = tag;
    lintText(markup.text.slice(end, tag.index), end, inside, report);
    end = tag.index + whole.length;
    if (whole.startsWith('<!')) continue;
    const element = name.toLowerCase();
    if (slash) inside.splice(inside.lastIndexOf(element), inside.includes(element) ? 1 : 0);
    else if (codeElements.has(element)) inside.push(element);
    if (element === 'style' && !slash)
      report(tag.index, 'a <style> element: rules belong into public/app.css');
    lintAttributes(element, attributes, tag.index + whole.indexOf(attributes, name.length), report);
  }
  lintText(markup.text.slice(end), end, inside, report);
  return problems;
}

const tags = /<!--.*?-->|<![^>]*>|<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gs;
const attributePattern = /([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?/g;

function lintText(
  text: string,
  offset: number,
  inside: string[],
  report: (offset: number, problem: string) => void,
): void {
  if (inside.includes('script') && text.trim() !== '')
    report(offset, 'an inline <script>: it belongs into public/app.js');
  if (inside.length > 0) return;
  const words = lettersIn(text);
  if (words) report(offset + text.indexOf(words), `plain text "${words}" that {{t}} does not translate`);
}

function lintAttributes(
  element: string,
  attributes: string,
  offset: number,
  report: (offset: number, problem: string) => void,
): void {
  for (const match of attributes.matchAll(attributePattern)) {
    const [, rawName = '', written = ''] = match;
    const name = rawName.toLowerCase();
    const say = (problem: string) => report(offset + match.index, problem);
    if (name === partial) continue;
    const content = written.replace(/^["']|["']$/g, '');
    if (name.includes(value)) say('a value that stands as an attribute of its own');
    if (written.includes(value) && !/^["']/.test(written)) say(`the value of ${name} is not quoted`);
    if (name === 'style') say('a style attribute: rules belong into public/app.css');
    if (/^on[a-z]+$/.test(name)) say(`${name}: handlers belong into public/app.js`);
    if (name.startsWith('hx-on')) say(`${name} needs eval, which the content security policy refuses`);
    if (name === 'hx-trigger' && content.includes('[')) say('a filter in hx-trigger needs eval');
    if (/(^|[\s{:,"'])(js|javascript):/i.test(content)) say(`${name} holds a script (js:)`);
    const spoken =
      spokenAttributes.has(name) || (element === 'input' && name === 'value' && isButton(attributes));
    const words = spoken ? lettersIn(content) : undefined;
    if (words) say(`${name} holds plain text "${words}" that {{t}} does not translate`);
  }
}

function isButton(attributes: string): boolean {
  return /\btype=["']?(submit|button|reset)/i.test(attributes);
}

function lettersIn(text: string): string | undefined {
  const plain = text.replace(/&#?\w+;/g, ' ').replace(untranslated, ' ');
  return /\p{L}{2}[^\uE000\uE001\n]*/u.exec(plain)?.[0].trim();
}

function partialsInTags(program: hbs.AST.Program): string[] {
  const names: string[] = [];
  const markup = markupOf(program, names);
  let seen = 0;
  const inTags: string[] = [];
  let end = 0;
  const count = (text: string) => text.split(partial).length - 1;
  for (const tag of markup.text.matchAll(tags)) {
    seen += count(markup.text.slice(end, tag.index));
    const here = count(tag[0]);
    inTags.push(...names.slice(seen, seen + here));
    seen += here;
    end = tag.index + tag[0].length;
  }
  return inTags;
}

function partialName(path: string): string {
  return path.replace(/^.*?views\//, '').replace(/\.hbs$/, '');
}

function rawValues(program: hbs.AST.Program, path: string): number[] {
  if (/(^|\/)views\/layouts\//.test(path)) return [];
  const lines: number[] = [];
  const visitor = new Handlebars.Visitor();
  visitor.MustacheStatement = (mustache) => {
    if (!mustache.escaped) lines.push(mustache.loc.start.line);
  };
  visitor.accept(program);
  return lines;
}

function markupOf(program: hbs.AST.Program, partialNames: string[] = []): Markup {
  const markup: Markup = { text: '', lines: [] };
  const add = (text: string, startLine: number) => {
    let line = startLine;
    for (const character of text) {
      markup.text += character;
      for (let unit = 0; unit < character.length; unit++) markup.lines.push(line);
      if (character === '\n') line++;
    }
  };
  const walk = (statements: hbs.AST.Statement[]) => statements.forEach(addStatement);
  const addStatement = (statement: hbs.AST.Statement) => {
    const { line } = statement.loc.start;
    if (isA<hbs.AST.ContentStatement>(statement, 'ContentStatement')) add(writtenText(statement), line);
    if (isA<hbs.AST.MustacheStatement>(statement, 'MustacheStatement')) add(value, line);
    if (isA<hbs.AST.PartialStatement>(statement, 'PartialStatement')) {
      partialNames.push('original' in statement.name ? String(statement.name.original) : '');
      add(partial, line);
    }
    if (isA<hbs.AST.BlockStatement>(statement, 'BlockStatement')) {
      walk(statement.program?.body ?? []);
      walk(statement.inverse?.body ?? []);
    }
  };
  walk(program.body);
  return markup;
}

// As it stands in the file, before Handlebars takes blank lines around blocks away; its type declaration is mistaken.
function writtenText({ original }: { original: unknown }): string {
  return typeof original === 'string' ? original : '';
}

function isA<T extends hbs.AST.Node>(node: hbs.AST.Node, type: T['type']): node is T {
  return node.type === type;
}
