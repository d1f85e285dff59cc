// The view engine: a page is a Handlebars file, put into a layout. Files whose name starts with _ are partials,
// called by their path: {{> shared/_text label="First Name" name="firstName"}}.
// A partial knows its parameters and nothing of the page around it; pass `this` where it wants the whole context.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { registerHelpers } from './helpers.js';

/** What express hands over: app.locals, res.locals and the page's own model, merged. */
interface Model {
  /** A file of views/layouts, `main` when missing; false for a fragment. */
  layout?: string | false;
}

const folder = fileURLToPath(new URL('../../views/', import.meta.url));

/** Makes `res.render` and `@Render` find views/<name>.hbs. While developing, views are read again for each answer. */
export function installViews(app: NestExpressApplication): void {
  const developing = process.env.NODE_ENV === 'development';
  let render = readViews();
  app.engine('hbs', (path: string, model: Model, done: (error: unknown, html?: string) => void) => {
    try {
      if (developing) render = readViews();
      done(null, render(path, model));
    } catch (error) {
      done(error);
    }
  });
  app.setBaseViewsDir(folder);
  app.setViewEngine('hbs');
  if (!developing) app.enable('view cache');
}

function readViews(): (path: string, model: Model) => string {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars);
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.hbs')) continue;
    const path = join(folder, file);
    // explicitPartialContext: else a page's `value` or `help` would fill a field that was given none.
    // preventIndent: else an indented partial would indent the lines of what was typed into a text area.
    // knownHelpersOnly: a name is either a helper or a value, decided now and not at each of thousands of look-ups.
    const options = {
      explicitPartialContext: true,
      preventIndent: true,
      knownHelpers: Object.fromEntries(Object.keys(handlebars.helpers).map((name) => [name, true])),
      knownHelpersOnly: true,
    };
    const template = handlebars.compile(readFileSync(path, 'utf8'), options);
    templates.set(path, template);
    if (basename(file).startsWith('_')) handlebars.registerPartial(file.slice(0, -'.hbs'.length), template);
  }
  return (path, model) => {
    const body = find(templates, path)(model);
    if (model.layout === false) return body;
    return find(templates, join(folder, 'layouts', `${model.layout ?? 'main'}.hbs`))({ ...model, body });
  };
}

function find(
  templates: Map<string, Handlebars.TemplateDelegate>,
  path: string,
): Handlebars.TemplateDelegate {
  const template = templates.get(path);
  if (!template) throw new Error(`There is no view ${path}`);
  return template;
}
