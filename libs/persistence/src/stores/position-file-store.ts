import type { Decimal, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { copyLine } from '../copy-line';
import { PersistenceError } from '../persistence-error';
import { decimalOf, instantFrom, instantOrNull, toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import { findActionAfterPositions, type LaterAction } from './later-action';
import * as sql from './position-file-sql';

/** A row of a positions file that reads well; whether it fits the record is not known yet. */
export interface StagedPosition {
  readonly line: number;
  readonly accountCode: string;
  readonly instrumentId: string;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly validFrom: Instant;
}

/** A row that the record refuses, with what a message needs. */
export interface StagedFault {
  readonly line: number;
  readonly fault: 'ACCOUNT_UNKNOWN' | 'INSTRUMENT_UNKNOWN' | 'SERIES_EXPIRED' | 'QUANTITY_FRACTIONAL' | 'ROW_REPEATED';
  readonly accountCode: string;
  readonly instrumentId: string;
  readonly quantity: Decimal | null;
  readonly validFrom: Instant | null;
  /** Of the instrument, for SERIES_EXPIRED. */
  readonly expiry: Instant | null;
  /** Of the instrument, for QUANTITY_FRACTIONAL. */
  readonly multiplier: Decimal | null;
  /** Line of the first such row, for ROW_REPEATED. */
  readonly firstLine: number | null;
}

/** What a file adds up to. */
export interface StagedTotals {
  readonly rows: number;
  readonly accounts: number;
  /** Long plus short (negative). */
  readonly quantity: Decimal;
  readonly long: Decimal;
  readonly short: Decimal;
}

/** How the rows of a file are taken. */
export interface StagedStatementTerms {
  /** REPLACE: the file is the whole book of every account it names. MERGE: only the named instruments change. */
  readonly mode: 'REPLACE' | 'MERGE';
  /** Where it came from, for example file name and hash. */
  readonly source: string;
  /** Told after every batch how many rows of the file are recorded. */
  readonly onProgress?: (rows: number) => void;
}

export interface StagedOutcome {
  /** Positions that changed, those a whole book ended included. */
  readonly changed: number;
  /** Rows of the file that changed something. */
  readonly rowsChanged: number;
  /** Statements older than the newest of their account: corrections of the past. */
  readonly olderThanLast: number;
  /** Whole books for an instant for which another book was recorded before. */
  readonly overlapping: number;
  /** What forbids the change; null when nothing does. The caller gives the transaction up otherwise. */
  readonly laterAction: LaterAction | null;
}

/** Rows recorded by one statement: enough that its cost disappears, few enough that progress shows. */
const rowsPerBatch = 50_000;

/**
 * Positions of a file of any length, recorded as `PositionStore.record` records one statement, in a handful of set-based
 * statements. Call `stage`, then `findFaults` and `record`, in one transaction.
 */
@Injectable()
export class PositionFileStore {
  /** Copies rows into a table of this transaction; holds one batch in memory. What the batches throw passes unchanged. */
  async stage(tx: TenantTransaction, batches: AsyncIterable<readonly StagedPosition[]>): Promise<void> {
    await tx.execute(sql.planningSettings);
    await tx.execute(sql.createStagedRows);
    await tx.copyIn(sql.copyStagedRows, toLines(batches));
    await tx.execute('ANALYZE staged_rows');
  }

  /** Rows that name what is unknown, expired, fractional, or named before: the first `limit` in order of the line. */
  async findFaults(
    tx: TenantTransaction,
    limit: number,
  ): Promise<{ readonly faults: readonly StagedFault[]; readonly total: number }> {
    const faults = await tx.rows<FaultRow>(sql.findStagedFaults, [limit]);
    const repeats = await tx.rows<RepeatRow>(sql.findStagedRepeats, [limit]);
    const all = [...faults.map(toFault), ...repeats.map(toRepeat)].sort((left, right) => left.line - right.line);
    return { faults: all.slice(0, limit), total: (faults[0]?.total ?? 0) + (repeats[0]?.total ?? 0) };
  }

  /** Accounts whose rows start at several instants, which a whole book cannot. */
  async findTwoBooks(tx: TenantTransaction, limit: number): Promise<readonly string[]> {
    const rows = await tx.rows<{ account_code: string }>(sql.findTwoBooks, [limit]);
    return rows.map((row) => row.account_code);
  }

  async sum(tx: TenantTransaction): Promise<StagedTotals> {
    const [row] = await tx.rows<{ rows: number; accounts: number; quantity: string; long: string; short: string }>(
      sql.sumStagedRows,
    );
    if (row === undefined) throw new PersistenceError('NOT_FOUND', 'no rows are staged');
    return { ...row, quantity: decimalOf(row.quantity), long: decimalOf(row.long), short: decimalOf(row.short) };
  }

  /**
   * Records the staged rows. A file that is known already changes nothing.
   *
   * @throws PersistenceError 'CONFLICT' when another writer was faster
   */
  async record(tx: TenantTransaction, terms: StagedStatementTerms): Promise<StagedOutcome> {
    const { mode, source } = terms;
    await tx.execute(sql.createStagedStatements);
    await tx.execute(sql.insertStagedStatements, [mode, source, rowsPerBatch]);
    await tx.execute('ANALYZE staged_statements');
    await tx.rows(sql.lockStagedAccounts);
    await tx.execute(sql.dateStagedStatements);
    const [place] = await tx.rows<{ olderThanLast: number; overlapping: number }>(sql.compareStagedStatements, [mode]);
    await tx.execute(sql.createBelieved);
    await tx.execute(sql.createPlan);
    const batches = await tx.rows<{ batch: number; rows: number }>(
      'SELECT batch, sum(position_count)::integer AS rows FROM staged_statements GROUP BY batch ORDER BY batch',
    );
    const sums = { changed: 0, rowsChanged: 0, rows: 0 };
    for (const { batch, rows } of batches) {
      const { changed, statedChanged } = await recordBatch(tx, { mode, source, batch });
      sums.changed += changed;
      sums.rowsChanged += statedChanged;
      sums.rows += rows;
      terms.onProgress?.(sums.rows);
    }
    return {
      changed: sums.changed,
      rowsChanged: sums.rowsChanged,
      olderThanLast: place?.olderThanLast ?? 0,
      overlapping: place?.overlapping ?? 0,
      laterAction: sums.changed === 0 ? null : await findActionAfterPositions(tx),
    };
  }
}

async function recordBatch(
  tx: TenantTransaction,
  { mode, source, batch }: { readonly mode: string; readonly source: string; readonly batch: number },
): Promise<{ readonly changed: number; readonly statedChanged: number }> {
  await tx.execute('TRUNCATE believed_versions, planned_changes');
  const believed = await tx.execute(sql.readBelieved, [batch]);
  await tx.execute('ANALYZE believed_versions');
  await tx.execute(sql.planBatch, [mode, batch]);
  await tx.execute('ANALYZE planned_changes');
  await tx.execute(sql.insertStatements, [mode, source, batch, tx.firmId]);
  if (believed > 0) await tx.execute(sql.closeVersions);
  await tx.execute(sql.insertVersions, [tx.firmId]);
  const [count] = await tx.rows<{ changed: number; statedChanged: number }>(sql.countPlan);
  return count ?? { changed: 0, statedChanged: 0 };
}

async function* toLines(batches: AsyncIterable<readonly StagedPosition[]>): AsyncGenerator<string> {
  let last: { readonly instant: Instant; readonly text: string } | undefined;
  for await (const batch of batches) {
    let text = '';
    for (const { line, accountCode, instrumentId, quantity, averagePrice, validFrom } of batch) {
      // Most files name one instant, in every row.
      if (last?.instant !== validFrom) last = { instant: validFrom, text: toTimestamp(validFrom) };
      text += copyLine([
        line,
        accountCode,
        instrumentId,
        toNumeric(quantity, `line ${line}: quantity`),
        toNumericOrNull(averagePrice, `line ${line}: averagePrice`),
        last.text,
      ]);
    }
    if (text !== '') yield text;
  }
}

interface FaultRow {
  readonly line: number;
  readonly fault: StagedFault['fault'];
  readonly account_code: string;
  readonly instrument_id: string;
  readonly quantity: string;
  readonly valid_from: Date;
  readonly expiry: Date | null;
  readonly multiplier: string | null;
  readonly total: number;
}

interface RepeatRow {
  readonly line: number;
  readonly account_code: string;
  readonly instrument_id: string;
  readonly first_line: number;
  readonly total: number;
}

function toFault(row: FaultRow): StagedFault {
  return {
    line: row.line,
    fault: row.fault,
    accountCode: row.account_code,
    instrumentId: row.instrument_id,
    quantity: decimalOf(row.quantity),
    validFrom: instantFrom(row.valid_from),
    expiry: instantOrNull(row.expiry),
    multiplier: row.multiplier === null ? null : decimalOf(row.multiplier),
    firstLine: null,
  };
}

function toRepeat(row: RepeatRow): StagedFault {
  return {
    line: row.line,
    fault: 'ROW_REPEATED',
    accountCode: row.account_code,
    instrumentId: row.instrument_id,
    quantity: null,
    validFrom: null,
    expiry: null,
    multiplier: null,
    firstLine: row.first_line,
  };
}
