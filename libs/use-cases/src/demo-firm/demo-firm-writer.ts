import { setImmediate as nextTurn } from 'node:timers/promises';
import { defaultBufferPolicy, type BufferStatus } from '@ballast/buffer';
import {
  Decimal,
  instantOf,
  type Account,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  type Methodology,
} from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  Database,
  FirmStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
  keepHistoryHead,
  newId,
  type AccountResult,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { engineVersion } from '../engine-version';
import { evaluateAccount, hashRun, type AccountHoldings, type MethodInEffect } from '../evaluate-account';
import { ParameterSetsInEffect } from '../parameter-sets-in-effect';
import { demoAccounts, type DemoAccount, type DemoFirmPlan } from './demo-account';
import { demoCloses } from './demo-calendar';
import { demoInstruments, demoPath, demoSnapshot, type DemoState } from './demo-market';
import { demoSpanParameters } from './demo-parameters';
import { demoUnderlyings, type DemoUnderlying } from './demo-underlying';

/** Weekday closes of history that the demo loads. */
export const demoDays = 90;

/** Days that are written together: few statements for the database, and the next days are computed meanwhile. */
const daysPerWrite = 10;

/** Accounts evaluated before the process gets a turn. */
const accountsPerTurn = 4;

/** The record of instruments, accounts and what they hold. */
@Injectable()
export class DemoRecords {
  constructor(
    readonly firms: FirmStore,
    readonly accounts: AccountStore,
    readonly instruments: InstrumentStore,
    readonly positions: PositionStore,
    readonly balances: BalanceStore,
  ) {}
}

/** The record of parameters, snapshots and runs. */
@Injectable()
export class DemoHistory {
  constructor(
    readonly parameters: RiskParameterStore,
    readonly inEffect: ParameterSetsInEffect,
    readonly snapshots: MarketSnapshotStore,
    readonly runs: MarginRunStore,
  ) {}
}

interface DrawnUnderlying {
  readonly underlying: DemoUnderlying;
  readonly path: readonly DemoState[];
}

/** What a firm of the demo lists, plans and sees, drawn without a database. */
export interface FirmBook {
  readonly drawn: readonly DrawnUnderlying[];
  readonly instruments: readonly Instrument[];
  readonly plans: readonly DemoAccount[];
  readonly closes: readonly Instant[];
  /** Snapshots drawn so far, by day. */
  readonly snapshots: Map<number, MarketSnapshot>;
}

/** Draws what a firm of the demo is: the same plan and instant give the same book. */
export function drawBook(plan: DemoFirmPlan, until: Instant): FirmBook {
  const closes = demoCloses(until, demoDays);
  const last = closes.at(-1) ?? until;
  const drawn = demoUnderlyings.flatMap((underlying, index) =>
    plan.underlyings.includes(underlying.id)
      ? [{ underlying: listedBy(plan, underlying), path: demoPath(underlying, demoDays, 1000 + index) }]
      : [],
  );
  const instruments = drawn.flatMap(({ underlying, path }) =>
    demoInstruments(underlying, last, path.at(-1)?.price ?? NaN),
  );
  const plans = demoAccounts(plan, instruments, demoDays);
  return { drawn, instruments, plans, closes, snapshots: new Map() };
}

/** The market of one day; drawn once. */
export function snapshotOf(book: FirmBook, day: number): MarketSnapshot {
  const known = book.snapshots.get(day);
  if (known !== undefined) return known;
  const asOf = book.closes[day] ?? instantOf(0);
  const snapshot = demoSnapshot({ asOf, underlyings: statesOf(book, day), instruments: book.instruments });
  book.snapshots.set(day, snapshot);
  return snapshot;
}

/** Writes one firm of the demo: contracts, accounts, what they held, and ninety daily closes with a run at each. */
@Injectable()
export class DemoFirmWriter {
  constructor(
    private readonly database: Database,
    private readonly records: DemoRecords,
    private readonly history: DemoHistory,
  ) {}

  /**
   * Writes a firm in one transaction.
   *
   * @param until   the history ends at the last weekday close up to this instant
   * @param report  told after every day
   * @param book    the firm as drawn before; it must be of the same plan and instant
   * @returns how many accounts the firm has
   */
  async write(
    plan: DemoFirmPlan,
    until: Instant,
    report: (day: number) => void,
    book: FirmBook = drawBook(plan, until),
  ): Promise<number> {
    const { closes, plans } = book;
    const context = { firmId: newId() };
    for (const close of closes) await this.database.ensurePartition(context, close);
    await this.database.withTenant(context, async (transaction) => {
      await this.records.firms.create({ code: plan.code, name: plan.name }, transaction);
      await this.fill(transaction, book, report);
    });
    await keepHistoryHead(this.database, context);
    return plans.length;
  }

  private async fill(transaction: TenantTransaction, book: FirmBook, report: (day: number) => void): Promise<void> {
    const { records } = this;
    await records.instruments.upsertUnderlyings(
      transaction,
      book.drawn.map(({ underlying: { id, kind, currency } }) => ({ id, kind, currency })),
    );
    await records.instruments.upsertMany(transaction, book.instruments);
    const { accounts } = await records.accounts.upsertMany(transaction, book.plans);
    const holdings = heldByAccount(book);
    for (const plan of book.plans) {
      await this.recordHoldings(transaction, accountOf(accounts, plan), holdings.get(plan.code) ?? [], book.closes);
    }
    await this.proposeParameters(transaction, book.plans);
    const methodologies = book.plans.map(({ methodology }) => methodology);
    const methods = await this.history.inEffect.find(transaction, methodologies, book.closes[0] ?? instantOf(0));
    const previous = new Map<string, BufferStatus>();
    let writing = Promise.resolve();
    let evaluated: EvaluatedDay[] = [];
    for (let day = 0; day < book.closes.length; day += 1) {
      const snapshot = snapshotOf(book, day);
      book.snapshots.delete(day);
      const results = await evaluateDay({ book, accounts, holdings, methods, previous, day, snapshot });
      evaluated.push({ snapshot, results, runId: newId() });
      if (evaluated.length < daysPerWrite && day < book.closes.length - 1) continue;
      const days = evaluated;
      evaluated = [];
      await writing;
      writing = this.writeDays(transaction, methods, days).then(() => report(day + 1));
      writing.catch(() => undefined);
    }
    await writing;
  }

  private async recordHoldings(
    transaction: TenantTransaction,
    account: Account,
    held: readonly AccountHoldings[],
    closes: readonly Instant[],
  ): Promise<void> {
    const { positions, balances } = this.records;
    for (const [day, holdings] of held.entries()) {
      const before = held[day - 1];
      const at = closes[day] ?? instantOf(0);
      if (holdings.positions !== before?.positions && (day > 0 || holdings.positions.length > 0)) {
        const statement = {
          accountId: account.id,
          validFrom: at,
          mode: 'REPLACE',
          source: 'demo',
          knownAt: at,
        } as const;
        await positions.record(transaction, { ...statement, positions: holdings.positions });
      }
      if (holdings.cash === before?.cash) continue;
      for (const { currency, amount } of holdings.cash) {
        const reason = day === 0 ? 'opening balance' : 'cash movement';
        const statement = {
          accountId: account.id,
          currency,
          amount,
          valueAt: at,
          knownAt: at,
          recordedBy: 'demo',
          reason,
        };
        await balances.record(transaction, statement);
      }
    }
  }

  private async proposeParameters(transaction: TenantTransaction, plans: readonly DemoAccount[]): Promise<void> {
    if (!plans.some(({ methodology }) => methodology === 'SPAN')) return;
    const { parameters } = this.history;
    const proposal = await parameters.propose(transaction, {
      methodology: 'SPAN',
      name: 'house scan ranges',
      effectiveFrom: instantOf(0),
      parameters: demoSpanParameters,
      proposedBy: 'mara.risk@demo',
    });
    await parameters.decide(transaction, { id: proposal.id, status: 'APPROVED', decidedBy: 'jonas.admin@demo' });
  }

  private async writeDays(
    transaction: TenantTransaction,
    methods: DemoDay['methods'],
    days: readonly EvaluatedDay[],
  ): Promise<void> {
    const stored = await this.history.snapshots.insertAll(
      transaction,
      days.map(({ snapshot }) => ({ snapshot, source: 'demo', quality: 'OK' })),
    );
    const parameterSets = [...methods].map(([methodology, { parameterSet }]) => {
      return { methodology, parameterSetId: parameterSet.id, hash: parameterSet.hash };
    });
    const runs = days.map(({ snapshot: { asOf }, results, runId }, index) => ({
      run: {
        id: runId,
        asOf,
        positionsAt: asOf,
        knownAt: asOf,
        snapshotId: stored[index]?.header.id ?? '',
        engineVersion,
        requestedBy: 'demo',
        accountCount: results.length,
        parameterSets,
      },
      results,
      resultHash: hashRun(results),
    }));
    await this.history.runs.recordAll(transaction, runs);
  }
}

/** A day that is ready to be written. */
interface EvaluatedDay {
  readonly snapshot: MarketSnapshot;
  readonly results: readonly AccountResult[];
  readonly runId: string;
}

interface DemoDay {
  readonly book: FirmBook;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly holdings: ReadonlyMap<string, readonly AccountHoldings[]>;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
  /** Status of each account the day before; written by the day. */
  readonly previous: Map<string, BufferStatus>;
  readonly day: number;
  readonly snapshot: MarketSnapshot;
}

/** Evaluates the accounts of one day, giving the process a turn now and then: the day before is being written. */
async function evaluateDay(input: DemoDay): Promise<readonly AccountResult[]> {
  const { book, accounts, holdings, methods, previous, day, snapshot } = input;
  const { asOf } = snapshot;
  const instruments = new Map(book.instruments.map((instrument) => [instrument.id, instrument]));
  const listedFutures = book.instruments.filter(({ type }) => type === 'future');
  const results: AccountResult[] = [];
  for (const plan of book.plans) {
    const account = accountOf(accounts, plan);
    const inEffect = methods.get(account.methodology);
    if (inEffect === undefined) throw new Error(`no parameters were prepared for ${account.methodology}`);
    const held = holdings.get(plan.code)?.[day] ?? { positions: [], cash: [], collateral: [] };
    const policy = defaultBufferPolicy(asOf);
    const previousStatus = previous.get(account.id);
    const market = { instruments, listedFutures, schedules: new Map(), asOf, snapshot };
    const result = evaluateAccount({ ...market, account, holdings: held, inEffect, policy, previousStatus });
    previous.set(account.id, result.status);
    if (results.push(result) % accountsPerTurn === 0) await nextTurn();
  }
  return results;
}

function listedBy(plan: DemoFirmPlan, underlying: DemoUnderlying): DemoUnderlying {
  return { ...underlying, strikesPerSide: Math.min(underlying.strikesPerSide, plan.strikesPerSideMaximum) };
}

function accountOf(accounts: ReadonlyMap<string, Account>, plan: DemoAccount): Account {
  const account = accounts.get(plan.code);
  if (account === undefined) throw new Error(`account ${plan.code} was not stored`);
  return account;
}

function statesOf(book: FirmBook, day: number): { underlying: DemoUnderlying; state: DemoState }[] {
  return book.drawn.map(({ underlying, path }) => {
    const state = path[day];
    if (state === undefined) throw new Error(`no state of ${underlying.id} on day ${day}`);
    return { underlying, state };
  });
}

type SnapshotOfDay = (day: number) => MarketSnapshot;

/** What every account holds on each day, by its code; a day on which accounts trade is drawn once for all of them. */
function heldByAccount(book: FirmBook): ReadonlyMap<string, readonly AccountHoldings[]> {
  return new Map(
    book.plans.map((plan) => [plan.code, heldByDay(plan, book.closes.length, (day) => snapshotOf(book, day))]),
  );
}

/** What an account holds on each day; unchanged parts keep their identity. Lots are paid at the mark of their first day. */
function heldByDay(plan: DemoAccount, days: number, snapshotOfDay: SnapshotOfDay): AccountHoldings[] {
  let positions: AccountHoldings['positions'] = [];
  let cash = [{ currency: plan.baseCurrency, amount: new Decimal(plan.cash) }];
  return Array.from({ length: days }, (_, day) => {
    const lines = day === 0 ? plan.lines : plan.laterLines.find((later) => later.day === day)?.lines;
    if (lines !== undefined) positions = positionsOf(lines, snapshotOfDay(day));
    const balance = plan.laterCash.find((later) => later.day === day)?.balance;
    if (balance !== undefined) cash = [{ currency: plan.baseCurrency, amount: new Decimal(balance) }];
    return { positions, cash, collateral: [] };
  });
}

function positionsOf(lines: DemoAccount['lines'], snapshot: MarketSnapshot): AccountHoldings['positions'] {
  return lines
    .map(({ instrumentId, quantity }) => {
      const mark = snapshot.instruments.get(instrumentId)?.mark;
      if (mark == null) throw new Error(`the demo has no price of ${instrumentId}`);
      return { instrumentId, quantity: new Decimal(quantity), averagePrice: mark };
    })
    .sort((left, right) => (left.instrumentId < right.instrumentId ? -1 : 1));
}
