import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import {
  type BufferObservation,
  observationColumns,
  type ObservationRow,
  observationTexts,
  observedBuffers,
  toObservation,
  toObservationFromTexts,
} from '../buffer-observation';
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

/**
 * How buffer and ratio moved within one bucket. Open and close are those of its first and last determinate observation;
 * all are null when there was none.
 */
export interface BufferRange {
  readonly from: Instant;
  readonly observations: number;
  /** Worst of the bucket; INDETERMINATE counts as worse than WATCH and better than MARGIN_CALL. */
  readonly worstStatus: BufferStatus;
  readonly bufferOpen: Decimal | null;
  readonly bufferHigh: Decimal | null;
  readonly bufferLow: Decimal | null;
  readonly bufferClose: Decimal | null;
  readonly ratioOpen: Decimal | null;
  readonly ratioHigh: Decimal | null;
  readonly ratioLow: Decimal | null;
  readonly ratioClose: Decimal | null;
}

const bucketMilliseconds = { HOUR: 3_600_000, DAY: 86_400_000 } as const;

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

  /** Observations of runs that are still the newest of their account, in order of the account, a page at a time. */
  async findNewest(
    scope: TenantScope,
    request: {
      readonly runIds: readonly string[];
      /** Only these accounts; all that the scope shows when absent. */
      readonly accountIds?: readonly string[] | undefined;
      /** Last account of the page before. */
      readonly after?: string | undefined;
      readonly first: number;
    },
  ): Promise<BufferObservation[]> {
    const { runIds, accountIds, after, first } = request;
    const sql = `SELECT ${observationColumns} FROM latest_buffers WHERE run_id = ANY ($1::uuid[])
      AND ($2::uuid[] IS NULL OR account_id = ANY ($2::uuid[])) AND ($3::uuid IS NULL OR account_id > $3::uuid)
      ORDER BY account_id LIMIT $4`;
    const parameters = [runIds.filter(isUuid), accountIds?.filter(isUuid) ?? null, after ?? null, first];
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<ObservationRow>(sql, parameters));
    return rows.map(toObservation);
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
      const question = bucket === 'RAW' ? rawQuestion(request, after) : bucketQuestion(request, bucket, after);
      return question === null ? [] : tx.texts(question.sql, question.parameters, question.plan);
    });
    return cursors.toPage(rows, first, (row) => {
      const node = toObservationFromTexts(row);
      return { node, key: [toTimestamp(node.at), node.runId] };
    });
  }

  /** How many rows all pages of `findPage` have. */
  async count(scope: TenantScope, request: Omit<BufferHistoryRequest, 'first' | 'after'>): Promise<number> {
    const all = { ...request, first: rowsMaximum };
    if (!isUuid(request.accountId)) return 0;
    const question = request.bucket === 'RAW' ? rawQuestion(all, null) : bucketQuestion(all, request.bucket, null);
    if (question === null) return 0;
    const sql = `SELECT count(*)::integer AS count FROM (${question.sql}) AS listed`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, question.parameters));
    return row?.count ?? 0;
  }

  /** Open, high, low and close of buffer and ratio of every hour or day that the period touches, whole. */
  async findRanges(
    scope: TenantScope,
    request: Omit<BufferHistoryRequest, 'bucket' | 'first' | 'after'> & { readonly bucket: 'HOUR' | 'DAY' },
  ): Promise<BufferRange[]> {
    const { accountId, from, to, bucket } = request;
    if (!isUuid(accountId)) return [];
    const start = bucketStart(from, bucket);
    const end = (bucketStart(to, bucket) + bucketMilliseconds[bucket]) as Instant;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<RangeRow>(
        `SELECT ${rangeColumns} FROM buffer_rollups WHERE account_id = $1 AND bucket = $2 AND starts_at >= $3::timestamptz
           AND starts_at < $4::timestamptz AND starts_at NOT IN ${unrolledBuckets(bucket, '$3', '$4')}
         UNION ALL
         SELECT ${rangeColumns} FROM ${unrolledBuckets(bucket, '$3', '$4')} AS d (since)
           CROSS JOIN LATERAL observed_rollup($1, $2, d.since) ORDER BY starts_at`,
        [accountId, bucket, toTimestamp(start), toTimestamp(end)],
      ),
    );
    return rows.map(toRange);
  }
}

interface Question {
  readonly sql: string;
  readonly parameters: unknown[];
  /** Name of the statement; its text never varies. */
  readonly plan: string;
}

interface RangeRow {
  readonly starts_at: Date;
  readonly observations: number;
  readonly worst_status: BufferStatus;
  readonly buffer_open: string | null;
  readonly buffer_high: string | null;
  readonly buffer_low: string | null;
  readonly buffer_close: string | null;
  readonly ratio_open: string | null;
  readonly ratio_high: string | null;
  readonly ratio_low: string | null;
  readonly ratio_close: string | null;
}

const rangeColumns = `starts_at, observations, worst_status, buffer_open, buffer_high, buffer_low, buffer_close,
  ratio_open, ratio_high, ratio_low, ratio_close`;

/**
 * Beginnings of the buckets of a period of which something is not rolled up yet, whoever's it is: one look-up per bucket,
 * however many notes speak of it.
 */
function unrolledBuckets(bucket: 'HOUR' | 'DAY', low: string, high: string): string {
  const firstFrom = (
    from: string,
  ): string => `(SELECT date_trunc('${bucket}', min(at), 'UTC') FROM buffer_rollup_backlog
      WHERE at >= ${from} AND at < ${high}::timestamptz)`;
  return `(WITH RECURSIVE unrolled (since) AS (
      SELECT ${firstFrom(`${low}::timestamptz`)}
      UNION ALL SELECT ${firstFrom(`since + interval '1 ${bucket}'`)} FROM unrolled WHERE since IS NOT NULL)
    SELECT since FROM unrolled WHERE since IS NOT NULL)`;
}

/** More rows than a list has. */
const rowsMaximum = 2 ** 31 - 2;

function rawQuestion(
  { accountId, from, to, first }: BufferHistoryRequest,
  after: readonly (string | null)[] | null,
): Question {
  const beyond = after === null ? '' : 'AND o.at >= $5::timestamptz AND (o.at, o.run_id) > ($5::timestamptz, $6::uuid)';
  return {
    sql: `SELECT ${observationTexts} FROM ${observedBuffers} o
          WHERE o.account_id = $1 AND o.at >= $2 AND o.at <= $3 ${beyond} ORDER BY o.at, o.run_id LIMIT $4`,
    parameters: [accountId, toTimestamp(from), toTimestamp(to), first + 1, ...(after ?? [])],
    plan: after === null ? 'buffer-history' : 'buffer-history-after',
  };
}

/**
 * The last observation of each bucket: of whole buckets from the roll-ups; of those that are not rolled up yet, and of the
 * two that the period may cut, from the observations themselves.
 */
function bucketQuestion(
  { accountId, from, to, first }: BufferHistoryRequest,
  bucket: 'HOUR' | 'DAY',
  after: readonly (string | null)[] | null,
): Question | null {
  const width = bucketMilliseconds[bucket];
  const next = after === null ? from : bucketStart(Date.parse(after[0] as string) as Instant, bucket) + width;
  const start = Math.max(from, next) as Instant;
  const wholeFrom = Math.ceil(start / width) * width;
  const wholeUntil = Math.floor((to + 1) / width) * width;
  const parameters: unknown[] = [accountId, first + 1];
  const instant = (at: number): string => `$${parameters.push(toTimestamp(at as Instant))}::timestamptz`;
  const cut = (low: number, high: number): string[] => {
    if (low >= high) return [];
    return [
      `(SELECT ${observationColumns} FROM ${observedBuffers} o WHERE account_id = $1
          AND at >= ${instant(low)} AND at < ${instant(high)} ORDER BY at DESC, run_id DESC LIMIT 1)`,
    ];
  };
  const whole = (low: number, high: number): string[] => {
    if (low >= high) return [];
    const [since, until] = [instant(low), instant(high)];
    const unrolled = unrolledBuckets(bucket, since, until);
    return [
      `(SELECT ${observationColumns} FROM buffer_rollups WHERE account_id = $1 AND bucket = '${bucket}'
          AND starts_at >= ${since} AND starts_at < ${until} AND starts_at NOT IN ${unrolled} ORDER BY starts_at LIMIT $2)`,
      `(SELECT newest.* FROM ${unrolled} AS d (since) CROSS JOIN LATERAL (
          SELECT ${observationColumns} FROM ${observedBuffers} o WHERE account_id = $1 AND at >= d.since
            AND at < d.since + interval '${width} milliseconds' ORDER BY at DESC, run_id DESC LIMIT 1) AS newest
        ORDER BY newest.at LIMIT $2)`,
    ];
  };
  // A period within one bucket is one cut, and so is no period at all.
  const isShort = wholeFrom > wholeUntil;
  const [head, middle, tail] = isShort
    ? [cut(start, to + 1), [], []]
    : [cut(start, wholeFrom), whole(wholeFrom, wholeUntil), cut(wholeUntil, to + 1)];
  const parts = [...head, ...middle, ...tail];
  if (parts.length === 0) return null;
  return {
    sql: `SELECT ${observationTexts} FROM (${parts.join(' UNION ALL ')}) AS o ORDER BY o.at LIMIT $2`,
    parameters,
    plan: `buffer-history-${bucket}-${head.length}${middle.length}${tail.length}`,
  };
}

function bucketStart(at: Instant, bucket: 'HOUR' | 'DAY'): Instant {
  return (Math.floor(at / bucketMilliseconds[bucket]) * bucketMilliseconds[bucket]) as Instant;
}

function toRange(row: RangeRow): BufferRange {
  const decimal = (text: string | null): Decimal | null => (text === null ? null : decimalOf(text));
  return {
    from: row.starts_at.getTime() as Instant,
    observations: row.observations,
    worstStatus: row.worst_status,
    bufferOpen: decimal(row.buffer_open),
    bufferHigh: decimal(row.buffer_high),
    bufferLow: decimal(row.buffer_low),
    bufferClose: decimal(row.buffer_close),
    ratioOpen: decimal(row.ratio_open),
    ratioHigh: decimal(row.ratio_high),
    ratioLow: decimal(row.ratio_low),
    ratioClose: decimal(row.ratio_close),
  };
}
