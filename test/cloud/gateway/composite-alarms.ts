import { type Answer, Refusal } from './answer.ts';
import type { Call } from './call.ts';
import type { Gateway } from './gateway.ts';

interface Named {
  readonly AlarmName: string;
}

interface Described {
  readonly MetricAlarms?: readonly Named[];
}

/** The emulator has no operation for composite alarms; as metric alarms it keeps all but their rules. */
export class CompositeAlarms {
  readonly #rules = new Map<string, string>();
  readonly #gateway: Pick<Gateway, 'forward'>;

  constructor(gateway: Pick<Gateway, 'forward'>) {
    this.#gateway = gateway;
  }

  readonly before = async (call: Call): Promise<Answer | undefined> => {
    if (call.service !== 'monitoring' || call.action !== 'PutCompositeAlarm') return undefined;
    const { AlarmName, AlarmRule } = call.input;
    if (typeof AlarmRule !== 'string' || AlarmRule.length < 1 || AlarmRule.length > 10_240) {
      throw new Refusal('ValidationError', 'AlarmRule must have 1 to 10240 characters');
    }
    this.#rules.set(String(AlarmName), AlarmRule);
    const target = String(call.headers['x-amz-target']).replace(/\.\w+$/, '.PutMetricAlarm');
    return this.#gateway.forward({
      ...call,
      headers: { ...call.headers, 'x-amz-target': target },
    });
  };

  readonly after = (call: Call, answer: Answer): Answer | undefined => {
    if (call.service !== 'monitoring' || call.action !== 'DescribeAlarms') return undefined;
    const { MetricAlarms = [], ...body } = JSON.parse(answer.body.toString()) as Described;
    const isComposite = ({ AlarmName }: Named) => this.#rules.has(AlarmName);
    const CompositeAlarms = MetricAlarms.filter(isComposite).map((alarm) => ({
      ...alarm,
      AlarmRule: this.#rules.get(alarm.AlarmName),
    }));
    const others = MetricAlarms.filter((alarm) => !isComposite(alarm));
    const described = { ...body, MetricAlarms: others, CompositeAlarms };
    return { ...answer, body: Buffer.from(JSON.stringify(described)) };
  };
}
