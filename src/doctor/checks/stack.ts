/** The stack: whole, of this version, its functions and what starts them in order. */
import { type Check, known } from '../facts.ts';
import { bad, type Finding, listed, ok, warn } from '../finding.ts';

/** Without them nothing that reads the stack can work. */
const NEEDED = [
  'AlertTopicArn',
  'OpsTopicArn',
  'DigestTableName',
  'StateBucketName',
  'ConfigPath',
  'LogsFunctionArn',
  'Shards',
];

export const stackCheck: Check = ({ stack, stage, version, resources }) => {
  const deploy = `npx serverless deploy --stage ${stage} --region ${stack.region}`;
  const { status, statusReason, outputs, name, region } = stack;
  const findings: Finding[] = [];
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) {
    findings.push(ok('Stack', `${name} in ${region}: ${status}`));
  } else if (status.endsWith('_IN_PROGRESS')) {
    findings.push(
      warn('Stack', `${name} in ${region} is being changed: ${status}`, 'wait until it is done'),
    );
  } else if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    findings.push(
      warn(
        'Stack',
        `the last deploy of ${name} failed and was taken back${because(statusReason)}`,
        deploy,
      ),
    );
  } else {
    findings.push(bad('Stack', `${name} in ${region}: ${status}${because(statusReason)}`, deploy));
  }
  const missing = NEEDED.filter((output) => outputs[output] === undefined);
  if (missing.length > 0) {
    findings.push(
      bad(
        'Stack',
        `it has no output ${listed(missing)}: an older version, or not deployed in full`,
        deploy,
      ),
    );
  }
  const broken = (known(resources) ?? []).filter((one) => /FAILED|DELETE/.test(one.status));
  if (broken.length > 0) {
    const names = broken.map(({ logicalId, status: state }) => `${logicalId} (${state})`);
    findings.push(bad('Stack', `resources that are not in order: ${listed(names)}`, deploy));
  }
  if (outputs.Version !== undefined && outputs.Version !== version) {
    findings.push(
      warn(
        'Stack',
        `version ${outputs.Version} is deployed, and this checkout is ${version}`,
        deploy,
      ),
    );
  }
  return findings;
};

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}

export const functionsCheck: Check = ({ functions, mappings, stage, stack }) => {
  const deploy = `npx serverless deploy --stage ${stage} --region ${stack.region}`;
  const states = known(functions) ?? [];
  // One that is Inactive was idle for long, and the next event wakes it.
  const findings = states
    .filter(({ state }) => state === 'Failed' || state === 'Pending')
    .map(({ name, state, reason }) =>
      bad('Stack', `the function ${name} is ${state}${because(reason)}`, deploy),
    );
  for (const { functionName, source, state, lastResult } of known(mappings) ?? []) {
    const pair = `${functionName} from ${source}`;
    if (state === 'Disabled' || state === 'Disabling') {
      findings.push(bad('Stack', `nothing comes to ${pair}: the mapping is ${state}`, deploy));
    } else if (lastResult?.startsWith('PROBLEM')) {
      findings.push(bad('Stack', `nothing comes to ${pair}: ${lastResult}`));
    }
  }
  if (states.length > 0 && findings.length === 0) {
    findings.push(ok('Stack', `${states.length} functions are ready`));
  }
  return findings;
};
