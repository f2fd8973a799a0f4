import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JARS } from './jars.ts';

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, '../../node_modules/.cache');
const JAR_FOLDER = join(
  CACHE,
  `dynamodb-local-${sha256(Buffer.from(JSON.stringify(JARS))).slice(0, 16)}`,
);
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies';

/** Where Maven is: on PATH. */
export async function hasMaven(): Promise<boolean> {
  return run('mvn', ['--version'], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}

/** The folder that holds every jar of the table, and nothing else. */
export async function fetchedJars(): Promise<string | undefined> {
  return (await faultIn(JAR_FOLDER)) === undefined ? JAR_FOLDER : undefined;
}

/**
 * Fetches the jars with Maven, from the repository that its settings name.
 * @throws Error when Maven cannot get one, or one is not what the table says
 */
export async function fetchJars(): Promise<string> {
  process.stderr.write(
    'Fetching DynamoDB Local with Maven, once, 27 MB. It is under the DynamoDB Local License Agreement of AWS.\n',
  );
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'dynamodb-local-new-'));
  try {
    await writeFile(join(work, 'pom.xml'), pom(Object.keys(JARS)));
    const jars = join(work, 'jars');
    const options = ['--batch-mode', '--quiet', '--file', join(work, 'pom.xml')];
    await run('mvn', [...options, PLUGIN, `-DoutputDirectory=${jars}`], { maxBuffer: 1 << 26 });
    const fault = await faultIn(jars);
    if (fault !== undefined) throw new Error(fault);
    // Whole or not at all: another run may be at the same.
    await rm(JAR_FOLDER, { recursive: true, force: true });
    await rename(jars, JAR_FOLDER);
  } catch (error) {
    const { stdout = '', message } = error as Error & { stdout?: string };
    const tail = (stdout || message).trim().split('\n').slice(0, 8).join('\n');
    throw new Error(
      `Fetching DynamoDB Local failed:\n${tail}\nIt needs Maven Central, or the mirror that Maven's settings name.`,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return JAR_FOLDER;
}

async function faultIn(folder: string): Promise<string | undefined> {
  for (const [coordinates, wanted] of Object.entries(JARS)) {
    const [, artifact, version] = coordinates.split(':');
    const file = `${artifact}-${version}.jar`;
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    if (bytes === undefined) return `${file} is missing`;
    const found = sha256(bytes);
    if (found !== wanted) return `${file} has the SHA-256 ${found}, wanted ${wanted}`;
  }
  return undefined;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The table is all: what the jars would bring along serves parts of DynamoDB Local not used here. */
function pom(coordinates: readonly string[]): string {
  const dependencies = coordinates.map((one) => {
    const [groupId, artifactId, version] = one.split(':');
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>flowlog-alerts</groupId><artifactId>dynamodb-local</artifactId><version>1</version>
  <dependencies>${dependencies.join('\n')}</dependencies>
</project>
`;
}
