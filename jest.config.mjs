const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.serverless', '<rootDir>/.esbuild', '<rootDir>/.venv'],
};

export default {
  // One process for all 300 files swells to 1.7 GB, and the property tests in it get four times slower.
  workerIdleMemoryLimit: '500MB',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '<rootDir>/test/cloud/',
        '<rootDir>/test/adapters/aws/',
        '/node_modules/',
      ],
    },
    {
      ...base,
      displayName: 'cloud',
      testMatch: ['<rootDir>/test/cloud/**/*.test.ts', '<rootDir>/test/adapters/aws/**/*.test.ts'],
      globalSetup: '<rootDir>/test/moto/global-setup.ts',
      globalTeardown: '<rootDir>/test/moto/global-teardown.ts',
    },
  ],
};
