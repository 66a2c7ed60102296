module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
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
  // middy and the OpenAPI helper are ESM only; jest's loader needs them transformed.
  transformIgnorePatterns: ['/node_modules/(?!@middy/|hono/|@hono/|p-limit/|yocto-queue/)'],
  maxWorkers: 2,
};
