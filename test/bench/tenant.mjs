// A server with a fresh tenant in it.
import { Administrator } from './administrator.mjs';
import { makeHome, startServer } from './server.mjs';

/**
 * A server with its administrator, signed in, and the desks and skill groups of `fileOfUsers`.
 * @typedef {{ home: import('./server.mjs').Home, server: import('./server.mjs').Server, admin: Administrator, stop: () => Promise<void> }} Tenant
 */

/** Extensions of a tenant that may import many rows: those of six digits. */
const many = { extensionFrom: 100_000, extensionTo: 999_999 };
export const manyExtensions = many.extensionTo - many.extensionFrom + 1;

/**
 * @param {string} [cluster]
 * @param {number} [rowLimit] other than the usual one; then extensions have six digits, so that there are enough
 * @param {Record<string, string>} [env] more variables of the server
 * @returns {Promise<Tenant>}
 */
export async function settle(cluster, rowLimit, env) {
  const home = await makeHome(cluster);
  const server = await startServer(home, { env });
  const admin = new Administrator(server.address);
  await admin.setUp(server.setupPath);
  for (const [kind, name] of [
    ['desk', 'Berlin'],
    ['desk', 'Lisbon'],
    ['skill_group', 'English'],
  ]) {
    await home.query('INSERT INTO groups (kind, name, name_key, created_at) VALUES ($1, $2, $3, $4)', [
      ...[kind, name, name.toLowerCase(), Date.now()],
    ]);
  }
  const settings = rowLimit ? { importRowLimit: rowLimit, ...many } : {};
  for (const [name, value] of Object.entries(settings)) {
    await home.query('INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, $3)', [
      ...[name, String(value), Date.now()],
    ]);
  }
  return {
    home,
    server,
    admin,
    async stop() {
      await server.stop();
      await home.remove();
    },
  };
}

/** @param {() => Promise<unknown>} work @returns {Promise<number>} ms */
export async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
