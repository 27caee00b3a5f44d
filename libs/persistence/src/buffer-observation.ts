import type { DataQuality, Decimal, Instant, Money } from '@ballast/domain';
import type { BufferStatus } from './buffer-status';
import { decimalOrNull, instantFrom, instantFromText, moneyOrNull } from './row-values';

/** One point of an account's buffer history. Amounts are null exactly when the quality is INDETERMINATE. */
export interface BufferObservation {
  readonly accountId: string;
  readonly at: Instant;
  readonly runId: string;
  /** When the record learnt it. */
  readonly knownAt: Instant;
  readonly equity: Money | null;
  readonly maintenance: Money | null;
  readonly initial: Money | null;
  /** equity − maintenance. */
  readonly buffer: Money | null;
  /** buffer / maintenance; null when maintenance is 0 or unknown. */
  readonly bufferRatio: Decimal | null;
  readonly status: BufferStatus;
  readonly quality: DataQuality;
}

export const observationColumns =
  'account_id, at, run_id, known_at, currency, equity, maintenance, initial, buffer, buffer_ratio, status, quality';

/**
 * Buffer history of the firm of a transaction, as a source for FROM that wants a name. Its firm is named once more for the
 * planner, which then reads both halves of the view in order of their keys.
 */
export const observedBuffers = `(SELECT * FROM observed_buffers
  WHERE firm_id = (SELECT nullif(current_setting('app.firm_id', true), '')::uuid))`;

export interface ObservationRow {
  readonly account_id: string;
  readonly at: Date;
  readonly run_id: string;
  readonly known_at: Date;
  readonly currency: string;
  readonly equity: string | null;
  readonly maintenance: string | null;
  readonly initial: string | null;
  readonly buffer: string | null;
  readonly buffer_ratio: string | null;
  readonly status: BufferStatus;
  readonly quality: DataQuality;
}

export function toObservation(row: ObservationRow): BufferObservation {
  return {
    accountId: row.account_id,
    at: instantFrom(row.at),
    runId: row.run_id,
    knownAt: instantFrom(row.known_at),
    equity: moneyOrNull(row.equity, row.currency),
    maintenance: moneyOrNull(row.maintenance, row.currency),
    initial: moneyOrNull(row.initial, row.currency),
    buffer: moneyOrNull(row.buffer, row.currency),
    bufferRatio: decimalOrNull(row.buffer_ratio),
    status: row.status,
    quality: row.quality,
  };
}

/** The same columns of a table named `o`, instants in milliseconds: what long pages read, where parsing is the cost. */
export const observationTexts = `o.account_id, (extract(epoch FROM o.at) * 1000)::bigint, o.run_id,
  (extract(epoch FROM o.known_at) * 1000)::bigint, o.currency, o.equity, o.maintenance, o.initial, o.buffer, o.buffer_ratio, o.status, o.quality`;

/** Reads a row of `observationTexts` as Postgres wrote it. */
export function toObservationFromTexts(row: readonly (string | null)[]): BufferObservation {
  const [accountId, at, runId, knownAt, currency, equity, maintenance, initial, buffer, ratio, status, quality] = row;
  const money = (text: string | null | undefined): Money | null => moneyOrNull(text ?? null, currency as string);
  return {
    accountId: accountId as string,
    at: instantFromText(at as string),
    runId: runId as string,
    knownAt: instantFromText(knownAt as string),
    equity: money(equity),
    maintenance: money(maintenance),
    initial: money(initial),
    buffer: money(buffer),
    bufferRatio: decimalOrNull(ratio ?? null),
    status: status as BufferStatus,
    quality: quality as DataQuality,
  };
}
