import { type CollateralKind, type CollateralPosition, Decimal, type Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import type { VersionPlan } from '../bitemporal-versions';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { CollateralStatementEntity } from '../entities/collateral.entities';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
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
import { type TenantScope, type TenantTransaction } from '../tenant';
import { closeVersions, isDelivered, lockAccount, planStatement, type StatementTables } from './account-statements';
import { findAccountIds, knownBy, takeKnownAt } from './known-time';
import { type AsOf, momentCondition, momentParameters, momentPlan } from './moment';

/** What an account has pledged from a time on. */
export interface CollateralStatement {
  readonly accountId: string;
  /** The statement is true from here on, until the next statement. */
  readonly validFrom: Instant;
  /** REPLACE: everything pledged, what is not named is gone. MERGE: only the named assets. Quantity 0 means none. */
  readonly mode: 'REPLACE' | 'MERGE';
  readonly holdings: readonly CollateralPosition[];
  /** Where it came from, for example a file name. */
  readonly source: string;
  readonly recordedBy: string;
  /** When it became known; default now. Must lie after everything known about the account's collateral. */
  readonly knownAt?: Instant;
}

export interface CollateralStatementOutcome {
  /** Null when the statement changed nothing and was delivered before. */
  readonly statementId: string | null;
  readonly changed: number;
  readonly unchanged: number;
}

type HoldingValue = CollateralPosition & { readonly statementId: string };

interface HoldingRow {
  readonly account_id: string;
  readonly asset: string;
  readonly kind: CollateralKind;
  readonly asset_class: string;
  readonly rating: string | null;
  readonly maturity: string | null;
  readonly schedule: string;
  readonly quantity: string;
  readonly price: string | null;
  readonly currency: string | null;
  readonly share_underlying?: string | null;
  readonly share_multiplier?: string | null;
}

const holdingColumns =
  'account_id, asset, kind, asset_class, rating, maturity::text AS maturity, schedule, quantity, price, currency';

/** How statements of collateral are kept. */
const statements: StatementTables<HoldingRow, HoldingValue> = {
  statements: 'collateral_statements',
  versions: 'collateral_holdings',
  key: 'asset',
  columns: holdingColumns,
  toValue: (row, statementId) => ({ ...toHolding(row), statementId }),
  isEqual,
};

/** Pledged collateral of accounts, bitemporal and append-only. */
@Injectable()
export class CollateralStore {
  constructor(private readonly database: Database) {}

  /**
   * Records a statement of collateral. A repeated delivery changes nothing; a correction closes what was believed and adds
   * what is believed now.
   *
   * @throws PersistenceError 'NOT_FOUND' for an unknown account, 'VALUE_REFUSED' for an asset named twice or a negative
   *         quantity, 'CONFLICT' when `knownAt` lies before what is known
   */
  async record(scope: TenantScope, statement: CollateralStatement): Promise<CollateralStatementOutcome> {
    const stated = indexHoldings(statement.holdings);
    return this.database.withTenant(scope, async (tx) => {
      await lockAccount(tx, statement.accountId);
      const statementId = newId();
      const plan = await planStatement(tx, statements, statement, valuesOf(stated, statementId));
      const unchanged = stated.size - plan.changedKeys.filter((key) => stated.has(key)).length;
      const { accountId, mode, validFrom, source, recordedBy } = statement;
      const contents = [...stated.values()].sort((left, right) => (left.asset < right.asset ? -1 : 1));
      const hash = contentHash({ mode, validFrom, source, holdings: contents });
      if (plan.changedKeys.length === 0 && (await isDelivered(tx, statements, statement, hash)))
        return { statementId: null, changed: 0, unchanged };
      const knownAt = await takeKnownAt(tx, 'collateral_statements', statement);
      await tx.manager.insert(CollateralStatementEntity, {
        firmId: tx.firmId,
        accountId,
        statementId,
        mode,
        validFrom,
        knownAt,
        contentHash: hash,
        source,
        recordedBy,
        holdingCount: stated.size,
      });
      await writePlan(tx, accountId, plan, knownAt);
      return { statementId, changed: plan.changedKeys.length, unchanged };
    });
  }

  /** Those of the accounts about whose collateral anything was known at a time. */
  async findKnownBy(scope: TenantScope, accountIds: readonly string[], knownAt: Instant): Promise<Set<string>> {
    const sql = `SELECT DISTINCT account_id FROM collateral_statements WHERE account_id = ANY ($1::uuid[]) AND ${knownBy('known_at', '$2')}`;
    return this.database.withTenant(scope, (tx) => findAccountIds(tx, sql, [accountIds, toTimestamp(knownAt)]));
  }

  /** Accounts that pledge one of the assets at a time, as believed now, in order of the identifier. */
  async findPledgers(scope: TenantScope, assets: readonly string[], at: Instant): Promise<string[]> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_id: string }>(
        `SELECT DISTINCT account_id FROM collateral_holdings WHERE asset = ANY ($1::text[]) AND upper_inf(known)
         AND valid @> $2::timestamptz ORDER BY account_id`,
        [assets, toTimestamp(at)],
      ),
    );
    return rows.map((row) => row.account_id);
  }

  /** Collateral of many accounts at one moment, in order of the asset; an account without any is absent. */
  async findAsOf(
    scope: TenantScope,
    accountIds: readonly string[],
    at: AsOf,
  ): Promise<Map<string, CollateralPosition[]>> {
    return this.findAt(
      scope,
      accountIds,
      at,
      `SELECT ${holdingColumns} FROM collateral_holdings
         WHERE account_id = ANY ($1::uuid[]) AND ${momentCondition(at, 2)} ORDER BY account_id, asset`,
    );
  }

  /**
   * The same, with what the record knew by then of assets whose name is not that of an underlying: instruments of type
   * `underlying`, as which an ISIN is listed.
   */
  async findMatchedAsOf(
    scope: TenantScope,
    accountIds: readonly string[],
    at: AsOf,
  ): Promise<Map<string, CollateralPosition[]>> {
    const listed = at.knownAt === undefined ? '' : 'AND i.created_at <= $3::timestamptz';
    return this.findAt(
      scope,
      accountIds,
      at,
      `SELECT h.*, i.underlying_id AS share_underlying, i.multiplier AS share_multiplier
         FROM (SELECT firm_id, ${holdingColumns} FROM collateral_holdings
           WHERE account_id = ANY ($1::uuid[]) AND ${momentCondition(at, 2)}) AS h
         LEFT JOIN instruments i ON i.firm_id = h.firm_id AND i.instrument_id = h.asset AND i.type = 'underlying'
           AND i.underlying_id <> h.asset ${listed}
         ORDER BY h.account_id, h.asset`,
      momentPlan('matched collateral', at),
    );
  }

  private async findAt(
    scope: TenantScope,
    accountIds: readonly string[],
    at: AsOf,
    sql: string,
    plan?: string,
  ): Promise<Map<string, CollateralPosition[]>> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new Map();
    const parameters = [uuidList(known), ...momentParameters(at)];
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<HoldingRow>(sql, parameters, plan));
    const byAccount = new Map<string, CollateralPosition[]>();
    for (const row of rows) {
      const list = byAccount.get(row.account_id);
      if (list === undefined) byAccount.set(row.account_id, [toHolding(row)]);
      else list.push(toHolding(row));
    }
    return byAccount;
  }
}

/** Condition that the asset of a pledge is one of these underlyings, by its own name or by that of an instrument of it. */
export function isShareOf(pledge: string, underlyingIds: string): string {
  return `${pledge}.asset = ANY (${underlyingIds}::text[]) OR ${pledge}.asset IN (SELECT s.instrument_id FROM instruments s
    WHERE s.underlying_id = ANY (${underlyingIds}::text[]) AND s.type = 'underlying')`;
}

function indexHoldings(holdings: readonly CollateralPosition[]): Map<string, CollateralPosition> {
  const byAsset = new Map<string, CollateralPosition>();
  for (const holding of holdings) {
    if (byAsset.has(holding.asset))
      throw new PersistenceError('VALUE_REFUSED', `asset ${holding.asset} is named twice`);
    if (holding.quantity.isNegative() && !holding.quantity.isZero())
      throw new PersistenceError('VALUE_REFUSED', `asset ${holding.asset}: a pledged quantity is not negative`);
    byAsset.set(holding.asset, holding);
  }
  return byAsset;
}

/** What each asset is stated to be; null where nothing of it is pledged. */
function valuesOf(
  holdings: ReadonlyMap<string, CollateralPosition>,
  statementId: string,
): ReadonlyMap<string, HoldingValue | null> {
  return new Map(
    [...holdings].map(([key, holding]) => [key, holding.quantity.isZero() ? null : { ...holding, statementId }]),
  );
}

async function writePlan(
  tx: TenantTransaction,
  accountId: string,
  plan: VersionPlan<HoldingValue>,
  knownAt: Instant,
): Promise<void> {
  const known = toTimestamp(knownAt);
  await closeVersions(tx, statements, { accountId, versionIds: plan.close, known });
  const columns = toColumns(
    plan.insert.map(({ key, value, validFrom, validUntil }) => [
      key,
      value.statementId,
      value.kind,
      value.assetClass,
      value.rating ?? null,
      value.maturity ?? null,
      value.schedule,
      toNumeric(value.quantity, `${key}.quantity`),
      toNumericOrNull(value.price, `${key}.price`),
      value.currency ?? null,
      toTimestamp(validFrom),
      toTimestampOrNull(validUntil),
    ]),
    12,
  );
  await tx.execute(
    `INSERT INTO collateral_holdings (firm_id, account_id, known, asset, statement_id, kind, asset_class, rating, maturity, schedule, quantity, price, currency, valid)
     SELECT $1::uuid, $2::uuid, tstzrange($3, NULL), v.asset, v.statement_id, v.kind, v.asset_class, v.rating, v.maturity, v.schedule,
       v.quantity, v.price, v.currency, tstzrange(v.valid_from, v.valid_until)
     FROM unnest($4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::date[], $10::text[], $11::numeric[], $12::numeric[],
       $13::text[], $14::timestamptz[], $15::timestamptz[])
       AS v (asset, statement_id, kind, asset_class, rating, maturity, schedule, quantity, price, currency, valid_from, valid_until)`,
    [tx.firmId, accountId, known, ...columns],
  );
}

function isEqual(left: HoldingValue, right: HoldingValue): boolean {
  return contentOf(left) === contentOf(right);
}

function contentOf({ statementId: _statement, quantity, price, ...rest }: HoldingValue): string {
  return contentHash({ ...rest, quantity: new Decimal(quantity), price: price ?? null });
}

function toHolding(row: HoldingRow): CollateralPosition {
  return {
    asset: row.asset,
    kind: row.kind,
    assetClass: row.asset_class,
    schedule: row.schedule,
    quantity: decimalOf(row.quantity),
    ...present('rating', row.rating),
    ...present('maturity', row.maturity),
    ...present('price', decimalOrNull(row.price)),
    ...present('currency', row.currency),
    ...(row.share_underlying == null || row.share_multiplier == null
      ? {}
      : { share: { underlying: row.share_underlying, multiplier: decimalOf(row.share_multiplier) } }),
  };
}
