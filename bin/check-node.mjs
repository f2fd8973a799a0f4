/** Says so when tests would not run on Node 24, the version that is deployed. */
const found = process.versions.node;

if (!found.startsWith('24.')) {
  process.stderr.write(
    `The tests need Node 24, the version that is deployed, but this is Node ${found}.\n` +
      'npm ci installs it for npm run; after npm ci --ignore-scripts, npm rebuild node does.\n',
  );
  process.exitCode = 1;
}
