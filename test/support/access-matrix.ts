// Who may use which route, as test/routes.md has it: what the route asks for, and what comes of it for five people.
import { allRoutes, type Route } from './routes.js';

/** The people of the matrix with what they hold; `undefined` = without a sign-in. */
export const people: Record<string, readonly string[] | 'all' | undefined> = {
  Nobody: undefined,
  Agent: [],
  Supervisor: ['users.view', 'users.reset', 'users.sessions'],
  Limited: ['users.create', 'users.import'],
  Administrator: 'all',
};

/** `yes`: served; `sign in`: led there; `home`: led to the landing page; `no`: refused with 403. */
export type Cell = 'yes' | 'sign in' | 'home' | 'no';

/** Whoever is signed in, wholly or so far. */
const forEverybody = ['signed-in', 'unfinished', 'enrolling'];

/** What comes of a route for one of the people. */
export function cellOf({ allow }: Route, person: string): Cell {
  const holds = people[person];
  if (allow.includes('anyone') || allow.includes('monitor')) return 'yes';
  if (holds === undefined) return 'sign in';
  const permitted = allow.some((one) => forEverybody.includes(one) || holds === 'all' || holds.includes(one));
  // Between password and code: whoever has typed it has no business there any more.
  if (allow.includes('code')) return allow.some((one) => forEverybody.includes(one)) ? 'yes' : 'home';
  return permitted ? 'yes' : 'no';
}

/** The table, a line a route. */
export async function accessMatrix(): Promise<string> {
  const names = Object.keys(people);
  const lines = (await allRoutes()).map((route) => {
    const cells = names.map((name) => cellOf(route, name));
    return `| ${route.method} ${route.path} | ${route.allow.join(', ')} | ${cells.join(' | ')} |`;
  });
  const head = ['route', 'asks for', ...names];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines].join('\n');
}
