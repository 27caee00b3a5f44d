import { Decimal, type Instant, type Position } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import type { VersionPlan } from '../bitemporal-versions';
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
  present,
  toColumns,
  toNumeric,
  toNumericOrNull,
  toTimestamp,
  toTimestampOrNull,
  uuidList,
} from '../row-values';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import { closeVersions, isDelivered, lockAccount, planStatement, type StatementTables } from './account-statements';
import { knownBy, takeKnownAt } from './known-time';
import { type AsOf, momentCondition, momentParameters, momentPlan } from './moment';

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

/** How statements of positions are kept. */
const statements: StatementTables<Omit<PositionRow, 'account_id'>, PositionValue> = {
  statements: 'position_statements',
  versions: 'positions',
  key: 'instrument_id',
  columns: 'instrument_id, quantity, average_price',
  toValue: (row, statementId) => ({
    quantity: decimalOf(row.quantity),
    averagePrice: decimalOrNull(row.average_price),
    statementId,
  }),
  isEqual,
};

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
      const plan = await planStatement(tx, statements, statement, valuesOf(stated, statementId));
      const unchanged = stated.size - plan.changedKeys.filter((key) => stated.has(key)).length;
      const hash = hashStatement(statement, stated);
      if (plan.changedKeys.length === 0 && (await isDelivered(tx, statements, statement, hash))) {
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

/** What each instrument is stated to be; null where nothing of it is held. */
function valuesOf(
  positions: ReadonlyMap<string, Position>,
  statementId: string,
): ReadonlyMap<string, PositionValue | null> {
  return new Map(
    [...positions].map(([key, { quantity, averagePrice = null }]) => [
      key,
      quantity.isZero() ? null : { quantity, averagePrice, statementId },
    ]),
  );
}

async function writePlan(
  tx: TenantTransaction,
  accountId: string,
  plan: VersionPlan<PositionValue>,
  knownAt: Instant,
): Promise<void> {
  const known = toTimestamp(knownAt);
  await closeVersions(tx, statements, { accountId, versionIds: plan.close, known });
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
