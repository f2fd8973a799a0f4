/** Ports as intervals: those that servers listen on, and those of a service's name. */
import { isServicePort, serviceName } from '../records/services.ts';
import { type Interval, normalise } from '../rules/intervals.ts';

const PORTS = Array.from({ length: 65_535 }, (_, i) => i + 1);

let serving: readonly Interval[] | undefined;
const named = new Map<number, readonly (readonly [port: number, name: string])[]>();

/** Ports above 0 that servers listen on: such a port and one that is not tell who began a flow. */
export function servicePorts(): readonly Interval[] {
  serving ??= intervalsOf(PORTS.filter(isServicePort));
  return serving;
}

/** Ports whose service has a name that passes. @param protocol 6 (TCP) or 17 (UDP) */
export function portsOfServices(
  protocol: number,
  passes: (name: string) => boolean,
): readonly Interval[] {
  let all = named.get(protocol);
  if (!all) {
    all = PORTS.flatMap((port) => {
      const name = serviceName(port, protocol);
      return name === undefined ? [] : [[port, name] as const];
    });
    named.set(protocol, all);
  }
  return intervalsOf(all.flatMap(([port, name]) => (passes(name) ? [port] : [])));
}

function intervalsOf(ports: readonly number[]): Interval[] {
  return normalise(ports.map((port) => [port, port] as const));
}
