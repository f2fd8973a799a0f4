/** `rules`: the verbs that work on rule documents. */
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addRulesBacktest } from './rules-backtest.ts';
import { addRulesCheck } from './rules-check.ts';
import { addRulesDiff } from './rules-diff.ts';
import { addRulesExplain } from './rules-explain.ts';
import { addRulesForecast } from './rules-forecast.ts';
import { addRulesPull } from './rules-pull.ts';
import { addRulesPush } from './rules-push.ts';
import { addRulesQuery } from './rules-query.ts';
import { addRulesSchema } from './rules-schema.ts';
import { addRulesTest } from './rules-test.ts';

/** Adds the verbs. */
export function addRules(program: Command, context: Context): void {
  const rules = program
    .command('rules')
    .description('Check, test and explain rules, and bring them to a deployed stage.');
  addRulesCheck(rules, context);
  addRulesTest(rules, context);
  addRulesExplain(rules, context);
  addRulesSchema(rules, context);
  addRulesQuery(rules, context);
  addRulesBacktest(rules, context);
  addRulesPush(rules, context);
  addRulesPull(rules, context);
  addRulesDiff(rules, context);
  addRulesForecast(rules, context);
}
