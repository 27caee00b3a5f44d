import type { ParameterSet } from '../parameter-set';
import type { CryptoPmParameters } from './crypto-pm-parameters';

/** Published parameter sets of CRYPTO_PM, oldest first. */
export const cryptoPmParameterSets: readonly ParameterSet<CryptoPmParameters>[] = [
  {
    id: 'crypto-pm-published',
    effectiveFrom: '2020-01-01',
    source:
      "Deribit, portfolio margin: published model parameters of the BTC book and the documentation's worked example",
    values: {
      priceRange: 0.16,
      volatilityRangeUp: 0.5,
      volatilityRangeDown: 0.25,
      shortTermPower: 0.3,
      longTermPower: 0.13,
      minVolatilityForShockUp: 0.5,
      extendedMoves: [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5],
      extendedTableFactor: 1,
      extendedDampener: 100_000,
      pnlOffset: 1,
      annualisedMoveRisk: 0.075,
      minAnnualisedMove: 0.01,
      deltaShockThresholdUsd: 20_000_000,
      deltaShockSlope: 5e-5,
      maxDeltaShock: 0.1,
      maintenanceFactor: 0.8,
      openOrders: 0,
      marketMakerProtection: 0,
      valuation: 'full',
      underlyings: {},
    },
  },
];
