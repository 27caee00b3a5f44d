import { DomainError, formatInstant } from '@ballast/domain';
import { type ParameterSetRecord, readParameterFile, refuseFile, type SourceFile } from '@ballast/formats';
import { prepareHouseMethod } from '@ballast/margin';
import { contentHash, Database, type RiskParameterSet, RiskParameterStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { hashFiles, type ImportContext, type ImportReport } from './import-report';

/** What became of a parameter file. */
export interface ParameterImportReport extends ImportReport {
  readonly parameterSet: Pick<RiskParameterSet, 'id' | 'methodology' | 'version' | 'name' | 'hash' | 'status'>;
}

/** Proposes the parameter set of a file; it takes effect when another person has approved it. */
@Injectable()
export class ImportParameters {
  constructor(
    private readonly database: Database,
    private readonly parameterSets: RiskParameterStore,
  ) {}

  /** @throws FileRefusal naming the member that the methodology does not know or take; nothing is stored then */
  async execute(context: ImportContext, source: SourceFile): Promise<ParameterImportReport> {
    const record = readParameterFile(source);
    requireKnownParameters(record, source.name);
    const { parameterSet, isNew } = await this.database.withTenant({ firmId: context.firmId }, async (transaction) => {
      const { methodology, name, effectiveFrom, parameters } = record;
      const hash = contentHash(parameters);
      const known = (await this.parameterSets.findAll(transaction, methodology)).find(
        (set) => set.hash === hash && set.effectiveFrom === effectiveFrom && set.status !== 'REJECTED',
      );
      if (known !== undefined) return { parameterSet: known, isNew: false };
      const proposal = { methodology, name, effectiveFrom, parameters, proposedBy: context.recordedBy };
      return { parameterSet: await this.parameterSets.propose(transaction, proposal), isNew: true };
    });
    const { id, methodology, version, name, hash, status } = parameterSet;
    return {
      kind: 'parameters',
      files: hashFiles([source]),
      rows: 1,
      stored: isNew ? 1 : 0,
      unchanged: isNew ? 0 : 1,
      totals: {
        methodology,
        version: String(version),
        'effective from': formatInstant(parameterSet.effectiveFrom),
        status,
      },
      warnings: status === 'PROPOSED' ? ['a proposal: another person must approve it before runs take it'] : [],
      parameterSet: { id, methodology, version, name, hash, status },
    };
  }
}

function requireKnownParameters(record: ParameterSetRecord, file: string): void {
  const { methodology, parameters, effectiveFrom } = record;
  try {
    prepareHouseMethod({ methodology, parameters, asOf: effectiveFrom });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const column = error.field === undefined ? {} : { column: error.field };
    refuseFile({ file, line: record.line, ...column, reason: error.message });
  }
}
