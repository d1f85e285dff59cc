// How a form is answered: done (303 with a message), refused (422 with what was typed), saved (a record: either of them, or 409).
import type { Request, Response } from 'express';
import type { Difference, Outcome } from './outcome.js';
import { sentence, type Problem } from './problem.js';
import { languages, translator, type Translate } from './texts.js';

/** 303 to a page of ours, with a message that the page shows once. */
export function done(
  request: Request,
  response: Response,
  path: string,
  text: string,
  values?: Record<string, unknown>,
): void {
  flash(request, 'success', text, values);
  response.redirect(303, path);
}

/** Keeps a message for the next page. */
export function flash(
  request: Request,
  kind: 'success' | 'info' | 'warning' | 'danger',
  text: string,
  values?: Record<string, unknown>,
): void {
  request.session.flash = [...(request.session.flash ?? []), { kind, text, values }];
}

/** 422 with the same form: the typed values stay, problems stand on top and beside their fields. */
export function refused(
  response: Response,
  view: string,
  model: object,
  problems: Problem[],
  labels: Labels = {},
): void {
  response.status(422).render(view, { ...model, ...told(problems, readerOf(response), labels) });
}

/**
 * Answers the form of a record that has a name: back to its list once it is saved, 422 with the problems, or 409 with both
 * versions when somebody else was quicker.
 * @param form the view with its model, and the address of the list
 * @param conflict the fields of both versions
 */
export function saved<Made extends { name: string; version: number }>(
  request: Request,
  response: Response,
  outcome: Outcome<Made>,
  { view, page, list }: { view: string; page: object; list: string },
  conflict: (newer: Made) => Difference[],
): void {
  if (Array.isArray(outcome)) return refused(response, view, page, outcome);
  if ('made' in outcome) {
    const { name } = outcome.made;
    return done(request, response, list, '“{{name}}” was saved.', { name });
  }
  const { newer } = outcome;
  response.status(409).render(view, { ...page, version: newer.version, conflict: conflict(newer) });
}

/** English labels of a form's fields, by name. */
export type Labels = Readonly<Record<string, string>>;

/**
 * A view without a layout, as the reader of this answer would get it now. It is one flat string: what Handlebars gives
 * is a tree of thousands of pieces, which every answer with it would have to walk again.
 */
export function rendered(response: Response, view: string, model: object): Promise<string> {
  const { app, locals } = response;
  return new Promise((resolve, reject) => {
    app.render(view, { ...locals, ...model, layout: false }, (error: Error | null, html: string) =>
      error ? reject(error) : resolve(Buffer.from(html).toString()),
    );
  });
}

/**
 * What a form's view needs to show problems: `problems` for the summary, `problem.<field>` beside each field.
 * @param labels of the fields, for problems that do not bring theirs
 */
export function told(problems: Problem[], t: Translate, labels: Labels = {}) {
  const messages = problems.map((problem) => ({
    field: problem.field,
    message: sentence(problem, t),
    label: labelOf(problem, labels),
  }));
  const byField: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { field, message } of messages)
    byField[field] = byField[field] ? `${byField[field]} ${message}` : message;
  return { problems: messages, problem: byField };
}

// A message that does not say itself which field it speaks of.
function labelOf({ field, text, values }: Problem, labels: Labels): string | undefined {
  return text.includes('{{label}}') ? undefined : ((values?.label as string | undefined) ?? labels[field]);
}

/** The language of whoever asks, where nobody has looked who that is: as their session remembers it, or as their browser says. */
export function askedLanguage(request: Request): string | undefined {
  return (
    request.session?.language ?? (request.acceptsLanguages(languages.map(({ code }) => code)) || undefined)
  );
}

/** The translator of the person who reads this answer. */
export function readerOf(response: Response): Translate {
  return translator(response.locals.language as string | undefined);
}
