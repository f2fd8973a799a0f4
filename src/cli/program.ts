/** The verbs, and what an end with or without an error means for the exit code. */
import { Command, CommanderError } from 'commander';
import { addAlerts } from './alerts.ts';
import { addChannels } from './channels.ts';
import type { Context } from './context.ts';
import { addDoctor } from './doctor.ts';
import { CommandError, EXIT } from './exit.ts';
import { addExplain } from './explain.ts';
import { type Io, Printer } from './io.ts';
import { withExample, withGlobalOptions } from './options.ts';
import { addRebuild } from './rebuild.ts';
import { addReplay } from './replay.ts';
import { addRules } from './rules.ts';
import { addSilence } from './silence.ts';
import { addSubscribe } from './subscribe.ts';
import { addTestAlert } from './test-alert.ts';
import { addUninstall } from './uninstall.ts';

/**
 * Runs one command line.
 * @param argv arguments without node and script
 * @returns the exit code; nothing is thrown but faults of the program itself
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done;
  const context: Context = {
    io,
    out: new Printer(io.stdout),
    err: new Printer(io.stderr),
    exit: (value) => {
      code = value;
    },
  };
  const program = buildProgram(context);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof CommandError)) throw error;
    await context.err.line(error.message);
    return error.code;
  }
  return code;
}

/** The commander program; its help is what docs/cli.md describes. */
export function buildProgram(context: Context): Command {
  const { io } = context;
  const program = new Command('flowlog-alerts')
    .description(
      'Alerts from VPC flow logs: try rules on stored logs, check them, test a deployment.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows what is allowed)');
  withGlobalOptions(program);
  withExample(program, 'flowlog-alerts replay flow-logs/');
  addReplay(program, context);
  addExplain(program, context);
  addRules(program, context);
  addSilence(program, context);
  addAlerts(program, context);
  addTestAlert(program, context);
  addChannels(program, context);
  addRebuild(program, context);
  addSubscribe(program, context);
  addDoctor(program, context);
  addUninstall(program, context);
  return program;
}
