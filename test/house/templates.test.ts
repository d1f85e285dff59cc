import { filesBelow } from './files.js';
import { lintTemplates } from './template-lint.js';

const breaches = (text: string, path = 'views/users/page.hbs') => lintTemplates([{ path, text }]);

test('no template breaks a rule', () => {
  const templates = filesBelow('views', '.hbs');
  expect(templates.length).toBeGreaterThan(10);
  expect(lintTemplates(templates)).toEqual([]);
});

describe('the lint finds', () => {
  test.each([
    ['a raw value', '<p>{{{name}}}</p>', 'raw value'],
    ['a raw value by ampersand', '<p>{{#if a}}{{&name}}{{/if}}</p>', 'raw value'],
    ['an unquoted value', '<a href={{link}}>{{t "x"}}</a>', 'not quoted'],
    ['an unquoted value in part', '<a href=/users/{{id}}>{{t "x"}}</a>', 'not quoted'],
    ['a value as an attribute', '<input {{attributes}}>', 'attribute of its own'],
    ['an inline script', '<script>let a = 1;</script>', 'inline <script>'],
    ['an inline script of a value', '<script type="module">{{code}}</script>', 'inline <script>'],
    ['a style element', '<style>p { color: red }</style>', '<style>'],
    ['a style attribute', '<p style="color: red">{{t "x"}}</p>', 'style attribute'],
    ['a handler', '<p onclick="go()">{{t "x"}}</p>', 'onclick'],
    ['a handler of htmx', '<p hx-on:click="go()">{{t "x"}}</p>', 'hx-on:click'],
    ['a filter of htmx', '<p hx-trigger="click[ctrlKey]"></p>', 'filter in hx-trigger'],
    ['a script as a value of htmx', `<p hx-vals='js:{a: 1}'></p>`, 'js:'],
    ['a script as an address', '<a href="javascript:go()">{{t "x"}}</a>', 'js:'],
    ['plain text', '<h1>Users</h1>', '"Users"'],
    ['plain text after a value', '<p>{{count}} users</p>', '"users"'],
    ['plain text in a branch', '<p>{{#if a}}{{t "x"}}{{else}}none{{/if}}</p>', '"none"'],
    ['plain text in another alphabet', '<p>Пользователи</p>', '"Пользователи"'],
    ['a plain label', '<button aria-label="Close">{{icon "x"}}</button>', 'aria-label'],
    ['a plain placeholder', '<input placeholder="Search">', 'placeholder'],
    ['a plain button', '<input type="submit" value="Save">', 'value'],
  ])('%s', (_what, template, problem) => {
    const found = breaches(`<div>\n${template}\n</div>`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^views\/users\/page\.hbs:2: /);
    expect(found[0]).toContain(problem);
  });

  test('a broken attribute in a partial that stands inside a tag', () => {
    const page = { path: 'views/users/page.hbs', text: '<input {{> shared/_described name=name}}>' };
    const good = {
      path: 'views/shared/_described.hbs',
      text: '{{#if a}} aria-invalid="true"{{/if}} id="{{name}}"',
    };
    const bad = { path: 'views/shared/_described.hbs', text: ' id={{name}}' };
    expect(lintTemplates([page, good])).toEqual([]);
    expect(lintTemplates([page, bad])).toEqual([
      'views/shared/_described.hbs:1: the value of id is not quoted',
    ]);
  });
});

describe('the lint lets pass', () => {
  test.each([
    ['a translated text', '<h1 title="{{t "Users"}}">{{t "Users"}} · Rollcall</h1>'],
    ['a nested mustache in a text', '<p>{{t "Help for {{label}}" label=(t label)}}</p>'],
    [
      'a conditional attribute',
      '<a class="a{{#if b}} c{{/if}}"{{#if d}} aria-current="page"{{/if}}>{{x}}</a>',
    ],
    ['a script of our own address', '<script type="module" src="{{asset "app.js"}}"></script>'],
    ['code', '<code>username.column</code>'],
    ['a comment', '{{!-- Users of a desk. --}}<!-- Users -->'],
    ['a character reference', '<p>&nbsp;&times;{{count}}</p>'],
    ['a value of a hidden field', '<input type="hidden" name="kind" value="desk">'],
  ])('%s', (_what, template) => {
    expect(breaches(template)).toEqual([]);
  });

  test('a raw body in a layout', () => {
    expect(breaches('<main>{{{body}}}</main>', 'views/layouts/main.hbs')).toEqual([]);
  });
});
