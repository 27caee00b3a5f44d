import { DomainError, formatInstant } from '@ballast/domain';
import { type ParameterSetRecord, readParameterFile, refuseFile, type SourceFile } from '@ballast/formats';
import { prepareHouseMethod } from '@ballast/margin';
import type { RiskParameterSet } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { hashFiles, type ImportContext, type ImportReport } from './import-report';
import { ProposeRiskParameters } from '../risk-parameters/propose-risk-parameters';
import { requireScanRanges } from '../risk-parameters/require-scan-ranges';

/** What became of a parameter file. */
export interface ParameterImportReport extends ImportReport {
  readonly parameterSet: Pick<RiskParameterSet, 'id' | 'methodology' | 'version' | 'name' | 'hash' | 'status'>;
}

/** Proposes the parameter set of a file with its impact report; it takes effect when another person has approved it. */
@Injectable()
export class ImportParameters {
  constructor(private readonly proposals: ProposeRiskParameters) {}

  /** @throws FileRefusal naming the member that the methodology does not know or take; nothing is stored then */
  async execute(context: ImportContext, source: SourceFile): Promise<ParameterImportReport> {
    const record = readParameterFile(source);
    requireKnownParameters(record, source.name);
    const { parameterSet, isNew } = await this.proposals.proposeOnce(
      { firmId: context.firmId },
      {
        methodology: record.methodology,
        name: record.name,
        effectiveFrom: record.effectiveFrom,
        parameters: record.parameters,
        proposedBy: context.recordedBy,
      },
    );
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
      warnings:
        status === 'PROPOSED'
          ? [`a proposal: another person must approve it before runs take it (ballast parameters impact ${id})`]
          : [],
      parameterSet: { id, methodology, version, name, hash, status },
    };
  }
}

function requireKnownParameters(record: ParameterSetRecord, file: string): void {
  const { methodology, parameters, effectiveFrom } = record;
  try {
    prepareHouseMethod({ methodology, parameters, asOf: effectiveFrom });
    requireScanRanges(parameters);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const column = error.field === undefined ? {} : { column: error.field };
    refuseFile({ file, line: record.line, ...column, reason: error.message });
  }
}
