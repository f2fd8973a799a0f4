/**
 * The Lambda runtime of the harness, in a process of its own: loads the handler once, then runs
 * one event at a time. Speaks with its parent over the process channel.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const [file, name] = process.env._HANDLER.split('.');
let request = '';
/** How far the function's clock is ahead of the machine's, milliseconds. */
let ahead = 0;

const machineNow = Date.now;
globalThis.Date = class extends Date {
  constructor(...values) {
    super(...(values.length === 0 ? [Date.now()] : values));
  }

  static now() {
    return machineNow() + ahead;
  }
};

const inJson = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';

/** What Node on Lambda makes of a console entry, in either log format. */
function entry(level, values) {
  const timestamp = new Date().toISOString();
  const message = format(...values);
  if (inJson) return JSON.stringify({ timestamp, level, requestId: request, message });
  return `${timestamp}\t${request}\t${level}\t${message.replaceAll('\n', '\r')}`;
}

for (const [method, level] of [
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
  ['debug', 'DEBUG'],
]) {
  console[method] = (...values) => process.stdout.write(`${entry(level, values)}\n`);
}

/** The platform's own lines; in JSON the stack asks for warnings alone. */
function platform(text) {
  if (!inJson) process.stdout.write(`${text}\n`);
}

const describe = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

async function load() {
  const path = join(process.env.LAMBDA_TASK_ROOT, `${file}.mjs`);
  const handler = (await import(pathToFileURL(path).href))[name];
  if (typeof handler !== 'function') throw new Error(`${file}.mjs exports no function ${name}`);
  return handler;
}

const loaded = load().then(
  (handler) => ({ handler }),
  (error) => ({ error }),
);

process.on('message', async ({ id, event, deadline, context, clock }) => {
  request = id;
  ahead = clock;
  platform(`START RequestId: ${id} Version: $LATEST`);
  const reply = (answer) => {
    platform(`END RequestId: ${id}`);
    process.send({ id, ...answer });
  };
  const { handler, error } = await loaded;
  if (error) {
    console.error('Uncaught Exception', JSON.stringify(describe(error)));
    reply({ error: describe(error), fatal: true });
    return;
  }
  try {
    const remaining = () => Math.max(0, deadline + ahead - Date.now());
    const value = await handler(event, { ...context, getRemainingTimeInMillis: remaining });
    reply({ value: value ?? null });
  } catch (thrown) {
    console.error('Invoke Error', JSON.stringify(describe(thrown)));
    reply({ error: describe(thrown) });
  }
});

process.on('disconnect', () => process.exit(0));
