import { requireThat } from './drill';

/** What two processes and their database hold at one moment of a soak; counts of things, and MB. */
export interface SoakSample {
  /** Heap of the service after a full collection, and resident memory of both. */
  readonly serviceHeapMb: number;
  readonly serviceMb: number;
  readonly workerMb: number;
  /** Open files and sockets of both. */
  readonly serviceHandles: number;
  readonly workerHandles: number;
  /** Threads of both. */
  readonly tasks: number;
  /** Connections of both to the database, and those that stand still within a transaction. */
  readonly connections: number;
  readonly stuckTransactions: number;
  /** Jobs that wait, are worked on or failed. */
  readonly jobs: number;
  readonly temporaryTables: number;
  /** Space of the queue's table, of the database, and of the write-ahead log that is kept. */
  readonly queueMb: number;
  readonly databaseMb: number;
  readonly logMb: number;
  /** Runs that ended and amounts recorded so far. */
  readonly runs: number;
  readonly writes: number;
  /** All but one percent of the delays of the service's event loop were shorter, since the sample before [ms]. */
  readonly lagMs: number;
}

/** Largest growth that is none, from the middle of a soak to its end. */
interface Allowed {
  readonly share: number;
  readonly absolute: number;
}

/** What has to stay as it is under a load that stays as it is. */
const steady: Readonly<Partial<Record<keyof SoakSample, Allowed>>> = {
  serviceHeapMb: { share: 0.05, absolute: 4 },
  serviceMb: { share: 0.1, absolute: 40 },
  workerMb: { share: 0.1, absolute: 60 },
  // Keep-alive connections of clients and of pools come and go.
  serviceHandles: { share: 0, absolute: 12 },
  workerHandles: { share: 0, absolute: 6 },
  tasks: { share: 0, absolute: 2 },
  connections: { share: 0, absolute: 4 },
  temporaryTables: { share: 0, absolute: 2 },
  queueMb: { share: 0.5, absolute: 2 },
  lagMs: { share: 0.5, absolute: 100 },
};

/** Most that the server keeps of its log between two checkpoints [MB]: twice its max_wal_size. */
const logLimitMb = 2_048;

/** Memory that caches may still take in a soak that is over before they are full. */
const fillingShare = 0.35;
const memories: readonly string[] = ['serviceHeapMb', 'serviceMb', 'workerMb'] satisfies (keyof SoakSample)[];

/**
 * Requires that nothing grew from the second third of a soak to its last, but for what is written to be kept, and that this
 * grew with what was written. Medians are compared, because one sample may meet a collection or a checkpoint.
 *
 * @param load  samples under load, in order, ≥ 6; the first third is left to caches that fill
 * @param after taken when the load was over and everything had settled
 * @param settings.isShort  whether caches still fill after its first third, and a busy moment of the machine is much of it
 */
export function requireSteady(
  load: readonly SoakSample[],
  after: SoakSample,
  { isShort = false }: { readonly isShort?: boolean } = {},
): void {
  requireThat(load.length >= 6, `${load.length} samples say nothing`);
  const third = Math.floor(load.length / 3);
  const middle = load.slice(third, -third);
  const last = load.slice(-third);
  for (const [key, { share, absolute }] of Object.entries(steady) as [keyof SoakSample, Allowed][]) {
    if (isShort && key === 'lagMs') continue;
    const [before, now] = [medianOf(middle, key), medianOf(last, key)];
    const most = before * (1 + (isShort && memories.includes(key) ? fillingShare : share)) + absolute;
    requireThat(now <= most, `${key} grew from ${round(before)} to ${round(now)}`);
  }
  const [first = after] = load;
  requireThat(after.runs > first.runs && after.writes > first.writes, 'nothing was done under load');
  const perPiece = (samples: readonly SoakSample[]): number => {
    const [from, to] = [samples[0] as SoakSample, samples.at(-1) as SoakSample];
    return (to.databaseMb - from.databaseMb) / Math.max(1, to.runs - from.runs);
  };
  const [early, late] = [perPiece(load.slice(0, -third)), perPiece(load.slice(third))];
  requireThat(late <= early * 1.5 + 1, `a run takes ${late.toFixed(2)} MB where it took ${early.toFixed(2)} MB`);
  requireThat(Math.max(...load.map(({ logMb }) => logMb)) <= logLimitMb, `more than ${logLimitMb} MB of log are kept`);
  requireThat(after.jobs === 0, `${after.jobs} jobs are left`);
  requireThat(after.stuckTransactions === 0, `${after.stuckTransactions} transactions are left open`);
}

export function medianOf(samples: readonly SoakSample[], key: keyof SoakSample): number {
  const values = samples.map((sample) => sample[key]).sort((one, other) => one - other);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
