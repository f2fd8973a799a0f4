import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the pinned emulator needs; above it any version will do. */
const NEEDED = { major: 3, minor: 10 };

const NAMES = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python',
];

/**
 * The first Python on PATH that can run the emulator.
 * @throws Error that says what is needed and how to get it
 */
export async function findPython(names: readonly string[] = NAMES): Promise<string> {
  const seen: string[] = [];
  for (const name of names) {
    const version = await versionOf(name);
    if (version === undefined) continue;
    if (suffices(version)) return name;
    seen.push(`${name} is ${version}`);
  }
  throw new Error(
    `The cloud tests run against moto, an AWS emulator, which needs Python ${NEEDED.major}.${NEEDED.minor} or newer on PATH; ` +
      `${seen.length > 0 ? `found only: ${seen.join(', ')}` : 'no Python was found'}. ` +
      'Install it (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python; or https://www.python.org/downloads/) and run the tests again.',
  );
}

async function versionOf(name: string): Promise<string | undefined> {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  try {
    return (await run(name, ['-c', script], { timeout: 20_000 })).stdout.trim();
  } catch {
    return undefined;
  }
}

function suffices(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
}
