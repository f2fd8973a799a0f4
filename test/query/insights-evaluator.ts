/**
 * Runs `parse` and `filter` of a Logs Insights query on one line, by
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html. What is documented
 * nowhere is left to the caller: how a hyphen compares with a number.
 */
import ipaddr from 'ipaddr.js';

type Value = string | number | boolean | undefined;
type Fields = Map<string, string>;

/** Whether a line passes all filters of a query, before the first command that counts. */
export function passes(query: string, message: string, hyphenIsLess: boolean): boolean {
  const fields: Fields = new Map([['@message', message]]);
  const text = query.replace(/^#.*\n/gm, '');
  for (const command of text.split('\n| ')) {
    if (command.startsWith('parse ')) parse(command, fields);
    else if (command.startsWith('filter ')) {
      const tokens = tokensOf(command.slice('filter '.length));
      const reader = new Reader(tokens, fields, hyphenIsLess);
      if (reader.whole() !== true) return false;
    } else if (!/^(fields|sort|limit) /.test(command)) return true;
  }
  return true;
}

function parse(command: string, fields: Fields): void {
  const glob = /^parse (\S+) "([^"]*)" as (\S+)$/.exec(command);
  if (glob) {
    const pattern = glob[2].replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '(.*?)');
    const found = new RegExp(`^${pattern}$`).exec(fields.get(glob[1]) ?? '');
    const names = glob[3].split(',');
    if (names.length !== glob[2].split('*').length - 1) throw new Error('stars and names differ');
    if (found) for (const [i, name] of names.entries()) fields.set(name, found[i + 1]);
    return;
  }
  const regex = /^parse (\S+) \/(.*)\/$/.exec(command);
  if (!regex) throw new Error(`cannot read ${command}`);
  const found = new RegExp(regex[2]).exec(fields.get(regex[1]) ?? '');
  for (const [name, value] of Object.entries(found?.groups ?? {})) fields.set(name, value);
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.|\[[^\]]*\])+\/|[<>!]=|[=<>()[\],-]|[\w@.]+)/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new Error(`cannot read ${text.slice(at, at + 40)}`);
    tokens.push(found[1]);
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #fields: Fields;
  readonly #hyphenIsLess: boolean;
  #at = 0;

  constructor(tokens: readonly string[], fields: Fields, hyphenIsLess: boolean) {
    this.#tokens = tokens;
    this.#fields = fields;
    this.#hyphenIsLess = hyphenIsLess;
  }

  whole(): Value {
    const value = this.#joined();
    if (this.#at < this.#tokens.length) throw new Error(`left over: ${this.#tokens[this.#at]}`);
    return value;
  }

  /** One operator at a level: mixed ones must stand in parentheses. */
  #joined(): Value {
    let value = this.#single();
    let operator: string | undefined;
    while (this.#peek() === 'and' || this.#peek() === 'or') {
      const next = this.#take();
      operator ??= next;
      if (operator !== next) throw new Error('and and or stand side by side');
      const other = this.#single();
      value = next === 'and' ? value === true && other === true : value === true || other === true;
    }
    return value;
  }

  #single(): Value {
    if (this.#peek() === 'not') {
      this.#take();
      if (this.#peek() !== '(') throw new Error('not stands before parentheses');
      return this.#single() !== true;
    }
    const left = this.#operand();
    const operator = this.#peek();
    if (operator === 'in') return this.#listed(left);
    if (operator === 'like' || operator === 'not') return this.#like(left);
    if (!operator || !['=', '!=', '<', '>', '<=', '>='].includes(operator)) return left;
    this.#take();
    return this.#compare(left, operator, this.#operand());
  }

  #operand(): Value {
    let value = this.#plain();
    while (this.#peek() === '-') {
      this.#take();
      const other = this.#plain();
      value = Number(value) - Number(other);
    }
    return value;
  }

  #plain(): Value {
    const token = this.#take();
    if (token === '(') {
      const value = this.#joined();
      this.#expect(')');
      return value;
    }
    if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^\d+$/.test(token)) return Number(token);
    if (this.#peek() === '(') return this.#call(token);
    if (token === '-') return -Number(this.#take());
    return this.#fields.get(token);
  }

  #call(name: string): Value {
    this.#expect('(');
    const first = this.#take();
    let second: string | undefined;
    if (this.#peek() === ',') {
      this.#take();
      second = this.#take().slice(1, -1);
    }
    this.#expect(')');
    const value = this.#fields.get(first);
    if (name === 'ispresent') return value !== undefined;
    const kind = name === 'isIpv4InSubnet' ? 'ipv4' : name === 'isIpv6InSubnet' ? 'ipv6' : '';
    if (kind === '' || second === undefined) throw new Error(`unknown function ${name}`);
    if (value === undefined || !ipaddr.isValid(value)) return false;
    const address = ipaddr.parse(value);
    const [base, bits] = ipaddr.parseCIDR(second);
    return address.kind() === kind && base.kind() === kind && address.match(base, bits);
  }

  #listed(left: Value): boolean {
    this.#expect('in');
    this.#expect('[');
    const members: Value[] = [];
    while (this.#peek() !== ']') {
      members.push(this.#plain());
      if (this.#peek() === ',') this.#take();
    }
    this.#expect(']');
    return members.some((member) => this.#compare(left, '=', member));
  }

  #like(left: Value): boolean {
    const negated = this.#peek() === 'not';
    if (negated) this.#take();
    this.#expect('like');
    const pattern = new RegExp(this.#take().slice(1, -1));
    if (left === undefined) return false;
    return pattern.test(String(left)) !== negated;
  }

  #compare(left: Value, operator: string, right: Value): boolean {
    if (left === undefined || right === undefined) return false;
    const numbers = [left, right].map((value) => (value === '-' ? Number.NaN : Number(value)));
    const numeric = !numbers.some(Number.isNaN);
    if (operator === '=') return numeric ? numbers[0] === numbers[1] : left === right;
    if (operator === '!=') return numeric ? numbers[0] !== numbers[1] : left !== right;
    if (!numeric) return operator.startsWith('<') === this.#hyphenIsLess;
    const [a, b] = numbers;
    return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[operator] ?? false;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error('the expression ends early');
    return token;
  }

  #expect(token: string): void {
    const found = this.#take();
    if (found !== token) throw new Error(`found ${found} in place of ${token}`);
  }
}
