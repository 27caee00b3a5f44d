const { swcOptions } = require('./tools/swc-options.cjs');
const { paths } = require('./tsconfig.json').compilerOptions;

const common = {
  testEnvironment: 'node',
  runtime: '<rootDir>/tools/jest-runtime.cjs',
  rootDir: __dirname,
  globalSetup: '<rootDir>/tools/build-kernel.cjs',
  transform: { '^.+\\.[jt]s$': ['@swc/jest', swcOptions({ resolveAliases: false })] },
  // These packages ship ES modules only; jest on Node 20 must transform them (stack notes in docs/adr/0001).
  transformIgnorePatterns: ['/node_modules/(?!(?:.*/)?(?:content-disposition|quick-lru|mercurius|jose)/)'],
  moduleNameMapper: Object.fromEntries(
    Object.entries(paths).map(([alias, [target]]) => [`^${alias}$`, target.replace('./', '<rootDir>/')]),
  ),
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.ballast'],
};

module.exports = {
  maxWorkers: 2,
  testSequencer: '<rootDir>/tools/longest-first.cjs',
  projects: [
    {
      ...common,
      displayName: 'pure',
      testMatch: [
        '<rootDir>/libs/**/*.spec.ts',
        '<rootDir>/apps/**/*.spec.ts',
        '<rootDir>/test/{golden,property,bench}/**/*.spec.ts',
        '<rootDir>/test/tidy.spec.ts',
      ],
    },
    {
      ...common,
      displayName: 'service',
      setupFilesAfterEnv: ['<rootDir>/test/support/process-setup.ts'],
      testMatch: ['<rootDir>/test/{integration,e2e,drills}/**/*.{spec,e2e-spec}.ts'],
    },
  ],
};
