/** A folder of rules and logs for tests of the command line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Workspace {
  readonly dir: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function workspace(): Workspace {
  const dir = mkdtempSync(join(tmpdir(), 'flowlog-cli-'));
  const path = (name: string) => join(dir, name);
  return {
    dir,
    path,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
    remove: () => rmSync(dir, { recursive: true }),
  };
}

/** Fires at every SSH flow that was accepted from a public address. */
export const SSH_RULE = `id: ssh
title: SSH from the internet
severity: high
match:
  action: ACCEPT
  dstport: 22
  srcaddr: { not: $internal }
by: [dstaddr]
tests:
  - name: a stranger
    flows: [{ srcaddr: 198.51.100.7, dstaddr: 10.0.0.5, dstport: 22 }]
    expect: [{ dstaddr: 10.0.0.5 }]
  - name: a colleague
    flows: [{ srcaddr: 10.9.9.9, dstaddr: 10.0.0.5, dstport: 22 }]
    expect: []
`;
