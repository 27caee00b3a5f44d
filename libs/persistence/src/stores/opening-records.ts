import type { Instant } from '@ballast/domain';
import { type BulkColumns, bulkParameters, bulkSource, type BulkValue } from '../bulk-insert';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
import { isUuid, type TenantTransaction } from '../tenant';
import type { BalanceStatement } from './balance-store';
import { hashStatement, indexPositions, type PositionStatement } from './position-store';

/** What becomes known first about accounts. Times are stated, because nothing is known that they could follow. */
export interface OpeningRecords {
  /** At most one per account. */
  readonly positions: readonly (PositionStatement & { readonly knownAt: Instant })[];
  /** At most one per account and currency. */
  readonly balances: readonly (BalanceStatement & { readonly knownAt: Instant })[];
}

const statementColumns: BulkColumns = [
  ['account_id', 'uuid'],
  ['statement_id', 'uuid'],
  ['mode', 'text'],
  ['valid_from', 'timestamptz'],
  ['known_at', 'timestamptz'],
  ['content_hash', 'bytea'],
  ['source', 'text'],
  ['position_count', 'integer'],
];

const positionColumns: BulkColumns = [
  ['account_id', 'uuid'],
  ['instrument_id', 'text'],
  ['statement_id', 'uuid'],
  ['quantity', 'numeric'],
  ['average_price', 'numeric'],
  ['valid', 'tstzrange'],
  ['known', 'tstzrange'],
];

const balanceColumns: BulkColumns = [
  ['account_id', 'uuid'],
  ['currency', 'text'],
  ['amount', 'numeric'],
  ['reason', 'text'],
  ['recorded_by', 'text'],
  ['valid', 'tstzrange'],
  ['known', 'tstzrange'],
];

/**
 * Records the first statements and balances of many accounts in few statements for the database; the rows are those that
 * `PositionStore.record` and `BalanceStore.record` write for each of them.
 *
 * @throws PersistenceError 'NOT_FOUND' for an unknown account, 'CONFLICT' when anything is known about an account already,
 *         'VALUE_REFUSED' for an account, currency or instrument named twice, 'REFERENCE_MISSING' for an unknown instrument
 */
export async function recordOpenings(tx: TenantTransaction, { positions, balances }: OpeningRecords): Promise<void> {
  refuseTwice(positions.map(({ accountId }) => accountId));
  refuseTwice(balances.map(({ accountId, currency }) => `${accountId} ${currency}`));
  await lockFresh(tx, [...new Set([...positions, ...balances].map(({ accountId }) => accountId))]);
  const stated = positions.map((statement) => {
    return { ...statement, statementId: newId(), byInstrument: indexPositions(statement.positions) };
  });
  await insertRows(
    tx,
    { table: 'position_statements', columns: statementColumns },
    stated.map(({ statementId, byInstrument, ...statement }) => [
      statement.accountId,
      statementId,
      statement.mode,
      toTimestamp(statement.validFrom),
      toTimestamp(statement.knownAt),
      Buffer.from(hashStatement(statement, byInstrument), 'hex'),
      statement.source,
      statement.positions.length,
    ]),
  );
  await insertRows(
    tx,
    { table: 'positions', columns: positionColumns },
    stated.flatMap(({ accountId, statementId, byInstrument, validFrom, knownAt }) =>
      [...byInstrument.values()]
        .filter(({ quantity }) => !quantity.isZero())
        .map(({ instrumentId, quantity, averagePrice }) => [
          accountId,
          instrumentId,
          statementId,
          toNumeric(quantity, `${instrumentId}.quantity`),
          toNumericOrNull(averagePrice, `${instrumentId}.averagePrice`),
          openRange(validFrom),
          openRange(knownAt),
        ]),
    ),
  );
  await insertRows(
    tx,
    { table: 'balances', columns: balanceColumns },
    balances.map(({ accountId, currency, amount, reason, recordedBy, valueAt, knownAt }) => [
      accountId,
      currency,
      toNumeric(amount, 'amount'),
      reason,
      recordedBy,
      openRange(valueAt),
      openRange(knownAt),
    ]),
  );
}

function refuseTwice(keys: readonly string[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw new PersistenceError('VALUE_REFUSED', `${key} is opened twice`);
    seen.add(key);
  }
}

/** One writer per account at a time, locked in one order, and nothing known about any of them. */
async function lockFresh(tx: TenantTransaction, accountIds: readonly string[]): Promise<void> {
  const known = accountIds.filter(isUuid);
  const lock = 'SELECT 1 FROM accounts WHERE account_id = ANY ($1::uuid[]) ORDER BY account_id FOR NO KEY UPDATE';
  const locked = await tx.rows(lock, [known]);
  if (locked.length < accountIds.length) throw new PersistenceError('NOT_FOUND', 'an account does not exist');
  const recorded = await tx.rows<{ id: string }>(
    `SELECT account_id AS id FROM position_statements WHERE account_id = ANY ($1::uuid[])
     UNION ALL SELECT account_id FROM balances WHERE account_id = ANY ($1::uuid[]) LIMIT 1`,
    [known],
  );
  if (recorded[0] !== undefined)
    throw new PersistenceError('CONFLICT', `something is known about account ${recorded[0].id} already`);
}

async function insertRows(
  tx: TenantTransaction,
  { table, columns }: { readonly table: string; readonly columns: BulkColumns },
  rows: readonly (readonly BulkValue[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const { names, select, from } = bulkSource(columns, 2);
  const sql = `INSERT INTO ${table} (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}`;
  await tx.execute(sql, [tx.firmId, ...bulkParameters(columns, rows)]);
}

function openRange(from: Instant): string {
  return `[${toTimestamp(from)},)`;
}
