import tseslint from 'typescript-eslint';

/** Where time and chance come from, if not from a port. tests/simulation/without-ambient.ts refuses the same as it runs. */
const AMBIENT = [
  {
    selector:
      "CallExpression[callee.object.name='Date'][callee.property.name='now'], CallExpression[callee.name='Date'], NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The time comes from the Clock port.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Chance comes from the Random port.',
  },
];

/** Files, processes, connections, and timers and clocks by another name. */
const OUTSIDE = [
  ...['child_process', 'cluster', 'dgram', 'dns', 'dns/promises', 'fs', 'fs/promises', 'http', 'http2', 'https', 'net'],
  ...['perf_hooks', 'timers', 'timers/promises', 'tls', 'worker_threads'],
].flatMap((name) =>
  [name, `node:${name}`].map((module) => ({ name: module, message: 'The outside is behind a port: shared/adapters.' })),
);

const CHANCE = ['crypto', 'node:crypto'].map((name) => ({
  name,
  importNames: ['default', 'randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'webcrypto'],
  message: 'Chance comes from the Random port.',
}));

const SETTINGS = { object: 'process', property: 'env', message: 'Settings are read in shared/config.ts only.' };

/** Properties that give time or chance. */
const AMBIENT_PROPERTIES = [
  ...['hrtime', 'uptime'].map((property) => ({
    ...{ object: 'process', property },
    message: 'The time comes from the Clock port.',
  })),
  { object: 'performance', property: 'now', message: 'The time comes from the Clock port.' },
  { object: 'AbortSignal', property: 'timeout', message: 'Timers come from the Clock port.' },
  ...['getRandomValues', 'randomUUID'].map((property) => ({
    ...{ object: 'crypto', property },
    message: 'Chance comes from the Random port.',
  })),
];

/** A key made by hand would be a write path that no test knows of. */
const ONE_PLACE_FOR_KEYS = {
  selector: "Property[key.name='pk'] > TemplateLiteral",
  message: 'Keys are made in shared/procedures/keys.ts.',
};

// Typed lint: the rules that find real mistakes (a promise nobody waits for, an `any` that leaks, an open switch).
export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.yipan/**', '.serverless/**', 'coverage/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Ports are async by contract; an in-memory twin has nothing to await.
      '@typescript-eslint/require-await': 'off',
      // Generic reads such as store.get<Order>(key) state the document's type once, at the call.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-restricted-properties': ['error', SETTINGS],
    },
  },
  {
    files: ['shared/**/*.ts', 'functions/**/*.ts'],
    // The machine's own clock, the commit that waits for the end of the turn, and the time limit of a call on the wire.
    // A browser's page has no ports.
    ignores: [
      'shared/adapters/system/**',
      'shared/adapters/sqlite/**',
      'shared/adapters/channels/http.ts',
      'functions/console/web/**',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
          name,
          message: 'Timers come from the Clock port.',
        })),
        { name: 'fetch', message: 'The outside is behind a port: shared/adapters.' },
      ],
      'no-restricted-syntax': ['error', ...AMBIENT, ONE_PLACE_FOR_KEYS],
    },
  },
  {
    files: ['shared/**/*.ts', 'functions/**/*.ts'],
    // The files of the page, which are part of the code. A browser's page has no ports.
    ignores: ['shared/adapters/**', 'functions/console/load-page.ts', 'functions/console/web/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: [...OUTSIDE, ...CHANCE] }],
      'no-restricted-properties': ['error', SETTINGS, ...AMBIENT_PROPERTIES],
    },
  },
  // How long a call of a function takes, and may still take, is the cloud's time and no step's.
  { files: ['shared/platform/define-function.ts'], rules: { 'no-restricted-properties': ['error', SETTINGS] } },
  { files: ['shared/procedures/keys.ts'], rules: { 'no-restricted-syntax': ['error', ...AMBIENT] } },
  { files: ['shared/config.ts', 'tests/**/*.ts', 'infra/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
);
