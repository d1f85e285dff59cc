// Every route asked by everybody: test/routes.md holds (SECURITY.md AZ-1). The ID in each path belongs to nothing, so that
// whoever may use the route learns that, and whoever may not is refused before.
import { addUser, firstSignIn, newcomer } from '../support/newcomers.js';
import { type Cell, cellOf, people } from '../support/access-matrix.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { allRoutes, type Route } from '../support/routes.js';
import { type Answer, Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let routes: Route[];
const visitors: Record<string, Visitor> = {};

beforeAll(async () => {
  routes = await allRoutes();
  rollcall = await startRollcall();
  const chief = await setUp(rollcall);
  const withRole = async (role: string) => {
    const username = role.toLowerCase();
    return firstSignIn(rollcall, username, await addUser(chief, username, role));
  };
  visitors.Nobody = new Visitor(rollcall.address);
  visitors.Agent = await withRole('Agent');
  visitors.Supervisor = await withRole('Supervisor');
  visitors.Limited = await newcomer(rollcall, chief, 'limited', ['Create users', 'Create users from a file']);
  visitors.Administrator = chief;
});

test.each(Object.keys(people))('AZ-1: every route answers %s as the table says', async (person) => {
  const otherwise: string[] = [];
  // Signing out and ending all sessions come last: afterwards everybody is nobody.
  for (const route of routes.toSorted(
    (one, other) => Number(endsSessions(one)) - Number(endsSessions(other)),
  )) {
    const answer = await ask(visitors[person], route);
    const wanted = cellOf(route, person);
    if (!isAs(answer, wanted, route))
      otherwise.push(`${route.method} ${route.path}: ${answer.status} ${location(answer)}, not “${wanted}”`);
  }
  expect(otherwise).toEqual([]);
  expect(rollcall.failures()).toEqual([]);
});

test('TP-3: with a temporary password every route leads to the choice of an own one, fragments too', async () => {
  // Everybody was signed out before.
  const chief = await signIn(rollcall, administrator, password);
  const temporary = await addUser(chief, 'newcomer', 'Administrator');
  const newcomer = await signIn(rollcall, 'newcomer', temporary);
  const open = ['anyone', 'monitor', 'unfinished'];
  const closed = routes.filter(({ allow }) => !allow.some((one) => open.includes(one)));
  expect(closed.length).toBeGreaterThan(100);
  const otherwise: string[] = [];
  for (const route of closed) {
    const answer = await ask(newcomer, route);
    const fragment = await ask(newcomer, route, { 'HX-Request': 'true' });
    const led = [answer.status, location(answer), fragment.status, fragment.headers.get('hx-redirect')];
    if (led.join(' ') !== '303 /password 204 /password') otherwise.push(`${route.path}: ${led.join(' ')}`);
  }
  expect(otherwise).toEqual([]);
});

function ask(visitor: Visitor, { method, path }: Route, headers?: Record<string, string>): Promise<Answer> {
  const address = path.replaceAll(/:\w+/g, '999999');
  return method === 'GET' ? visitor.get(address, { headers }) : visitor.post(address, {}, { headers });
}

function isAs(answer: Answer, wanted: Cell, route: Route): boolean {
  const { status } = answer;
  if (wanted === 'sign in') return status === 303 && location(answer).startsWith('/sign-in');
  if (wanted === 'home') return status === 303 && location(answer) === '/';
  if (wanted === 'no') return status === 403;
  const ledAway = location(answer).startsWith('/sign-in') && !route.allow.includes('anyone');
  return status < 500 && status !== 403 && status !== 405 && (!ledAway || endsSessions(route));
}

function location({ headers }: Answer): string {
  return headers.get('location') ?? '';
}

function endsSessions({ path }: Route): boolean {
  return path === '/sign-out';
}
