import { blockedLoops } from './blocked-loops';
import { clockJumps } from './clock-jumps';
import { disorderedMarket } from './disordered-market';
import type { Drill } from './drill';
import { fullDisk } from './full-disk';
import { hugeAccount } from './huge-account';
import { importCuts } from './import-cuts';
import { lostCommits } from './lost-commits';
import { migrationKills } from './migration-kills';
import { networkCuts } from './network-cuts';
import { overlappingRuns } from './overlapping-runs';
import { poisonedSettings } from './poisoned-settings';
import { rivalRuns } from './rival-runs';
import { separateNetworks } from './separate-networks';
import { serverKills } from './server-kills';
import { soak } from './soak';
import { threadEnds } from './thread-ends';
import { workerKills } from './worker-kills';

/** Every drill. */
export const allDrills: readonly Drill[] = [
  workerKills,
  threadEnds,
  serverKills,
  networkCuts,
  separateNetworks,
  importCuts,
  lostCommits,
  fullDisk,
  clockJumps,
  disorderedMarket,
  rivalRuns,
  overlappingRuns,
  migrationKills,
  hugeAccount,
  poisonedSettings,
  blockedLoops,
  soak,
];
