import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { newId } from '../new-id';
import { instantFrom } from '../row-values';
import { isBelieved } from './market-snapshot-store';
import type { TenantContext, TenantScope } from '../tenant';

/**
 * COMMITTED everything up to message `sequence` is in the snapshot · GAP messages that never came, or a silence · FILE a
 * file that was taken whole.
 */
export type MarketStreamMark = { readonly stream: string; readonly recordedBy: string } & (
  | { readonly kind: 'COMMITTED'; readonly sequence: number | null; readonly snapshotId: string }
  | { readonly kind: 'GAP'; readonly sequence: number | null; readonly reason: string }
  | { readonly kind: 'FILE'; readonly fileName: string; readonly sha256: string }
);

/** What was last committed of a stream. */
export interface MarketStreamPosition {
  /** Number of the last message taken; null for a source that counts none. */
  readonly sequence: number | null;
  readonly snapshotId: string;
  /** Whether the circuit breaker keeps the snapshot aside. */
  readonly isKeptAside: boolean;
  readonly knownAt: Instant;
}

/** How far streams of quotes were taken, append-only. */
@Injectable()
export class MarketStreamStore {
  constructor(private readonly database: Database) {}

  /**
   * Claims a stream for this process until it is released or the process ends.
   *
   * @returns what releases it; null while another process has it
   */
  async claim({ firmId }: TenantContext, stream: string): Promise<(() => Promise<void>) | null> {
    const session = await this.database.openSession();
    const sql = 'SELECT pg_try_advisory_lock(hashtextextended($1, 7)) AS taken';
    const { rows } = await session.query<{ taken: boolean }>(sql, [`${firmId} ${stream}`]);
    if (rows[0]?.taken === true) return () => session.end();
    await session.end();
    return null;
  }

  async record(scope: TenantScope, marks: readonly MarketStreamMark[]): Promise<void> {
    await this.database.withTenant(scope, async (tx) => {
      for (const mark of marks) {
        const sequence = mark.kind === 'FILE' ? null : mark.sequence;
        const snapshotId = mark.kind === 'COMMITTED' ? mark.snapshotId : null;
        const reason = mark.kind === 'GAP' ? mark.reason : null;
        const [fileName, sha256] = mark.kind === 'FILE' ? [mark.fileName, mark.sha256] : [null, null];
        await tx.execute(
          `INSERT INTO market_stream_marks (firm_id, mark_id, stream, kind, sequence, snapshot_id, reason, file_name, sha256, recorded_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10)`,
          [tx.firmId, newId(), mark.stream, mark.kind, sequence, snapshotId, reason, fileName, sha256, mark.recordedBy],
        );
      }
    });
  }

  /** Where a stream stands; null for one that nothing was committed of. */
  async findPosition(scope: TenantScope, stream: string): Promise<MarketStreamPosition | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ sequence: string | null; snapshot_id: string; is_kept_aside: boolean; known_at: Date }>(
        `SELECT sequence, snapshot_id, NOT (${isBelieved}) AS is_kept_aside, known_at FROM market_stream_marks s
         WHERE stream = $1 AND kind = 'COMMITTED' ORDER BY known_at DESC, mark_id DESC LIMIT 1`,
        [stream],
      ),
    );
    if (row === undefined) return null;
    const sequence = row.sequence === null ? null : Number(row.sequence);
    return {
      sequence,
      snapshotId: row.snapshot_id,
      isKeptAside: row.is_kept_aside,
      knownAt: instantFrom(row.known_at),
    };
  }

  /** Reasons of the gaps of a stream, latest first. */
  async findGaps(scope: TenantScope, stream: string, first: number): Promise<readonly string[]> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ reason: string }>(
        `SELECT reason FROM market_stream_marks WHERE stream = $1 AND kind = 'GAP'
         ORDER BY known_at DESC, mark_id DESC LIMIT $2`,
        [stream, first],
      ),
    );
    return rows.map(({ reason }) => reason);
  }

  /** Whether a file of this name and content was taken before. */
  async hasFile(
    scope: TenantScope,
    file: { readonly stream: string; readonly fileName: string; readonly sha256: string },
  ): Promise<boolean> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows(
        `SELECT FROM market_stream_marks WHERE stream = $1 AND kind = 'FILE' AND file_name = $2 AND sha256 = decode($3, 'hex')
         LIMIT 1`,
        [file.stream, file.fileName, file.sha256],
      ),
    );
    return rows.length > 0;
  }
}
