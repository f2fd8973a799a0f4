/** Limits of the account that are near. */
import { formatNumber, plural } from '../../alerts/english.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';

/** What Lambda gives new accounts. */
const SMALL_CONCURRENCY = 10;
/** Standard parameters an account may have in a region. */
const MOST_PARAMETERS = 10_000;
/** Dollars a month. */
const ADVANCED_PARAMETER = 0.05;
const MOST_ALARMS = 5_000;
/** Bytes of a function's resource policy. */
const LARGEST_POLICY = 20_480;
/** A share from which a limit is near. */
const NEAR = 0.8;

export const quotasCheck: Check = (facts) => {
  const findings: Finding[] = [];
  const concurrency = known(facts.concurrency);
  if (concurrency !== undefined) {
    const { limit, unreserved } = concurrency;
    const mend = `aws service-quotas request-service-quota-increase --region ${facts.stack.region} --service-code lambda --quota-code L-B99A9384 --desired-value 1000`;
    if (unreserved < SMALL_CONCURRENCY) {
      findings.push(
        bad(
          'Limits',
          `only ${unreserved} concurrent executions are left to functions without a reservation`,
          mend,
        ),
      );
    } else if (limit <= SMALL_CONCURRENCY) {
      findings.push(warn('Limits', `the account may run ${limit} functions at once`, mend));
    } else findings.push(ok('Limits', `${formatNumber(unreserved)} concurrent executions`));
  }
  const parameters = known(facts.parameters);
  if (parameters !== undefined) {
    const advanced = parameters.filter(({ tier }) => tier === 'Advanced').length;
    const standard = parameters.length - advanced;
    if (standard > MOST_PARAMETERS * NEAR) {
      findings.push(
        warn(
          'Limits',
          `${formatNumber(standard)} of ${formatNumber(MOST_PARAMETERS)} parameters`,
          'put several rules into one document',
        ),
      );
    } else {
      const cost =
        advanced === 0
          ? ''
          : `, ${formatNumber(advanced)} of them advanced ($${formatNumber(advanced * ADVANCED_PARAMETER)} a month)`;
      findings.push(ok('Limits', `${plural(parameters.length, 'parameter')}${cost}`));
    }
  }
  const alarms = known(facts.alarms)?.length ?? 0;
  if (alarms > MOST_ALARMS * NEAR) {
    findings.push(
      warn(
        'Limits',
        `${formatNumber(alarms)} of ${formatNumber(MOST_ALARMS)} alarms`,
        'take alarm: out of rules that nobody watches',
      ),
    );
  }
  const bytes = known(facts.region)?.policy.bytes ?? 0;
  if (bytes > LARGEST_POLICY * NEAR) {
    findings.push(
      warn(
        'Limits',
        `the policy of the function logs has ${formatNumber(bytes)} of ${formatNumber(LARGEST_POLICY)} bytes`,
        `flowlog-alerts subscribe --stage ${facts.stage} --undo --apply, then subscribe again: above twenty groups it makes one permission for all`,
      ),
    );
  }
  return findings;
};
