import type { Decimal, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { BufferPolicyEntity } from '../entities/buffer-policy.entity';
import { newId } from '../new-id';
import {
  decimalOf,
  distinctUuids,
  instantFrom,
  toNumeric,
  toTimestamp,
  toTimestampOrNull,
  uuidList,
} from '../row-values';
import { type TenantScope } from '../tenant';
import { knownBy } from './known-time';

/** Multiples of the maintenance requirement at which the buffer ladder steps, from a time on. */
export interface StoredBufferPolicy {
  readonly id: string;
  /** Null: the policy of the whole firm, for accounts without one of their own. */
  readonly accountId: string | null;
  readonly effectiveFrom: Instant;
  readonly liquidationMultiple: Decimal;
  readonly marginCallMultiple: Decimal;
  readonly watchMultiple: Decimal;
  readonly callTargetMultiple: Decimal;
  readonly releaseMultiple: Decimal;
  /** Fraction by which a foreign currency is valued worse, 0…1, by currency; 0 where none is named. */
  readonly fxHaircuts: Readonly<Record<string, Decimal>>;
  readonly recordedBy: string;
}

interface PolicyRow {
  readonly policy_id: string;
  readonly account_id: string | null;
  readonly effective_from: Date;
  readonly liquidation_multiple: string;
  readonly margin_call_multiple: string;
  readonly watch_multiple: string;
  readonly call_target_multiple: string;
  readonly release_multiple: string;
  readonly fx_haircuts: Readonly<Record<string, string>>;
  readonly recorded_by: string;
}

/** Dated buffer policies; a new one is added, none is changed. */
@Injectable()
export class BufferPolicyStore {
  constructor(private readonly database: Database) {}

  /** @throws PersistenceError 'VALUE_REFUSED' when the steps are out of order */
  async add(scope: TenantScope, policy: Omit<StoredBufferPolicy, 'id'>): Promise<StoredBufferPolicy> {
    const policyId = newId();
    const fxHaircuts = Object.fromEntries(
      Object.entries(policy.fxHaircuts)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([currency, haircut]) => [currency, toNumeric(haircut, `fxHaircuts.${currency}`)]),
    );
    await this.database.withTenant(scope, (tx) =>
      tx.manager.insert(BufferPolicyEntity, { ...policy, fxHaircuts, policyId, firmId: tx.firmId }),
    );
    return { ...policy, id: policyId };
  }

  /**
   * The policy of each account at a time, as known at `knownAt` (default: now): its own, else the firm's; absent when
   * neither is set (the default holds). Accounts with the same policy share one object.
   */
  async findInEffect(
    scope: TenantScope,
    accountIds: readonly string[],
    asOf: Instant,
    knownAt?: Instant,
  ): Promise<Map<string, StoredBufferPolicy>> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new Map();
    // Two index look-ups; who asks for each account apart finds the firm's policy a thousand times.
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<PolicyRow>(
        `SELECT DISTINCT ON (b.account_id) b.* FROM (SELECT * FROM buffer_policies WHERE account_id IS NULL
           UNION ALL SELECT * FROM buffer_policies WHERE account_id = ANY ($1::uuid[])) AS b
         WHERE b.effective_from <= $2 AND ${knownBy('b.known_at', '$3')}
         ORDER BY b.account_id, b.effective_from DESC, b.known_at DESC`,
        [uuidList(known), toTimestamp(asOf), toTimestampOrNull(knownAt)],
      ),
    );
    const policies = new Map(rows.map((row) => [row.account_id, toPolicy(row)]));
    const found = new Map<string, StoredBufferPolicy>();
    for (const id of known) {
      const policy = policies.get(id) ?? policies.get(null);
      if (policy !== undefined) found.set(id, policy);
    }
    return found;
  }

  /** The policy of the whole firm at a time; null when none is set. */
  async findOfFirm(scope: TenantScope, asOf: Instant): Promise<StoredBufferPolicy | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<PolicyRow>(
        `SELECT b.* FROM buffer_policies b WHERE b.account_id IS NULL AND b.effective_from <= $1
         ORDER BY b.effective_from DESC, b.known_at DESC LIMIT 1`,
        [toTimestamp(asOf)],
      ),
    );
    return row === undefined ? null : toPolicy(row);
  }
}

function toPolicy(row: PolicyRow): StoredBufferPolicy {
  return {
    id: row.policy_id,
    accountId: row.account_id,
    effectiveFrom: instantFrom(row.effective_from),
    liquidationMultiple: decimalOf(row.liquidation_multiple),
    marginCallMultiple: decimalOf(row.margin_call_multiple),
    watchMultiple: decimalOf(row.watch_multiple),
    callTargetMultiple: decimalOf(row.call_target_multiple),
    releaseMultiple: decimalOf(row.release_multiple),
    fxHaircuts: Object.fromEntries(
      Object.entries(row.fx_haircuts).map(([currency, haircut]) => [currency, decimalOf(haircut)]),
    ),
    recordedBy: row.recorded_by,
  };
}
