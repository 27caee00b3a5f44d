import { Decimal, type Instant } from '@ballast/domain';
import { MarginCallStore, MarginRunStore, MarketSnapshotStore, newId, RiskParameterStore } from '@ballast/persistence';
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
  const run: MarginCallDesk['run'] = async (asOf, equity, options = {}) => {
    const accountId = accountIds[options.account ?? 0] as string;
    const market = { snapshot: snapshot(asOf, []), source: 'test', quality: 'OK' as const };
    const { header } = await snapshots.insert(scope, market);
    const input = newRun({ asOf, snapshotId: header.id, accountCount: 1, knownAt: options.knownAt ?? asOf });
    const runId = newId();
    const sample = result(accountId, parameterSetId);
    const figures = new Decimal(equity);
    const status =
      options.status ??
      (figures.lessThan(750) ? 'LIQUIDATION' : figures.greaterThan(1_300) ? 'HEALTHY' : 'MARGIN_CALL');
    const found = {
      ...sample,
      equity: usd(equity),
      buffer: { amount: figures.minus(1_000), currency: 'USD' },
      excess: { amount: figures.minus(1_200), currency: 'USD' },
      status,
      quality: options.quality ?? ('OK' as const),
    };
    await runs.record(scope, { ...input, id: runId }, async (sink) => {
      await sink.write([found]);
      await decide.execute(sink.transaction, { ...input, id: runId }, [found]);
      return { resultHash: 'a'.repeat(64) };
    });
    return runId;
  };
  return { scope, accountIds, calls: new MarginCallStore(database), run };
}
