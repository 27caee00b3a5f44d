import { setImmediate as nextTurn } from 'node:timers/promises';
import { instantOf } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  BufferPolicyStore,
  CalendarStore,
  Database,
  FirmControlsStore,
  FirmStore,
  InstrumentStore,
  keepHistoryHead,
  MarginCallStore,
  MarginRunStore,
  MarketSnapshotStore,
  newId,
  type OpeningRecords,
  PositionStore,
  PriceHistoryStore,
  recordOpenings,
  RiskParameterStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { DecideMarginCalls } from '../margin-call/decide-margin-calls';
import { engineVersion } from '../run/engine-version';
import { hashRun } from '../run/evaluate-account';
import { demoEvaluation, type DemoEvaluation, type EvaluatedDay } from './demo-evaluation';
import type { DemoFirmBook, DrawnAccount } from './demo-firm-book';

/** Days that are written together: few statements for the database, and the next days are computed meanwhile. */
const daysPerWrite = 18;

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

/** The record of parameters, markets and runs. */
@Injectable()
export class DemoHistory {
  constructor(
    readonly parameters: RiskParameterStore,
    readonly snapshots: MarketSnapshotStore,
    readonly prices: PriceHistoryStore,
    readonly runs: MarginRunStore,
    readonly calls: DecideMarginCalls,
  ) {}
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
   * @param evaluation  its days, of which some may be evaluated already
   * @param report      told how many days are written
   */
  async write(
    book: DemoFirmBook,
    report: (day: number) => void,
    evaluation: DemoEvaluation = demoEvaluation(book),
  ): Promise<void> {
    const context = { firmId: newId() };
    for (const close of book.closes) await this.database.ensurePartition(context, close);
    await this.database.withTenant(context, async (transaction) => {
      await this.records.firms.create({ code: book.plan.code, name: book.plan.name }, transaction);
      await this.writeRecords(transaction, book);
      await this.writeHistory(transaction, book, { evaluation, report });
    });
    await keepHistoryHead(this.database, context);
  }

  private async writeRecords(transaction: TenantTransaction, book: DemoFirmBook): Promise<void> {
    const { accounts, instruments } = this.records;
    const underlyings = book.underlyings.map(({ id, kind, currency }) => ({ id, kind, currency }));
    await instruments.upsertUnderlyings(transaction, underlyings);
    await instruments.upsertMany(transaction, book.instruments);
    await accounts.upsertMany(
      transaction,
      book.accounts.map(({ account }) => account),
    );
    const recorded = book.accounts.map((account) => recordsOf(account, book.closes));
    await recordOpenings(transaction, {
      positions: recorded.flatMap(({ positions }) => positions.slice(0, 1)),
      balances: recorded.flatMap(({ balances }) => balances.slice(0, 1)),
    });
    for (const { positions, balances } of recorded) {
      for (const statement of positions.slice(1)) await this.records.positions.record(transaction, statement);
      for (const statement of balances.slice(1)) await this.records.balances.record(transaction, statement);
    }
    for (const { proposal } of book.parameters.values()) {
      const { decidedBy, ...proposed } = proposal;
      await this.history.parameters.propose(transaction, proposed);
      await this.history.parameters.decide(transaction, { id: proposal.id, status: 'APPROVED', decidedBy });
    }
  }

  private async writeHistory(
    transaction: TenantTransaction,
    book: DemoFirmBook,
    { evaluation, report }: { readonly evaluation: DemoEvaluation; readonly report: (day: number) => void },
  ): Promise<void> {
    await this.history.prices.record(transaction, book.priceHistory, { source: 'demo', recordedBy: 'demo' });
    let written = 0;
    let writing = Promise.resolve();
    let days: EvaluatedDay[] = [];
    let last: EvaluatedDay | undefined;
    for (let day = evaluation.next(); day !== undefined; day = evaluation.next()) {
      days.push(day);
      last = day;
      // The process gets a turn: the days before are being written.
      await nextTurn();
      if (days.length < daysPerWrite && written + days.length < book.closes.length) continue;
      const together = days;
      days = [];
      written += together.length;
      const done = written;
      await writing;
      writing = this.writeDays(transaction, book, together).then(() => report(done));
      writing.catch(() => undefined);
    }
    await writing;
    if (last !== undefined) await this.raiseCalls(transaction, last);
  }

  private async writeDays(
    transaction: TenantTransaction,
    book: DemoFirmBook,
    days: readonly EvaluatedDay[],
  ): Promise<void> {
    const stored = await this.history.snapshots.insertAll(
      transaction,
      days.map(({ snapshot }) => ({ snapshot, source: 'demo', quality: 'OK' })),
    );
    const parameterSets = [...book.parameters].map(
      ([
        methodology,
        {
          method: { parameterSet },
        },
      ]) => {
        return { methodology, parameterSetId: parameterSet.id, hash: parameterSet.hash };
      },
    );
    const runs = days.map(({ snapshot: { asOf }, results, runId, explained }, index) => ({
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
      explained,
    }));
    await this.history.runs.recordAll(transaction, runs);
  }

  /** The first screen has calls to look at: those of the last close, due as the calendar says. */
  private async raiseCalls(transaction: TenantTransaction, { runId, snapshot, results }: EvaluatedDay): Promise<void> {
    const { asOf } = snapshot;
    await this.history.calls.execute(transaction, { id: runId, asOf, positionsAt: asOf, knownAt: asOf }, results);
  }
}

/** What an account states over the history, oldest first: its positions and its one balance whenever they change. */
function recordsOf({ account: { id: accountId }, holdings: byDay }: DrawnAccount, closes: DemoFirmBook['closes']) {
  const positions: OpeningRecords['positions'][number][] = [];
  const balances: OpeningRecords['balances'][number][] = [];
  for (const [day, holdings] of byDay.entries()) {
    const before = byDay[day - 1];
    const at = closes[day] ?? instantOf(0);
    if (holdings.positions !== before?.positions && (day > 0 || holdings.positions.length > 0)) {
      const times = { validFrom: at, knownAt: at, mode: 'REPLACE', source: 'demo' } as const;
      positions.push({ accountId, ...times, positions: holdings.positions });
    }
    if (holdings.cash === before?.cash) continue;
    for (const { currency, amount } of holdings.cash) {
      const reason = day === 0 ? 'opening balance' : 'cash movement';
      balances.push({ accountId, currency, amount, valueAt: at, knownAt: at, recordedBy: 'demo', reason });
    }
  }
  return { positions, balances };
}

/** The writer over a record, for where there is no module that makes it. */
export function demoFirmWriterOf(database: Database): DemoFirmWriter {
  const records = new DemoRecords(
    new FirmStore(database),
    new AccountStore(database),
    new InstrumentStore(database),
    new PositionStore(database),
    new BalanceStore(database),
  );
  const history = new DemoHistory(
    new RiskParameterStore(database),
    new MarketSnapshotStore(database),
    new PriceHistoryStore(database),
    new MarginRunStore(database),
    new DecideMarginCalls(
      new MarginCallStore(database),
      new BufferPolicyStore(database),
      new FirmControlsStore(database),
      new CalendarStore(database),
    ),
  );
  return new DemoFirmWriter(database, records, history);
}
