/** Which field a name in a rule means. */
import { FIELD_NAME, FIELDS, type Field, fieldNamed, unknownField } from '../records/fields.ts';
import { type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { nearest } from './suggest.ts';

/** What other tools and people call a field; edit distance alone would not find it. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['src', 'srcaddr'],
  ['source', 'srcaddr'],
  ['srcip', 'srcaddr'],
  ['src-ip', 'srcaddr'],
  ['source-ip', 'srcaddr'],
  ['source-address', 'srcaddr'],
  ['dst', 'dstaddr'],
  ['dest', 'dstaddr'],
  ['destination', 'dstaddr'],
  ['dstip', 'dstaddr'],
  ['dst-ip', 'dstaddr'],
  ['destination-ip', 'dstaddr'],
  ['destination-address', 'dstaddr'],
  ['port', 'dstport'],
  ['source-port', 'srcport'],
  ['dest-port', 'dstport'],
  ['destination-port', 'dstport'],
  ['proto', 'protocol'],
  ['flags', 'tcp-flags'],
  ['direction', 'flow-direction'],
  ['account', 'account-id'],
  ['eni', 'interface-id'],
  ['interface', 'interface-id'],
  ['instance', 'instance-id'],
  ['vpc', 'vpc-id'],
  ['subnet', 'subnet-id'],
  ['status', 'log-status'],
  ['octets', 'bytes'],
]);

const NAMES: readonly string[] = FIELDS.map((field) => field.name);

/**
 * The field a name means. A well-formed name that is like no known one is taken for a field that
 * AWS added since: a text field, with a warning.
 * @returns undefined, with an error reported, for a slip or something that is no field name
 */
export function resolveField(name: string, path: Path, report: Reporter): Field | undefined {
  const known = fieldNamed(name);
  if (known) return known;
  const meant = meantField(name);
  if (meant !== undefined) {
    return report.error(path, `there is no field ${show(name)}`, `did you mean ${meant}?`);
  }
  if (/^(?:src|dst)\./.test(name)) {
    return report.error(path, `this version has no inventory, so no field ${show(name)}`);
  }
  if (!FIELD_NAME.test(name)) {
    return report.error(
      path,
      `${show(name)} is not a field name`,
      'names are lower case with hyphens, like log-status',
    );
  }
  report.warning(
    path,
    `this version does not know the field ${show(name)} and keeps it as text`,
    'right if AWS has added it since; else see docs/rules.md for the names',
  );
  return unknownField(name);
}

/** The known field a wrong name was probably meant to be. */
export function meantField(name: string): string | undefined {
  const other = OTHER_NAMES.get(name.toLowerCase().replaceAll('_', '-'));
  if (other !== undefined) return other;
  const close = nearest(name, NAMES);
  // instance-tag-3 is not a slip of instance-tag-2: AWS numbers its additions.
  const numbered = close !== undefined && stem(name) === stem(close) && /-\d+$/.test(name);
  return numbered ? undefined : close;
}

function stem(name: string): string {
  return name.replace(/-\d+$/, '');
}
