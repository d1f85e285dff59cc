// What Rollcall runs, as few files: dist/server/ holds the server and its commands with the packages that they use, and
// dist/jssip.js is the telephone of the softphone page. Node takes longer to find and read a thousand small files than to
// start on a dozen large ones: this halves the time of a start. Runs behind `nest build`, on what that wrote.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

// Nest's adapter to TypeORM asks by name for what TypeORM 1 does not have; that would load TypeORM a second time, from
// node_modules.
const withoutSecondTypeorm = {
  name: 'without-second-typeorm',
  /** @param {import('esbuild').PluginBuild} bundle */
  setup(bundle) {
    bundle.onLoad({ filter: /typeorm[\\/]dist[\\/]common[\\/]typeorm-compat\.js$/ }, () => ({
      contents: 'export const Connection = undefined, AbstractRepository = undefined;',
    }));
  },
};

const folder = 'dist/server';
const { metafile } = await build({
  entryPoints: ['main', 'recover', 'rotate-key', 'sip-config', 'verify-audit'].map(
    (name) => `dist/${name}.js`,
  ),
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Decorators want Reflect's metadata before the first class, whichever file that stands in.
  inject: ['node_modules/reflect-metadata/Reflect.js'],
  // Packages that are not JavaScript, the driver that TypeORM loads by its name (a second copy would know nothing of our
  // parser of numbers), and optional ones that Rollcall does without: all of them come from node_modules, or not at all.
  external: [
    'libsql',
    '@node-rs/argon2',
    'pg',
    'pg-native',
    'react-native-sqlite-storage',
    '@nestjs/microservices',
    '@nestjs/websockets/*',
    'class-transformer/storage',
  ],
  // CommonJS packages in an ES module.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
  },
  plugins: [withoutSecondTypeorm],
  metafile: true,
  logLevel: 'warning',
});
// Only now, and only what an older build left: a server that is running may still want the rest.
const written = Object.keys(metafile.outputs).map((path) => basename(path));
for (const name of readdirSync(folder)) if (!written.includes(name)) rmSync(join(folder, name));

await build({
  entryPoints: ['jssip'],
  outfile: 'dist/jssip.js',
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'JsSIP',
  define: { global: 'window' },
  logLevel: 'warning',
});
