import { Decimal, type Instant, type Position } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { type OpenVersion, planVersions, type VersionPlan } from '../bitemporal-versions';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { PositionStatementEntity } from '../entities/position.entity';
import { checkPageSize, KeysetCursors, keyParts, type Page, type PageRequest } from '../keyset-page';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { PositionBooks, type PositionBookRow } from '../position-books';
import {
  decimalOf,
  decimalOrNull,
  distinctUuids,
  instantFrom,
  instantOrNull,
  present,
  toColumns,
  toNumeric,
  toNumericOrNull,
  toTimestamp,
  toTimestampOrNull,
  uuidList,
} from '../row-values';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import { knownBy, plainlyBelievedAt, takeKnownAt } from './known-time';

/** What an account holds from a time on. */
export interface PositionStatement {
  readonly accountId: string;
  /** The statement is true from here on, until the next statement. */
  readonly validFrom: Instant;
  /** REPLACE: the whole book, what is not named is gone. MERGE: only the named instruments. Quantity 0 means none. */
  readonly mode: 'REPLACE' | 'MERGE';
  readonly positions: readonly Position[];
  /** Where it came from, for example a file name. */
  readonly source: string;
  /** When it became known; default now. Must lie after everything known about the account. */
  readonly knownAt?: Instant;
}

export interface PositionStatementOutcome {
  /** Null when the statement changed nothing and was delivered before. */
  readonly statementId: string | null;
  readonly changed: number;
  readonly unchanged: number;
}

/** One moment in both times: what was held at `validAt`, as known at `knownAt` (default: now). */
export interface AsOf {
  readonly validAt: Instant;
  readonly knownAt?: Instant | undefined;
}

interface PositionValue {
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly statementId: string;
}

interface PositionRow {
  readonly account_id: string;
  readonly instrument_id: string;
  readonly quantity: string;
  readonly average_price: string | null;
}

/** Positions of accounts, bitemporal and append-only. */
@Injectable()
export class PositionStore {
  constructor(private readonly database: Database) {}

  /**
   * Records a statement of positions. A repeated delivery changes nothing; a correction closes what was believed and
   * adds what is believed now.
   *
   * @throws PersistenceError 'NOT_FOUND' for an unknown account, 'REFERENCE_MISSING' for an unknown instrument,
   *         'VALUE_REFUSED' for an instrument named twice, 'CONFLICT' when `knownAt` lies before what is known
   */
  async record(scope: TenantScope, statement: PositionStatement): Promise<PositionStatementOutcome> {
    const stated = indexPositions(statement.positions);
    return this.database.withTenant(scope, async (tx) => {
      await lockAccount(tx, statement.accountId);
      const statementId = newId();
      const plan = await planStatement(tx, statement, stated, statementId);
      const unchanged = stated.size - plan.changedKeys.filter((key) => stated.has(key)).length;
      const hash = hashStatement(statement, stated);
      if (plan.changedKeys.length === 0 && (await isDelivered(tx, statement, hash))) {
        return { statementId: null, changed: 0, unchanged };
      }
      const knownAt = await takeKnownAt(tx, 'position_statements', statement);
      await tx.manager.insert(PositionStatementEntity, {
        firmId: tx.firmId,
        accountId: statement.accountId,
        statementId,
        mode: statement.mode,
        validFrom: statement.validFrom,
        knownAt,
        contentHash: hash,
        source: statement.source,
        positionCount: statement.positions.length,
      });
      await writePlan(tx, statement.accountId, plan, knownAt);
      return { statementId, changed: plan.changedKeys.length, unchanged };
    });
  }

  /** Positions of many accounts at one moment, in order of the instrument; an account without positions is absent. */
  async findAsOf(scope: TenantScope, accountIds: readonly string[], at: AsOf): Promise<Map<string, Position[]>> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new Map();
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<PositionRow>(
        `SELECT account_id, instrument_id, quantity, average_price FROM positions
         WHERE account_id = ANY ($1::uuid[]) AND ${momentCondition(at, 2)} ORDER BY account_id, instrument_id`,
        [uuidList(known), ...momentParameters(at)],
      ),
    );
    const byAccount = new Map<string, Position[]>();
    for (const row of rows) {
      const list = byAccount.get(row.account_id);
      if (list === undefined) byAccount.set(row.account_id, [toPosition(row)]);
      else list.push(toPosition(row));
    }
    return byAccount;
  }

  /** Books of many accounts at one moment, as columns: what a run reads. */
  async findBooksAsOf(scope: TenantScope, accountIds: readonly string[], at: AsOf): Promise<PositionBooks> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new PositionBooks([]);
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<PositionBookRow>(
        `SELECT account_id, string_agg(instrument_id, E'\\t' ORDER BY instrument_id) AS instruments,
           string_agg(quantity::text, E'\\t' ORDER BY instrument_id) AS quantities,
           string_agg(instrument_id, E'\\t' ORDER BY instrument_id) FILTER (WHERE average_price IS NOT NULL) AS priced,
           string_agg(average_price::text, E'\\t' ORDER BY instrument_id) FILTER (WHERE average_price IS NOT NULL) AS average_prices
         FROM positions WHERE account_id = ANY ($1::uuid[]) AND ${momentCondition(at, 2)} GROUP BY account_id`,
        [uuidList(known), ...momentParameters(at)],
        momentPlan('books', at),
      ),
    );
    return new PositionBooks(rows);
  }

  /** Tells whether anything was known about an account's positions at a time. */
  async isKnownBy(scope: TenantScope, accountId: string, knownAt: Instant): Promise<boolean> {
    const sql = `SELECT 1 FROM position_statements WHERE account_id = $1 AND ${knownBy('known_at', '$2')} LIMIT 1`;
    const found = await this.database.withTenant(scope, (tx) => tx.rows(sql, [accountId, toTimestamp(knownAt)]));
    return found.length > 0;
  }

  /** One page of an account's positions at one moment, in order of the instrument. */
  async findPageAsOf(
    scope: TenantScope,
    request: PageRequest & AsOf & { readonly accountId: string },
  ): Promise<Page<Position>> {
    const first = checkPageSize(request.first);
    const { accountId, validAt, knownAt } = request;
    const cursors = new KeysetCursors({ list: 'positions', firmId: scope.firmId, accountId, validAt, knownAt });
    const after = request.after == null ? '' : cursors.decode(request.after, [keyParts.identifier])[0];
    if (!isUuid(accountId)) return { items: [], hasNextPage: false };
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<PositionRow>(
        `SELECT account_id, instrument_id, quantity, average_price FROM positions
         WHERE account_id = $1 AND instrument_id > $2 AND ${momentCondition(request, 3)}
         ORDER BY instrument_id LIMIT ${first + 1}`,
        [accountId, after, ...momentParameters(request)],
      ),
    );
    return cursors.toPage(rows, first, (row) => ({ node: toPosition(row), key: [row.instrument_id] }));
  }

  /** How many rows all pages of `findPageAsOf` have. */
  async countAsOf(scope: TenantScope, request: AsOf & { readonly accountId: string }): Promise<number> {
    if (!isUuid(request.accountId)) return 0;
    const sql = `SELECT count(*)::integer AS count FROM positions WHERE account_id = $1 AND ${momentCondition(request, 2)}`;
    const parameters = [request.accountId, ...momentParameters(request)];
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, parameters));
    return row?.count ?? 0;
  }
}

/**
 * Versions open now have no end; asking for them by that is what the partial index answers. Where no writer was unseen at the
 * moment asked about, which is told once per statement, one look at a version's range says whether it was believed.
 */
export function momentCondition(at: AsOf, from: number): string {
  const known = at.knownAt === undefined ? 'upper_inf(known)' : plainlyBelievedAt('known', `$${from + 1}`);
  return `valid @> $${from}::timestamptz AND ${known}`;
}

/** Name of a statement that asks for one moment: it has one text where that is now, and another where it is told. */
export function momentPlan(name: string, at: AsOf): string {
  return `${name} ${at.knownAt === undefined ? 'now' : 'then'}`;
}

export function momentParameters(at: AsOf): string[] {
  return at.knownAt === undefined ? [toTimestamp(at.validAt)] : [toTimestamp(at.validAt), toTimestamp(at.knownAt)];
}

/** One writer per account at a time. @throws PersistenceError 'NOT_FOUND' */
export async function lockAccount(tx: TenantTransaction, accountId: string): Promise<void> {
  const sql = 'SELECT 1 FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE';
  const found = isUuid(accountId) ? await tx.rows(sql, [accountId]) : [];
  if (found.length === 0) throw new PersistenceError('NOT_FOUND', 'the account does not exist');
}

/** What was delivered, whenever it became known. */
export function hashStatement(statement: PositionStatement, positions: ReadonlyMap<string, Position>): string {
  return contentHash({ ...statement, knownAt: undefined, positions: [...positions.entries()].sort(byKey) });
}

/** @throws PersistenceError 'VALUE_REFUSED' for an instrument named twice */
export function indexPositions(positions: readonly Position[]): Map<string, Position> {
  const byInstrument = new Map<string, Position>();
  for (const position of positions) {
    if (byInstrument.has(position.instrumentId)) {
      throw new PersistenceError('VALUE_REFUSED', `instrument ${position.instrumentId} is named twice`);
    }
    byInstrument.set(position.instrumentId, position);
  }
  return byInstrument;
}

async function planStatement(
  tx: TenantTransaction,
  { accountId, mode, validFrom }: PositionStatement,
  positions: ReadonlyMap<string, Position>,
  statementId: string,
): Promise<VersionPlan<PositionValue>> {
  const open = await findOpenVersions(tx, accountId, validFrom, mode === 'MERGE' ? [...positions.keys()] : null);
  const stated = new Map<string, PositionValue | null>();
  if (mode === 'REPLACE') {
    for (const version of open) if (version.validFrom <= validFrom) stated.set(version.key, null);
  }
  for (const [key, { quantity, averagePrice = null }] of positions) {
    stated.set(key, quantity.isZero() ? null : { quantity, averagePrice, statementId });
  }
  const until = await findNextReplacement(tx, accountId, validFrom);
  return planVersions({ open, stated, from: validFrom, until, keepEqual: mode === 'REPLACE', isEqual });
}

async function findOpenVersions(
  tx: TenantTransaction,
  accountId: string,
  from: Instant,
  instrumentIds: readonly string[] | null,
): Promise<OpenVersion<PositionValue>[]> {
  const rows = await tx.rows<
    PositionRow & { version_id: string; statement_id: string; valid_from: Date; valid_until: Date | null }
  >(
    `SELECT instrument_id, quantity, average_price, version_id, statement_id, lower(valid) AS valid_from, upper(valid) AS valid_until
     FROM positions WHERE account_id = $1 AND upper_inf(known) AND valid && tstzrange($2, NULL)
       AND ($3::text[] IS NULL OR instrument_id = ANY ($3))`,
    [accountId, toTimestamp(from), instrumentIds],
  );
  return rows.map((row) => ({
    versionId: row.version_id,
    key: row.instrument_id,
    value: {
      quantity: decimalOf(row.quantity),
      averagePrice: decimalOrNull(row.average_price),
      statementId: row.statement_id,
    },
    validFrom: instantFrom(row.valid_from),
    validUntil: instantOrNull(row.valid_until),
  }));
}

/** A later statement of the whole book limits how far this one reaches. */
async function findNextReplacement(tx: TenantTransaction, accountId: string, after: Instant): Promise<Instant | null> {
  const [row] = await tx.rows<{ next: Date | null }>(
    `SELECT min(valid_from) AS next FROM position_statements WHERE account_id = $1 AND mode = 'REPLACE' AND valid_from > $2`,
    [accountId, toTimestamp(after)],
  );
  return instantOrNull(row?.next ?? null);
}

async function isDelivered(tx: TenantTransaction, statement: PositionStatement, hash: string): Promise<boolean> {
  const found = await tx.rows(
    'SELECT 1 FROM position_statements WHERE account_id = $1 AND valid_from = $2 AND content_hash = $3 LIMIT 1',
    [statement.accountId, toTimestamp(statement.validFrom), Buffer.from(hash, 'hex')],
  );
  return found.length > 0;
}

async function writePlan(
  tx: TenantTransaction,
  accountId: string,
  plan: VersionPlan<PositionValue>,
  knownAt: Instant,
): Promise<void> {
  const known = toTimestamp(knownAt);
  if (plan.close.length > 0) {
    await tx.execute(
      `UPDATE positions SET known = tstzrange(lower(known), $1) WHERE account_id = $2 AND upper_inf(known) AND version_id = ANY ($3::uuid[])`,
      [known, accountId, plan.close],
    );
  }
  const columns = toColumns(
    plan.insert.map(({ key, value, validFrom, validUntil }) => [
      key,
      value.statementId,
      toNumeric(value.quantity, `${key}.quantity`),
      toNumericOrNull(value.averagePrice, `${key}.averagePrice`),
      toTimestamp(validFrom),
      toTimestampOrNull(validUntil),
    ]),
    6,
  );
  await tx.execute(
    `INSERT INTO positions (firm_id, account_id, known, instrument_id, statement_id, quantity, average_price, valid)
     SELECT $1::uuid, $2::uuid, tstzrange($3, NULL), v.instrument_id, v.statement_id, v.quantity, v.average_price, tstzrange(v.valid_from, v.valid_until)
     FROM unnest($4::text[], $5::uuid[], $6::numeric[], $7::numeric[], $8::timestamptz[], $9::timestamptz[])
       AS v (instrument_id, statement_id, quantity, average_price, valid_from, valid_until)`,
    [tx.firmId, accountId, known, ...columns],
  );
}

function isEqual(left: PositionValue, right: PositionValue): boolean {
  const sameAverage =
    left.averagePrice === null || right.averagePrice === null
      ? left.averagePrice === right.averagePrice
      : left.averagePrice.equals(right.averagePrice);
  return sameAverage && left.quantity.equals(right.quantity);
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function toPosition(row: PositionRow): Position {
  return {
    instrumentId: row.instrument_id,
    quantity: decimalOf(row.quantity),
    ...present('averagePrice', decimalOrNull(row.average_price)),
  };
}
