import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { Controller, Get, Post } from '@nestjs/common';
import { Allow } from '../../src/web/allow.js';
import { isPermission } from '../../src/web/permissions.js';
import { accessMatrix } from '../support/access-matrix.js';
import { allControllers, type Class, handlers } from '../support/routes.js';
import { filesBelow } from './files.js';

const notPermissions = ['monitor', 'anyone', 'signed-in', 'unfinished', 'enrolling', 'code'];

test('AZ-1: every route says who may use it', async () => {
  const controllers = await allControllers();
  expect(controllers.length).toBeGreaterThan(0);
  expect(controllers.flatMap(unguarded)).toEqual([]);
});

test('AZ-1: the table of routes says who may use each, and no route is missing', async () => {
  const path = 'test/routes.md';
  const written = readFileSync(path, 'utf8');
  const [preface] = written.split(/^\| route /m);
  const right = `${preface.trimEnd()}\n\n${await accessMatrix()}\n`;
  if (process.env.WRITE_TABLES === '1') writeFileSync(path, right);
  else expect(written.split('\n')).toEqual(right.split('\n'));
});

test('every route names permissions that exist', async () => {
  const controllers = await allControllers();
  const allowed = controllers.flatMap((controller) =>
    handlers(controller).flatMap(({ allow }) => allow ?? []),
  );
  expect(allowed.filter((one) => !isPermission(one) && !notPermissions.includes(one))).toEqual([]);
});

test('every controller stands in a file of its kind, where these tests find it', () => {
  const others = filesBelow('src', '.ts').filter(({ path }) => !path.endsWith('.controller.ts'));
  expect(others.filter(({ text }) => /^@Controller\(/m.test(text)).map(({ path }) => path)).toEqual([]);
});

describe('the rule', () => {
  @Controller('open')
  class Open {
    @Get()
    page() {}

    @Post('x')
    @Allow('users.view')
    change() {}

    helper() {}
  }

  @Controller('guarded')
  @Allow('signed-in')
  class Guarded {
    @Get()
    page() {}
  }

  test('finds a handler without a permission, and only that', () => {
    expect(unguarded(Open as unknown as Class)).toEqual(['Open.page']);
  });

  test('is content with a permission on the class', () => {
    expect(unguarded(Guarded as unknown as Class)).toEqual([]);
  });
});

function unguarded(controller: Class): string[] {
  const open = handlers(controller).filter(({ allow }) => !allow || allow.length === 0);
  return open.map(({ name }) => `${controller.name}.${name}`);
}
