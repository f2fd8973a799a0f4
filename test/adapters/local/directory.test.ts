import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryError, DirectorySource } from '../../../src/adapters/local/directory.ts';
import { runContract } from '../../contracts/config-source.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flowlog-alerts-directory-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

runContract({
  name: 'DirectorySource',
  async make(documents) {
    for (const [path, text] of Object.entries(documents)) {
      const file = join(dir, `${path.replace(/^rules\//, '')}.yaml`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return new DirectorySource(dir);
  },
});

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), `text of ${file}`);
  }
}

const paths = async () => (await new DirectorySource(dir).read()).map(({ path }) => path);

describe('a folder', () => {
  test('is the tree: settings, lists, filters, silences, and rules in everything else', async () => {
    write(
      'ssh.yaml',
      'team/web/https.yml',
      'scan.json',
      'settings.yaml',
      'lists/internal.yaml',
      'lists/long/1.yaml',
      'filters/f.yaml',
      'silences/s.yaml',
      'team/settings.yaml',
      'team/lists/x.yaml',
      'lists.yaml',
    );
    expect((await paths()).sort()).toEqual([
      'filters/f',
      'lists/internal',
      'lists/long/1',
      'rules/lists',
      'rules/scan',
      'rules/ssh',
      'rules/team/lists/x',
      'rules/team/settings',
      'rules/team/web/https',
      'settings',
      'silences/s',
    ]);
  });

  test('passes over other files, hidden ones, node_modules and channels', async () => {
    write(
      'a.yaml',
      'README.md',
      'a.yaml.bak',
      '.b.yaml',
      '.git/c.yaml',
      'node_modules/d.yaml',
      'channels/e.yaml',
      'Makefile',
    );
    expect(await paths()).toEqual(['rules/a']);
  });

  test('gives text, origin and time of each file', async () => {
    write('team/a.b.yaml');
    utimesSync(join(dir, 'team/a.b.yaml'), 1_000, 2_000);
    expect(await new DirectorySource(dir).read()).toEqual([
      {
        path: 'rules/team/a.b',
        text: 'text of team/a.b.yaml',
        origin: join(dir, 'team/a.b.yaml'),
        modified: 2_000_000,
      },
    ]);
  });

  test('may be empty, and may consist of links', async () => {
    expect(await paths()).toEqual([]);
    write('real/a.yaml');
    symlinkSync(join(dir, 'real'), join(dir, 'linked'));
    symlinkSync(join(dir, 'real/a.yaml'), join(dir, 'b.yaml'));
    expect(await paths()).toEqual(['rules/b', 'rules/linked/a', 'rules/real/a']);
  });

  test('may be a single file, which is a rule', async () => {
    write('ssh.yaml');
    const [document] = await new DirectorySource(join(dir, 'ssh.yaml')).read();
    expect([document.path, document.text]).toEqual(['rules/ssh', 'text of ssh.yaml']);
  });
});

describe('what cannot be read', () => {
  const errorOf = async (path: string): Promise<Error> =>
    new DirectorySource(path).read().then(
      () => new Error('was read'),
      (error: Error) => error,
    );

  test('a missing folder', async () => {
    const error = await errorOf(join(dir, 'nowhere'));
    expect(error).toBeInstanceOf(DirectoryError);
    expect(error.message).toBe(
      `Cannot read ${join(dir, 'nowhere')}: there is no such file or folder`,
    );
  });

  test('a link to nothing', async () => {
    symlinkSync(join(dir, 'gone'), join(dir, 'a.yaml'));
    expect((await errorOf(dir)).message).toContain(`Cannot read ${join(dir, 'a.yaml')}`);
  });

  test('links that go round in a circle', async () => {
    symlinkSync(dir, join(dir, 'loop'));
    expect((await errorOf(dir)).message).toContain('its links go round in a circle');
  });
});
