import { netCoins, type PmrmBook, type Quantities } from './crypto-pmrm-book';
import { computePmrmContingencies, type PmrmContingencies } from './crypto-pmrm-contingency';
import type { PmrmParameters } from './crypto-pmrm-parameters';
import {
  computePmrmBasisContingency,
  computePmrmScenarios,
  valueExpiry,
  type PmrmExpiryValues,
} from './crypto-pmrm-scenario';

/** All figures of one book [USD]. */
export interface PmrmHealth {
  readonly underlying: string;
  /** Profit per scenario in input order, then the basis contingency; gain > 0. */
  readonly pnls: readonly number[];
  /** Place of the smallest profit; ties take the lowest. */
  readonly worstIndex: number;
  /** −(smallest profit), any sign. */
  readonly worstLoss: number;
  /** Factor on the worst loss in the initial figure: imFactor + max(0, pegLossThreshold − stable price) · pegLossFactor. */
  readonly initialFactor: number;
  readonly contingencies: PmrmContingencies;
  /** Options, perpetual profit and funding, coins and offsetting collateral. */
  readonly markToMarket: number;
  /** What the figure takes off mark to market and cash, any sign. */
  readonly initialCharge: number;
  readonly maintenanceCharge: number;
}

/**
 * Computes initial and maintenance charge of one book (methodology §3.2): maintenance = loss · mmFactor + MMcont,
 * initial = loss · (imFactor + peg term) + IMcont + MMcont, loss the largest of scenarios and basis.
 *
 * @param quantities  net contracts in the portfolio's canonical order
 */
export function computePmrmHealth(book: PmrmBook, quantities: Quantities, parameters: PmrmParameters): PmrmHealth {
  const values = book.expiries.map((expiry) => valueExpiry(expiry, quantities));
  const pnls = [
    ...computePmrmScenarios(book, quantities, values, parameters),
    computePmrmBasisContingency(book, values, parameters),
  ];
  const worstIndex = pnls.reduce((worst, pnl, index) => (pnl < (pnls[worst] as number) ? index : worst), 0);
  const worstLoss = 0 - (pnls[worstIndex] as number);
  const contingencies = computePmrmContingencies(book, quantities, parameters.otherContingency);
  const { pegLossThreshold, pegLossFactor } = parameters.otherContingency;
  const initialFactor = parameters.margin.imFactor + Math.max(0, pegLossThreshold - book.stablePrice) * pegLossFactor;
  const maintenance = contingencies.maintenancePerpetual + contingencies.maintenanceOption;
  const initial = contingencies.initialPerpetual + contingencies.initialOption + contingencies.confidence;
  return {
    underlying: book.underlying,
    pnls,
    worstIndex,
    worstLoss,
    initialFactor,
    contingencies,
    markToMarket: markToMarket(book, quantities, values),
    initialCharge: worstLoss * initialFactor + initial + maintenance,
    maintenanceCharge: worstLoss * parameters.margin.mmFactor + maintenance,
  };
}

function markToMarket(book: PmrmBook, quantities: Quantities, values: readonly PmrmExpiryValues[]): number {
  let value = book.perpetualUnrealised;
  for (const { base } of values) value += base;
  for (const coin of book.coins) value += (netCoins([coin], quantities) * coin.price) / book.stablePrice;
  return value;
}
