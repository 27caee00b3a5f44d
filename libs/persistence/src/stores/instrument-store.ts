import type { Deliverable, Delivery, Instant, Instrument, InstrumentType, UnderlyingKind } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { DecimalPool } from '../decimal-pool';
import { checkPageSize, KeysetCursors, keyParts, type Page, type PageRequest } from '../keyset-page';
import { PersistenceError } from '../persistence-error';
import {
  decimalOf,
  instantFrom,
  present,
  toColumns,
  toNumeric,
  toNumericOrNull,
  toTimestamp,
  toTimestampOrNull,
} from '../row-values';
import type { TenantScope, TenantTransaction } from '../tenant';

/** What contracts are written on, as reference data. */
export interface Underlying {
  readonly id: string;
  readonly kind: UnderlyingKind;
  /** Currency in which its price and strikes are stated. */
  readonly currency: string;
}

export interface InstrumentFilter {
  readonly underlying?: string;
  readonly type?: InstrumentType;
  /** Contracts that expire at or after this time; contracts without expiry match too. */
  readonly notExpiredAt?: Instant;
  /** Part of the identifier, in any case. */
  readonly search?: string;
}

export interface InstrumentsUpserted {
  readonly inserted: number;
  readonly unchanged: number;
}

interface InstrumentRow {
  readonly instrument_id: string;
  readonly underlying_id: string;
  readonly type: InstrumentType;
  readonly multiplier: string;
  readonly currency: string;
  readonly settlement: 'linear' | 'inverse';
  readonly option_right: 'call' | 'put' | null;
  readonly strike: string | null;
  readonly expiry: Date | null;
  readonly exercise: 'european' | 'american' | null;
  readonly premium_style: 'equity' | 'futures' | null;
  readonly calendar: string | null;
  readonly delivery: Delivery | null;
  readonly deliverable: DeliverableRow | null;
  readonly adjusted_from: string | null;
  readonly settlement_session: 'am' | null;
}

/** Amounts are strings of plain digits. */
interface DeliverableRow {
  readonly components: readonly { readonly instrumentId: string; readonly quantity: string }[];
  readonly cash: string;
}

const columns =
  'instrument_id, underlying_id, type, multiplier, currency, settlement, option_right, strike, expiry, exercise, premium_style, calendar, delivery, deliverable, adjusted_from, settlement_session';
const terms = columns.split(', ').slice(1);

/** Contracts and what they are written on. Terms never change: an adjusted contract is another contract. */
@Injectable()
export class InstrumentStore {
  constructor(private readonly database: Database) {}

  /** Finds many at once, by id; an unknown id is absent. */
  async findByIds(scope: TenantScope, ids: readonly string[]): Promise<Map<string, Instrument>> {
    if (ids.length === 0) return new Map();
    const sql = `SELECT ${columns} FROM instruments WHERE instrument_id = ANY ($1::text[])`;
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<InstrumentRow>(sql, [[...new Set(ids)]]));
    return new Map(toInstruments(rows).map((one) => [one.id, one]));
  }

  /**
   * Every future of the firm: what sizes a price move stated per contract.
   *
   * @param recordedUntil  only those that were recorded by then
   */
  async findFutures(scope: TenantScope, recordedUntil?: Instant): Promise<Instrument[]> {
    const sql = `SELECT ${columns} FROM instruments WHERE type = 'future' AND ($1::timestamptz IS NULL OR created_at <= $1)
      ORDER BY instrument_id`;
    const parameters = [toTimestampOrNull(recordedUntil)];
    return toInstruments(await this.database.withTenant(scope, (tx) => tx.rows<InstrumentRow>(sql, parameters)));
  }

  /** Every contract written on an underlying, in order of the identifier. */
  async findByUnderlying(scope: TenantScope, underlying: string): Promise<Instrument[]> {
    const sql = `SELECT ${columns} FROM instruments WHERE underlying_id = $1 ORDER BY instrument_id`;
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<InstrumentRow>(sql, [underlying]));
    return toInstruments(rows);
  }

  /** Contracts on the underlyings and expiries of the given ones, in order of the identifier. */
  async findSeries(
    scope: TenantScope,
    series: readonly { readonly underlying: string; readonly expiry: Instant }[],
  ): Promise<Instrument[]> {
    const places = new Map(series.map((one) => [`${one.underlying} ${one.expiry}`, one]));
    if (places.size === 0) return [];
    const sql = `SELECT ${columns} FROM instruments WHERE (underlying_id, expiry) IN (SELECT u, e FROM unnest($1::text[], $2::timestamptz[]) AS s (u, e))
      ORDER BY instrument_id`;
    const wanted = [...places.values()];
    const parameters = [wanted.map(({ underlying }) => underlying), wanted.map(({ expiry }) => toTimestamp(expiry))];
    return toInstruments(await this.database.withTenant(scope, (tx) => tx.rows<InstrumentRow>(sql, parameters)));
  }

  /** What holds the underlying itself: of several the one of a single unit, then the first by identifier. */
  async findShares(scope: TenantScope, underlyings: readonly string[]): Promise<Map<string, Instrument>> {
    const sql = `SELECT DISTINCT ON (underlying_id) ${columns} FROM instruments
      WHERE type = 'underlying' AND underlying_id = ANY ($1::text[])
      ORDER BY underlying_id, (multiplier = 1) DESC, instrument_id`;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<InstrumentRow>(sql, [[...new Set(underlyings)]]),
    );
    return new Map(toInstruments(rows).map((one) => [one.underlying, one]));
  }

  async findUnderlyings(scope: TenantScope): Promise<Map<string, Underlying>> {
    const sql = 'SELECT underlying_id, kind, currency FROM underlyings ORDER BY underlying_id';
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ underlying_id: string; kind: UnderlyingKind; currency: string }>(sql),
    );
    return new Map(
      rows.map((row) => [row.underlying_id, { id: row.underlying_id, kind: row.kind, currency: row.currency }]),
    );
  }

  /** One page in order of the identifier. */
  async findPage(
    scope: TenantScope,
    request: PageRequest & { readonly filter?: InstrumentFilter },
  ): Promise<Page<Instrument>> {
    const first = checkPageSize(request.first);
    const filter = request.filter ?? {};
    const cursors = new KeysetCursors({ list: 'instruments', firmId: scope.firmId, filter });
    const condition = filterCondition(filter);
    if (request.after != null) {
      const [id] = cursors.decode(request.after, [keyParts.identifier]);
      condition.parameters.push(id);
      condition.terms.push(`instrument_id > $${condition.parameters.length}`);
    }
    const sql = `SELECT ${columns} FROM instruments WHERE ${condition.terms.join(' AND ')} ORDER BY instrument_id LIMIT ${first + 1}`;
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<InstrumentRow>(sql, condition.parameters));
    const pool = new DecimalPool();
    return cursors.toPage(rows, first, (row) => ({ node: toInstrument(row, pool), key: [row.instrument_id] }));
  }

  async count(scope: TenantScope, filter: InstrumentFilter = {}): Promise<number> {
    const condition = filterCondition(filter);
    const sql = `SELECT count(*)::integer AS count FROM instruments WHERE ${condition.terms.join(' AND ')}`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, condition.parameters));
    return row?.count ?? 0;
  }

  /** @throws PersistenceError 'CONFLICT' naming an underlying that is known with another kind or currency */
  async upsertUnderlyings(scope: TenantScope, underlyings: readonly Underlying[]): Promise<InstrumentsUpserted> {
    const arrays = toColumns(
      underlyings.map(({ id, kind, currency }) => [id, kind, currency]),
      3,
    );
    return this.database.withTenant(scope, async (tx) => {
      const inserted = await tx.execute(
        `INSERT INTO underlyings (firm_id, underlying_id, kind, currency)
         SELECT DISTINCT $1::uuid, u.* FROM unnest($2::text[], $3::text[], $4::text[]) u
         ON CONFLICT ON CONSTRAINT underlyings_pk DO NOTHING`,
        [tx.firmId, ...arrays],
      );
      const [changed] = await tx.rows<{ id: string }>(
        `SELECT t.underlying_id AS id FROM underlyings t JOIN unnest($1::text[], $2::text[], $3::text[]) AS u (id, kind, currency)
         ON t.underlying_id = u.id WHERE (t.kind, t.currency) IS DISTINCT FROM (u.kind, u.currency) LIMIT 1`,
        arrays,
      );
      if (changed !== undefined) {
        throw new PersistenceError('CONFLICT', `underlying ${changed.id} is known with another kind or currency`);
      }
      return { inserted, unchanged: underlyings.length - inserted };
    });
  }

  /**
   * Adds contracts that are not known yet; a known contract must have the same terms.
   *
   * @throws PersistenceError 'CONFLICT' naming a contract whose terms differ, 'REFERENCE_MISSING' for an unknown underlying
   */
  async upsertMany(scope: TenantScope, instruments: readonly Instrument[]): Promise<InstrumentsUpserted> {
    const arrays = toColumns(instruments.map(toRow), terms.length + 1);
    return this.database.withTenant(scope, async (tx) => {
      const inserted = await tx.execute(
        `INSERT INTO instruments (firm_id, ${columns}) SELECT $1::uuid, i.* FROM ${unnestInstruments(2)}
         ON CONFLICT ON CONSTRAINT instruments_pk DO NOTHING`,
        [tx.firmId, ...arrays],
      );
      if (inserted < instruments.length) await refuseChangedTerms(tx, arrays);
      return { inserted, unchanged: instruments.length - inserted };
    });
  }
}

async function refuseChangedTerms(tx: TenantTransaction, arrays: unknown[][]): Promise<void> {
  const list = (alias: string): string => terms.map((term) => `${alias}.${term}`).join(', ');
  const [changed] = await tx.rows<{ id: string }>(
    `SELECT t.instrument_id AS id FROM instruments t JOIN ${unnestInstruments(1)} ON t.instrument_id = i.instrument_id
     WHERE (${list('t')}) IS DISTINCT FROM (${list('i')}) ORDER BY 1 LIMIT 1`,
    arrays,
  );
  if (changed === undefined) return;
  throw new PersistenceError('CONFLICT', `instrument ${changed.id} is known with other terms; terms never change`);
}

function unnestInstruments(from: number): string {
  const types = ['text', 'text', 'text', 'numeric', 'text', 'text', 'text', 'numeric', 'timestamptz', 'text', 'text', 'text', 'text', 'jsonb', 'text', 'text']; // prettier-ignore
  const arrays = types.map((type, index) => `$${from + index}::${type}[]`).join(', ');
  return `unnest(${arrays}) AS i (${columns})`;
}

function filterCondition(filter: InstrumentFilter): { readonly terms: string[]; readonly parameters: unknown[] } {
  const conditions: string[] = ['true'];
  const parameters: unknown[] = [];
  const add = (value: unknown, term: (placeholder: string) => string): void => {
    parameters.push(value);
    conditions.push(term(`$${parameters.length}`));
  };
  if (filter.underlying !== undefined) add(filter.underlying, (p) => `underlying_id = ${p}`);
  if (filter.type !== undefined) add(filter.type, (p) => `type = ${p}`);
  if (filter.notExpiredAt !== undefined) {
    add(toTimestamp(filter.notExpiredAt), (p) => `(expiry IS NULL OR expiry >= ${p}::timestamptz)`);
  }
  if (filter.search !== undefined) add(filter.search, (p) => `position(lower(${p}::text) IN lower(instrument_id)) > 0`);
  return { terms: conditions, parameters };
}

function toRow(instrument: Instrument): unknown[] {
  const option = instrument.type === 'option' ? instrument : null;
  return [
    instrument.id,
    instrument.underlying,
    instrument.type,
    toNumeric(instrument.multiplier, `${instrument.id}.multiplier`),
    instrument.currency,
    instrument.settlement,
    option?.right ?? null,
    toNumericOrNull(option?.strike, `${instrument.id}.strike`),
    toTimestampOrNull('expiry' in instrument ? instrument.expiry : null),
    option?.exercise ?? null,
    option?.premiumStyle ?? null,
    instrument.calendar ?? null,
    instrument.delivery ?? null,
    deliverableText(instrument.deliverable),
    instrument.adjustedFrom ?? null,
    instrument.settlementSession ?? null,
  ];
}

function toInstruments(rows: readonly InstrumentRow[]): Instrument[] {
  const pool = new DecimalPool();
  return rows.map((row) => toInstrument(row, pool));
}

function toInstrument(row: InstrumentRow, pool: DecimalPool): Instrument {
  const terms = mainTerms(row, pool);
  const { calendar, delivery, deliverable, adjusted_from: adjustedFrom, settlement_session: settlementSession } = row;
  if ((calendar ?? delivery ?? deliverable ?? adjustedFrom ?? settlementSession) === null) return terms;
  return {
    ...terms,
    ...present('calendar', calendar),
    ...present('delivery', delivery),
    ...present('deliverable', deliverable === null ? null : toDeliverable(deliverable)),
    ...present('adjustedFrom', adjustedFrom),
    ...present('settlementSession', settlementSession),
  };
}

function mainTerms(row: InstrumentRow, pool: DecimalPool): Instrument {
  const { instrument_id: id, underlying_id: underlying, type, currency, settlement } = row;
  const multiplier = pool.of(row.multiplier);
  if (type === 'perpetual' || type === 'underlying') return { id, underlying, multiplier, currency, settlement, type };
  const expiry = instantFrom(row.expiry as Date);
  if (type === 'future') return { id, underlying, multiplier, currency, settlement, type, expiry };
  // The table's check says that an option has every one of these.
  return {
    id,
    underlying,
    multiplier,
    currency,
    settlement,
    type,
    expiry,
    right: row.option_right as 'call' | 'put',
    strike: pool.of(row.strike as string),
    exercise: row.exercise as 'european' | 'american',
    premiumStyle: row.premium_style as 'equity' | 'futures',
  };
}

function deliverableText(deliverable: Deliverable | undefined): string | null {
  if (deliverable === undefined) return null;
  const row: DeliverableRow = {
    components: deliverable.components.map(({ instrumentId, quantity }) => {
      return { instrumentId, quantity: toNumeric(quantity, 'deliverable.quantity') };
    }),
    cash: toNumeric(deliverable.cash, 'deliverable.cash'),
  };
  return JSON.stringify(row);
}

function toDeliverable({ components, cash }: DeliverableRow): Deliverable {
  return {
    components: components.map(({ instrumentId, quantity }) => ({ instrumentId, quantity: decimalOf(quantity) })),
    cash: decimalOf(cash),
  };
}
