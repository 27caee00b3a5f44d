import { canonicalJson, type Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { FirmControlsEntity } from '../entities/firm-controls.entity';
import { newId } from '../new-id';
import { instantFrom, toTimestamp, toTimestampOrNull } from '../row-values';
import type { TenantScope } from '../tenant';
import { knownBy } from './known-time';

/** Limits of a firm on its own figures, from a time on. */
export interface StoredFirmControls {
  readonly id: string;
  readonly effectiveFrom: Instant;
  readonly knownAt: Instant;
  /** Overrides of the published set, as recorded. */
  readonly controls: unknown;
  readonly recordedBy: string;
}

/** Dated controls of a firm; new ones are added, none is changed. */
@Injectable()
export class FirmControlsStore {
  constructor(private readonly database: Database) {}

  async add(
    scope: TenantScope,
    input: Pick<StoredFirmControls, 'effectiveFrom' | 'controls' | 'recordedBy'>,
  ): Promise<void> {
    const { effectiveFrom, controls, recordedBy } = input;
    await this.database.withTenant(scope, (tx) =>
      tx.manager.insert(FirmControlsEntity, {
        firmId: tx.firmId,
        controlId: newId(),
        effectiveFrom,
        canonicalText: canonicalJson(controls),
        recordedBy,
      }),
    );
  }

  /** The controls in effect at `asOf` as known at `knownAt` (default: now); null when the firm set none. */
  async findInEffect(scope: TenantScope, at: ControlsMoment): Promise<StoredFirmControls | null> {
    return (await this.findAround(scope, at)).inEffect;
  }

  /** The same, and the first later instant from which others may be in effect; null when none are recorded. */
  async findAround(
    scope: TenantScope,
    at: ControlsMoment,
  ): Promise<{ readonly inEffect: StoredFirmControls | null; readonly next: Instant | null }> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<ControlsRow>(aroundQuery, [toTimestamp(at.asOf), toTimestampOrNull(at.knownAt)], 'firm-controls-around'),
    );
    const next = row?.next == null ? null : instantFrom(row.next);
    if (row?.id == null) return { inEffect: null, next };
    const inEffect = {
      id: row.id,
      effectiveFrom: instantFrom(row.effective_from),
      knownAt: instantFrom(row.known_at),
      controls: JSON.parse(row.canonical_text) as unknown,
      recordedBy: row.recorded_by,
    };
    return { inEffect, next };
  }
}

/** Whose controls are asked for: in effect at an instant, as known at another (default: now). */
interface ControlsMoment {
  readonly asOf: Instant;
  readonly knownAt?: Instant | undefined;
}

interface ControlsRow {
  readonly next: Date | null;
  /** Null with all that follows when none are in effect. */
  readonly id: string | null;
  readonly effective_from: Date;
  readonly known_at: Date;
  readonly canonical_text: string;
  readonly recorded_by: string;
}

const aroundQuery = `SELECT later.next, c.*
  FROM (SELECT min(effective_from) AS next FROM firm_controls WHERE effective_from > $1::timestamptz) AS later
  LEFT JOIN (SELECT control_id AS id, effective_from, known_at, canonical_text, recorded_by FROM firm_controls
    WHERE effective_from <= $1::timestamptz AND ${knownBy('known_at', '$2')}
    ORDER BY effective_from DESC, known_at DESC, control_id DESC LIMIT 1) AS c ON true`;
