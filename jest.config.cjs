const TESTS = {
  testEnvironment: '<rootDir>/tests/support/telling-environment.cjs',
  roots: ['<rootDir>/tests'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // middy, the OpenAPI helper and the OpenID client are ESM only; jest's loader needs them transformed.
  transformIgnorePatterns: [
    '/node_modules/(?!@middy/|hono/|@hono/|p-limit/|yocto-queue/|openid-client/|oauth4webapi/|jose/)',
  ],
};

/** The same tests once more, with the host on a cloud's profile and engines (tests/e2e/local-world.ts). */
const onCloud = (cloud, files) => ({
  ...TESTS,
  displayName: cloud,
  testMatch: files.map((name) => `**/e2e/${name}.e2e.test.ts`),
  setupFiles: [`<rootDir>/tests/support/on-${cloud}.ts`],
});

module.exports = {
  projects: [
    { ...TESTS, displayName: 'embedded', testMatch: ['**/*.test.ts'] },
    onCloud('aws', ['order-life', 'stock-sync', 'triple-delivery', 'crash', 'crash-writes', 'demo']),
    onCloud('huawei', ['order-life', 'crash', 'demo']),
  ],
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/infra/build/count-tests.cjs'],
};
