import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { newId } from '../new-id';
import { toPersistenceError } from '../persistence-error';
import { instantFrom } from '../row-values';
import type { TenantContext, TenantScope, TenantTransaction } from '../tenant';
import { isBelieved } from './market-snapshot-store';

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
  /** Of the mark that tells it. */
  readonly markId: string;
  /** Number of the last message taken; null for a source that counts none. */
  readonly sequence: number | null;
  readonly snapshotId: string;
  /** Whether the circuit breaker keeps the snapshot aside. */
  readonly isKeptAside: boolean;
  readonly knownAt: Instant;
}

interface PositionRow {
  readonly mark_id: string;
  readonly sequence: string | null;
  readonly snapshot_id: string;
  readonly is_kept_aside: boolean;
  readonly known_at: Date;
}

/** A stream that belongs to this process until it releases it. */
export interface StreamClaim {
  /** False once the connection that holds the claim has ended: another process may have it by then. */
  readonly isHeld: () => boolean;
  readonly release: () => Promise<void>;
}

/** How far streams of quotes were taken, append-only. */
@Injectable()
export class MarketStreamStore {
  constructor(private readonly database: Database) {}

  /** Claims a stream for this process until it is released or its connection ends; null while another process has it. */
  async claim({ firmId }: TenantContext, stream: string): Promise<StreamClaim | null> {
    const session = await this.database.openSession();
    let held = true;
    session.on('end', () => (held = false));
    try {
      const sql = 'SELECT pg_try_advisory_lock(hashtextextended($1, 7)) AS taken';
      const { rows } = await session.query<{ taken: boolean }>(sql, [`${firmId} ${stream}`]);
      if (rows[0]?.taken === true) return { isHeld: () => held, release: () => session.end() };
    } catch (failure) {
      await session.end().catch(() => undefined);
      throw toPersistenceError(failure);
    }
    await session.end();
    return null;
  }

  /** Lets nobody else commit to a stream until the transaction ends. @returns where the stream stands */
  async lockPosition(transaction: TenantTransaction, stream: string): Promise<MarketStreamPosition | null> {
    const key = `${transaction.firmId} ${stream}`;
    await transaction.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 8))', [key]);
    return this.findPosition(transaction, stream);
  }

  /** @returns the identifiers of the marks */
  async record(scope: TenantScope, marks: readonly MarketStreamMark[]): Promise<readonly string[]> {
    const ids = marks.map(() => newId());
    await this.database.withTenant(scope, async (tx) => {
      for (const [index, mark] of marks.entries()) {
        const sequence = mark.kind === 'FILE' ? null : mark.sequence;
        const snapshotId = mark.kind === 'COMMITTED' ? mark.snapshotId : null;
        const reason = mark.kind === 'GAP' ? mark.reason : null;
        const [fileName, sha256] = mark.kind === 'FILE' ? [mark.fileName, mark.sha256] : [null, null];
        await tx.execute(
          `INSERT INTO market_stream_marks (firm_id, mark_id, stream, kind, sequence, snapshot_id, reason, file_name, sha256, recorded_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10)`,
          [
            ...[tx.firmId, ids[index], mark.stream, mark.kind, sequence, snapshotId],
            ...[reason, fileName, sha256, mark.recordedBy],
          ],
        );
      }
    });
    return ids;
  }

  /** Where a stream stands; null for one that nothing was committed of. */
  async findPosition(scope: TenantScope, stream: string): Promise<MarketStreamPosition | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<PositionRow>(
        `SELECT mark_id, sequence, snapshot_id, NOT (${isBelieved}) AS is_kept_aside, known_at FROM market_stream_marks s
         WHERE stream = $1 AND kind = 'COMMITTED' ORDER BY known_at DESC, mark_id DESC LIMIT 1`,
        [stream],
      ),
    );
    if (row === undefined) return null;
    const { mark_id: markId, snapshot_id: snapshotId, is_kept_aside: isKeptAside } = row;
    const sequence = row.sequence === null ? null : Number(row.sequence);
    return { markId, sequence, snapshotId, isKeptAside, knownAt: instantFrom(row.known_at) };
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
