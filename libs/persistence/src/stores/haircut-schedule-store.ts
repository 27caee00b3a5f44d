import {
  checkHaircutSchedule,
  type ConcentrationLimit,
  Decimal,
  DomainError,
  type HaircutRule,
  type HaircutSchedule,
  type Instant,
} from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { HaircutScheduleEntity } from '../entities/collateral.entities';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantScope, TenantTransaction } from '../tenant';
import { knownBy } from './known-time';

/** A version of a schedule as the record has it. */
export interface StoredHaircutSchedule extends HaircutSchedule {
  readonly id: string;
  readonly effectiveFrom: Instant;
  /** SHA-256 of name, rules and limits. */
  readonly hash: string;
}

/** A version to be added. */
export interface NewHaircutSchedule {
  readonly schedule: HaircutSchedule;
  readonly effectiveFrom: Instant;
  readonly source: string;
  readonly recordedBy: string;
}

interface ScheduleRow {
  readonly schedule_id: string;
  readonly name: string;
  readonly effective_from: Date;
  readonly rules: HaircutRule[];
  readonly limits: (Omit<ConcentrationLimit, 'amount'> & { amount?: { amount: string; currency: string } })[];
  readonly content_hash: Buffer;
}

/** Dated haircut schedules of a firm; a new version is added, none is changed. */
@Injectable()
export class HaircutScheduleStore {
  constructor(private readonly database: Database) {}

  /**
   * Adds a version, unless the one in force at its date has the same content.
   *
   * @throws PersistenceError 'VALUE_REFUSED' when the schedule is not consistent
   */
  async record(
    scope: TenantScope,
    { schedule, effectiveFrom, source, recordedBy }: NewHaircutSchedule,
  ): Promise<{ readonly schedule: StoredHaircutSchedule; readonly isNew: boolean }> {
    requireConsistent(schedule);
    const { name, rules, limits } = schedule;
    return this.database.withTenant(scope, async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [`${tx.firmId} haircuts ${name}`]);
      const hash = contentHash({ name, rules, limits });
      const held = (await findRows(tx, [name], effectiveFrom, undefined)).map(toSchedule)[0];
      if (held?.hash === hash) return { schedule: held, isNew: false };
      const scheduleId = newId();
      await tx.manager.insert(HaircutScheduleEntity, {
        firmId: tx.firmId,
        scheduleId,
        name,
        effectiveFrom,
        rules,
        limits,
        contentHash: hash,
        source,
        recordedBy,
      } as never);
      return { schedule: { ...schedule, id: scheduleId, effectiveFrom, hash }, isNew: true };
    });
  }

  /** The version of every schedule in force at a time, as known at `knownAt` (default: now), by name. */
  async findInEffect(
    scope: TenantScope,
    at: { readonly asOf: Instant; readonly knownAt?: Instant },
  ): Promise<Map<string, StoredHaircutSchedule>> {
    const rows = await this.database.withTenant(scope, (tx) => findRows(tx, null, at.asOf, at.knownAt));
    return new Map(rows.map((row) => [row.name, toSchedule(row)]));
  }
}

function findRows(
  tx: TenantTransaction,
  names: readonly string[] | null,
  asOf: Instant,
  knownAt: Instant | undefined,
): Promise<ScheduleRow[]> {
  return tx.rows<ScheduleRow>(
    `SELECT DISTINCT ON (name) schedule_id, name, effective_from, rules, limits, content_hash FROM haircut_schedules
     WHERE ($1::text[] IS NULL OR name = ANY ($1)) AND effective_from <= $2 AND ${knownBy('known_at', '$3')}
     ORDER BY name, effective_from DESC, known_at DESC, schedule_id DESC`,
    [names, toTimestamp(asOf), knownAt === undefined ? null : toTimestamp(knownAt)],
  );
}

function requireConsistent(schedule: HaircutSchedule): void {
  try {
    checkHaircutSchedule(schedule);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new PersistenceError('VALUE_REFUSED', error.message, { cause: error });
  }
}

function toSchedule(row: ScheduleRow): StoredHaircutSchedule {
  return {
    id: row.schedule_id,
    name: row.name,
    effectiveFrom: instantFrom(row.effective_from),
    rules: row.rules,
    limits: row.limits.map(({ amount, ...limit }) => ({
      ...limit,
      ...(amount === undefined ? {} : { amount: { amount: new Decimal(amount.amount), currency: amount.currency } }),
    })),
    hash: row.content_hash.toString('hex'),
  };
}
