// A portfolio file as the state that analyses start from; touches no database.
import {
  type AccountRules,
  defaultBufferPolicy,
  parseSizingParameters,
  prepareState,
  type PreparedState,
} from '@ballast/buffer';
import { DomainError, type Instrument } from '@ballast/domain';
import { parsePortfolioFile, type PortfolioFile } from '@ballast/formats';
import { parseHouseRules, prepareMarginAnalysis, prepareNormalModel, selectHouseRules } from '@ballast/margin';
import { checkParameterNames, type PortfolioFileRejection, rejectionOf } from './evaluate-portfolio-file';

/** A portfolio file that was read: what it says, and the account it describes. */
export interface PortfolioFileState {
  readonly file: PortfolioFile;
  readonly prepared: PreparedState;
}

/** The result of a question about a portfolio file; exit code 5 when the portfolio cannot be valued. */
export type FileAnswer<Output> =
  | { readonly status: 'answered' | 'indeterminate'; readonly exitCode: 0 | 5; readonly output: Output }
  | PortfolioFileRejection;

/**
 * Answers a question about a portfolio file. Never throws for what is in the file or the question: what is impossible
 * comes back as `rejected` with exit code 3.
 *
 * @param isDeterminate  whether an answer states amounts
 */
export function answerPortfolioFile<Output>(
  input: { readonly text: string; readonly fileName: string },
  answer: (state: PortfolioFileState) => Output,
  isDeterminate: (output: Output) => boolean,
): FileAnswer<Output> {
  let file: PortfolioFile | undefined;
  try {
    file = parsePortfolioFile(input.text, input.fileName);
    const output = answer(prepareFileState(file));
    return isDeterminate(output)
      ? { status: 'answered', exitCode: 0, output }
      : { status: 'indeterminate', exitCode: 5, output };
  } catch (error) {
    return rejectionOf(error, input.fileName, file);
  }
}

/**
 * Puts a parsed portfolio file and its rules together: the file's parameters over the published set, its house rules and
 * the default buffer policy in force.
 *
 * @throws DomainError for impossible parameters
 */
export function prepareFileState(file: PortfolioFile): PortfolioFileState {
  const { portfolio, snapshot, parameters } = file;
  checkParameterNames(file);
  return { file, prepared: prepareState({ portfolio, snapshot }, rulesOfFile(file, parameters)) };
}

/** Rules of a portfolio file under parameters of its own or of another file. */
export function rulesOfFile(file: PortfolioFile, parameters: unknown): AccountRules {
  const { portfolio, house, sizing, fxHaircuts } = file;
  const { methodology, asOf } = portfolio;
  const rules = house === undefined ? [] : parseHouseRules(house, 'house');
  const normalModel = prepareNormalModel({ methodology, parameters, asOf });
  return {
    analysis: prepareMarginAnalysis({ methodology, parameters, asOf }),
    ...(normalModel === undefined ? {} : { normalModel }),
    houseRules: selectHouseRules(rules, { asOf }),
    policy: { ...defaultBufferPolicy(asOf), fxHaircuts },
    sizing: parseSizingParameters(sizing, 'sizing', asOf),
  };
}

/** Finds a contract that the file lists, held or not. @throws DomainError 'INSTRUMENT_UNKNOWN' */
export function listedInstrument({ portfolio }: PortfolioFile, id: string): Instrument {
  const found = portfolio.listedInstruments?.find((instrument) => instrument.id === id);
  if (found !== undefined) return found;
  throw new DomainError('INSTRUMENT_UNKNOWN', `${id}: no such instrument in market.instruments`, 'market.instruments');
}
