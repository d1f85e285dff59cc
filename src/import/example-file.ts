// The example file: made from the live tenant, so that its header, IDs and names are right.
import type { TenantDirectory } from '../users/tenant-directory.js';
import { userFields, type Kin } from '../users/user-fields.js';
import type { Translate } from '../web/texts.js';

const listed: { kin: Kin; label: string }[] = [
  { kin: 'roles', label: 'Roles' },
  { kin: 'desks', label: 'Desks' },
  { kin: 'skillGroups', label: 'Skill Groups' },
  { kin: 'queues', label: 'Queues' },
  { kin: 'pbxDomains', label: 'PBX Domain' },
  { kin: 'callerIds', label: 'Outbound Caller ID' },
];

/** Header, one example row, and behind them what the tenant has: IDs and names that cells may hold. */
export function exampleFile(tenant: TenantDirectory): string[][] {
  const fields = orderOfFile.map((name) => userFields.find((field) => field.name === name)!);
  const known = legend(tenant).filter(({ things }) => things.length > 0);
  const header = [
    ...fields.map(({ header: name }) => name),
    ...known.map(({ label }) => `Valid for ${label}`),
  ];
  const example = fields.map(({ example: value = '' }) => value);
  return [
    header,
    [...example, ...known.map(({ things }) => things.map(({ id, name }) => `${id} = ${name}`).join(' / '))],
  ];
}

/** The same as two sheets: header and example row, and what the tenant has. */
export function exampleSheets(tenant: TenantDirectory, t: Translate): { name: string; rows: string[][] }[] {
  const [header, example] = exampleFile(tenant);
  const width = orderOfFile.length;
  const names = legend(tenant).flatMap(({ label, things }) =>
    things.map(({ id, name }) => [label, String(id), name]),
  );
  return [
    { name: t('Users'), rows: [header.slice(0, width), example.slice(0, width)] },
    { name: t('IDs and Names'), rows: [['Field', 'ID', 'Name'], ...names] },
  ];
}

/** What cells may name, by kind. */
export function legend(tenant: TenantDirectory) {
  return listed.map(({ kin, label }) => ({ label, things: tenant.all[kin] }));
}

// The order of PRODUCT.md section 5 first, then everything else that a file can say.
const first = [
  'username',
  'email',
  'roles',
  'sip',
  'extension',
  'desks',
  'skillGroups',
  'firstName',
  'lastName',
  'pbxDevice',
  'customUri',
];
const rest = userFields.filter(
  ({ name, wizard }) => !first.includes(name) && (wizard === 'required' || wizard === 'optional'),
);
const orderOfFile = [...first, ...rest.map(({ name }) => name)];
