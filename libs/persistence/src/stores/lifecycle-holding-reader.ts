import type { Instant, SettlementSession } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantScope, TenantTransaction } from '../tenant';

/** A contract that ended and is still held. */
export interface ExpiredSeries {
  readonly instrumentId: string;
  readonly underlying: string;
  readonly expiry: Instant;
  readonly accountCount: number;
  /** am: settled to a special opening quotation. */
  readonly settlementSession: SettlementSession;
}

/** Finds who holds what an event concerns. */
@Injectable()
export class LifecycleHoldingReader {
  constructor(private readonly database: Database) {}

  /** Series that expired at or before a time and are held at it, in order of expiry and identifier. */
  async findExpired(scope: TenantScope, at: Instant): Promise<ExpiredSeries[]> {
    return this.findSeries(scope, 'i.expiry <= $1 AND p.valid @> $1::timestamptz', [toTimestamp(at)]);
  }

  /** Series that expire within a span and are held just before their expiry, in order of expiry and identifier. */
  async findExpiring(
    scope: TenantScope,
    span: { readonly from: Instant; readonly until: Instant },
  ): Promise<ExpiredSeries[]> {
    const held = `p.valid @> (i.expiry - interval '1 millisecond')`;
    return this.findSeries(scope, `i.expiry >= $1 AND i.expiry < $2 AND ${held}`, [
      toTimestamp(span.from),
      toTimestamp(span.until),
    ]);
  }

  /** Every series held at a time that has not expired then: what a changed calendar may make an orphan. */
  async findOpen(scope: TenantScope, at: Instant): Promise<ExpiredSeries[]> {
    return this.findSeries(scope, 'i.expiry > $1 AND p.valid @> $1::timestamptz', [toTimestamp(at)]);
  }

  /** Accounts that hold one of the contracts at a time, in order of the identifier. */
  async findHolders(scope: TenantScope, instrumentIds: readonly string[], at: Instant): Promise<string[]> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_id: string }>(
        `SELECT DISTINCT account_id FROM positions WHERE instrument_id = ANY ($1::text[]) AND upper_inf(known)
         AND valid @> $2::timestamptz ORDER BY account_id`,
        [instrumentIds, toTimestamp(at)],
      ),
    );
    return rows.map((row) => row.account_id);
  }

  /** Takes the accounts for writing, in one order, so that what is read of them next stays true until the transaction ends. */
  async lockAccounts(tx: TenantTransaction, accountIds: readonly string[]): Promise<void> {
    await tx.rows('SELECT 1 FROM accounts WHERE account_id = ANY ($1::uuid[]) ORDER BY account_id FOR NO KEY UPDATE', [
      accountIds,
    ]);
  }

  /** Events of one type that were applied to a contract, reversed ones included. */
  async countEvents(
    scope: TenantScope,
    event: { readonly type: string; readonly instrumentId: string },
  ): Promise<number> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ count: number }>(
        'SELECT count(*)::integer AS count FROM lifecycle_events WHERE instrument_id = $1 AND type = $2',
        [event.instrumentId, event.type],
      ),
    );
    return row?.count ?? 0;
  }

  private async findSeries(
    scope: TenantScope,
    condition: string,
    parameters: readonly unknown[],
  ): Promise<ExpiredSeries[]> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ instrument_id: string; underlying_id: string; expiry: Date; session: 'am' | null; accounts: number }>(
        `SELECT i.instrument_id, i.underlying_id, i.expiry, i.settlement_session AS session, count(DISTINCT p.account_id)::integer AS accounts
         FROM instruments i JOIN positions p ON p.firm_id = i.firm_id AND p.instrument_id = i.instrument_id
         WHERE i.expiry IS NOT NULL AND upper_inf(p.known) AND ${condition}
         GROUP BY i.instrument_id, i.underlying_id, i.expiry, i.settlement_session ORDER BY i.expiry, i.instrument_id`,
        parameters,
      ),
    );
    return rows.map((row) => ({
      instrumentId: row.instrument_id,
      underlying: row.underlying_id,
      expiry: instantFrom(row.expiry),
      accountCount: row.accounts,
      settlementSession: row.session ?? 'pm',
    }));
  }
}
