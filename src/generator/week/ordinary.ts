/** Everybody who acts in an ordinary week. */
import { metricAgents, nameLookups, timeKeeping, vendorAgents } from './actors/agents.ts';
import { administrators, fileShares, mail, scraping, vulnerabilityScan } from './actors/inside.ts';
import { backups, batchCluster } from './actors/jobs.ts';
import { internetNoise, latePackets } from './actors/noise.ts';
import { browsing, packageUpdates, partnerCalls } from './actors/outward.ts';
import { dataStores, partnerFeed, serverless } from './actors/tiers.ts';
import { healthChecks, logShipping, uptimeProbes, visitors } from './actors/web.ts';
import type { Actor } from './conversation.ts';

/** Their order decides their random streams: add at the end. */
export const ORDINARY: readonly Actor[] = [
  visitors,
  uptimeProbes,
  healthChecks,
  logShipping,
  dataStores,
  serverless,
  partnerFeed,
  metricAgents,
  vendorAgents,
  timeKeeping,
  nameLookups,
  partnerCalls,
  packageUpdates,
  browsing,
  scraping,
  fileShares,
  administrators,
  mail,
  vulnerabilityScan,
  backups,
  batchCluster,
  internetNoise,
  latePackets,
];
