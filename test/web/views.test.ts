import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import Handlebars from 'handlebars';
import { parse } from 'node-html-parser';
import { asset, installAssets } from '../../src/web/assets.js';
import { registerHelpers } from '../../src/web/helpers.js';
import { installViews } from '../../src/web/views.js';

type Values = Record<string, unknown>;

// Renders what the test asks for: the view by its name, with a model and with what the guard knows of the reader.
@Controller()
class AnyView {
  static wanted: { view: string; model: Values; reader: Values };

  @Get('show')
  show(@Req() _request: Request, @Res() response: Response): void {
    Object.assign(response.locals, AnyView.wanted.reader);
    response.render(AnyView.wanted.view, AnyView.wanted.model);
  }
}

@Module({ controllers: [AnyView] })
class ViewsModule {}

let app: NestExpressApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(ViewsModule, { logger: false });
  installAssets(app);
  installViews(app);
  await app.listen(0, '127.0.0.1');
});

afterAll(() => app.close());

const anna = {
  path: '/desks',
  signedIn: { id: 1, username: 'anna', name: 'Anna', permissions: ['users.view', 'groups.manage'] },
};

test('a page stands in the frame with its title, its heading and the name of who is signed in', async () => {
  const page = parse(
    await show('shared/error', { title: 'Oops', heading: 'Page not found', status: 404 }, anna),
  );
  expect(page.querySelector('title')?.text).toBe('Oops · Rollcall');
  expect(page.querySelectorAll('h1').map((heading) => heading.text)).toEqual(['Page not found']);
  expect(page.querySelector('a[href="/account"]')?.text).toBe('Anna');
  expect(page.querySelector('form[action="/sign-out"]')?.getAttribute('method')).toBe('post');
});

test('the menu shows what the person may use, and where they are', async () => {
  const page = parse(await show('shared/error', { title: 'Oops' }, anna));
  const links = page.querySelectorAll('#menu a');
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['/users', '/queues']);
  expect(links.map((link) => link.getAttribute('aria-current'))).toEqual(['page', undefined]);
});

test('somebody without permissions has no menu', async () => {
  const agent = { ...anna, signedIn: { ...anna.signedIn, permissions: [] } };
  const page = parse(await show('shared/error', { title: 'Oops' }, agent));
  expect(page.querySelector('#menu')).toBeNull();
  expect(page.querySelector('[popovertarget=menu]')).toBeNull();
});

test('a page for people who are not signed in has no menu and no account', async () => {
  const page = parse(await show('shared/error', { title: 'Oops', layout: 'bare' }, {}));
  expect(page.querySelectorAll('nav, a[href="/account"]')).toEqual([]);
  expect(page.querySelector('.bare main h1')?.text).toBe('Oops');
});

test('a fragment comes without a frame', async () => {
  const fragment = await show('shared/_badge', { layout: false, kind: 'success', text: 'Active' }, anna);
  expect(fragment.trim()).toBe('<span class="state state-success">Active</span>');
});

test('a page and a fragment appear in the language of their reader', async () => {
  const page = parse(
    await show('shared/error', { title: 'Users', status: 404 }, { ...anna, language: 'ar' }),
  );
  expect(page.querySelector('html')?.getAttribute('lang')).toBe('ar');
  expect(page.querySelector('html')?.getAttribute('dir')).toBe('rtl');
  expect(page.querySelector('h1')?.text).toBe('المستخدمون');
  expect(page.querySelector(`link[href="${asset('tabler.rtl.css')}"]`)).not.toBeNull();
  const fragment = await show('shared/_badge', { layout: false, text: 'Users' }, { language: 'de' });
  expect(fragment).toContain('Benutzer');
});

test('IN-1: messages are shown once, and what they say of a person is text', async () => {
  const flash = [
    { kind: 'success', text: '{{name}} was created.', values: { name: '<script>alert(1)</script>' } },
  ];
  const page = parse(await show('shared/error', { title: 'Oops' }, { ...anna, flash }));
  expect(page.querySelectorAll('main script')).toEqual([]);
  expect(page.querySelectorAll('[role=status].notice').map((notice) => notice.text.trim())).toEqual([
    '<script>alert(1)</script> was created.',
  ]);
});

test('a problem is tied to its field, and the summary leads there', async () => {
  const message = 'Username is taken: choose another one';
  const field = parse(
    await show('shared/_text', {
      layout: false,
      label: 'Username',
      name: 'username',
      required: true,
      hint: 'Short',
      problem: message,
    }),
  );
  const input = field.querySelector('input');
  expect(input?.getAttribute('aria-invalid')).toBe('true');
  expect(input?.getAttribute('aria-required')).toBe('true');
  const described = input?.getAttribute('aria-describedby')?.split(' ') ?? [];
  expect(described.map((id) => field.getElementById(id)?.text.trim())).toEqual(['Short', message]);

  const problems = [{ field: 'username', message }];
  const summary = parse(await show('shared/_summary', { layout: false, problems }));
  expect(summary.querySelector('[role=alert] h2')?.text).toBe('There is a problem');
  expect(summary.querySelector('a')?.getAttribute('href')).toBe(`#${input?.id}`);
});

test('SC-6: a password is never sent back to its form', async () => {
  const field = await show('shared/_password', {
    layout: false,
    label: 'Password',
    name: 'password',
    value: 'secret',
  });
  expect(field).not.toContain('secret');
});

test('what was typed into several lines comes back with its line breaks and blanks', async () => {
  const value = '\n  anna\n\tbob  ';
  const field = await show('shared/_textarea', { layout: false, label: 'Rows', name: 'rows', value });
  // A browser drops the first line break after the tag: the template writes it.
  expect(/<textarea[^>]*>\n([^<]*)<\/textarea>/.exec(field)?.[1]).toBe(value);
});

test('options of one group stand together', async () => {
  const options = [
    { value: '1', label: 'a.example', group: 'Europe' },
    { value: '2', label: 'b.example', group: 'Europe', selected: true },
    { value: '3', label: 'c.example' },
  ];
  const field = parse(
    await show('shared/_select', { layout: false, label: 'PBX Domain', name: 'pbxDomain', options }),
  );
  expect(field.querySelectorAll('optgroup')).toHaveLength(1);
  expect(field.querySelectorAll('optgroup[label=Europe] option').map((option) => option.text)).toEqual([
    'a.example',
    'b.example',
  ]);
  expect(field.querySelectorAll('option[selected]').map((option) => option.getAttribute('value'))).toEqual([
    '2',
  ]);
});

test('a part shows what it is given, not what the page around it holds', async () => {
  const field = await show('shared/_upload', {
    layout: false,
    label: 'File',
    name: 'file',
    help: 'of the page',
  });
  expect(field).not.toContain('of the page');
});

test('a time is written in the language and timezone of its reader', () => {
  const berlin = { language: 'de', timezone: 'Europe/Berlin', at: Date.UTC(2026, 0, 31, 23, 30) };
  expect(template('{{time at}}', berlin)).toBe(
    '<time datetime="2026-01-31T23:30:00.000Z">01.02.2026, 00:30</time>',
  );
  expect(
    template('{{time at style="date"}}', { ...berlin, at: new Date(berlin.at).toISOString() }),
  ).toContain('>01.02.2026<');
  expect(template('{{time at}}', { ...berlin, at: null })).toBe('');
});

test('an upload without a name is called by its kind in the language of its reader, any other by its own name', () => {
  expect(template('{{file name}}', { language: 'de', name: 'Pasted rows' })).toBe('Eingefügte Zeilen');
  expect(template('{{file name}}', { language: 'de', name: 'Unnamed file' })).toBe('Datei ohne Namen');
  expect(template('{{file name}}', { language: 'de', name: 'Name' })).toBe('Name');
});

test('a narrow column may break an address before its marks, and nothing of it becomes markup', () => {
  expect(template('{{breakable text}}', { text: 'a.b@c<i>' })).toBe('a<wbr>.b<wbr>@c&lt;i&gt;');
});

test('a number is written in the language of its reader', () => {
  expect(template('{{number 12345}}', { language: 'de' })).toBe('12.345');
  expect(template('{{number 12345}}', {})).toBe('12,345');
});

test('a condition follows the words of the template', () => {
  const model = {
    yes: 'a',
    no: '',
    none: [],
    list: ['x'],
    signedIn: { permissions: ['users.view'] },
    path: '/users/7',
  };
  const truths =
    '(or no yes)|(and yes list)|(not none)|(eq yes "a")|(includes list "x")|(can "a" "users.view")|(at "/users")';
  const falsehoods =
    '(or no none)|(and yes none)|(not yes)|(eq yes "b")|(includes list "a")|(can "users.edit")|(at "/user")';
  for (const condition of truths.split('|'))
    expect([condition, template(`{{#if ${condition}}}yes{{/if}}`, model)]).toEqual([condition, 'yes']);
  for (const condition of falsehoods.split('|'))
    expect([condition, template(`{{#if ${condition}}}yes{{/if}}`, model)]).toEqual([condition, '']);
});

test('an icon comes from our sprite, and a misspelt one is noticed', async () => {
  expect(template('{{icon "users"}}', {})).toContain(`${asset('icons.svg')}#users`);
  expect(await (await get(asset('icons.svg'))).text()).toContain('<symbol id="users"');
  expect(() => template('{{icon "usres"}}', {})).toThrow('No icon "usres"');
});

test('an asset is kept for a year under an address of its content', async () => {
  const answer = await get(asset('app.css'));
  expect(asset('app.css')).toMatch(/^\/assets\/app\.[0-9a-f]{12}\.css$/);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(await answer.text()).toBe(readFileSync(join(__dirname, '../../public/app.css'), 'utf8'));
  const types = ['app.js', 'htmx.js', 'tom-select.js', 'mark.svg'].map(async (name) =>
    (await get(asset(name))).headers.get('content-type'),
  );
  expect(await Promise.all(types)).toEqual([
    ...Array<string>(3).fill('text/javascript; charset=utf-8'),
    'image/svg+xml',
  ]);
});

test('an asset that does not exist, or no longer, is not found', async () => {
  for (const path of ['/assets/app.css', '/assets/app.000000000000.css', '/assets/../package.json']) {
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  }
});

async function show(view: string, model: Values, reader: Values = {}): Promise<string> {
  AnyView.wanted = { view, model, reader };
  const answer = await get('/show');
  expect(answer.status).toBe(200);
  return answer.text();
}

async function get(path: string): Promise<globalThis.Response> {
  return fetch(`${await app.getUrl()}${path}`);
}

function template(text: string, model: Values): string {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars);
  return handlebars.compile(text)(model);
}
