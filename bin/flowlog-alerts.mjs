#!/usr/bin/env node
/**
 * Entry of `npx flowlog-alerts` in the checkout, for any Node from 20 on: the command line is
 * TypeScript that runs unbuilt, which an older Node hands to the pinned one of `npm ci`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const PINNED = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const PROGRAM = new URL('../src/cli/main.ts', import.meta.url);

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Compiled code is kept between runs: starting takes a third as long.
  module.enableCompileCache();
  await import(PROGRAM.href);
} else if (!existsSync(PINNED)) {
  process.stderr.write(
    `flowlog-alerts needs Node 22.18 or newer; this is Node ${process.versions.node}, and the Node that comes ` +
      'with the project is missing.\nnpm ci installs it; after npm ci --ignore-scripts, npm rebuild node does.\n',
  );
  process.exitCode = 1;
} else {
  const child = spawn(PINNED, [fileURLToPath(PROGRAM), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    process.stderr.write(`${PINNED} does not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
