/**
 * What AWS refuses and the emulator lets pass. Sources: the API references of the services, at
 * the operation each check names.
 */
import { Refusal } from './answer.ts';
import { type Call, formList } from './call.ts';

const size = (text: unknown) => Buffer.byteLength(typeof text === 'string' ? text : '');

type Check = (call: Call) => void;

const CHECKS: Readonly<Record<string, Check>> = {
  'sns:Publish': checkPublish,
  'ssm:PutParameter': checkParameter,
  'monitoring:PutMetricData': checkMetrics,
  'sqs:SendMessage': checkMessage,
};

/** @throws Refusal */
export function checkLimits(call: Call): undefined {
  CHECKS[`${call.service}:${call.action}`]?.(call);
}

function checkPublish({ input }: Call): void {
  const attributes = formList(input, 'MessageAttributes.entry.');
  let total = size(input.Message);
  for (const attribute of attributes) {
    for (const value of Object.values(attribute)) total += size(value);
  }
  if (total > 262_144) invalid('Invalid parameter: Message too long');
  if (input.Subject !== undefined) checkSubject(String(input.Subject));
  if (input.MessageStructure === 'json') checkStructure(String(input.Message));
}

function checkSubject(subject: string): void {
  if (subject.length === 0 || subject.length >= 100) invalid('Invalid parameter: Subject');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what AWS refuses
  if (/[\u0000-\u001f\u007f]/.test(subject)) invalid('Invalid parameter: Subject');
}

function checkStructure(message: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    invalid('Invalid parameter: Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries(parsed as object);
  if (!texts.some(([name]) => name === 'default')) {
    invalid('Invalid parameter: Message Structure - No default entry in JSON message body');
  }
  if (texts.some(([, text]) => typeof text !== 'string')) {
    invalid('Invalid parameter: Message Structure - JSON message body values must be strings');
  }
}

function checkParameter({ input }: Call): void {
  const value = String(input.Value ?? '');
  const advanced = input.Tier === 'Advanced' || input.Tier === 'Intelligent-Tiering';
  const limit = advanced ? 8_192 : 4_096;
  if (size(value) > limit) {
    throw new Refusal(
      'ValidationException',
      `${advanced ? 'Advanced' : 'Standard'} tier parameters support a maximum parameter value of ${limit} characters.`,
    );
  }
  if (value.includes('{{')) {
    throw new Refusal(
      'ValidationException',
      "Parameter value: can't contain {{}} or {{ssm:parameter-name}}",
    );
  }
}

interface Datum {
  readonly MetricName?: string;
  readonly Dimensions?: readonly unknown[];
  readonly Value?: unknown;
  readonly Values?: readonly unknown[];
  readonly Timestamp?: number | string;
}

function checkMetrics({ input, body }: Call): void {
  const data = (input.MetricData ?? []) as readonly Datum[];
  if (body.length > 1_048_576) invalid('Request size exceeds 1 MB', 'RequestEntityTooLarge');
  if (data.length === 0 || data.length > 1_000) {
    invalid(`MetricData must hold 1 to 1000 metrics, not ${data.length}`, 'InvalidParameterValue');
  }
  if (String(input.Namespace ?? '').startsWith('AWS/')) invalid('Namespace AWS/ is reserved');
  for (const datum of data) checkDatum(datum);
}

function checkDatum(datum: Datum): void {
  const { Dimensions = [], Values = [] } = datum;
  if (Dimensions.length > 30) invalid('At most 30 dimensions', 'InvalidParameterValue');
  if (Values.length > 150) invalid('At most 150 values', 'InvalidParameterValue');
  for (const value of datum.Value === undefined ? Values : [datum.Value]) {
    if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 2 ** 360) {
      invalid(`The value ${value} of ${datum.MetricName} is invalid`, 'InvalidParameterValue');
    }
  }
  if (datum.Timestamp !== undefined) {
    const at =
      typeof datum.Timestamp === 'number' ? datum.Timestamp * 1_000 : Date.parse(datum.Timestamp);
    const age = Date.now() - at;
    if (age > 14 * 86_400_000 || age < -2 * 3_600_000) {
      invalid(`The timestamp of ${datum.MetricName} is out of range`, 'InvalidParameterValue');
    }
  }
}

function checkMessage({ input }: Call): void {
  if (size(input.MessageBody) > 1_048_576) {
    invalid('One or more parameters are invalid. Reason: Message must be shorter than 1 MiB');
  }
}

function invalid(message: string, code = 'InvalidParameter'): never {
  throw new Refusal(code, message);
}
