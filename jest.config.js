const { availableParallelism } = require('node:os');

/** Packages that come as ES modules only, which jest's own module system cannot require: they are transformed too. */
const esModules = [
  '@noble',
  '@peculiar',
  '@scalar',
  'asn1js',
  'bytestreamjs',
  'commander',
  'graphile-worker',
  'nanoid',
  'pkijs',
];

/** Tests live in test/, one folder a kind; servers are started once by scripts/test.mjs. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  globalSetup: '<rootDir>/test/support/template-database.ts',
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.hub', '<rootDir>/.test', '<rootDir>/.dist-next'],
  // Test files wait for servers more than they compute: three at once is right even for two cores.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testTimeout: 30_000,
};
