import { z } from 'zod';
import { durationSchema, idSchema } from '../rules/basic-schema.ts';
import { wanted } from '../rules/wanted.ts';
import { alertMatchSchema } from './silence-schema.ts';

const layout = wanted('a format like "${srcaddr} ${dstaddr} ..."', z.string().min(1));
const whole = (least: number, most: number) => z.int().min(least).max(most);

const route = z.strictObject({
  match: alertMatchSchema.optional().describe('Alert fields; absent: every alert'),
  to: z.array(idSchema).min(1).describe('Channels'),
});

/** Settings of a stage; every key has a default. */
export const settingsSchema = z
  .strictObject({
    builtin: wanted(
      'true, false, or a list of rule ids and tags',
      z.union([z.boolean(), z.array(z.string()).min(1)]),
    )
      .optional()
      .describe('Built-in rules in force: all, none, or those named by id or tag'),
    owner: idSchema.optional().describe("Channel for the service's own troubles"),
    routes: z
      .array(route)
      .optional()
      .describe('Channels that alerts of some kind go to, beside those that their rules name'),
    lateness: durationSchema
      .optional()
      .describe("How far behind its source's clock a record may start; 30m, in replay a day"),
    settle: durationSchema.optional().describe('How long a window waits for late records; 5m'),
    maxGroups: whole(1, 100_000).optional().describe('New groups a rule remembers per minute; 500'),
    maxMemory: whole(1, 10_000_000)
      .optional()
      .describe('Groups all rules together remember; 100000'),
    formats: z
      .record(z.string(), z.union([layout, z.array(layout).min(1)]))
      .optional()
      .describe('LogFormat by log group or glob (* and ?), in place of what AWS says'),
    metrics: z
      .enum(['sparse', 'full'])
      .optional()
      .describe('`full` publishes `Matches` for every rule; `sparse` where a rule asks'),
    alarms: z
      .strictObject({
        composite: z
          .boolean()
          .default(false)
          .describe('One alarm for each severity tells, in place of one for each rule'),
      })
      .optional()
      .describe('How the alarms of rules tell'),
    queries: z
      .boolean()
      .optional()
      .describe('Whether Logs Insights has a saved query for each rule; true'),
  })
  .meta({ title: 'flowlog-alerts settings' });

export type SettingsDocument = z.infer<typeof settingsSchema>;
