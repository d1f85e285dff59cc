// The English texts that people read, collected from the views and from the code: the keys of locales/*.json.
import Handlebars from 'handlebars';
import ts from 'typescript';
import type { SourceFile } from './files.js';

/** An English text and the place that says it. */
export type Texts = Map<string, string>;

/** Properties whose text is shown as it stands, even when it is one word such as `Username`. */
const shownProperties = [
  'action',
  'advice',
  'backLabel',
  'heading',
  'help',
  'hint',
  'label',
  'message',
  'text',
  'title',
];
/** Properties whose text is never translated: it stands in files. */
const keptProperties = ['description', 'example', 'header'];
/** Calls and classes that speak to operators and developers, or to the database. */
const unheard =
  /^(\w*Error|NoSipServer|\w+\.(query|exec|info|warn|error|fatal|debug|raw|where|andWhere|orWhere|select|addSelect|orderBy|addOrderBy|log|set))$/;

/**
 * Texts in the code: what `t('…')` gets, the properties above, and every other literal that reads like a sentence or a
 * title (a capital, then more than one word or a full stop) and goes to people rather than to the log.
 */
export function textsInCode(files: SourceFile[]): Texts {
  const texts: Texts = new Map();
  for (const { path, text } of files) {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && isShown(node)) {
        texts.set(node.text, `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return texts;
}

/** Every string literal of the code, whether it is shown or not. */
export function literalsInCode(files: SourceFile[]): Set<string> {
  const literals = new Set<string>();
  for (const { path, text } of files) {
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node)) literals.add(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  }
  return literals;
}

/**
 * Texts in the views: `{{t "…"}}`, also inside `or` and `and`, and the literals given to a partial's parameters that
 * the partial translates (`{{> shared/_text label="First Name"}}`), through any number of partials.
 */
export function textsInViews(views: SourceFile[]): Texts {
  const parsed = views.map(({ path, text }) => ({ path, program: Handlebars.parse(text) }));
  const translated = translatedParameters(parsed);
  const texts: Texts = new Map();
  for (const { path, program } of parsed) {
    const add = ({ original, loc }: Literal) => texts.set(original, `${path}:${loc.start.line}`);
    visitView(program, {
      translation: (expression) => literals(expression).forEach(add),
      partial: (name, parameter, expression) => {
        if (translated.get(name)?.has(parameter)) literals(expression).forEach(add);
      },
    });
  }
  return texts;
}

type View = { path: string; program: hbs.AST.Program };
type Literal = { original: string; loc: hbs.AST.SourceLocation };

interface Meetings {
  translation: (expression: hbs.AST.Expression) => void;
  partial: (name: string, parameter: string, expression: hbs.AST.Expression) => void;
}

// By partial: the parameters that it translates itself, or hands to a partial that does.
function translatedParameters(views: View[]): Map<string, Set<string>> {
  const translated = new Map<string, Set<string>>();
  let grown = true;
  while (grown) {
    grown = false;
    for (const { path, program } of views) {
      const own = path.replace(/^.*?views\//, '').replace(/\.hbs$/, '');
      const known = translated.get(own) ?? new Set<string>();
      translated.set(own, known);
      const before = known.size;
      const add = (expression: hbs.AST.Expression) =>
        parameters(expression).forEach((name) => known.add(name));
      visitView(program, {
        translation: add,
        partial: (name, parameter, expression) => {
          if (translated.get(name)?.has(parameter)) add(expression);
        },
      });
      grown ||= known.size > before;
    }
  }
  return translated;
}

function visitView(program: hbs.AST.Program, meet: Meetings): void {
  const visitor = new Handlebars.Visitor();
  const call = ({ path, params }: hbs.AST.MustacheStatement | hbs.AST.SubExpression) => {
    if ('original' in path && path.original === 't' && params[0]) meet.translation(params[0]);
  };
  visitor.MustacheStatement = function (mustache) {
    call(mustache);
    Handlebars.Visitor.prototype.MustacheStatement.call(this, mustache);
  };
  visitor.SubExpression = function (expression) {
    call(expression);
    Handlebars.Visitor.prototype.SubExpression.call(this, expression);
  };
  visitor.PartialStatement = function (partial) {
    const name = 'original' in partial.name ? String(partial.name.original) : '';
    for (const { key, value } of partial.hash?.pairs ?? []) meet.partial(name, key, value);
    Handlebars.Visitor.prototype.PartialStatement.call(this, partial);
  };
  visitor.accept(program);
}

function literals(expression: hbs.AST.Expression): Literal[] {
  return leaves(expression).flatMap((leaf) =>
    leaf.type === 'StringLiteral'
      ? [{ original: (leaf as hbs.AST.StringLiteral).original, loc: leaf.loc }]
      : [],
  );
}

function parameters(expression: hbs.AST.Expression): string[] {
  return leaves(expression).flatMap((leaf) =>
    leaf.type === 'PathExpression' ? [(leaf as hbs.AST.PathExpression).original] : [],
  );
}

// What an expression may come to: of `(or a "b")` both.
function leaves(expression: hbs.AST.Expression): hbs.AST.Expression[] {
  if (expression.type !== 'SubExpression') return [expression];
  const { path, params } = expression as hbs.AST.SubExpression;
  const chooses = 'original' in path && ['or', 'and'].includes(path.original);
  return chooses ? params.flatMap(leaves) : [];
}

function isShown(literal: ts.StringLiteralLike): boolean {
  const { parent } = literal;
  if (ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent) || isName(literal)) return false;
  if (isUnheard(literal) || isSql(literal)) return false;
  if (ts.isCallExpression(parent) && calleeOf(parent) === 't' && parent.arguments[0] === literal) return true;
  const property = propertyOf(literal);
  if (property !== undefined && keptProperties.includes(property)) return false;
  if (property !== undefined && shownProperties.includes(property)) return /^\p{Lu}|\s/u.test(literal.text);
  return /^\p{Lu}\S*( .*\p{Ll}|.*[.!?]$)/u.test(literal.text) && /\p{Ll}/u.test(literal.text);
}

// Said to the database only.
function isSql({ text }: ts.StringLiteralLike): boolean {
  return /^(SELECT|INSERT|UPDATE|DELETE|ON CONFLICT) /.test(text);
}

// The name of a property, as in { 'users.view': … }, is not its text.
function isName(literal: ts.StringLiteralLike): boolean {
  return ts.isPropertyAssignment(literal.parent) && literal.parent.name === literal;
}

function isUnheard(literal: ts.Node): boolean {
  for (let node = literal.parent; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node)) return false;
    const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? calleeOf(node) : undefined;
    if (called !== undefined) return unheard.test(called);
  }
  return false;
}

function calleeOf(call: ts.CallExpression | ts.NewExpression): string {
  const { expression } = call;
  if (ts.isPropertyAccessExpression(expression)) return `x.${expression.name.text}`;
  return expression.getText();
}

// Through `a ? 'x' : 'y'` and `a ?? 'x'`.
function propertyOf(literal: ts.Node): string | undefined {
  let { parent } = literal;
  while (
    ts.isConditionalExpression(parent) ||
    ts.isBinaryExpression(parent) ||
    ts.isParenthesizedExpression(parent)
  ) {
    parent = parent.parent;
  }
  return ts.isPropertyAssignment(parent) ? parent.name.getText().replace(/['"]/g, '') : undefined;
}
