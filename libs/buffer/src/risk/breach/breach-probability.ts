import { DomainError } from '@ballast/domain';
import { withTreesAsBoundaries } from '@ballast/margin';
import { measureState, type PreparedState } from '../../analysis/account-state';
import { valueContracts } from '../../analysis/contract-values';
import { requireKnownUnderlyings } from '../../analysis/known-underlyings';
import { alignReturns } from '../history/aligned-returns';
import { correlationsOf, factorCovariance } from '../statistics/factor-covariance';
import type { Steps } from '../steps';
import { meanAndError } from '../tail/monte-carlo-risk';
import type { FactorStatistics, RiskHistory } from '../tail/value-at-risk';
import { movingUnderlyings } from '../valuation/account-parts';
import { simulateBreaches } from './breach-paths';
import { checkField, type FieldCheck } from './field-check';
import { type BreachQuestion, checkBreachQuestion } from './breach-question';
import type { BufferField, FieldKind } from './buffer-field';
import { prepareBufferField } from './prepare-buffer-field';
import { restateInQuoteCurrency } from './restated-account';
import { timeNodes } from './time-nodes';

/** Probability of a breach up to an instant. */
export interface BreachInstant {
  /** Trading days from now. */
  readonly tradingDays: number;
  readonly probability: number;
}

/** How likely the buffer is exhausted within a horizon, and when. */
export interface BreachProbability {
  /** Probability that equity falls below the maintenance requirement at any time within the horizon. */
  readonly probability: number;
  readonly standardError: number;
  /** Probability up to each instant of the path, ascending. */
  readonly curve: readonly BreachInstant[];
  /** Trading days until the breach, of the paths that breach; null where none does. */
  readonly timeToBreach: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
  /** Equity − maintenance now [base currency], unrounded. */
  readonly buffer: number;
  /** How the requirement was evaluated on the paths. */
  readonly evaluation: FieldKind;
  /** How far that lies from full revaluations of the whole account; null where nothing was simulated. */
  readonly check: FieldCheck | null;
  readonly paths: number;
  /** History used; null where every volatility was given. */
  readonly window: { readonly from: string; readonly to: string; readonly returns: number } | null;
  readonly factors: FactorStatistics;
  readonly warnings: readonly string[];
}

const tradingDays = 252;

/**
 * Estimates the probability that the buffer of an account is exhausted within a horizon (methodology §5.9): prices follow
 * correlated lognormal paths, the account with its requirement is revalued at every step with what expires settling on the
 * way, and between steps a Brownian bridge says how likely the buffer touched 0. The same seed gives the same paths for any
 * cash, so that more cash never gives a larger probability.
 *
 * @param history  price history; null when the question gives the volatility of a single underlying
 * @returns null when the account cannot be valued
 * @throws DomainError 'INVALID_PARAMETER', 'PRICE_MISSING' as computeValueAtRisk
 */
export function* computeBreachProbability(
  prepared: PreparedState,
  history: RiskHistory | null,
  question: BreachQuestion,
): Steps<BreachProbability | null> {
  checkBreachQuestion(question);
  requireKnownUnderlyings({ field: 'volatilities', byName: question.volatilities }, movingUnderlyings(prepared));
  const measure = measureState(prepared);
  if (measure.status === 'indeterminate') return null;
  const buffer = measure.figures.equity - measure.figures.maintenance;
  const statistics = annualStatistics(prepared, history, question);
  const { covariance, volatilities, factors } = statistics;
  const nodes = timeNodes(prepared, question);
  const days = nodes.map((node) => node.tradingDays);
  const certain = buffer < 0 ? 1 : factors.underlyingIds.length === 0 ? 0 : null;
  const about = { buffer, factors, window: statistics.window, paths: question.paths * question.replicates };
  if (certain !== null) {
    const curve = days.map((tradingDays) => ({ tradingDays, probability: certain }));
    const timeToBreach = certain === 1 ? { p10: 0, p50: 0, p90: 0 } : null;
    const known = {
      probability: certain,
      standardError: 0,
      curve,
      timeToBreach,
      evaluation: 'SINGLE',
      check: null,
    } as const;
    return { ...about, ...known, paths: 0, warnings: statistics.warnings };
  }
  const horizon = Math.sqrt(nodes[nodes.length - 1]?.years ?? 0);
  const deviations = volatilities.map((volatility) => volatility * horizon);
  const stated = restateInQuoteCurrency(prepared, deviations) ?? { prepared, rate: 1 };
  const field = yield* prepareBufferField(withBoundaries(stated.prepared), nodes, volatilities);
  const checked = yield* checkField(field, { prepared: stated.prepared, nodes, covariance, seed: question.seed });
  const check = { ...checked, largestError: checked.largestError / stated.rate };
  const replicates = yield* simulateBreaches(field, nodes, covariance, question);
  const { mean, error } = meanAndError(replicates.map((masses) => masses.reduce((sum, mass) => sum + mass, 0)));
  let sum = 0;
  const curve = days.map((tradingDays, node) => {
    sum += replicates.reduce((total, masses) => total + (masses[node] as number), 0) / replicates.length;
    return { tradingDays, probability: Math.min(1, sum) };
  });
  return {
    ...about,
    probability: Math.min(1, mean),
    standardError: error,
    curve,
    timeToBreach: timeQuantiles(curve),
    evaluation: field.kind,
    check,
    warnings: [...statistics.warnings, ...warningsOf(field, check, measure.figures.maintenance)],
  };
}

/** The same account, trees valued by exercise boundaries where it holds any. */
function withBoundaries(prepared: PreparedState): PreparedState {
  const contracts = valueContracts(
    prepared,
    prepared.portfolio.positions.map(({ instrument }) => instrument),
  );
  if (![...contracts.values()].some(({ option }) => option?.terms.model === 'binomial-crr')) return prepared;
  const { rules } = prepared;
  return { ...prepared, rules: { ...rules, valueScenarios: withTreesAsBoundaries(rules.valueScenarios) } };
}

/** Distance from full revaluation, as a share of the requirement, from which on it is warned of. */
const notableError = 0.01;

function warningsOf(
  { kind }: Pick<BufferField, 'kind'>,
  { points, largestError }: FieldCheck,
  maintenance: number,
): readonly string[] {
  const joint =
    'what one underlying contributes depends on the price of another: the whole account is revalued on every path, and between steps the buffer moves with the sensitivities of now';
  const far = `the interpolated buffer differed by up to ${largestError} from ${points} full revaluations, more than ${notableError} of the requirement`;
  return [...(kind === 'JOINT' ? [joint] : []), ...(largestError > notableError * maintenance ? [far] : [])];
}

interface AnnualStatistics {
  /** Row-major. */
  readonly covariance: Float64Array;
  readonly volatilities: Float64Array;
  readonly factors: FactorStatistics;
  readonly window: BreachProbability['window'];
  readonly warnings: readonly string[];
}

/** Volatility and correlation of the history, given volatilities in place of its own. */
function annualStatistics(
  prepared: PreparedState,
  history: RiskHistory | null,
  { decay, volatilities: given }: BreachQuestion,
): AnnualStatistics {
  const underlyingIds = movingUnderlyings(prepared);
  const size = underlyingIds.length;
  if (history === null && (size > 1 || underlyingIds.some((id) => given[id] === undefined)))
    throw new DomainError(
      'PRICE_MISSING',
      `prices: needed for volatility and correlation of ${underlyingIds.join(', ')}`,
      'prices',
    );
  const returns =
    history === null || size === 0 ? null : alignReturns({ ...history, underlyingIds, asOf: prepared.portfolio.asOf });
  const daily = returns === null ? new Float64Array(size * size).fill(1) : factorCovariance(returns.columns, decay);
  const correlations = correlationsOf(daily, size);
  const volatilities = Float64Array.from(
    underlyingIds,
    (id, index) => given[id] ?? Math.sqrt(tradingDays * (daily[index * size + index] as number)),
  );
  const covariance = correlations.map(
    (value, place) =>
      value * (volatilities[Math.floor(place / size)] as number) * (volatilities[place % size] as number),
  );
  return {
    covariance,
    volatilities,
    factors: { underlyingIds, volatilities: [...volatilities], correlations: [...correlations] },
    window:
      returns === null
        ? null
        : { from: returns.from, to: returns.dates[returns.dates.length - 1] as string, returns: returns.dates.length },
    warnings: returns?.warnings ?? [],
  };
}

/** Quantiles of the time to breach of the paths that breach, on straight lines between the instants. */
function timeQuantiles(curve: readonly BreachInstant[]): BreachProbability['timeToBreach'] {
  const total = curve[curve.length - 1]?.probability ?? 0;
  if (!(total > 1e-9)) return null;
  const timeAt = (share: number): number => {
    const wanted = share * total;
    const place = curve.findIndex(({ probability }) => probability >= wanted);
    const end = curve[place] as BreachInstant;
    const start = curve[place - 1] ?? { tradingDays: 0, probability: 0 };
    const rise = end.probability - start.probability;
    return start.tradingDays + ((end.tradingDays - start.tradingDays) * (wanted - start.probability)) / rise;
  };
  return { p10: timeAt(0.1), p50: timeAt(0.5), p90: timeAt(0.9) };
}
