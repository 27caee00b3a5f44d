import {
  impliedVolatilityCaseHeader,
  impliedVolatilityResultColumns,
  readImpliedVolatilityCase,
} from '@ballast/formats';
import { impliedVolatility } from '@ballast/pricing';
import {
  type CaseFileKind,
  type CaseFileSource,
  type CaseFileSummary,
  type CaseFileTarget,
  evaluateCaseFile,
} from './evaluate-case-file';

/**
 * Finds the volatility behind every row of a file of prices. A price outside the model's bounds is an answer
 * (`below-intrinsic`, `above-maximum`), not an error.
 *
 * @throws FileRefusal when the file is no such table
 */
export function impliedVolatilityFile(source: CaseFileSource, target: CaseFileTarget): Promise<CaseFileSummary> {
  return evaluateCaseFile(source, target, impliedVolatilityFileKind);
}

const impliedVolatilityFileKind: CaseFileKind = {
  readHeader: impliedVolatilityCaseHeader,
  resultColumns: impliedVolatilityResultColumns,
  evaluate: (header, cells) => ({ ...impliedVolatility(readImpliedVolatilityCase(header, cells)) }),
};
