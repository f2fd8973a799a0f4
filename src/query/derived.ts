/**
 * Conditions on derived fields as conditions on logged ones: what map/3-enrich computes, said in the
 * terms of a query.
 */
import { setOf, type TextSet } from '../map/4-match/field-set.ts';
import { fieldFor } from '../records/batch.ts';
import { LOGGED_FIELDS } from '../records/fields.ts';
import type { CompiledList, Leaf, Match, Test } from '../rules/compiled.ts';
import { flagValues } from '../rules/tcp-flags.ts';
import { ALWAYS, both, either, NEVER, outside, tested, within } from './constants.ts';
import { portsOfServices, servicePorts } from './service-ports.ts';

type Lists = Readonly<Record<string, CompiledList>>;

const TCP = 6;
const UDP = 17;
/** Protocols with ports: TCP, UDP, SCTP. */
const PORTED: readonly (readonly [number, number])[] = [
  [TCP, TCP],
  [UDP, UDP],
  [132, 132],
];

/** Nobody listens there: it stands for a port that is not known. */
const PORT_0 = { numbers: [[0, 0]] as const };

/** Fields that a format has. */
export type Has = (field: string) => boolean;

/** The condition over logged fields, and `duration`; undefined for a field that is no derived one. */
export function overLogged(leaf: Leaf, has: Has, lists: Lists): Match | undefined {
  const { test } = leaf;
  if ('exists' in test && !test.exists) {
    const there = overLogged({ ...leaf, test: { exists: true } }, has, lists);
    return there && { not: there };
  }
  switch (leaf.field) {
    case 'leg':
      return ofLeg(namesIn(leaf, ['request', 'reply', 'unknown'], lists), has);
    case 'server-port':
      return ofSides(test, ['dstport', 'srcport'], has);
    case 'client-addr':
      return ofAddresses(test, ['srcaddr', 'dstaddr'], has);
    case 'server-addr':
      return ofAddresses(test, ['dstaddr', 'srcaddr'], has);
    case 'service':
      return ofService(textSet(leaf, lists), has);
    case 'traffic':
      return ofTraffic(namesIn(leaf, ['inbound', 'outbound', 'internal', 'external'], lists), {
        has,
        cidrs: lists.internal?.cidrs ?? [],
      });
    case 'vantage': {
      const told = ofTransitGateway(has)
        ? { source: 'ingress', destination: 'egress' }
        : { source: 'egress', destination: 'ingress' };
      const names = namesIn(leaf, ['source', 'destination'], lists);
      return either(...names.map((name) => within('flow-direction', { strings: [told[name]] })));
    }
    default:
      return undefined;
  }
}

function textSet({ field, test }: Leaf, lists: Lists): TextSet {
  return setOf(test, fieldFor(field).type, lists) as TextSet;
}

/** Which of a derived field's names the test admits. */
function namesIn<N extends string>(leaf: Leaf, names: readonly N[], lists: Lists): N[] {
  const { test } = textSet(leaf, lists);
  return names.filter(test);
}

function ofLeg(names: readonly string[], has: Has): Match {
  const admits = (name: string) => names.includes(name);
  const syn = flagValues(['syn'], ['ack']);
  // A transit gateway reports every ACK, a client's too: there only a SYN without one says something.
  const transit = ofTransitGateway(has);
  const told = transit ? syn : flagValues(['syn'], []);
  const synAck = transit ? [] : flagValues(['syn', 'ack'], []);
  const request = () => begins('dstport', 'srcport', { flags: syn, told }, has);
  const reply = () => begins('srcport', 'dstport', { flags: synAck, told }, has);
  if (admits('unknown')) {
    const excluded: Match[] = [];
    if (!admits('request')) excluded.push({ not: request() });
    if (!admits('reply')) excluded.push({ not: reply() });
    return both(...excluded);
  }
  const admitted: Match[] = [];
  if (admits('request')) admitted.push(request());
  if (admits('reply')) admitted.push(reply());
  return either(...admitted);
}

type Values = readonly (readonly [number, number])[];

/** The flags say so, or, where they are none that tell, the ports do. */
function begins(
  server: string,
  client: string,
  { flags, told }: { readonly flags: Values; readonly told: Values },
  has: Has,
): Match {
  const serving = { numbers: servicePorts() };
  const byPorts = both(
    has('tcp-flags') ? { not: within('tcp-flags', { numbers: told }) } : ALWAYS,
    has('protocol') ? within('protocol', { numbers: PORTED }) : ALWAYS,
    within(server, serving),
    outside(client, serving),
    outside(client, PORT_0),
  );
  return flags.length === 0 ? byPorts : either(within('tcp-flags', { numbers: flags }), byPorts);
}

function ofTransitGateway(has: Has): boolean {
  return LOGGED_FIELDS.some(({ name, version }) => version === 6 && has(name));
}

function ofSides(test: Test, [ofRequest, ofReply]: readonly [string, string], has: Has): Match {
  return either(
    both(ofLeg(['request'], has), tested(ofRequest, test)),
    both(ofLeg(['reply'], has), tested(ofReply, test)),
  );
}

function ofAddresses(test: Test, sides: readonly [string, string], has: Has): Match {
  return has('srcaddr') && has('dstaddr') ? ofSides(test, sides, has) : NEVER;
}

function ofService({ test }: TextSet, has: Has): Match {
  const named = (protocol: number) =>
    both(
      within('protocol', { numbers: [[protocol, protocol]] }),
      ofSides({ in: { numbers: portsOfServices(protocol, test) } }, ['dstport', 'srcport'], has),
    );
  return either(named(TCP), named(UDP));
}

function ofTraffic(
  names: readonly string[],
  { has, cidrs }: { readonly has: Has; readonly cidrs: readonly string[] },
): Match {
  const side = (name: 'srcaddr' | 'dstaddr', inside: boolean): Match => {
    const packet = `pkt-${name}`;
    const at = (field: string) => (inside ? within : outside)(field, { cidrs });
    // The packet's own address says more, where it is known.
    if (!has(packet)) return at(name);
    return either(at(packet), both(tested(packet, { exists: false }), at(name)));
  };
  const ways: Readonly<Record<string, readonly [boolean, boolean]>> = {
    inbound: [false, true],
    outbound: [true, false],
    internal: [true, true],
    external: [false, false],
  };
  return either(
    ...names.map((name) => both(side('srcaddr', ways[name][0]), side('dstaddr', ways[name][1]))),
  );
}
