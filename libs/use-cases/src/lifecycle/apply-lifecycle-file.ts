import { readLifecycleEventFile, type SourceFile } from '@ballast/formats';
import { Database } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type AppliedLifecycleEvent, ApplyLifecycleEvents } from './apply-lifecycle-events';
import { StatementDates } from '../import/statement-dates';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  ImportProblems,
  requireControlTotals,
} from '../import/import-report';

/** What a file of life-cycle events did. */
export interface LifecycleFileReport {
  readonly files: ReturnType<typeof hashFiles>;
  readonly rows: number;
  readonly events: readonly AppliedLifecycleEvent[];
  readonly warnings: readonly string[];
}

/** Applies the life-cycle events of a file in its order, all of them or none; again, it changes nothing. */
@Injectable()
export class ApplyLifecycleFile {
  constructor(
    private readonly events: ApplyLifecycleEvents,
    private readonly database: Database,
  ) {}

  /** @throws FileRefusal naming the row; nothing is stored then */
  async execute(context: ImportContext, delivery: SourceFile): Promise<LifecycleFileReport> {
    const { file, rows, warnings } = readLifecycleEventFile(delivery);
    const files = hashFiles([delivery]);
    requireControlTotals(context, { file, rows: rows.length }, files);
    const { firmId } = context;
    const dates = await this.database.withTenant({ firmId }, (tx) => StatementDates.open(tx, 'effectiveAt'));
    const problems = new ImportProblems();
    for (const { line, value } of rows)
      if (value.type !== 'reversal')
        dates.check(line, value.effectiveAt, (problem) => problems.add({ file, ...problem }));
    problems.refuseIfAny();
    const events = await this.events.execute({
      firmId: context.firmId,
      recordedBy: context.recordedBy,
      source: describeSource(files),
      events: rows.map(({ value }) => value),
      placeOf: (index) => ({
        file,
        line: rows[index]?.line ?? 0,
        column: 'event',
        value: rows[index]?.value.id ?? '',
      }),
    });
    return { files, rows: rows.length, events, warnings: [...warnings, ...dates.warnings()] };
  }
}
