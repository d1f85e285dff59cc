// Style sheets, scripts and pictures, served under an address that holds a hash of their content, so that browsers
// keep them for a year and still get a new one at once.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

interface Asset {
  address: string;
  type: string;
  content: Buffer;
  gzipped: Buffer;
}

const root = new URL('../../', import.meta.url);
const packages = createRequire(import.meta.url);

/** From packages; what is neither here nor made by the build is a file of that name in public/. */
const fromPackages: Record<string, string> = {
  'tabler.css': '@tabler/core/dist/css/tabler.min.css',
  'tabler.rtl.css': '@tabler/core/dist/css/tabler.rtl.min.css',
  'htmx.js': 'htmx.org/dist/htmx.min.js',
  'tom-select.js': 'tom-select/dist/js/tom-select.popular.min.js',
  'tom-select.css': 'tom-select/dist/css/tom-select.min.css',
};

/** Made by `npm run build`, of packages that browsers cannot read as they come. */
const bundles = ['jssip.js'];

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const oneYear = 'public, max-age=31536000, immutable';
const byName = new Map<string, Asset>();
const byAddress = new Map<string, Asset>();

/** Serves GET /assets/<name>.<hash>.<extension>; any other address goes on to the next handler. */
export function installAssets(app: { use: (path: string, handler: RequestHandler) => unknown }): void {
  const ours = readdirSync(new URL('public/', root));
  for (const name of [...ours, ...Object.keys(fromPackages), ...bundles, 'icons.svg']) asset(name);
  app.use('/assets', serve);
}

/**
 * The address of an asset by its plain name, such as `app.css`, `tabler.rtl.css` or `icons.svg`. Throws for a name
 * that is neither in public/ nor in the list above. While developing, a changed file gets its new address at once.
 */
export function asset(name: string): string {
  const known = byName.get(name);
  const mayHaveChanged =
    process.env.NODE_ENV === 'development' && !(name in fromPackages) && name !== 'icons.svg';
  if (known && !mayHaveChanged) return known.address;
  const fresh = load(name);
  byName.set(name, fresh);
  byAddress.set(fresh.address, fresh);
  return fresh.address;
}

let iconNames: Set<string> | undefined;

/** True for a Tabler icon that some view names, and that the sprite holds therefore. */
export function hasIcon(name: string): boolean {
  return (iconNames ??= new Set(namedIcons())).has(name);
}

function serve(request: Request, response: Response, next: NextFunction): void {
  const found = byAddress.get(request.baseUrl + request.path);
  if (!found || !['GET', 'HEAD'].includes(request.method)) return next();
  const gzip = request.acceptsEncodings('gzip') === 'gzip';
  response.set({
    'Content-Type': found.type,
    'Cache-Control': oneYear,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    ...(gzip && { 'Content-Encoding': 'gzip' }),
  });
  response.end(gzip ? found.gzipped : found.content);
}

function load(name: string): Asset {
  const content = name === 'icons.svg' ? sprite() : readFileSync(place(name));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const extension = extname(name);
  const type = types[extension];
  if (!type) throw new Error(`public/${name} is of a kind that assets.ts does not serve`);
  const address = `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`;
  return { address, type, content, gzipped: gzipSync(content) };
}

function place(name: string): string {
  const inPackage = fromPackages[name];
  if (inPackage) return packages.resolve(inPackage);
  return fileURLToPath(new URL(`${bundles.includes(name) ? 'dist' : 'public'}/${name}`, root));
}

// The whole sprite has 5,000 icons and 2 MB, which each page would parse: ours holds the icons that the views name.
function sprite(): Buffer {
  const all = readFileSync(packages.resolve('@tabler/icons-sprite/dist/tabler-sprite-nostroke.svg'), 'utf8');
  const symbols = [...all.matchAll(/<symbol id="tabler-([^"]+)".*?<\/symbol>/gs)];
  const used = symbols
    .filter(([, name = '']) => hasIcon(name))
    .map(([symbol]) => symbol.replace('id="tabler-', 'id="'));
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${used.join('')}</svg>`);
}

// `{{icon "name"}}`, and `icon="name"` where a partial draws it.
function namedIcons(): string[] {
  const folder = fileURLToPath(new URL('views/', root));
  const views = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.hbs'),
  );
  return views.flatMap((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    return [...text.matchAll(/\bicon[ =]"([a-z0-9-]+)"/g)].map(([, name = '']) => name);
  });
}
