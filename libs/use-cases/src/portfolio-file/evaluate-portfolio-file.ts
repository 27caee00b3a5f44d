// Requirement, equity and buffer of one portfolio file; touches no database.
import {
  assessBuffer,
  type BufferAssessment,
  type BufferPolicy,
  defaultBufferPolicy,
  parseSizingParameters,
} from '@ballast/buffer';
import { DomainError } from '@ballast/domain';
import { describeProblem, FileRefusal, locateJson, parsePortfolioFile, type PortfolioFile } from '@ballast/formats';
import {
  computeRequirement,
  type MarginRequirement,
  parameterError,
  parseHouseRules,
  parseSpanParameters,
} from '@ballast/margin';
import { PricingInputError } from '@ballast/pricing';
import { type MarginOutput, toMarginOutput } from './margin-output';

/** Why a portfolio file was refused. */
export interface PortfolioFileRejection {
  readonly status: 'rejected';
  readonly exitCode: 3;
  /** Code of the error list of the domain, or `INVALID_FILE` for what is wrong with the file's form. */
  readonly code: string;
  /** One line per problem: file, line, member path and value. */
  readonly message: string;
}

/** A portfolio file that was evaluated; exit code 5 when it is valid but cannot be valued. */
export interface PortfolioFileEvaluation {
  readonly status: 'evaluated' | 'indeterminate';
  readonly exitCode: 0 | 5;
  readonly output: MarginOutput;
  readonly file: PortfolioFile;
  readonly requirement: MarginRequirement;
  readonly assessment: BufferAssessment;
}

export type PortfolioFileResult = PortfolioFileEvaluation | PortfolioFileRejection;

/**
 * Evaluates a portfolio file: parse → requirement by its methodology → equity and buffer → output of contract §2.
 *
 * Never throws for what is in the file: an impossible value comes back as `rejected` with exit code 3, a valid
 * portfolio that cannot be valued as `indeterminate` with exit code 5 and null amounts.
 *
 * @param input.text      content of the file
 * @param input.fileName  name for messages
 */
export function evaluatePortfolioFile(input: {
  readonly text: string;
  readonly fileName: string;
}): PortfolioFileResult {
  const { text, fileName } = input;
  let file: PortfolioFile | undefined;
  try {
    file = parsePortfolioFile(text, fileName);
    return evaluateParsedPortfolio(file);
  } catch (error) {
    return rejectionOf(error, fileName, file);
  }
}

/**
 * Evaluates a parsed portfolio file.
 *
 * @throws DomainError or PricingInputError for an impossible value
 */
export function evaluateParsedPortfolio(file: PortfolioFile): PortfolioFileEvaluation {
  const { portfolio, snapshot, parameters } = file;
  checkParameterNames(file);
  parseSizingParameters(file.sizing, 'sizing', portfolio.asOf);
  const houseRules = file.house === undefined ? [] : parseHouseRules(file.house, 'house');
  const requirement = computeRequirement({ portfolio, snapshot, parameters, houseRules });
  const assessment = assessBuffer({ portfolio, snapshot, requirement, policy: bufferPolicyOf(file) });
  const output = toPortfolioOutput(requirement, assessment, portfolio.baseCurrency);
  const indeterminate = output.quality === 'INDETERMINATE';
  return {
    status: indeterminate ? 'indeterminate' : 'evaluated',
    exitCode: indeterminate ? 5 : 0,
    output,
    file,
    requirement,
    assessment,
  };
}

/** The buffer policy of a portfolio file: the built-in one with the haircuts of its exchange rates. */
export function bufferPolicyOf({ portfolio, fxHaircuts }: PortfolioFile): BufferPolicy {
  return { ...defaultBufferPolicy(portfolio.asOf), fxHaircuts };
}

/**
 * Turns an error of parsing or computing into a rejection; anything that is not about the file is a defect and goes on.
 */
export function rejectionOf(error: unknown, fileName: string, file?: PortfolioFile): PortfolioFileRejection {
  if (error instanceof FileRefusal)
    return { status: 'rejected', exitCode: 3, code: 'INVALID_FILE', message: error.message };
  if (error instanceof DomainError || error instanceof PricingInputError) {
    const field = error.field;
    const found = file === undefined || field === undefined ? undefined : locateJson(file.document, field);
    const line = found === undefined || found === file?.document ? undefined : found.line;
    const message = describeProblem({ file: fileName, ...(line === undefined ? {} : { line }), reason: error.message });
    return { status: 'rejected', exitCode: 3, code: error.code, message };
  }
  throw error;
}

/**
 * In a portfolio file the commodities that SPAN parameters name must be underlyings of the file, or targets of its
 * scanning spreads, so that a misspelt name is refused instead of ignored.
 */
export function checkParameterNames({ portfolio, snapshot, parameters }: PortfolioFile): void {
  if (portfolio.methodology !== 'SPAN') return;
  const { commodities, intercommodity } = parseSpanParameters(parameters ?? {}, portfolio.asOf);
  const targets = intercommodity.map(({ target }) => target);
  for (const key of commodities.keys()) {
    if (snapshot.underlyings.has(key) || targets.includes(key)) continue;
    throw parameterError(`parameters.${key}`, 'unknown key: neither an underlying of the file nor a known word', key);
  }
  intercommodity.forEach(({ legs }, spread) =>
    legs.forEach(({ underlying }, leg) => {
      if (snapshot.underlyings.has(underlying)) return;
      const path = `parameters.intercommodity[${spread}].legs[${leg}].underlying`;
      throw parameterError(path, 'no such underlying in the file', underlying);
    }),
  );
}

/** Puts a requirement and its buffer into the shape of the contract; without amounts where they cannot be stated. */
export function toPortfolioOutput(
  requirement: MarginRequirement,
  assessment: BufferAssessment,
  currency: string,
): MarginOutput {
  const output = toMarginOutput(requirement, assessment, currency);
  return output.quality === 'INDETERMINATE' ? withoutAmounts(output) : output;
}

function withoutAmounts(output: MarginOutput): MarginOutput {
  return {
    ...output,
    initialRequirement: null,
    maintenanceRequirement: null,
    netOptionValue: null,
    model: null,
    equity: null,
    collateralValue: null,
    buffer: null,
    bufferRatio: null,
    excess: null,
    callAmount: null,
    leverage: null,
    equityComponents: [],
    collateral: [],
    status: 'INDETERMINATE',
  };
}
