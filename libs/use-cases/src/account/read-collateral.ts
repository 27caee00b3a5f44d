import {
  type BufferPolicy,
  type CollateralLine,
  defaultBufferPolicy,
  resolveCollateral,
  valueCollateral,
} from '@ballast/buffer';
import {
  type CollateralPosition,
  DomainError,
  type HaircutSchedule,
  type Instant,
  type MarketSnapshot,
} from '@ballast/domain';
import { BufferPolicyStore, MarketSnapshotStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from '../question/batch-read';
import { type AskedMoment, momentAsked, momentKey, type MomentQuestion } from '../question/moment-question';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { inSharesAt, SplitReader } from '../market/split-reader';
import { AssetStores, toBufferPolicy } from '../run/run-inputs';

export type { CollateralLine } from '@ballast/buffer';

/** Whose collateral, in which currency, at which moment. */
export interface CollateralQuestion extends MomentQuestion {
  readonly accountId: string;
  readonly baseCurrency: string;
}

/** A pledged holding, and how it came to its value; the value is null with the reason where none can be given. */
export interface CollateralView {
  readonly position: CollateralPosition;
  readonly line: CollateralLine | null;
  readonly problem: string | null;
}

type MarketMoment = Omit<AskedMoment, 'isLearntLater'>;

interface Market {
  readonly collateral: ReadonlyMap<string, readonly CollateralPosition[]>;
  readonly schedules: ReadonlyMap<string, HaircutSchedule>;
  readonly policies: ReadonlyMap<string, BufferPolicy>;
  readonly snapshot: MarketSnapshot | null;
  readonly asOf: Instant;
}

/**
 * Reads what accounts have pledged and values it on the market snapshot, schedules and policies of the same moment, now
 * when none is asked for. A past moment shows what was known then; of an account about whose collateral nothing was known
 * yet, what was learnt later. Accounts asked for together share one reading of the market.
 */
@Injectable()
export class ReadCollateral implements BatchRead<CollateralQuestion, readonly CollateralView[]> {
  constructor(
    private readonly stores: AssetStores,
    private readonly policies: BufferPolicyStore,
    private readonly snapshots: MarketSnapshotStore,
    private readonly splitReader: SplitReader,
  ) {}

  async executeMany(
    session: ReadSession,
    questions: readonly CollateralQuestion[],
  ): Promise<readonly (readonly CollateralView[])[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = new Map<string, Map<string, Market>>();
    for (const [key, group] of groupBy(questions, momentKey))
      found.set(key, await session.read((tx) => this.findGroup(tx, group)));
    return questions.map((question) => {
      const market = found.get(momentKey(question))?.get(question.accountId);
      return market === undefined ? [] : viewsOf(question, market);
    });
  }

  /** The market that each account of questions about one moment is valued on. */
  private async findGroup(
    tx: TenantTransaction,
    questions: readonly CollateralQuestion[],
  ): Promise<Map<string, Market>> {
    const [question] = questions;
    if (question === undefined) return new Map();
    const asked = momentAsked(question);
    const { validAt, knownAt, isLearntLater } = asked;
    const ids = questions.map(({ accountId }) => accountId);
    const market = await this.readMarket(tx, ids, asked);
    const markets = new Map(ids.map((id) => [id, market]));
    if (!isLearntLater || knownAt === undefined) return markets;
    const known = await this.stores.collateral.findKnownBy(tx, ids, knownAt);
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length === 0) return markets;
    const learnt = await this.readMarket(tx, unknown, { validAt, isNewest: false });
    for (const id of unknown) markets.set(id, learnt);
    return markets;
  }

  private async readMarket(tx: TenantTransaction, ids: readonly string[], moment: MarketMoment): Promise<Market> {
    const { validAt: asOf, knownAt, isNewest } = moment;
    const { collateral: pledges, schedules: haircuts } = this.stores;
    const collateral = await pledges.findMatchedAsOf(tx, ids, { validAt: asOf, knownAt });
    const schedules = await haircuts.findInEffect(tx, { asOf, ...(knownAt === undefined ? {} : { knownAt }) });
    const stored = await this.policies.findInEffect(tx, ids, asOf, knownAt);
    const policies = new Map([...stored].map(([id, policy]) => [id, toBufferPolicy(policy, asOf)]));
    const newest = () => (isNewest ? this.snapshots.findLatest(tx) : this.snapshots.findAsOf(tx, asOf, knownAt));
    const head = collateral.size === 0 ? null : await newest();
    const market = head === null ? null : await this.snapshots.loadForInstruments(tx, head.id, []);
    if (market === null) return { collateral, schedules, policies, snapshot: null, asOf };
    const terms = {
      splits: await this.splitReader.readSplits(tx, { positionsAt: asOf, knownAt }),
      forerunners: new Map(),
    };
    const snapshot = inSharesAt(market.snapshot, terms, { instruments: new Map(), positionsAt: asOf });
    return { collateral, schedules, policies, snapshot, asOf };
  }
}

function viewsOf({ accountId, baseCurrency }: CollateralQuestion, market: Market): CollateralView[] {
  const positions = market.collateral.get(accountId) ?? [];
  const { schedules, asOf } = market;
  const snapshot = market.snapshot ?? { asOf, underlyings: new Map(), instruments: new Map(), fx: [] };
  const { fxHaircuts } = market.policies.get(accountId) ?? defaultBufferPolicy(asOf);
  const conversion = { snapshot, baseCurrency, fxHaircuts };
  const value = (some: readonly CollateralPosition[]): readonly CollateralLine[] => {
    const { holdings, limits } = resolveCollateral({ positions: some, schedules, snapshot, asOf });
    return valueCollateral(holdings, conversion, limits).lines;
  };
  const problems = positions.map((position) => problemOf(() => value([position])));
  const lines = value(positions.filter((_, index) => problems[index] === null))[Symbol.iterator]();
  return positions.map((position, index) => {
    const problem = problems[index] ?? null;
    return { position, line: problem === null ? (lines.next().value ?? null) : null, problem };
  });
}

/** Why a holding cannot be valued; null when it can. */
function problemOf(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
