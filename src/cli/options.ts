/** Options that several verbs have, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SEVERITIES, type Severity } from '../rules/compiled.ts';

export interface GlobalOptions {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** As in documents; their schema would load more than a help text needs. */
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const STAGE = /^[a-z0-9][a-z0-9-]*$/i;

/** Adds the options that every verb takes, before or after its name. */
export function withGlobalOptions(program: Command): Command {
  return program
    .addOption(
      new Option('--stage <stage>', 'deployed stage')
        .env('FLOWLOG_ALERTS_STAGE')
        .default('dev')
        .argParser(stage),
    )
    .option('--region <region>', 'AWS region, where it is not the configured one')
    .option('--profile <profile>', 'AWS profile, where it is not the configured one')
    .option('--json', 'results as JSON: one alert, rule or problem a line')
    .helpOption('-h, --help', 'show help, with an example');
}

/** Puts an example below a command's help. */
export function withExample(command: Command, ...examples: readonly string[]): Command {
  const title = examples.length === 1 ? 'Example:' : 'Examples:';
  return command.addHelpText('after', `\n${title}\n${examples.map((e) => `  $ ${e}`).join('\n')}`);
}

export function severity(text: string): Severity {
  const found = SEVERITIES.find((name) => name === text.toLowerCase());
  if (!found) throw new InvalidArgumentError(`Allowed are ${SEVERITIES.join(', ')}.`);
  return found;
}

/** The name of a channel. */
export function channelName(text: string): string {
  if (!ID.test(text)) {
    throw new InvalidArgumentError('A name has up to 63 of a-z, 0-9 and -, the first no hyphen.');
  }
  return text;
}

/** A whole number from 1 on. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || !/^\d+$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  }
  return value;
}

function stage(text: string): string {
  if (!STAGE.test(text)) {
    throw new InvalidArgumentError('A stage has letters, digits and hyphens.');
  }
  return text;
}
