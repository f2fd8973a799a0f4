/** `rules`: the verbs that work on rule documents. */
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addRulesCheck } from './rules-check.ts';
import { addRulesExplain } from './rules-explain.ts';
import { addRulesSchema } from './rules-schema.ts';
import { addRulesTest } from './rules-test.ts';

/** Adds the verbs. */
export function addRules(program: Command, context: Context): void {
  const rules = program
    .command('rules')
    .description('Check, test and explain rules, print their schema.');
  addRulesCheck(rules, context);
  addRulesTest(rules, context);
  addRulesExplain(rules, context);
  addRulesSchema(rules, context);
}
