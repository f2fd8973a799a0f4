import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What DynamoDB Local is compiled for. */
const LEAST_MAJOR = 17;

/** A Java that can run DynamoDB Local, or why there is none. */
export type Java = { readonly command: string } | { readonly missing: string };

/** The Java of JAVA_HOME, else the first on PATH. */
export async function findJava(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Java> {
  const commands = env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin', 'java'), 'java'] : ['java'];
  const seen: string[] = [];
  for (const command of commands) {
    const major = await majorOf(command);
    if (major === undefined) continue;
    if (major >= LEAST_MAJOR) return { command };
    seen.push(`${command} is Java ${major}`);
  }
  const found = seen.length > 0 ? `found only: ${seen.join(', ')}` : 'no Java was found';
  return { missing: `DynamoDB Local needs Java ${LEAST_MAJOR} or newer; ${found}` };
}

/** Java writes its version to stderr: `openjdk version "17.0.15"`; before 9 it was `"1.8.0_402"`. */
async function majorOf(command: string): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await run(command, ['-version'], { timeout: 20_000 });
    const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(stderr + stdout) ?? [];
    return first === undefined ? undefined : Number(first === '1' ? second : first);
  } catch {
    return undefined;
  }
}
