import { basename } from 'node:path';
import { formatInstant, type Instant } from '@ballast/domain';
import {
  type FileProblem,
  FileRefusal,
  positionFormat,
  positionSums,
  problemsKeptMaximum,
  ProblemList,
  type SourceFile,
  type SourceStream,
  type TableEnd,
} from '@ballast/formats';
import {
  Database,
  describeLaterAction,
  FileDeliveryStore,
  PositionFileStore,
  type StagedFault,
  type StagedOutcome,
  type StagedPosition,
  type StagedTotals,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { CountedStream } from './counted-stream';
import { describeSource, type ImportReport, refuseProblems } from './import-report';
import { importStream, requireStatedTotals, type StreamImport } from './import-stream';
import { noteDelivery } from './note-delivery';
import { StatementDates } from './statement-dates';
import { TableReading } from './table-reading';

/** How positions of a file are to be taken. */
export interface PositionImport extends StreamImport {
  /** REPLACE: the file holds the whole book of every account it names. MERGE: only the named instruments change. */
  readonly mode: 'REPLACE' | 'MERGE';
  /** Since when rows without `validFrom` hold. */
  readonly validFrom: Instant;
}

/**
 * Records the positions of a file of any length, all of them or none, in constant memory. A book that is held already
 * changes nothing, however often it is delivered.
 */
@Injectable()
export class ImportPositions {
  constructor(
    private readonly database: Database,
    private readonly files: PositionFileStore,
    private readonly deliveries: FileDeliveryStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: PositionImport, delivery: SourceFile | SourceStream): Promise<ImportReport> {
    return importStream(this.database, command, delivery, (transaction, source) =>
      this.load(transaction, command, source),
    );
  }

  private async load(
    transaction: TenantTransaction,
    command: PositionImport,
    source: CountedStream,
  ): Promise<ImportReport> {
    const problems = new ProblemList(source.name);
    const dates = await StatementDates.open(transaction, 'validFrom');
    const table = { format: positionFormat, sums: positionSums };
    const reading = new TableReading(source, table, problems, ({ line, value }): StagedPosition => {
      const { accountCode, instrumentId, quantity, averagePrice = null, validFrom = command.validFrom } = value;
      dates.check(line, validFrom, (problem) => problems.add(problem));
      return { line, accountCode, instrumentId, quantity, averagePrice, validFrom };
    });
    await this.files.stage(transaction, reading.batches());
    const end = reading.end();
    const files = [{ name: source.name, sha256: source.sha256() }];
    command.onProgress?.({ phase: 'check', done: 0 });
    const totals = await this.files.sum(transaction);
    await this.check(transaction, { command, end, problems, totals, sha256: files[0]?.sha256 ?? '' });
    command.onProgress?.({ phase: 'store', done: 0, total: end.rowCount });
    const outcome = await this.files.record(transaction, {
      mode: command.mode,
      source: describeSource(files),
      onProgress: (done) => command.onProgress?.({ phase: 'store', done, total: end.rowCount }),
    });
    if (outcome.laterAction !== null) {
      const { instrumentId: value } = outcome.laterAction;
      const reason = describeLaterAction(outcome.laterAction);
      throw new FileRefusal([{ file: source.name, column: 'validFrom', value, reason }]);
    }
    const note = await noteDelivery(this.deliveries, transaction, {
      kind: 'positions',
      fileName: basename(source.name),
      sha256: files[0]?.sha256 ?? '',
      rowCount: end.rowCount,
      recordedBy: command.recordedBy,
      changed: outcome.changed > 0,
    });
    return {
      kind: 'positions',
      files,
      rows: end.rowCount,
      stored: outcome.rowsChanged,
      unchanged: end.rowCount - outcome.rowsChanged,
      totals: {
        accounts: String(totals.accounts),
        quantity: totals.quantity.toFixed(),
        'long quantity': totals.long.toFixed(),
        'short quantity': totals.short.toFixed(),
        'positions changed': String(outcome.changed),
      },
      warnings: [...end.warnings, ...dates.warnings(), ...note, ...warningsOf(outcome)],
    };
  }

  /** @throws FileRefusal */
  private async check(
    transaction: TenantTransaction,
    input: {
      readonly command: PositionImport;
      readonly end: TableEnd;
      readonly problems: ProblemList;
      readonly totals: StagedTotals;
      readonly sha256: string;
    },
  ): Promise<void> {
    const { command, end, problems, totals, sha256 } = input;
    const { file } = problems;
    const { faults, total } = await this.files.findFaults(transaction, problemsKeptMaximum);
    refuseProblems(problems, { problems: faults.map((fault) => ({ file, ...problemOf(fault) })), count: total });
    if (command.mode === 'REPLACE') {
      const codes = await this.files.findTwoBooks(transaction, problemsKeptMaximum);
      const reason =
        'rows of one account start at different instants; import them with --mode merge, or a file per instant';
      if (codes.length > 0) {
        throw new FileRefusal(codes.map((value) => ({ file, column: 'validFrom', value, reason })));
      }
    }
    const found = { rows: end.rowCount, sums: { quantity: totals.quantity }, sha256 };
    requireStatedTotals(file, found, { announced: command.control, trailer: end.control });
  }
}

function problemOf(fault: StagedFault): Omit<FileProblem, 'file'> {
  const { line, accountCode, instrumentId, quantity, expiry, validFrom, multiplier, firstLine } = fault;
  const instrument = { line, column: 'instrument', value: instrumentId };
  switch (fault.fault) {
    case 'ACCOUNT_UNKNOWN':
      return { line, column: 'account', value: accountCode, reason: 'no such account' };
    case 'INSTRUMENT_UNKNOWN':
      return { ...instrument, reason: 'no such instrument; import instruments or a market first' };
    case 'SERIES_EXPIRED': {
      const times = `${instantText(expiry)}, before the position holds (${instantText(validFrom)})`;
      return { ...instrument, reason: `expired at ${times}` };
    }
    case 'QUANTITY_FRACTIONAL': {
      const reason = `contracts of ${multiplier?.toFixed() ?? ''} units trade whole`;
      return { line, column: 'quantity', value: quantity?.toFixed() ?? '', reason };
    }
    case 'ROW_REPEATED': {
      const value = `${accountCode}, ${instrumentId}`;
      return { line, column: 'instrument', value, reason: `a duplicate of line ${firstLine ?? ''}` };
    }
  }
}

function instantText(instant: Instant | null): string {
  return instant === null ? '' : formatInstant(instant);
}

function warningsOf({ olderThanLast, overlapping, changed }: StagedOutcome): string[] {
  if (changed === 0) return [];
  return [
    ...(olderThanLast === 0
      ? []
      : [`${olderThanLast} accounts have later statements: the file corrects the past, up to the next statement`]),
    ...(overlapping === 0
      ? []
      : [`${overlapping} accounts have another statement for the same instant: this one takes its place`]),
  ];
}
