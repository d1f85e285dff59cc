import Sqlite from 'libsql';
import { hasSecondFactor, type FactorRole } from '../../src/users/second-factor-filter.js';
import { secondFactorOf, type FactorTenant, type TwoFactor } from '../../src/users/effective.js';
import { day } from '../../src/web/clock.js';

const types: TwoFactor[] = ['disabled', 'email', 'google'];
const at = 100 * day;
const roles: FactorRole[] = [
  { id: 1, twoFactor: null, administrative: false },
  { id: 2, twoFactor: null, administrative: true },
  { id: 3, twoFactor: 'disabled', administrative: true },
  { id: 4, twoFactor: 'email', administrative: false },
  { id: 5, twoFactor: 'google', administrative: false },
];
const held = [[1], [2], [3], [4], [5], [1, 4], [2, 4], [3, 5], [4, 5], [1, 2, 3]];
const users = [null, ...types].flatMap((own) =>
  held.flatMap((roleIds) => [at - 30 * day, at - day].map((createdAt) => ({ own, roleIds, createdAt }))),
);
const tenants = types.flatMap((twoFactor) =>
  types.flatMap((twoFactorFloor) =>
    [true, false].map((administratorsTwoFactor) => ({ twoFactor, twoFactorFloor, administratorsTwoFactor })),
  ),
);

// Columns are called as the properties are: no ORM puts the names of the real ones in here.
const database = new Sqlite(':memory:');
database.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, twoFactor TEXT, createdAt INTEGER);
  CREATE TABLE user_roles (user_id INTEGER, role_id INTEGER)`);
for (const [index, { own, roleIds, createdAt }] of users.entries()) {
  database.prepare('INSERT INTO users VALUES (?, ?, ?)').run([index, own, createdAt]);
  for (const id of roleIds) database.prepare('INSERT INTO user_roles VALUES (?, ?)').run([index, id]);
}

test.each(tenants)('the filter finds whom the rule decides so: %j', (tenant) => {
  for (const wanted of types) expect(found(wanted, tenant)).toEqual(byRule(wanted, tenant));
});

test('where nobody comes to a type by default, only the own setting is looked at', () => {
  const tenant = {
    twoFactor: 'disabled',
    twoFactorFloor: 'disabled',
    administratorsTwoFactor: false,
  } as const;
  expect(hasSecondFactor('google', tenant, [roles[0]], at)).toBe(`(user.twoFactor = 'google')`);
});

function found(wanted: TwoFactor, tenant: FactorTenant): number[] {
  const condition = hasSecondFactor(wanted, tenant, roles, at);
  const rows = database.prepare(`SELECT id FROM users AS user WHERE ${condition} ORDER BY id`).all();
  return rows.map((row) => (row as { id: number }).id);
}

function byRule(wanted: TwoFactor, tenant: FactorTenant): number[] {
  return users.flatMap(({ own, roleIds, createdAt }, index) => {
    const mine = roles.filter(({ id }) => roleIds.includes(id));
    const user = {
      own,
      roles: mine.map(({ twoFactor }) => ({ role: '', value: twoFactor })),
      administrative: mine.some(({ administrative }) => administrative),
      createdAt,
    };
    return secondFactorOf(user, tenant, at).value === wanted ? index : [];
  });
}
