import {
  detectFormat,
  instrumentFormat,
  readInstrumentFile,
  readUnderlyingFile,
  refuseFile,
  type SourceFile,
  underlyingFormat,
} from '@ballast/formats';
import { Database, type Underlying } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  hashFiles,
  type ImportContext,
  ImportProblems,
  type ImportReport,
  requireControlTotals,
} from './import-report';
import { InstrumentChecks } from './instrument-checks';
import { InstrumentRegistration } from './instrument-registration';

/** Adds the contracts of a file to a firm; a second file may describe their underlyings. */
@Injectable()
export class ImportInstruments {
  constructor(
    private readonly database: Database,
    private readonly registration: InstrumentRegistration,
    private readonly checks: InstrumentChecks,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(context: ImportContext, sources: readonly SourceFile[]): Promise<ImportReport> {
    const { instrumentSource, underlyingSource } = sortSources(sources);
    const instruments = readInstrumentFile(instrumentSource);
    const underlyings = underlyingSource === undefined ? undefined : readUnderlyingFile(underlyingSource);
    const files = hashFiles(sources);
    requireControlTotals(context, { file: instruments.file, rows: instruments.rows.length }, files);
    const outcome = await this.database.withTenant({ firmId: context.firmId }, async (transaction) => {
      const problems = new ImportProblems();
      const known = await this.checks.findUnderlyings(transaction);
      const stated = (underlyings?.rows ?? []).map(({ value }) => [value.underlyingId, value] as const);
      const places = new Map<string, Pick<Underlying, 'kind' | 'currency'>>([...known, ...stated]);
      const contracts = { file: instruments.file, rows: instruments.rows, underlyings: places };
      const warnings = await this.checks.check(transaction, contracts, problems);
      const registered = await this.registration.register(
        transaction,
        {
          instruments: instruments.rows.map((row) => ({ ...row, file: instruments.file })),
          underlyings: (underlyings?.rows ?? []).map(({ line, value }) => ({
            line,
            file: underlyings?.file ?? '',
            value: { id: value.underlyingId, kind: value.kind, currency: value.currency },
          })),
        },
        problems,
      );
      return { ...registered, warnings };
    });
    const byType = new Map<string, number>();
    for (const { value } of instruments.rows) byType.set(value.type, (byType.get(value.type) ?? 0) + 1);
    return {
      kind: 'instruments',
      files,
      rows: instruments.rows.length,
      stored: outcome.inserted,
      unchanged: outcome.unchanged,
      totals: Object.fromEntries([...byType].map(([type, count]) => [type, String(count)])),
      warnings: [...instruments.warnings, ...(underlyings?.warnings ?? []), ...outcome.warnings],
    };
  }
}

function sortSources(sources: readonly SourceFile[]): {
  readonly instrumentSource: SourceFile;
  readonly underlyingSource: SourceFile | undefined;
} {
  const [first, ...others] = sources;
  if (first === undefined) return refuseFile({ file: 'instruments', reason: 'no file given' });
  if (others.length === 0) return { instrumentSource: first, underlyingSource: undefined };
  const formats = sources.map((source) =>
    detectFormat(source, { instruments: instrumentFormat, underlyings: underlyingFormat }),
  );
  const instrumentSource = sources[formats.indexOf('instruments')];
  const underlyingSource = sources[formats.indexOf('underlyings')];
  if (sources.length !== 2 || instrumentSource === undefined || underlyingSource === undefined) {
    return refuseFile({ file: first.name, reason: 'expected one file of instruments and at most one of underlyings' });
  }
  return { instrumentSource, underlyingSource };
}
