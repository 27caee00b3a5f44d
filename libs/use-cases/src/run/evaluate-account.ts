import { createHash } from 'node:crypto';
import { assessBuffer, type BufferAssessment, resolveCollateral } from '@ballast/buffer';
import { addDeferred, canonicalJson, DomainError, type Instrument, type MarketSnapshot } from '@ballast/domain';
import {
  applyRatchet,
  encodeRequirementFigures,
  type HouseMethod,
  indeterminateRequirement,
  type MarginRequirement,
  type Portfolio,
} from '@ballast/margin';
import { contentHash, type HashedResult, type AccountResult, type RiskParameterSet } from '@ballast/persistence';
import { PricingInputError } from '@ballast/pricing';
import { Logger } from '@nestjs/common';
import { type GuardedOutcome, guardOutcome } from './account-guard';
import type { AccountHoldings } from './account-holdings';
import { type AccountInput, hashAccountInput, positionText, termsText } from './account-input-hash';
import { hashResult } from './result-hash';

/** A methodology with the parameter set it was prepared from, or why it could not be prepared. */
export interface PreparedMethod {
  readonly parameterSet: Pick<RiskParameterSet, 'id' | 'hash'>;
  readonly method: HouseMethod | DomainError;
}

/** A methodology prepared from a stored parameter set. */
export interface MethodInEffect extends PreparedMethod {
  readonly parameterSet: RiskParameterSet;
}

/** What an account is evaluated from: what its input hash covers, with the positions themselves, market and methodology. */
export interface AccountEvaluation extends Omit<AccountInput, 'holdings' | 'positions' | 'terms'> {
  readonly holdings: AccountHoldings;
  /** Terms of every contract the firm holds, by identifier. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly snapshot: MarketSnapshot;
  readonly inEffect: PreparedMethod;
  /** Leave explanations uncomputed until somebody reads them; no when absent: what fails then fails here. */
  readonly unexplained?: boolean | undefined;
}

/**
 * Evaluates one account of a run: positions → requirement → equity and buffer, with the hashes that let anybody repeat it.
 *
 * Never throws for what an account holds: what cannot be valued becomes INDETERMINATE with its reasons, so one poisoned
 * account does not stop the firm's run.
 */
export function evaluateAccount(input: AccountEvaluation): AccountResult {
  const { requirement, assessment, assess } = evaluate(input);
  const outcome = guardOutcome({ requirement, assessment, guard: input.guard, assess });
  const evaluated = { requirement, assessment, outcome, leverage: () => assessment.leverage };
  return composeResult(input, evaluated, () => {
    const { positions } = input.holdings;
    const texts = positions.map(({ instrumentId, quantity, averagePrice }) =>
      positionText(instrumentId, quantity.toFixed(), averagePrice?.toFixed()),
    );
    const terms = positions.map(({ instrumentId }) => termsText(input.instruments.get(instrumentId)));
    return { positions: texts.join(','), terms: terms.join(',') };
  });
}

/** What was found for an account, however it was computed. */
export interface EvaluatedAccount {
  readonly requirement: MarginRequirement;
  readonly assessment: BufferAssessment;
  readonly outcome: GuardedOutcome;
  readonly leverage: () => BufferAssessment['leverage'];
}

/**
 * Puts a result together with its hashes.
 *
 * @param write  positions and terms as hashAccountInput takes them
 */
export function composeResult(
  input: AccountEvaluation,
  { requirement, assessment, outcome, leverage }: EvaluatedAccount,
  write: () => Pick<AccountInput, 'positions' | 'terms'>,
): AccountResult {
  const { account, inEffect } = input;
  const figuresFound = {
    accountId: account.id,
    baseCurrency: account.baseCurrency,
    requirement: withWarnings(requirement, assessment.warnings),
    equity: assessment.equity,
    collateralValue: assessment.collateralValue,
    buffer: assessment.buffer,
    bufferRatio: assessment.bufferRatio,
    excess: assessment.excess,
    computedStatus: assessment.computedStatus,
    leverage: leverage(),
    collateral: assessment.collateral,
    status: outcome.status,
    quality: outcome.quality,
    qualityReasons: outcome.qualityReasons,
    ...(outcome.held === undefined ? {} : { held: outcome.held }),
  } as const;
  const found = addDeferred(figuresFound, 'equityComponents', () => assessment.equityComponents);
  const figures = encodeRequirementFigures(requirement);
  return Object.assign(found, {
    parameterSetId: inEffect.parameterSet.id,
    parameterHash: inEffect.parameterSet.hash,
    previousStatus: input.previousStatus ?? null,
    inputHash: hashAccountInput({ ...input, ...write() }),
    figures,
    resultHash: hashResult(found, figures),
  });
}

/** The requirement with warnings of its assessment added; explanations stay uncomputed until somebody reads them. */
function withWarnings(requirement: MarginRequirement, warnings: readonly string[]): MarginRequirement {
  if (warnings.length === 0) return requirement;
  const all = { value: [...requirement.warnings, ...warnings], enumerable: true };
  const described = { ...Object.getOwnPropertyDescriptors(requirement), warnings: all };
  return Object.defineProperties({}, described) as MarginRequirement;
}

/** What a portfolio is made of. */
type PortfolioSource = Pick<
  AccountEvaluation,
  'account' | 'holdings' | 'instruments' | 'listedFutures' | 'schedules' | 'asOf' | 'snapshot'
>;

interface Evaluated {
  readonly requirement: MarginRequirement;
  readonly assessment: BufferAssessment;
  /** Holds the same equity against another requirement. */
  readonly assess: (requirement: MarginRequirement) => BufferAssessment;
}

function evaluate(input: AccountEvaluation): Evaluated {
  const { account, snapshot, policy, previousStatus, callOverdue = false } = input;
  const { methodology } = account;
  try {
    const portfolio = portfolioOfHoldings(input);
    const { method } = input.inEffect;
    if (method instanceof DomainError) throw method;
    const computed = method({ portfolio, snapshot, account: { account: account.code } });
    const explained = input.unexplained === true ? unchanged : readExplanations;
    const requirement = explained(input.guard === undefined ? computed : applyRatchet(computed, input.guard.trust));
    const hysteresis = previousStatus === undefined ? {} : { previousStatus };
    const assess = (other: MarginRequirement): BufferAssessment =>
      explained(
        assessBuffer({
          ...{ portfolio, snapshot, policy, callOverdue, requirement: other, quality: other.quality },
          ...hysteresis,
        }),
      );
    return { requirement, assessment: assess(requirement), assess };
  } catch (failure) {
    const requirement = indeterminateRequirement({ methodology, reasons: [reasonOf(failure)] });
    const nothingHeld: Portfolio = { ...emptyPortfolio(input), positions: [] };
    const assess = (other: MarginRequirement): BufferAssessment =>
      assessBuffer({ portfolio: nothingHeld, snapshot, requirement: other, policy });
    return { requirement, assessment: assess(requirement), assess };
  }
}

/** Reads every explanation that is computed when it is read, so that what fails fails here. */
function readExplanations<Figures extends object>(figures: Figures): Figures {
  return { ...figures };
}

function unchanged<Figures extends object>(figures: Figures): Figures {
  return figures;
}

/**
 * Everything an account holds as the methodologies take it.
 *
 * @throws DomainError 'INSTRUMENT_UNKNOWN', and as resolveCollateral
 */
export function portfolioOfHoldings(input: PortfolioSource): Portfolio {
  const collateral = resolveCollateral({ ...input, positions: input.holdings.collateral });
  const positions = input.holdings.positions.map(({ instrumentId, quantity, averagePrice }) => {
    const instrument = input.instruments.get(instrumentId);
    if (instrument === undefined) {
      throw new DomainError(
        'INSTRUMENT_UNKNOWN',
        `position in ${instrumentId}: the contract is not known`,
        instrumentId,
      );
    }
    return { instrument, quantity, ...(averagePrice === undefined ? {} : { averagePrice }) };
  });
  return { ...emptyPortfolio(input), positions, collateral: collateral.holdings, collateralLimits: collateral.limits };
}

function emptyPortfolio({ account, asOf, holdings, listedFutures }: PortfolioSource): Portfolio {
  const { methodology, baseCurrency } = account;
  return {
    asOf,
    methodology,
    baseCurrency,
    positions: [],
    cash: holdings.cash,
    collateral: [],
    listedInstruments: listedFutures,
  };
}

/** A refusal of the core says what is wrong; anything else is a defect of ours, which must not name its inside. */
function reasonOf(failure: unknown): string {
  if (failure instanceof DomainError || failure instanceof PricingInputError)
    return `${failure.code}: ${failure.message}`;
  new Logger('evaluateAccount').error(failure instanceof Error ? failure.stack : String(failure));
  return 'INTERNAL: the account could not be evaluated because of a defect; see the log';
}

/** Takes the results of a run in order of the account, and gives the hash that `hashRun` gives of all of them. */
export interface RunHash {
  readonly add: (result: HashedResult) => void;
  readonly digest: () => string;
}

/** Starts a hash over a run without holding its results. */
export function startRunHash(): RunHash {
  const hash = createHash('sha256').update('[');
  let text = '';
  let isFirst = true;
  return {
    add: ({ accountId, resultHash }) => {
      text += `${isFirst ? '' : ','}${pairText(accountId, resultHash)}`;
      isFirst = false;
      if (text.length < 65_536) return;
      hash.update(text);
      text = '';
    },
    digest: () => hash.update(`${text}]`).digest('hex'),
  };
}

/** Identifiers and hashes as they are written everywhere: JSON escapes nothing of them. */
const unescaped = /^[0-9a-f-]*$/;

/** JSON of the canonical JSON of an account and its result hash. */
function pairText(accountId: string, resultHash: string): string {
  return unescaped.test(accountId) && unescaped.test(resultHash)
    ? `"[\\"${accountId}\\",\\"${resultHash}\\"]"`
    : JSON.stringify(canonicalJson([accountId, resultHash]));
}

/** `hashRun` over results that come page by page in order of the account. */
export async function hashRunStream(pages: AsyncIterable<readonly HashedResult[]>): Promise<string> {
  const hash = startRunHash();
  for await (const results of pages) for (const result of results) hash.add(result);
  return hash.digest();
}

/** Hash over a run: the accounts' result hashes in order of their identifier, whatever order they were computed in. */
export function hashRun(results: readonly Pick<AccountResult, 'accountId' | 'resultHash'>[]): string {
  const pairs = results.map(({ accountId, resultHash }) => [accountId, resultHash] as const);
  return contentHash([...pairs].sort(([left], [right]) => (left < right ? -1 : 1)).map((pair) => canonicalJson(pair)));
}
