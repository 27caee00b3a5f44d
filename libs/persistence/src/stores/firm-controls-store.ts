import { canonicalJson, type Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { FirmControlsEntity } from '../entities/firm-controls.entity';
import { newId } from '../new-id';
import { instantFrom, toTimestamp, toTimestampOrNull } from '../row-values';
import type { TenantScope } from '../tenant';

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
  async findInEffect(
    scope: TenantScope,
    at: { readonly asOf: Instant; readonly knownAt?: Instant | undefined },
  ): Promise<StoredFirmControls | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ id: string; effective_from: Date; known_at: Date; canonical_text: string; recorded_by: string }>(
        `SELECT control_id AS id, effective_from, known_at, canonical_text, recorded_by FROM firm_controls
         WHERE effective_from <= $1::timestamptz AND ($2::timestamptz IS NULL OR known_at <= $2)
         ORDER BY effective_from DESC, known_at DESC, control_id DESC LIMIT 1`,
        [toTimestamp(at.asOf), toTimestampOrNull(at.knownAt)],
        'firm-controls-in-effect',
      ),
    );
    if (row === undefined) return null;
    return {
      id: row.id,
      effectiveFrom: instantFrom(row.effective_from),
      knownAt: instantFrom(row.known_at),
      controls: JSON.parse(row.canonical_text) as unknown,
      recordedBy: row.recorded_by,
    };
  }
}
