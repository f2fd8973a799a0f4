import { insightsQueryOf } from '../query/insights.ts';
import { QueryError } from '../query/query-error.ts';
import type { RuleQuery } from './desired.ts';

/** What a query language cannot say of a rule, or not over this format, has no saved query. */
export const ruleQuery: RuleQuery = (rule, format, snapshot) => {
  try {
    return insightsQueryOf(rule, format, snapshot);
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
};
