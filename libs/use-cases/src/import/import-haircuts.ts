import { formatInstant, type Instant } from '@ballast/domain';
import { defaultScheduleName, readHaircutFiles, type SourceFile } from '@ballast/formats';
import { Database, HaircutScheduleStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  type ImportReport,
  requireControlTotals,
} from './import-report';

/** How a haircut schedule is to be taken. */
export interface HaircutImport extends ImportContext {
  /** Name of the schedule; HOUSE when absent. */
  readonly schedule?: string;
  /** Vintage of a clearing house's file that holds several. */
  readonly vintage?: string;
  /** Since when the version holds. */
  readonly effectiveFrom: Instant;
}

/**
 * Records a version of a haircut schedule: the files together are the whole schedule from a date on. The same content as
 * the version in force changes nothing.
 */
@Injectable()
export class ImportHaircuts {
  constructor(
    private readonly database: Database,
    private readonly schedules: HaircutScheduleStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: HaircutImport, sources: readonly SourceFile[]): Promise<ImportReport> {
    const { firmId, recordedBy, effectiveFrom, vintage } = command;
    const name = command.schedule ?? defaultScheduleName;
    const content = readHaircutFiles(sources, { name, ...(vintage === undefined ? {} : { vintage }) });
    const files = hashFiles(sources);
    requireControlTotals(command, { file: sources[0]?.name ?? '', rows: content.rows }, files);
    const { schedule, isNew } = await this.database.withTenant({ firmId }, (transaction) =>
      this.schedules.record(transaction, {
        schedule: content.schedule,
        effectiveFrom,
        source: describeSource(files),
        recordedBy,
      }),
    );
    return {
      kind: 'haircuts',
      files,
      rows: content.rows,
      stored: isNew ? content.rows : 0,
      unchanged: isNew ? 0 : content.rows,
      totals: {
        schedule: name,
        'effective from': formatInstant(schedule.effectiveFrom),
        rules: String(schedule.rules.length),
        limits: String(schedule.limits.length),
        'asset classes': String(new Set(schedule.rules.map(({ assetClass }) => assetClass)).size),
        'content hash': schedule.hash,
      },
      warnings: content.warnings,
    };
  }
}
