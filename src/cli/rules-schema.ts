/** `rules schema`: the JSON Schema of the documents, for editors. */
import { Argument, type Command } from 'commander';
import type { Context } from './context.ts';
import { withExample } from './options.ts';

const KINDS = ['rule', 'list', 'filter', 'silence', 'settings'] as const;

/** Adds the verb. */
export function addRulesSchema(rules: Command, context: Context): void {
  const command = rules
    .command('schema')
    .summary('print the JSON Schema of a document')
    .description(
      'Print the JSON Schema (draft 7) of a kind of document. An editor that knows YAML schemas takes it: ' +
        'write "# yaml-language-server: $schema=rule.schema.json" in the first line of a rule.',
    )
    .addArgument(new Argument('[kind]', 'kind of document').choices(KINDS).default('rule'))
    .action(async (kind: (typeof KINDS)[number]) => {
      const { jsonSchemas } = await import('../rules/json-schema.ts');
      await context.out.line(JSON.stringify(jsonSchemas()[kind], undefined, 2));
    });
  withExample(command, 'flowlog-alerts rules schema > rule.schema.json');
}
