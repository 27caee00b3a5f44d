import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { type BufferObservation, observationColumns, type ObservationRow, toObservation } from '../buffer-observation';
import type { BufferStatus } from '../buffer-status';
import { Database } from '../database';
import { checkPageSize, KeysetCursors, keyParts, type Page, type PageRequest } from '../keyset-page';
import { decimalOf, toTimestamp } from '../row-values';
import type { Decimal } from '@ballast/domain';
import { PersistenceError } from '../persistence-error';
import { isUuid, type TenantScope } from '../tenant';

/** RAW: every observation. HOUR, DAY: the last observation of each hour or day (UTC) that has any. */
export type HistoryBucket = 'RAW' | 'HOUR' | 'DAY';

export interface BufferHistoryRequest extends PageRequest {
  readonly accountId: string;
  /** Inclusive. */
  readonly from: Instant;
  /** Inclusive. */
  readonly to: Instant;
  readonly bucket: HistoryBucket;
}

/** How the buffer ratio moved within one bucket; ratios are null when no observation of the bucket had one. */
export interface BufferRange {
  readonly from: Instant;
  readonly observations: number;
  readonly bufferOpen: Decimal | null;
  readonly bufferHigh: Decimal | null;
  readonly bufferLow: Decimal | null;
  readonly bufferClose: Decimal | null;
  readonly ratioOpen: Decimal | null;
  readonly ratioHigh: Decimal | null;
  readonly ratioLow: Decimal | null;
  readonly ratioClose: Decimal | null;
}

const bucketInterval = { HOUR: '1 hour', DAY: '1 day' } as const;
const bucketMilliseconds = { HOUR: 3_600_000, DAY: 86_400_000 } as const;
/** More buckets than this in one question are answered by reading the observations once instead of bucket by bucket. */
const probesMaximum = 2_000;

/** Accounts per status of their latest observation; a status that no account has is absent. */
export type BufferStatusCounts = Readonly<Partial<Record<BufferStatus, number>>>;

/** Buffer history of accounts, oldest first. */
@Injectable()
export class BufferHistoryStore {
  constructor(private readonly database: Database) {}

  /** The newest observation of each account; an account never observed is absent. */
  async findLatest(scope: TenantScope, accountIds: readonly string[]): Promise<Map<string, BufferObservation>> {
    const known = [...new Set(accountIds.filter(isUuid))];
    if (known.length === 0) return new Map();
    const sql = `SELECT ${observationColumns} FROM latest_buffers WHERE account_id = ANY ($1::uuid[])`;
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<ObservationRow>(sql, [known]));
    return new Map(rows.map((row) => [row.account_id, toObservation(row)]));
  }

  /** How many accounts the scope shows stand at each status. */
  async countByStatus(scope: TenantScope): Promise<BufferStatusCounts> {
    const sql = 'SELECT status, count(*)::integer AS count FROM latest_buffers GROUP BY status ORDER BY status';
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<{ status: BufferStatus; count: number }>(sql));
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  /** One page of an account's history. @throws PersistenceError 'VALUE_REFUSED' for a foreign cursor or `to` before `from` */
  async findPage(scope: TenantScope, request: BufferHistoryRequest): Promise<Page<BufferObservation>> {
    const first = checkPageSize(request.first);
    const { accountId, from, to, bucket } = request;
    if (to < from) throw new PersistenceError('VALUE_REFUSED', 'to: lies before from');
    const cursors = new KeysetCursors({ list: 'bufferHistory', firmId: scope.firmId, accountId, from, to, bucket });
    const after = request.after == null ? null : cursors.decode(request.after, [keyParts.instant, keyParts.uuid]);
    if (!isUuid(accountId)) return { items: [], hasNextPage: false };
    const rows = await this.database.withTenant(scope, async (tx) => {
      const question =
        bucket === 'RAW' ? rawQuestion(request, after) : await this.bucketQuestion(tx, request, bucket, after);
      return question === null
        ? []
        : tx.rows<ObservationRow>(`${question.sql} LIMIT ${first + 1}`, question.parameters);
    });
    return cursors.toPage(rows, first, (row) => ({
      node: toObservation(row),
      key: [row.at.toISOString(), row.run_id],
    }));
  }

  /** Open, high, low and close of buffer and ratio per hour or day. */
  async findRanges(
    scope: TenantScope,
    request: Omit<BufferHistoryRequest, 'bucket' | 'first' | 'after'> & { readonly bucket: 'HOUR' | 'DAY' },
  ): Promise<BufferRange[]> {
    const { accountId, from, to, bucket } = request;
    if (!isUuid(accountId)) return [];
    const edge = (direction: 'ASC' | 'DESC', column: string): string =>
      `(array_agg(${column} ORDER BY at ${direction}, run_id ${direction}) FILTER (WHERE ${column} IS NOT NULL))[1]`;
    const columns = ['buffer', 'buffer_ratio'].flatMap((column) => [
      `${edge('ASC', column)} AS ${column}_open`,
      `max(${column}) AS ${column}_high`,
      `min(${column}) AS ${column}_low`,
      `${edge('DESC', column)} AS ${column}_close`,
    ]);
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<RangeRow>(
        `SELECT date_bin($4::interval, at, 'epoch') AS "from", count(*)::integer AS observations, ${columns.join(', ')}
         FROM buffer_observations WHERE account_id = $1 AND at >= $2 AND at <= $3 GROUP BY 1 ORDER BY 1`,
        [accountId, toTimestamp(from), toTimestamp(to), bucketInterval[bucket]],
      ),
    );
    return rows.map(toRange);
  }

  private async bucketQuestion(
    scope: TenantScope,
    request: BufferHistoryRequest,
    bucket: 'HOUR' | 'DAY',
    after: readonly (string | null)[] | null,
  ): Promise<Question | null> {
    const { accountId } = request;
    const span = await this.findSpan(scope, request, after);
    if (span === null) return null;
    const interval = bucketInterval[bucket];
    const parameters = [accountId, toTimestamp(span.from), toTimestamp(span.to), interval];
    // Some buckets: one index probe each. Very many: most are likely empty, so read the observations once.
    if ((span.to - span.from) / bucketMilliseconds[bucket] <= probesMaximum) {
      return {
        parameters,
        sql: `SELECT last.* FROM generate_series(date_bin($4::interval, $2::timestamptz, 'epoch'), $3::timestamptz, $4::interval) AS start
              CROSS JOIN LATERAL (SELECT ${observationColumns} FROM buffer_observations
                WHERE account_id = $1 AND at >= greatest(start, $2) AND at < start + $4::interval AND at <= $3
                ORDER BY at DESC, run_id DESC LIMIT 1) AS last ORDER BY start`,
      };
    }
    return {
      parameters,
      sql: `SELECT * FROM (SELECT DISTINCT ON (date_bin($4::interval, at, 'epoch')) ${observationColumns} FROM buffer_observations
            WHERE account_id = $1 AND at >= $2 AND at <= $3
            ORDER BY date_bin($4::interval, at, 'epoch'), at DESC, run_id DESC) AS last ORDER BY at`,
    };
  }

  /** The part of the asked period that has observations and lies beyond the bucket of the cursor. */
  private async findSpan(
    scope: TenantScope,
    { accountId, from, to, bucket }: BufferHistoryRequest,
    after: readonly (string | null)[] | null,
  ): Promise<{ readonly from: Instant; readonly to: Instant } | null> {
    const width = bucketMilliseconds[bucket as 'HOUR' | 'DAY'];
    const next = after === null ? from : Math.floor(Date.parse(after[0] as string) / width) * width + width;
    const start = Math.max(from, next) as Instant;
    if (start > to) return null;
    const edge = (direction: 'ASC' | 'DESC'): string =>
      `(SELECT at FROM buffer_observations WHERE account_id = $1 AND at >= $2 AND at <= $3 ORDER BY at ${direction} LIMIT 1)`;
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ low: Date | null; high: Date | null }>(`SELECT ${edge('ASC')} AS low, ${edge('DESC')} AS high`, [
        accountId,
        toTimestamp(start),
        toTimestamp(to),
      ]),
    );
    if (row?.low == null || row.high === null) return null;
    return { from: row.low.getTime() as Instant, to: row.high.getTime() as Instant };
  }
}

interface Question {
  readonly sql: string;
  readonly parameters: unknown[];
}

interface RangeRow {
  readonly from: Date;
  readonly observations: number;
  readonly buffer_open: string | null;
  readonly buffer_high: string | null;
  readonly buffer_low: string | null;
  readonly buffer_close: string | null;
  readonly buffer_ratio_open: string | null;
  readonly buffer_ratio_high: string | null;
  readonly buffer_ratio_low: string | null;
  readonly buffer_ratio_close: string | null;
}

function rawQuestion(
  { accountId, from, to }: BufferHistoryRequest,
  after: readonly (string | null)[] | null,
): Question {
  const beyond = after === null ? '' : 'AND at >= $4::timestamptz AND (at, run_id) > ($4::timestamptz, $5::uuid)';
  return {
    sql: `SELECT ${observationColumns} FROM buffer_observations
          WHERE account_id = $1 AND at >= $2 AND at <= $3 ${beyond} ORDER BY at, run_id`,
    parameters: [accountId, toTimestamp(from), toTimestamp(to), ...(after ?? [])],
  };
}

function toRange(row: RangeRow): BufferRange {
  const decimal = (text: string | null): Decimal | null => (text === null ? null : decimalOf(text));
  return {
    from: row.from.getTime() as Instant,
    observations: row.observations,
    bufferOpen: decimal(row.buffer_open),
    bufferHigh: decimal(row.buffer_high),
    bufferLow: decimal(row.buffer_low),
    bufferClose: decimal(row.buffer_close),
    ratioOpen: decimal(row.buffer_ratio_open),
    ratioHigh: decimal(row.buffer_ratio_high),
    ratioLow: decimal(row.buffer_ratio_low),
    ratioClose: decimal(row.buffer_ratio_close),
  };
}
