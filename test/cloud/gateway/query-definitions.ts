import { randomUUID } from 'node:crypto';
import { type Answer, json, Refusal } from './answer.ts';
import type { Call } from './call.ts';

interface Definition {
  readonly queryDefinitionId: string;
  readonly name: string;
  readonly queryString: string;
  readonly logGroupNames?: readonly string[];
}

const PAGE = 10;

/** Saved queries of Logs Insights, which the emulator does not know. */
export class QueryDefinitions {
  readonly definitions = new Map<string, Definition>();

  readonly answer = (call: Call): Answer | undefined => {
    if (call.service !== 'logs') return undefined;
    if (call.action === 'PutQueryDefinition') return this.#put(call.input);
    if (call.action === 'DescribeQueryDefinitions') return this.#describe(call.input);
    if (call.action === 'DeleteQueryDefinition') return this.#delete(call.input);
    return undefined;
  };

  #put({ queryDefinitionId, name, queryString, logGroupNames }: Call['input']): Answer {
    const text = String(queryString ?? '');
    if (typeof name !== 'string' || name.length > 255 || text === '' || text.length > 10_000) {
      throw new Refusal('InvalidParameterException', 'name or queryString is too long or missing');
    }
    if (queryDefinitionId !== undefined && !this.definitions.has(String(queryDefinitionId))) {
      throw new Refusal('ResourceNotFoundException', 'The query definition does not exist');
    }
    const id = queryDefinitionId === undefined ? randomUUID() : String(queryDefinitionId);
    const groups = logGroupNames as readonly string[] | undefined;
    this.definitions.set(id, {
      queryDefinitionId: id,
      name,
      queryString: text,
      ...(groups && { logGroupNames: groups }),
    });
    return json({ queryDefinitionId: id });
  }

  #describe({ queryDefinitionNamePrefix = '', nextToken = '0' }: Call['input']): Answer {
    const found = [...this.definitions.values()].filter(({ name }) =>
      name.startsWith(String(queryDefinitionNamePrefix)),
    );
    const start = Number(nextToken);
    const more = found.length > start + PAGE;
    return json({
      queryDefinitions: found.slice(start, start + PAGE),
      ...(more && { nextToken: String(start + PAGE) }),
    });
  }

  #delete({ queryDefinitionId }: Call['input']): Answer {
    if (!this.definitions.delete(String(queryDefinitionId))) {
      throw new Refusal('ResourceNotFoundException', 'The query definition does not exist');
    }
    return json({ success: true });
  }
}
