/** Alarms that are on: those of the service are its troubles, those of rules are what it found. */
import { formatDuration, plural } from '../../alerts/english.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';

export const alarmsCheck: Check = ({ alarms: fact, stage, now }) => {
  const alarms = known(fact);
  if (alarms === undefined) return [];
  const prefix = `flowlog-alerts/${stage}/service/`;
  const service = alarms.filter(({ name }) => name.startsWith(prefix));
  const findings: Finding[] = service
    .filter(({ state }) => state === 'ALARM')
    .map(({ name, reason, since }) => {
      const short = name.slice(prefix.length);
      return bad(
        'Processing',
        `the alarm ${short} is on for ${formatDuration((now - since) / 1000)}: ${reason.split('\n')[0]}`,
        `docs/operations.md, "${short}"`,
      );
    });
  if (service.length === 0)
    findings.push(bad('Processing', 'the service has no alarms', 'deploy the stack again'));
  else if (findings.length === 0) {
    findings.push(
      ok('Processing', `${plural(service.length, 'alarm')} of the service, none is on`),
    );
  }
  const ofRules = alarms.filter(({ name, state }) => !name.startsWith(prefix) && state === 'ALARM');
  for (const { name } of ofRules) findings.push(warn('Alerts', `the alarm ${name} is on`));
  return findings;
};
