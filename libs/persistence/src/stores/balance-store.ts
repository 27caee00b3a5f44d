import { type CashBalance, Decimal, type Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { type OpenVersion, planVersions } from '../bitemporal-versions';
import { Database } from '../database';
import {
  decimalOf,
  distinctUuids,
  instantFrom,
  instantOrNull,
  toColumns,
  toNumeric,
  toTimestamp,
  toTimestampOrNull,
  uuidList,
} from '../row-values';
import { type TenantScope, type TenantTransaction } from '../tenant';
import { carryThroughMovements } from './balance-movements';
import { lockAccount } from './account-statements';
import { findAccountIds, knownBy, takeKnownAt } from './known-time';
import { type AsOf, momentCondition, momentParameters, momentPlan } from './moment';

/** Cash of one currency from a time on. */
export interface BalanceStatement {
  readonly accountId: string;
  readonly currency: string;
  /** The balance itself, not a movement; negative means owed. */
  readonly amount: Decimal;
  readonly valueAt: Instant;
  readonly reason: string;
  readonly recordedBy: string;
  /** When it became known; default now. */
  readonly knownAt?: Instant;
}

interface BalanceValue {
  readonly amount: Decimal;
  readonly reason: string;
  readonly recordedBy: string;
}

interface BalanceRow {
  readonly account_id: string;
  readonly currency: string;
  readonly amount: string;
}

/** Cash balances of accounts, bitemporal and append-only. */
@Injectable()
export class BalanceStore {
  constructor(private readonly database: Database) {}

  /**
   * Records a balance, true from `valueAt` until the next recorded one; what movements left behind it changes with it.
   *
   * @returns whether anything changed: the same amount at the same value time is recorded once
   * @throws PersistenceError 'NOT_FOUND' for an unknown account, 'CONFLICT' when `knownAt` lies before what is known
   */
  async record(scope: TenantScope, statement: BalanceStatement): Promise<{ readonly changed: boolean }> {
    return this.database.withTenant(scope, async (tx) => {
      await lockAccount(tx, statement.accountId);
      return this.write(tx, statement, await findOpenVersions(tx, statement));
    });
  }

  /**
   * Moves cash: adds an amount to what is held at `valueAt`, and to later balances that began with a movement, up to the
   * first one that was stated as such. A balance of a statement says what there is, whatever moved before it.
   *
   * @param movement.amount  received > 0, paid < 0
   * @param movement.reason  begins with one of `movementReasons`
   */
  async move(scope: TenantScope, movement: BalanceStatement): Promise<void> {
    await this.database.withTenant(scope, async (tx) => {
      await lockAccount(tx, movement.accountId);
      const open = await findOpenVersions(tx, movement);
      await this.write(tx, { ...movement, amount: heldAt(open, movement.valueAt).plus(movement.amount) }, open);
    });
  }

  private async write(
    tx: TenantTransaction,
    statement: BalanceStatement,
    open: readonly OpenVersion<BalanceValue>[],
  ): Promise<{ readonly changed: boolean }> {
    const { accountId, currency, amount, valueAt, reason, recordedBy } = statement;
    const plan = planVersions<BalanceValue>({
      open,
      stated: new Map([[currency, { amount, reason, recordedBy }]]),
      from: valueAt,
      until: null,
      keepEqual: false,
      isEqual: (left, right) => left.amount.equals(right.amount),
    });
    if (plan.changedKeys.length === 0) return { changed: false };
    const knownAt = toTimestamp(await takeKnownAt(tx, 'balances', statement));
    await tx.execute(
      `UPDATE balances SET known = tstzrange(lower(known), $1) WHERE account_id = $2 AND upper_inf(known) AND version_id = ANY ($3::uuid[])`,
      [knownAt, accountId, plan.close],
    );
    const columns = toColumns(
      plan.insert.map(({ value, validFrom, validUntil }) => [
        toNumeric(value.amount, 'amount'),
        value.reason,
        value.recordedBy,
        toTimestamp(validFrom),
        toTimestampOrNull(validUntil),
      ]),
      5,
    );
    await tx.execute(
      `INSERT INTO balances (firm_id, account_id, currency, known, amount, reason, recorded_by, valid)
       SELECT $1::uuid, $2::uuid, $3, tstzrange($4, NULL), v.amount, v.reason, v.recorded_by, tstzrange(v.valid_from, v.valid_until)
       FROM unnest($5::numeric[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
         AS v (amount, reason, recorded_by, valid_from, valid_until)`,
      [tx.firmId, accountId, currency, knownAt, ...columns],
    );
    const next = plan.insert.find(({ validFrom }) => validFrom === valueAt)?.validUntil ?? null;
    if (next !== null) {
      const difference = toNumeric(amount.minus(heldAt(open, valueAt)), 'amount');
      const sql = 'SELECT $1::uuid, $2::text, $3::numeric, $4::timestamptz, $5::timestamptz';
      const parameters = [accountId, currency, difference, toTimestamp(next), knownAt];
      await carryThroughMovements(tx, { sql, parameters }, recordedBy);
    }
    return { changed: true };
  }

  /** Those of the accounts about whose cash anything was known at a time. */
  async findKnownBy(scope: TenantScope, accountIds: readonly string[], knownAt: Instant): Promise<Set<string>> {
    const sql = `SELECT DISTINCT account_id FROM balances WHERE account_id = ANY ($1::uuid[]) AND ${knownBy('lower(known)', '$2')}`;
    return this.database.withTenant(scope, (tx) => findAccountIds(tx, sql, [accountIds, toTimestamp(knownAt)]));
  }

  /** Balances of many accounts at one moment, in order of the currency; an account without any is absent. */
  async findAsOf(scope: TenantScope, accountIds: readonly string[], at: AsOf): Promise<Map<string, CashBalance[]>> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new Map();
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<BalanceRow>(
        `SELECT account_id, currency, amount FROM balances
         WHERE account_id = ANY ($1::uuid[]) AND ${momentCondition(at, 2)} ORDER BY account_id, currency`,
        [uuidList(known), ...momentParameters(at)],
        momentPlan('balances', at),
      ),
    );
    const byAccount = new Map<string, CashBalance[]>();
    for (const { account_id: accountId, currency, amount } of rows) {
      const balance: CashBalance = { currency, amount: decimalOf(amount) };
      const list = byAccount.get(accountId);
      if (list === undefined) byAccount.set(accountId, [balance]);
      else list.push(balance);
    }
    return byAccount;
  }
}

async function findOpenVersions(
  tx: TenantTransaction,
  { accountId, currency, valueAt }: BalanceStatement,
): Promise<OpenVersion<BalanceValue>[]> {
  const rows = await tx.rows<{
    version_id: string;
    amount: string;
    reason: string;
    recorded_by: string;
    valid_from: Date;
    valid_until: Date | null;
  }>(
    `SELECT version_id, amount, reason, recorded_by, lower(valid) AS valid_from, upper(valid) AS valid_until
     FROM balances WHERE account_id = $1 AND currency = $2 AND upper_inf(known) AND valid && tstzrange($3, NULL)`,
    [accountId, currency, toTimestamp(valueAt)],
  );
  return rows.map((row) => ({
    versionId: row.version_id,
    key: currency,
    value: { amount: decimalOf(row.amount), reason: row.reason, recordedBy: row.recorded_by },
    validFrom: instantFrom(row.valid_from),
    validUntil: instantOrNull(row.valid_until),
  }));
}

function heldAt(open: readonly OpenVersion<BalanceValue>[], at: Instant): Decimal {
  return open.find(({ validFrom }) => validFrom <= at)?.value.amount ?? new Decimal(0);
}
