/** Entry of the command line: the process's streams, signals and exit code. */

import { EXIT } from './exit.ts';

/** One Ctrl-C may come twice, from the terminal and from a parent that passes it on. */
const SAME_KEYPRESS = 1_000;

const interrupt = new AbortController();
let interruptedAt = 0;
process.on('SIGINT', () => {
  const now = Date.now();
  if (!interrupt.signal.aborted) {
    interruptedAt = now;
    interrupt.abort();
  } else if (now - interruptedAt > SAME_KEYPRESS) process.exit(EXIT.interrupted);
});

const { run } = await import('./program.ts');
process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interrupt: interrupt.signal,
});
// A standard input that is still open must not keep a command alive that has ended.
process.stdin.destroy();
