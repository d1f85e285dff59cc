// The routes of the application, as its controllers declare them.
import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { resolve } from 'node:path';
import { ALLOW } from '../../src/web/allow.js';
import { filesBelow } from '../house/files.js';

export type Class = { name: string; prototype: Record<string, unknown> };

export interface Handler {
  name: string;
  allow?: string[];
  method: string;
  /** With parameters such as `:id`. */
  paths: string[];
}

/**
 * Every controller in src. The first time takes seconds in which nothing else happens: before a server is started, so that no
 * connection to it grows too old unnoticed.
 */
export async function allControllers(): Promise<Class[]> {
  const files = filesBelow('src', '.controller.ts');
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map(({ path }) => import(resolve(path))),
  );
  const exported = modules.flatMap((module) => Object.values(module));
  return exported.filter(isController);
}

/** What the methods of a controller serve, and for whom. */
export function handlers(controller: Class): Handler[] {
  const ofClass: string[] | undefined = Reflect.getMetadata(ALLOW, controller);
  const bases = [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler = controller.prototype[name];
    if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
    const ends = [Reflect.getMetadata(PATH_METADATA, handler) as string | string[]].flat();
    return [
      {
        name,
        allow: (Reflect.getMetadata(ALLOW, handler) as string[] | undefined) ?? ofClass,
        method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number],
        paths: bases.flatMap((base) =>
          ends.map((end) => `/${base}/${end}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')),
        ),
      },
    ];
  });
}

/** Every path that takes this method, with 1 for each ID. */
export async function pathsOf(method: 'GET' | 'POST'): Promise<string[]> {
  const all = (await allControllers()).flatMap(handlers).filter((handler) => handler.method === method);
  const paths = all.flatMap(({ paths }) => paths.map((path) => path.replaceAll(/:\w+/g, '1')));
  return [...new Set(paths)].toSorted();
}

/** One route: a method and a path with its parameters as they are declared. */
export interface Route {
  method: string;
  path: string;
  allow: string[];
}

/** Every route, by path. */
export async function allRoutes(): Promise<Route[]> {
  const all = (await allControllers()).flatMap(handlers);
  const routes = all.flatMap(({ method, paths, allow = [] }) =>
    paths.map((path) => ({ method, path, allow })),
  );
  return routes.toSorted((one, other) => compare(one.path, other.path) || compare(one.method, other.method));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function isController(exported: unknown): exported is Class {
  return typeof exported === 'function' && Reflect.hasMetadata(PATH_METADATA, exported);
}
