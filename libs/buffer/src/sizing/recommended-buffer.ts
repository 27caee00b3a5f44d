import { contractGreeks, type ValuedContract } from '@ballast/margin';
import { measureState, type PreparedState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';
import { alignReturns } from '../risk/history/aligned-returns';
import { ewmaVolatilities } from '../risk/statistics/ewma-volatility';
import type { Steps } from '../risk/steps';
import { defaultRiskQuestion } from '../risk/tail/risk-question';
import { computeValueAtRisk, type RiskHistory } from '../risk/tail/value-at-risk';
import { type LiquidityCharge, liquidityCharge, type LiquidityPosition } from './liquidity-charge';
import { reviewInterval } from './review-interval';
import { componentsOf, type SizingComponent, type SizingFacts } from './sizing-components';
import { sizingParametersAt } from './sizing-parameter-sets';
import type { SizingParameters } from './sizing-parameters';

/** How large a buffer an account should have, and how soon to look again. */
export interface RecommendedBuffer {
  /** [base currency], ≥ 0, unrounded: the largest of the components. */
  readonly amount: number;
  readonly components: readonly SizingComponent[];
  /** Equity − maintenance requirement now [base currency]. */
  readonly buffer: number;
  /** Minutes until the account should be looked at again. */
  readonly reviewInterval: number;
  readonly parameters: SizingParameters;
  readonly warnings: readonly string[];
}

const tradingDays = 252;

/** Daily returns that the long-run shortfall looks back on, where there are as many. */
export function longRunReturns({ floorYears }: Pick<SizingParameters, 'floorYears'>): number {
  return Math.round(floorYears * tradingDays);
}

/** Figures by which the buffer of an account is sized: the firm's own, else the published ones of the instant. */
export function sizingOf({ rules, portfolio }: PreparedState): SizingParameters {
  return rules.sizing ?? sizingParametersAt(portfolio.asOf);
}

/**
 * Sizes the buffer of an account (methodology §5.10).
 *
 * @returns null when the account cannot be valued
 * @throws DomainError as computeValueAtRisk
 */
export function* recommendBuffer(prepared: PreparedState, history: RiskHistory): Steps<RecommendedBuffer | null> {
  const measure = measureState(prepared);
  if (measure.status === 'indeterminate') return null;
  const { equity, maintenance } = measure.figures;
  const parameters = sizingOf(prepared);
  const question = {
    ...defaultRiskQuestion,
    confidence: parameters.shortfallConfidence,
    horizonDays: parameters.liquidationDays,
  };
  const present = yield* computeValueAtRisk(prepared, history, question);
  const longRun = yield* computeValueAtRisk(
    prepared,
    { ...history, window: longRunReturns(parameters) },
    { ...question, method: 'HISTORICAL' },
  );
  const { exposures, liquidity } = marketOf(prepared, parameters);
  const gross = [...exposures.values()].reduce((sum, { exposure }) => sum + exposure, 0);
  const market = volatilityOf(prepared, history, { exposures, gross, parameters });
  const facts: SizingFacts = {
    maintenance,
    equity,
    gross,
    largest: [...exposures.values()].reduce((most, { exposure }) => Math.max(most, exposure), 0),
    floorShare: [...exposures.values()].reduce((most, { floor }) => Math.max(most, floor), 0),
    liquidity,
    shortfall: Math.max(0, present?.expectedShortfall ?? 0),
    longRunShortfall: Math.max(0, longRun?.expectedShortfall ?? 0),
    volatilityRatio: market.ratio,
  };
  const drafts = componentsOf(facts, parameters);
  const amount = drafts.reduce((most, draft) => Math.max(most, draft.amount), 0);
  const bindingAt = drafts.findIndex((draft) => draft.amount === amount);
  const buffer = equity - maintenance;
  const leverage = equity > 0 ? gross / equity : Infinity;
  return {
    amount,
    components: drafts.map((draft, index) => ({
      explanation: [],
      ...draft,
      binding: index === bindingAt && amount > 0,
    })),
    buffer,
    reviewInterval: reviewInterval({
      volatility: market.volatility,
      leverage,
      bufferRatio: amount > 0 ? buffer / amount : buffer < 0 ? -1 : Infinity,
    }),
    parameters,
    warnings: present?.warnings ?? [],
  };
}

interface Exposure {
  readonly exposure: number;
  readonly floor: number;
}

function marketOf(
  prepared: PreparedState,
  parameters: SizingParameters,
): { readonly exposures: ReadonlyMap<string, Exposure>; readonly liquidity: LiquidityCharge } {
  const { portfolio, snapshot } = prepared;
  const floors = parameters.floorByKind;
  const contracts = valueContracts(
    prepared,
    portfolio.positions.map(({ instrument }) => instrument),
  );
  const net = new Map<string, number>();
  for (const { instrument, quantity } of portfolio.positions)
    net.set(instrument.id, (net.get(instrument.id) ?? 0) + quantity.toNumber());
  const exposures = new Map<string, Exposure>();
  const positions: LiquidityPosition[] = [];
  for (const [id, contract] of contracts) {
    const { instrument, underlying, multiplier, fxToBase, spot, mark } = contract as ValuedContract;
    const size = (net.get(id) ?? 0) * multiplier * fxToBase;
    const isInverse = instrument.settlement === 'inverse';
    const before = exposures.get(underlying.underlyingId)?.exposure ?? 0;
    exposures.set(underlying.underlyingId, {
      // A coin-settled contract is converted from coins, of which its delta counts so many.
      exposure: before + Math.abs(size * contractGreeks(contract).delta * (isInverse ? 1 : spot)),
      floor: floors[underlying.kind],
    });
    const quote = snapshot.instruments.get(id);
    positions.push({
      instrumentId: id,
      quantity: net.get(id) ?? 0,
      // A coin-settled future is quoted per coin: a point of its price is 1/price of its coins.
      unitValue: (multiplier * fxToBase) / (isInverse && instrument.type !== 'option' ? Math.abs(mark) : 1),
      price: mark,
      type: instrument.type,
      spread: quote?.bid && quote.ask ? quote.ask.minus(quote.bid).toNumber() : null,
      openInterest: quote?.openInterest?.toNumber() ?? null,
      volume: quote?.volume?.toNumber() ?? null,
    });
  }
  return { exposures, liquidity: liquidityCharge(positions, parameters.liquidity, parameters.liquidationDays) };
}

/** Slow volatility of the account's market and the ratio of the fast one to it, weighted by exposure. */
function volatilityOf(
  { portfolio }: PreparedState,
  history: RiskHistory,
  given: {
    readonly exposures: ReadonlyMap<string, Exposure>;
    readonly gross: number;
    readonly parameters: SizingParameters;
  },
): { readonly volatility: number; readonly ratio: number } {
  const { exposures, gross, parameters } = given;
  const underlyingIds = [...exposures.keys()];
  if (underlyingIds.length === 0 || !(gross > 0)) return { volatility: 0, ratio: 1 };
  const { columns } = alignReturns({ ...history, underlyingIds, asOf: portfolio.asOf });
  let [volatility, ratio] = [0, 0];
  columns.forEach((column, index) => {
    const weight = (exposures.get(underlyingIds[index] as string)?.exposure ?? 0) / gross;
    const fast = ewmaVolatilities(column, parameters.fastDecay).at(-1) as number;
    const slow = ewmaVolatilities(column, parameters.slowDecay).at(-1) as number;
    volatility += weight * slow * Math.sqrt(tradingDays);
    ratio += weight * (slow > 0 ? fast / slow : 1);
  });
  return { volatility, ratio };
}
