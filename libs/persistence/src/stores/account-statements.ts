import type { Instant } from '@ballast/domain';
import { type OpenVersion, planVersions, type VersionPlan } from '../bitemporal-versions';
import { PersistenceError } from '../persistence-error';
import { instantFrom, instantOrNull, toTimestamp } from '../row-values';
import { isUuid, type TenantTransaction } from '../tenant';

/** How statements about one kind of thing that accounts hold are kept: what was delivered, and what is believed since. */
export interface StatementTables<Row, Value> {
  readonly statements: 'position_statements' | 'collateral_statements';
  readonly versions: 'positions' | 'collateral_holdings';
  /** The column that tells the things apart. */
  readonly key: 'instrument_id' | 'asset';
  /** What a value is made of, the key among them. */
  readonly columns: string;
  readonly toValue: (row: Row, statementId: string) => Value;
  readonly isEqual: (left: Value, right: Value) => boolean;
}

/** Since when a statement about an account holds, and whether it names everything the account has. */
export interface StatementSpan {
  readonly accountId: string;
  readonly validFrom: Instant;
  readonly mode: 'REPLACE' | 'MERGE';
}

/** One writer per account at a time. @throws PersistenceError 'NOT_FOUND' */
export async function lockAccount(tx: TenantTransaction, accountId: string): Promise<void> {
  const sql = 'SELECT 1 FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE';
  const found = isUuid(accountId) ? await tx.rows(sql, [accountId]) : [];
  if (found.length === 0) throw new PersistenceError('NOT_FOUND', 'the account does not exist');
}

/** Plans what a statement changes of what is believed. @param stated  by key; null states that there is none */
export async function planStatement<Row, Value>(
  tx: TenantTransaction,
  tables: StatementTables<Row, Value>,
  statement: StatementSpan,
  stated: ReadonlyMap<string, Value | null>,
): Promise<VersionPlan<Value>> {
  const { accountId, mode, validFrom } = statement;
  const open = await findOpenVersions(tx, tables, statement, mode === 'MERGE' ? [...stated.keys()] : null);
  const all = new Map<string, Value | null>();
  if (mode === 'REPLACE') for (const version of open) if (version.validFrom <= validFrom) all.set(version.key, null);
  for (const [key, value] of stated) all.set(key, value);
  const until = await findNextReplacement(tx, tables, { accountId, after: validFrom });
  const keepEqual = mode === 'REPLACE';
  return planVersions({ open, stated: all, from: validFrom, until, keepEqual, isEqual: tables.isEqual });
}

/** Tells whether the very same was delivered before. @param hash  of what it says */
export async function isDelivered(
  tx: TenantTransaction,
  tables: Pick<StatementTables<never, never>, 'statements'>,
  statement: StatementSpan,
  hash: string,
): Promise<boolean> {
  const found = await tx.rows(
    `SELECT 1 FROM ${tables.statements} WHERE account_id = $1 AND valid_from = $2 AND content_hash = $3 LIMIT 1`,
    [statement.accountId, toTimestamp(statement.validFrom), Buffer.from(hash, 'hex')],
  );
  return found.length > 0;
}

/** Ends what is believed of versions. @param closing.known  since when they are believed no longer */
export async function closeVersions(
  tx: TenantTransaction,
  tables: Pick<StatementTables<never, never>, 'versions'>,
  closing: { readonly accountId: string; readonly versionIds: readonly string[]; readonly known: string },
): Promise<void> {
  if (closing.versionIds.length === 0) return;
  await tx.execute(
    `UPDATE ${tables.versions} SET known = tstzrange(lower(known), $1)
     WHERE account_id = $2 AND upper_inf(known) AND version_id = ANY ($3::uuid[])`,
    [closing.known, closing.accountId, closing.versionIds],
  );
}

async function findOpenVersions<Row, Value>(
  tx: TenantTransaction,
  tables: StatementTables<Row, Value>,
  { accountId, validFrom }: StatementSpan,
  keys: readonly string[] | null,
): Promise<OpenVersion<Value>[]> {
  const { versions, key, columns, toValue } = tables;
  type VersionRow = Row & {
    readonly version_key: string;
    readonly version_id: string;
    readonly statement_id: string;
    readonly valid_from: Date;
    readonly valid_until: Date | null;
  };
  const rows = await tx.rows<VersionRow>(
    `SELECT ${columns}, ${key} AS version_key, version_id, statement_id, lower(valid) AS valid_from, upper(valid) AS valid_until
     FROM ${versions} WHERE account_id = $1 AND upper_inf(known) AND valid && tstzrange($2, NULL)
       AND ($3::text[] IS NULL OR ${key} = ANY ($3))`,
    [accountId, toTimestamp(validFrom), keys],
  );
  return rows.map((row) => ({
    versionId: row.version_id,
    key: row.version_key,
    value: toValue(row, row.statement_id),
    validFrom: instantFrom(row.valid_from),
    validUntil: instantOrNull(row.valid_until),
  }));
}

/** A later statement of everything limits how far this one reaches. */
async function findNextReplacement(
  tx: TenantTransaction,
  { statements }: Pick<StatementTables<never, never>, 'statements'>,
  { accountId, after }: { readonly accountId: string; readonly after: Instant },
): Promise<Instant | null> {
  const [row] = await tx.rows<{ next: Date | null }>(
    `SELECT min(valid_from) AS next FROM ${statements} WHERE account_id = $1 AND mode = 'REPLACE' AND valid_from > $2`,
    [accountId, toTimestamp(after)],
  );
  return instantOrNull(row?.next ?? null);
}
