// Tests are TypeScript; jest runs them as CommonJS through swc. Packages that ship only ES modules go the same way,
// because jest on Node 20 cannot require them: a new one of that kind is added to `esmPackages`.
const esmPackages = [
  '@borewit',
  '@nestjs',
  '@noble',
  '@otplib',
  '@scure',
  '@tokenizer',
  'csv-parse',
  'file-type',
  'nodemailer',
  'otplib',
  'read-excel-file',
  'strtok3',
  'token-types',
  'uint8array-extras',
  'write-excel-file',
];

const typescript = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
};

const javascript = {
  jsc: { target: 'es2023', parser: { syntax: 'ecmascript' } },
  module: { type: 'commonjs' },
};

const common = {
  roots: ['<rootDir>/test'],
  testEnvironment: 'node',
  transform: { '\\.ts$': ['@swc/jest', typescript], '\\.m?js$': ['@swc/jest', javascript] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

const pages = '\\.pages\\.test\\.ts$';
const browser = '/test/browser/';
const sip = '\\.sip\\.test\\.ts$';
// What takes minutes is left to `npm run reliability`.
const long = '\\.long\\.test\\.ts$';

export default {
  testSequencer: '<rootDir>/test/sequencer.mjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [pages, browser, sip, long],
    },
    {
      ...common,
      displayName: 'pages',
      testRegex: pages,
      testPathIgnorePatterns: [browser],
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    },
    {
      ...common,
      displayName: 'sip',
      testRegex: sip,
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    },
    {
      ...common,
      displayName: 'reliability',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [browser, sip],
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    },
  ],
};
