/** As much of IAM as the stack's roles use: Allow statements with wildcards and two conditions. */

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** What a caller wants to do: `dynamodb:PutItem` on an ARN. */
export interface Wish {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

const many = (value: string | readonly string[]) => (typeof value === 'string' ? [value] : value);

/** `*` stands for anything, `?` for one character, as in IAM. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

export function allows(statements: readonly Statement[], wish: Wish): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      many(statement.Action).some((action) => matches(action, wish.action)) &&
      many(statement.Resource).some((resource) => matches(resource, wish.resource)) &&
      holds(statement.Condition, wish.context ?? {}),
  );
}

function holds(condition: Statement['Condition'], context: Readonly<Record<string, string>>) {
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    for (const [key, wanted] of Object.entries(keys)) {
      const found = context[key];
      if (found === undefined) return false;
      if (operator === 'StringEquals' && !many(wanted).includes(found)) return false;
      if (operator === 'StringLike' && !many(wanted).some((one) => matches(one, found))) {
        return false;
      }
      if (operator !== 'StringEquals' && operator !== 'StringLike') {
        throw new Error(`The gateway does not know the policy condition ${operator}`);
      }
    }
  }
  return true;
}
