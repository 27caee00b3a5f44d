import { Decimal, type Instant } from '@ballast/domain';
import {
  type AccountResult,
  MarginCallStore,
  MarginRunStore,
  MarketSnapshotStore,
  newId,
  RiskParameterStore,
  RunShardStore,
} from '@ballast/persistence';
import { openMarginCallDecisions } from './run-engine';
import type { TestDatabase } from './postgres';
import { newRun, result, snapshot, usd } from './record-samples';
import { fillFirm } from './sample-firm';

/** One firm of three accounts whose runs are stated by the test: maintenance 1 000, initial 1 200 USD. */
export interface MarginCallDesk {
  readonly scope: { readonly firmId: string };
  readonly accountIds: readonly string[];
  readonly calls: MarginCallStore;
  /** Records a run in which the account has an equity; the others are left out. */
  readonly run: (asOf: Instant, equity: string, options?: RunOptions) => Promise<string>;
  /** Opens a run with a shard for each account; the queue of shards has to be installed. */
  readonly openShards: (asOf: Instant) => Promise<DeskShards>;
}

/** A run of the desk whose shards end when the test says so; it ends with the last of them. */
export interface DeskShards {
  readonly runId: string;
  readonly end: (account: number, equity: string) => Promise<void>;
  /** Ends the shard without a result, so that the run ends PARTIAL. */
  readonly giveUp: (account: number) => Promise<void>;
}

export interface RunOptions {
  readonly account?: number;
  readonly quality?: 'OK' | 'DEGRADED' | 'STALE';
  /** Positions and balances as known then; default the as-of time. */
  readonly knownAt?: Instant;
  /** Ladder status; default by equity: LIQUIDATION < 750, MARGIN_CALL ≤ 1 300, else HEALTHY. */
  readonly status?: 'HEALTHY' | 'WATCH' | 'MARGIN_CALL' | 'LIQUIDATION';
}

export async function openMarginCallDesk(db: TestDatabase, code: string): Promise<MarginCallDesk> {
  const { firmId, accountIds } = await fillFirm(db, code);
  const scope = { firmId };
  const { database } = db;
  const [set] = await new RiskParameterStore(database).findAll(scope);
  const parameterSetId = set?.id ?? '';
  const runs = new MarginRunStore(database);
  const snapshots = new MarketSnapshotStore(database);
  const decide = openMarginCallDecisions(database);
  const store = async (asOf: Instant) =>
    (await snapshots.insert(scope, { snapshot: snapshot(asOf, []), source: 'test', quality: 'OK' as const })).header;
  const resultOf = (equity: string, options: RunOptions): AccountResult => {
    const figures = new Decimal(equity);
    return {
      ...result(accountIds[options.account ?? 0] as string, parameterSetId),
      equity: usd(equity),
      buffer: { amount: figures.minus(1_000), currency: 'USD' },
      excess: { amount: figures.minus(1_200), currency: 'USD' },
      status:
        options.status ??
        (figures.lessThan(750) ? 'LIQUIDATION' : figures.greaterThan(1_300) ? 'HEALTHY' : 'MARGIN_CALL'),
      quality: options.quality ?? 'OK',
    };
  };
  const run: MarginCallDesk['run'] = async (asOf, equity, options = {}) => {
    const header = await store(asOf);
    const input = newRun({ asOf, snapshotId: header.id, accountCount: 1, knownAt: options.knownAt ?? asOf });
    const runId = newId();
    const found = resultOf(equity, options);
    await runs.record(scope, { ...input, id: runId }, async (sink) => {
      await sink.write([found]);
      await decide.execute(sink.transaction, { ...input, id: runId }, [found]);
      return { resultHash: 'a'.repeat(64) };
    });
    return runId;
  };
  const openShards: MarginCallDesk['openShards'] = async (asOf) => {
    const shards = new RunShardStore(database);
    const header = await store(asOf);
    const input = newRun({ asOf, snapshotId: header.id, accountCount: accountIds.length });
    const opened = await shards.open(scope, { ...input, shardSize: 1 });
    const ordered = [...accountIds].sort();
    const shardOf = (account: number): number => ordered.indexOf(accountIds[account] as string) + 1;
    const close = () => shards.closeWhenDone(scope, opened.id, async () => 'a'.repeat(64));
    return {
      runId: opened.id,
      end: async (account, equity) => {
        // A shard stores figures as bytes instead of explanations; what they say matters to nobody here.
        const results = [{ ...resultOf(equity, { account }), figures: Uint8Array.of(1) }];
        const owner = { ...opened, snapshotHash: 'b'.repeat(64) };
        await shards.record(scope, owner, { shard: shardOf(account), results, worker: 'test' }, (tx) =>
          decide.execute(tx, opened, results),
        );
        await close();
      },
      giveUp: async (account) => {
        const end = { runId: opened.id, shard: shardOf(account), worker: 'test', reason: 'given up' };
        await shards.recordDead(scope, end);
        await close();
      },
    };
  };
  return { scope, accountIds, calls: new MarginCallStore(database), run, openShards };
}
