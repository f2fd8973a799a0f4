/** Channels that rules, routes and settings name but nobody has set up. */
import { type Check, known } from '../facts.ts';
import { listed, ok, warn } from '../finding.ts';

/** What rules name where nobody thought of channels. */
const DEFAULT = 'default';

export const channelsCheck: Check = ({ snapshot, parameters: fact, stage }) => {
  const parameters = known(fact);
  const published = known(snapshot)?.snapshot;
  if (parameters === undefined || published === undefined) return [];
  const channels = parameters.flatMap(({ path }) => /^channels\/(.+)$/.exec(path)?.[1] ?? []);
  const users = new Map<string, string[]>();
  const use = (channel: string, user: string) => {
    if (channel === DEFAULT || channels.includes(channel)) return;
    users.set(channel, [...(users.get(channel) ?? []), user]);
  };
  for (const { id, to } of published.rules) for (const channel of to) use(channel, `rule ${id}`);
  const { owner, routes = [] } = published.delivery ?? {};
  for (const { to } of routes) for (const channel of to) use(channel, 'a route');
  if (owner !== undefined) use(owner, 'the setting owner');
  const plain = parameters.filter(
    ({ path, type }) => path.startsWith('channels/') && type !== 'SecureString',
  );
  return [
    ...(channels.length > 0 ? [ok('Alerts', `channels: ${listed([...channels].sort())}`)] : []),
    ...[...users].map(([channel, names]) =>
      warn(
        'Alerts',
        `there is no channel ${channel}, which ${listed(names, 3)} ${names.length > 1 ? 'name' : 'names'}`,
        `flowlog-alerts channels set ${channel} --stage ${stage}`,
      ),
    ),
    ...plain.map(({ path }) =>
      warn(
        'Alerts',
        `${path} is in plain text, for whoever may read parameters`,
        `flowlog-alerts channels set ${path.slice('channels/'.length)} --stage ${stage}`,
      ),
    ),
  ];
};
