import { defaultBufferPolicy } from '@ballast/buffer';
import {
  type Account,
  addDays,
  type CalendarDate,
  type CashBalance,
  type ExchangeCalendar,
  type Holding,
  type Instant,
  instantOf,
  type Instrument,
  localTimeOf,
  type MarketSnapshot,
  parseInstant,
  type Position,
} from '@ballast/domain';
import {
  type AccountResult,
  CalendarStore,
  Database,
  type ExpiredSeries,
  MarketSnapshotStore,
  type TenantTransaction,
  type Underlying,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { calendarOf } from './calendar-of';
import { evaluateAccount, type MethodInEffect } from '../run/evaluate-account';
import { accountExposure, type AccountExposure } from './expiry-exposure';
import { LifecycleBook } from './lifecycle-book';
import { ParameterSetsInEffect } from '../risk-parameters/parameter-sets-in-effect';
import { RunInputReader, type RunInputs } from '../run/run-inputs';
import { inSharesAt } from '../market/split-reader';
import { UseCaseError } from '../caller/use-case-error';

/** Which day, at which market. */
export interface ExpiryExposureQuestion {
  readonly firmId: string;
  /** Day of the expiries on the wall of their exchange; of contracts without a calendar in UTC. */
  readonly date: CalendarDate;
  /** The latest market snapshot at or before this; the latest there is when absent. */
  readonly asOf?: Instant;
  /** Half width of the pin band as a share of the strike, ≥ 0. */
  readonly pinBand: number;
  /** Only these accounts; all of the firm when absent. */
  readonly accountIds?: readonly string[];
}

/** Equity against maintenance before the day and after its deliveries, both at the prices of the snapshot. */
export interface BufferAfterDelivery {
  readonly now: Pick<AccountResult, 'equity' | 'buffer' | 'status' | 'quality' | 'qualityReasons'>;
  readonly after: Pick<AccountResult, 'equity' | 'buffer' | 'status' | 'quality' | 'qualityReasons'>;
}

export interface AccountExpiryExposure extends AccountExposure, BufferAfterDelivery {
  readonly account: Account;
}

export interface ExpiryExposureReport {
  readonly date: CalendarDate;
  readonly snapshot: { readonly id: string; readonly asOf: Instant };
  /** In order of the account code; accounts without a series that ends are left out. */
  readonly accounts: readonly AccountExpiryExposure[];
}

/** Stores that only the report reads. */
@Injectable()
export class ExpiryExposureStores {
  constructor(
    readonly snapshots: MarketSnapshotStore,
    readonly calendars: CalendarStore,
  ) {}
}

/** Reports what the series that end on a day make of every account: cash, deliveries, pin risk and the buffer after. */
@Injectable()
export class ReportExpiryExposure {
  constructor(
    private readonly database: Database,
    private readonly stores: ExpiryExposureStores,
    private readonly book: LifecycleBook,
    private readonly inputs: RunInputReader,
    private readonly parameterSets: ParameterSetsInEffect,
  ) {}

  /** @throws UseCaseError 'NOT_FOUND' without a market snapshot, 'BAD_USER_INPUT' for a pin band below 0 or above 1 */
  async execute(question: ExpiryExposureQuestion): Promise<ExpiryExposureReport> {
    const { firmId, date, asOf, pinBand, accountIds } = question;
    if (!(pinBand >= 0 && pinBand <= 1)) {
      throw new UseCaseError(
        'BAD_USER_INPUT',
        `pinBand: expected a share of the strike from 0 to 1, got ${pinBand}`,
        'pinBand',
      );
    }
    const context = accountIds === undefined ? { firmId } : { firmId, accountIds };
    const { snapshots } = this.stores;
    const header = asOf === undefined ? await snapshots.findLatest(context) : await snapshots.findAsOf(context, asOf);
    if (header === null)
      throw new UseCaseError('NOT_FOUND', 'there is no market snapshot to report on: import one first', 'asOf');
    const stored = await snapshots.load(context, header.id);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${header.id} does not exist`);
    const methodologies = (await this.book.accounts.findAll(context)).map(({ methodology }) => methodology);
    const methods = await this.parameterSets.find(context, methodologies, header.asOf);
    const { snapshot } = stored;
    const accounts = await this.database.withTenant(context, (tx) =>
      this.evaluate(tx, { question, snapshot, methods }),
    );
    return { date, snapshot: { id: header.id, asOf: header.asOf }, accounts };
  }

  private async evaluate(
    tx: TenantTransaction,
    work: {
      readonly question: ExpiryExposureQuestion;
      readonly snapshot: MarketSnapshot;
      readonly methods: ReadonlyMap<string, MethodInEffect>;
    },
  ): Promise<AccountExpiryExposure[]> {
    const { question, methods } = work;
    const calendars = await this.stores.calendars.findLatest(tx);
    const underlyings = await this.book.instruments.findUnderlyings(tx);
    const { series, instruments } = await this.seriesOf(tx, question.date, { calendars, underlyings });
    const [first] = series;
    if (first === undefined) return [];
    // Held just before the first of them ends: what is processed already is still seen.
    const heldAt = instantOf(first.expiry - 1);
    const ids = series.map(({ instrumentId }) => instrumentId);
    const accountIds = await this.book.holders.findHolders(tx, ids, heldAt);
    const accounts = [...(await this.book.accounts.findByIds(tx, accountIds)).values()];
    const inputs = await this.inputs.read(tx, accounts, {
      asOf: work.snapshot.asOf,
      positionsAt: heldAt,
      knownAt: await now(tx),
    });
    const shares = { instruments: inputs.instruments, positionsAt: heldAt };
    const snapshot = inSharesAt(work.snapshot, inputs, shares);
    const references = await this.book.references(tx, instruments);
    const market = {
      priceOf: (underlying: string) => snapshot.underlyings.get(underlying)?.price ?? null,
      references,
      underlyings,
      calendars,
      pinBand: question.pinBand,
    };
    return accounts
      .sort((left, right) => (left.code < right.code ? -1 : 1))
      .map((account) => {
        const holdings = holdingsIn(inputs, account.id);
        const exposure = accountExposure(holdings, new Set(ids), market);
        const inEffect = methods.get(account.methodology) as MethodInEffect;
        return { account, ...exposure, ...buffers({ account, holdings, exposure, inputs, snapshot, inEffect }) };
      });
  }

  /** Held series that end on a date of their exchange. */
  private async seriesOf(
    tx: TenantTransaction,
    date: CalendarDate,
    places: {
      readonly calendars: ReadonlyMap<string, ExchangeCalendar>;
      readonly underlyings: ReadonlyMap<string, Underlying>;
    },
  ): Promise<{ readonly series: readonly ExpiredSeries[]; readonly instruments: readonly Instrument[] }> {
    const from = parseInstant(`${addDays(date, -1)}T00:00:00Z`, 'date');
    const until = parseInstant(`${addDays(date, 2)}T00:00:00Z`, 'date');
    const near = await this.book.holders.findExpiring(tx, { from, until });
    const known = await this.book.instruments.findByIds(tx, near.map(({ instrumentId }) => instrumentId)); // prettier-ignore
    const series = near.filter(({ instrumentId, expiry }) => {
      const instrument = known.get(instrumentId) as Instrument;
      const found = calendarOf(instrument, places.underlyings.get(instrument.underlying), places.calendars);
      return localTimeOf(expiry, found?.calendar.zone ?? 'UTC').date === date;
    });
    return { series, instruments: series.map(({ instrumentId }) => known.get(instrumentId) as Instrument) };
  }
}

async function now(tx: TenantTransaction): Promise<Instant> {
  const [row] = await tx.rows<{ now: Date }>('SELECT current_instant() AS now');
  return instantOf((row as { now: Date }).now.getTime());
}

function holdingsIn(inputs: RunInputs, accountId: string): Holding[] {
  return (inputs.positions.get(accountId) ?? []).map(({ instrumentId, quantity, averagePrice }) => {
    const instrument = inputs.instruments.get(instrumentId) as Instrument;
    return averagePrice === undefined ? { instrument, quantity } : { instrument, quantity, averagePrice };
  });
}

function buffers(input: {
  readonly account: Account;
  readonly holdings: readonly Holding[];
  readonly exposure: AccountExposure;
  readonly inputs: RunInputs;
  readonly snapshot: MarketSnapshot;
  readonly inEffect: MethodInEffect;
}): BufferAfterDelivery {
  const { account, holdings, exposure, inputs, snapshot, inEffect } = input;
  const cash = inputs.balances.get(account.id) ?? [];
  const instruments = new Map(inputs.instruments);
  for (const { instrument } of exposure.change.positions) instruments.set(instrument.id, instrument);
  const at = (positions: readonly Position[], balances: readonly CashBalance[]): AccountResult =>
    evaluateAccount({
      account,
      holdings: { positions, cash: balances, collateral: inputs.collateral.get(account.id) ?? [] },
      schedules: inputs.schedules,
      instruments,
      listedFutures: inputs.listedFutures,
      asOf: snapshot.asOf,
      snapshot,
      inEffect,
      policy: inputs.policies.get(account.id) ?? defaultBufferPolicy(snapshot.asOf),
      previousStatus: inputs.previousStatuses.get(account.id),
    });
  const before = holdings.map(({ instrument, quantity, averagePrice }) =>
    positionOf(instrument.id, quantity, averagePrice),
  );
  return { now: at(before, cash), after: at(positionsAfter(before, exposure), cashAfter(cash, exposure)) };
}

function positionsAfter(before: readonly Position[], { change }: AccountExposure): Position[] {
  const byId = new Map(before.map((position) => [position.instrumentId, position]));
  for (const { instrument, after, averagePriceAfter } of change.positions) {
    if (after.isZero()) byId.delete(instrument.id);
    else byId.set(instrument.id, positionOf(instrument.id, after, averagePriceAfter));
  }
  return [...byId.values()];
}

function cashAfter(before: readonly CashBalance[], { change }: AccountExposure): CashBalance[] {
  const byCurrency = new Map(before.map(({ currency, amount }) => [currency, amount]));
  for (const { currency, amount } of change.cash)
    byCurrency.set(currency, byCurrency.get(currency)?.plus(amount) ?? amount);
  return [...byCurrency].map(([currency, amount]) => ({ currency, amount }));
}

function positionOf(
  instrumentId: string,
  quantity: Position['quantity'],
  averagePrice: Position['averagePrice'],
): Position {
  return averagePrice === undefined ? { instrumentId, quantity } : { instrumentId, quantity, averagePrice };
}
