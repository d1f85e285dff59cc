// Which file may import which. Two runs (test/check.mjs), because TypeScript drops imports that are only types:
//   IMPORTS=written  all imports count: who may know whom
//   IMPORTS=run      only what is left in JavaScript counts: circles, and what the pure files drag in
const written = process.env.IMPORTS !== 'run';

// From the top of the house to its ground: a room imports from its own floor and from those below.
const floors = [
  ['demo', 'keys'],
  ['import', 'access', 'softphone', 'search'],
  ['users'],
  ['roles', 'groups', 'sip', 'sessions', 'handout'],
  ['settings', 'audit', 'mail', 'jobs', 'limits'],
  ['web', 'database'],
];

// Rules without a framework: they run in any test without a server or a database.
const pure = [
  'users/(user-fields|read-field|effective)',
  'import/(plan|match-columns|read-file)',
  'sip/(extensions|sip-settings)',
  'settings/address-list',
  'web/csv',
];

const rooms = (names) => `^src/(${names.join('|')})/`;

const upwards = floors.slice(1).map((floor, index) => ({
  name: `${floor.join(', ')}: no way up`,
  severity: 'error',
  from: { path: rooms(floor) },
  to: {
    path: `^src/([^/]+$|(${floors
      .slice(0, index + 1)
      .flat()
      .join('|')})/)`,
  },
}));

const whoKnowsWhom = [
  ...upwards,
  {
    name: 'import, access, softphone, search: strangers',
    severity: 'error',
    from: { path: '^src/(import|access|softphone|search)/' },
    to: { path: '^src/([^/]+$|(import|access|softphone|search)/)', pathNot: '^src/$1/' },
  },
  {
    name: 'a room without a floor: name it in .dependency-cruiser.cjs',
    severity: 'error',
    from: {},
    to: { path: '^src/[^/]+/', pathNot: rooms(floors.flat()) },
  },
  {
    // web and database are one ground: a page of web may ask the database, which reads its settings in web.
    name: 'rooms in a circle',
    severity: 'error',
    scope: 'folder',
    from: { path: '^src/[^/]+$', pathNot: '^src/(web|database)$' },
    to: { circular: true },
  },
  {
    name: 'not installed',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'src without devDependencies',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
  },
];

const whatRuns = [
  {
    name: 'files in a circle',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'pure files run without Nest and TypeORM',
    severity: 'error',
    from: { path: `^src/(${pure.join('|')})\\.ts$` },
    to: { path: '^node_modules/(@nestjs|typeorm|express)/', reachable: true },
  },
];

module.exports = {
  forbidden: written ? whoKnowsWhom : whatRuns,
  options: {
    tsPreCompilationDeps: written,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '^node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
