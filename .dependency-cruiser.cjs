/** Which part may import which: the core knows no AWS client, hot bundles no schema library. */
module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that import each other cannot be understood one by one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-knows-no-adapter',
      comment: 'The core speaks to ports; handlers and the command line wire adapters to them.',
      severity: 'error',
      from: {
        path: '^src/(records|map|log|reduce|rules|config|alerts|replay|deliver|forecast|subscribe|doctor|uninstall|alarms|saved-queries|query|ports)/',
      },
      to: { path: '^src/(adapters|cli)/|^handlers/|^node_modules/(@aws-sdk|@smithy|aws4fetch)' },
    },
    {
      name: 'sdk-in-adapters-only',
      comment: 'Adapters, handlers and the deployment side of test-alert make AWS clients.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/aws/|cli/deployment\\.ts)' },
      to: { path: '^node_modules/(@aws-sdk|aws4fetch)' },
    },
    {
      name: 'hot-functions-stay-light',
      comment: 'zod is 454 KB and yaml 115 KB: reconcile and the command line alone carry them.',
      severity: 'error',
      from: { path: '^handlers/(logs|objects|stream|reduce|tick)\\.ts$' },
      to: { path: '^node_modules/(zod|yaml|ipaddr\\.js|commander)/', reachable: true },
    },
    {
      name: 'map-knows-no-reduce',
      comment: 'Map and reduce meet in the log alone.',
      severity: 'error',
      from: { path: '^src/(map|log|records)/' },
      to: { path: '^src/(reduce|replay)/' },
    },
    {
      name: 'records-are-the-ground',
      comment: 'Fields and columns depend on nothing of ours.',
      severity: 'error',
      from: { path: '^src/records/' },
      to: { path: '^src/(?!records/)' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: false,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
