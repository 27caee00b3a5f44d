import { expm1 } from '@ballast/pricing';
import type { CryptoPmBook } from './crypto-pm-book';
import type { CryptoPmContract } from './crypto-pm-contract';
import type { CryptoPmParameters, CryptoPmUnderlyingParameters } from './crypto-pm-parameters';
import type { CryptoPmScenario } from './crypto-pm-scenario';

/** Charges of one underlying outside the scenarios. */
export interface CryptoPmShocks {
  readonly underlying: string;
  /** [base currency], ≥ 0 */
  readonly rollShock: number;
  /** [base currency], ≥ 0 */
  readonly deltaShock: number;
  /** Net delta [coin], long > 0. */
  readonly netDelta: number;
}

/** Risk of a portfolio in given quantities; all amounts in the base currency. */
export interface CryptoPmRisk {
  /** Portfolio profit per scenario, gain > 0. */
  readonly pnls: readonly number[];
  /** Profit per underlying and scenario before offsets between underlyings. */
  readonly pnlsByUnderlying: readonly (readonly number[])[];
  /** Place of the smallest profit; ties take the lowest. */
  readonly worstIndex: number;
  /** Largest loss of the risk matrix, ≥ 0. */
  readonly worstLoss: number;
  readonly shocks: readonly CryptoPmShocks[];
  /** Risk matrix RM = worst loss + delta shocks + roll shocks. */
  readonly riskMatrix: number;
}

/**
 * Computes the risk matrix of a portfolio from contracts valued once (methodology §3.1). Where several underlyings are
 * held, the gains of one count `pnlOffset` in each scenario.
 *
 * @param quantities  net contracts in the portfolio's canonical order
 */
export function computeCryptoPmRisk(
  books: readonly CryptoPmBook[],
  quantities: ArrayLike<number>,
  parameters: Pick<CryptoPmParameters, 'pnlOffset'>,
): CryptoPmRisk {
  const pnlsByUnderlying = books.map((book) => computeBookPnls(book, quantities));
  const pnls = offsetPnls(pnlsByUnderlying, parameters);
  let worstIndex = 0;
  pnls.forEach((pnl, row) => {
    if (pnl < (pnls[worstIndex] as number)) worstIndex = row;
  });
  const worstLoss = Math.max(0, -(pnls[worstIndex] ?? 0));
  const shocks = books.map((book) => computeShocks(book, quantities));
  const riskMatrix = shocks.reduce((sum, { rollShock, deltaShock }) => sum + rollShock + deltaShock, worstLoss);
  return { pnls, pnlsByUnderlying, worstIndex, worstLoss, shocks, riskMatrix };
}

/** Adds up the profits of underlyings per scenario; where there are several, gains of one count `pnlOffset`. */
export function offsetPnls(
  pnlsByUnderlying: readonly ArrayLike<number>[],
  { pnlOffset }: Pick<CryptoPmParameters, 'pnlOffset'>,
): readonly number[] {
  const offset = pnlsByUnderlying.length > 1 ? pnlOffset : 1;
  return Array.from({ length: pnlsByUnderlying[0]?.length ?? 0 }, (_, row) =>
    pnlsByUnderlying.reduce((sum, own) => sum + ((own[row] as number) > 0 ? offset : 1) * (own[row] as number), 0),
  );
}

/** Computes the profit of one underlying in every scenario, rows of the extended table as `extendPnl` counts them. */
export function computeBookPnls(book: CryptoPmBook, quantities: ArrayLike<number>): readonly number[] {
  const coin = new Float64Array(book.scenarios.length);
  const quote = new Float64Array(book.scenarios.length);
  book.contracts.forEach(({ inverse, pnls }, index) => {
    const quantity = quantities[book.places[index] as number] as number;
    const sums = inverse ? coin : quote;
    for (let row = 0; row < pnls.length; row += 1) sums[row] = (sums[row] as number) + quantity * (pnls[row] as number);
  });
  return book.scenarios.map((scenario, row) => {
    const [inCoin, inQuote] = [coin[row] as number, quote[row] as number];
    return scenario.table === 'inner' ? inCoin + inQuote : extendPnl(book, scenario, { inCoin, inQuote });
  });
}

/**
 * Turns the profit at an extended move into what counts (methodology §3.1): in USD at the shocked price, times
 * extendedTableFactor · priceRange / |move|; a loss is then reduced by
 * min(loss, (|move| / priceRange − 1) · extendedDampener); coin amounts convert back at (1 ± priceRange) times the index.
 *
 * @param profit  of coin-settled and of quote-settled contracts at the move [base currency at the unshocked index]
 * @returns gain > 0 [base currency]
 */
export function extendPnl(
  { usdPerBase, parameters }: Pick<CryptoPmBook, 'usdPerBase' | 'parameters'>,
  { move }: Pick<CryptoPmScenario, 'move'>,
  { inCoin, inQuote }: { readonly inCoin: number; readonly inQuote: number },
): number {
  const { extendedTableFactor, priceRange, extendedDampener } = parameters;
  const scale = (usdPerBase * extendedTableFactor * priceRange) / Math.abs(move);
  const coinUsd = inCoin * (1 + move) * scale;
  const quoteUsd = inQuote * scale;
  const total = coinUsd + quoteUsd;
  const forgiven = Math.max(0, Math.abs(move) / priceRange - 1) * extendedDampener;
  const kept = total < 0 ? Math.max(0, 1 + forgiven / total) : 1;
  return (kept * (coinUsd / (1 + Math.sign(move) * priceRange) + quoteUsd)) / usdPerBase;
}

/**
 * Computes the delta shock [USD], ≥ 0 (methodology §3.1): 0 up to the threshold of net delta in USD, above it
 * excess · min(maxDeltaShock, deltaShockSlope · excess / 1,000,000). The venue does not publish its formula; this is ours.
 *
 * @example
 * // 30 million USD net, threshold 20 million, slope 5e-5: 10,000,000 · 5e-5 · 10 = 5,000
 */
export function computeDeltaShock(netDeltaUsd: number, parameters: CryptoPmUnderlyingParameters): number {
  const excess = Math.max(0, Math.abs(netDeltaUsd) - parameters.deltaShockThresholdUsd);
  return excess * Math.min(parameters.maxDeltaShock, (parameters.deltaShockSlope * excess) / 1e6);
}

/**
 * Computes roll and delta shock of one underlying. Roll shock: Σ_expiry |Δ| · max(e^(annualisedMoveRisk · T) − 1,
 * minAnnualisedMove) with Δ the net coin delta of the expiry, options included; all perpetuals are one expiry with T = 0.
 */
export function computeShocks(book: CryptoPmBook, quantities: ArrayLike<number>): CryptoPmShocks {
  const { parameters, basePerCoin, usdPerBase, underlying } = book;
  const deltaByExpiry = new Map<number, number>();
  let netDelta = 0;
  book.contracts.forEach(({ rollYears, delta }: CryptoPmContract, index) => {
    const held = (quantities[book.places[index] as number] as number) * delta;
    netDelta += held;
    if (rollYears !== null) deltaByExpiry.set(rollYears, (deltaByExpiry.get(rollYears) ?? 0) + held);
  });
  let rollShock = 0;
  for (const [years, delta] of deltaByExpiry) {
    const move = Math.max(expm1(parameters.annualisedMoveRisk * years), parameters.minAnnualisedMove);
    rollShock += Math.abs(delta) * move * basePerCoin;
  }
  const deltaShockUsd = computeDeltaShock(netDelta * basePerCoin * usdPerBase, parameters);
  return { underlying, netDelta, rollShock, deltaShock: deltaShockUsd / usdPerBase };
}
