/** Imports point inward: functions → platform, adapters, procedures → ports → domain. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'The domain imports the domain: no port, no adapter, no package, no Node module.',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { pathNot: '^shared/domain/' },
    },
    {
      name: 'ports-know-the-domain-only',
      severity: 'error',
      from: { path: '^shared/ports/' },
      to: { pathNot: '^shared/(ports|domain)/' },
    },
    {
      name: 'procedures-use-ports',
      comment: 'What the business does step by step never names an adapter, a cloud or a setting.',
      severity: 'error',
      from: { path: '^shared/procedures/' },
      to: { path: '^(shared/(adapters|platform|config|secrets)|functions|infra|tests)' },
    },
    {
      name: 'adapters-know-no-business-steps',
      severity: 'error',
      from: { path: '^shared/adapters/' },
      to: { path: '^(shared/(procedures|platform|config|secrets)|functions|infra|tests)' },
    },
    {
      name: 'one-channel-knows-no-other',
      severity: 'error',
      from: { path: '^shared/adapters/channels/([^/]+)/' },
      to: { path: '^shared/adapters/channels/[^/]+/', pathNot: '^shared/adapters/channels/$1/' },
    },
    {
      name: 'adapters-are-built-in-one-place',
      severity: 'error',
      from: { path: '^(functions|shared)/', pathNot: '^shared/(platform/(profile|connect-)|adapters/)' },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'shared-knows-no-function',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(functions|infra|tests)/' },
    },
    {
      name: 'functions-know-no-other-function',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'functions-know-no-host',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|tests)/' },
    },
    {
      name: 'the-page-asks-the-api',
      comment:
        'The page in the browser shares names, schemas and pure rules with the functions, and nothing that runs there.',
      severity: 'error',
      from: { path: '^functions/console/web/' },
      to: {
        path: '^(functions|shared|infra|tests)/',
        pathNot: '^(shared/domain/|shared/errors\\.ts$|functions/console/(web|schema)/)',
      },
    },
    {
      name: 'functions-know-no-page',
      severity: 'error',
      from: { path: '^(functions|shared)/', pathNot: '^functions/console/web/' },
      to: { path: '^functions/console/web/' },
    },
    {
      name: 'the-sandbox-checks-us',
      comment: 'The platform sandbox speaks the protocols with its own code.',
      severity: 'error',
      from: { path: '^infra/local/sandbox/' },
      to: { path: '^(shared|functions)/' },
    },
    { name: 'no-unknown-modules', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
