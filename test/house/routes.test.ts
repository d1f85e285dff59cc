import 'reflect-metadata';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Controller, Get, Post } from '@nestjs/common';
import { resolve } from 'node:path';
import { ALLOW, Allow } from '../../src/web/allow.js';
import { isPermission } from '../../src/web/permissions.js';
import { filesBelow } from './files.js';

type Class = { name: string; prototype: Record<string, unknown> };

const notPermissions = ['monitor', 'anyone', 'signed-in', 'unfinished'];

test('every route says who may use it', async () => {
  const controllers = await allControllers();
  expect(controllers.length).toBeGreaterThan(0);
  expect(controllers.flatMap(unguarded)).toEqual([]);
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

function handlers(controller: Class): { name: string; allow?: string[] }[] {
  const ofClass: string[] | undefined = Reflect.getMetadata(ALLOW, controller);
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const method = controller.prototype[name];
    if (typeof method !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, method)) return [];
    return [{ name, allow: Reflect.getMetadata(ALLOW, method) ?? ofClass }];
  });
}

async function allControllers(): Promise<Class[]> {
  const files = filesBelow('src', '.controller.ts');
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map(({ path }) => import(resolve(path))),
  );
  const exported = modules.flatMap((module) => Object.values(module));
  return exported.filter(isController);
}

function isController(exported: unknown): exported is Class {
  return typeof exported === 'function' && Reflect.hasMetadata(PATH_METADATA, exported);
}
