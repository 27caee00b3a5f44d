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
  instantOf,
  type MarketSnapshot,
} from '@ballast/domain';
import {
  BufferPolicyStore,
  CollateralStore,
  HaircutScheduleStore,
  MarketSnapshotStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from './batch-read';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';
import { toBufferPolicy } from './run-inputs';

export type { CollateralLine } from '@ballast/buffer';

/** Whose collateral, in which currency, at which moment. */
export interface CollateralQuestion {
  readonly accountId: string;
  readonly baseCurrency: string;
  readonly now: Instant;
}

/** A pledged holding, and how it came to its value; the value is null with the reason where none can be given. */
export interface CollateralView {
  readonly position: CollateralPosition;
  readonly line: CollateralLine | null;
  readonly problem: string | null;
}

interface Market {
  readonly collateral: ReadonlyMap<string, readonly CollateralPosition[]>;
  readonly schedules: ReadonlyMap<string, HaircutSchedule>;
  readonly policies: ReadonlyMap<string, BufferPolicy>;
  readonly snapshot: MarketSnapshot | null;
  readonly asOf: Instant;
}

/**
 * Reads what accounts have pledged now and values it on the latest market snapshot, with the schedules and policies in
 * force now. Accounts asked for together share one reading of the market.
 */
@Injectable()
export class ReadCollateral implements BatchRead<CollateralQuestion, readonly CollateralView[]> {
  constructor(
    private readonly collateral: CollateralStore,
    private readonly schedules: HaircutScheduleStore,
    private readonly policies: BufferPolicyStore,
    private readonly snapshots: MarketSnapshotStore,
  ) {}

  async executeMany(
    session: ReadSession,
    questions: readonly CollateralQuestion[],
  ): Promise<readonly (readonly CollateralView[])[]> {
    requirePermission(session.principal, 'read-accounts');
    const market = await session.read((tx) => this.readMarket(tx, questions));
    return questions.map((question) => viewsOf(question, market));
  }

  private async readMarket(tx: TenantTransaction, questions: readonly CollateralQuestion[]): Promise<Market> {
    const ids = questions.map(({ accountId }) => accountId);
    const asOf = instantOf(Math.max(...questions.map(({ now }) => now)));
    const collateral = await this.collateral.findAsOf(tx, ids, { validAt: asOf });
    const schedules = await this.schedules.findInEffect(tx, { asOf });
    const stored = await this.policies.findInEffect(tx, ids, asOf);
    const policies = new Map([...stored].map(([id, policy]) => [id, toBufferPolicy(policy, asOf)]));
    const head = collateral.size === 0 ? null : await this.snapshots.findLatest(tx);
    const snapshot = head === null ? null : await this.snapshots.loadForInstruments(tx, head.id, []);
    return { collateral, schedules, policies, snapshot: snapshot?.snapshot ?? null, asOf };
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
