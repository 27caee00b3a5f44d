import { DomainError } from '@ballast/domain';
import {
  coinVolatilities,
  energyVolatilities,
  equities,
  equityRates,
  historical,
  hypothetical,
  index,
  largeDays,
  oil,
  rates,
  stated,
  volatility,
} from './library-figures';
import { assumed } from './stress-figure';
import type { StressScenario } from './stress-scenario';

/** Version of the library: the day its figures were last changed. Results state it, so that a past one can be repeated. */
export const stressLibraryVersion = '2026-11-21';

/** Series of the reference data (`shared/data/prices`), against which a test recomputes what rests on them. */
const vixFile = 'vix_1990_2026.csv, column CLOSE';
const indexFile = 'sp500_plus5_2012_2022.csv, column SP500';
const cboe = 'Cboe, daily closes';
const spIndices = 'S&P Dow Jones Indices, daily closes';
const nymex = 'NYMEX, settlements of the WTI front month';
const coins = 'CoinMarketCap, daily closes (UTC)';
const cftc = 'CFTC, Interim Staff Report: Trading in NYMEX WTI Crude Oil Futures Contract, 23 November 2020';

/**
 * The named scenarios. Moves are from close to close over the stated days; `figures` says of each where it comes from and
 * whether it was checked. A class that a scenario does not name did not make the crisis, or has no figure that fits all of
 * its members (currencies): its underlyings stay and the result lists them.
 */
export const stressLibrary: readonly StressScenario[] = [
  historical('1987-10-19', {
    title: 'Black Monday: S&P 500 282.70 → 224.84 in a day, VXO 36.37 → 150.19',
    byClass: equities(-0.2047, 3.1295),
    figures: [
      index('STATED', spIndices, ['1987-10-16', 282.7], ['1987-10-19', 224.84]),
      volatility('STATED', cboe, ['1987-10-16', 36.37], ['1987-10-19', 150.19], 'VXO'),
    ],
  }),
  historical('2008-10', {
    title: 'Lehman, 12 September to 10 October 2008: S&P 500 1251.70 → 899.22, VIX 25.66 → 69.95, WTI 101.18 → 77.70',
    byClass: {
      ...equities(-0.2816, 1.726, -0.005),
      'crude-oil': { spot: -0.2321, volatility: 0.8, rate: -0.005 },
      energy: { spot: -0.2321, volatility: 0.8, rate: -0.005 },
    },
    figures: [
      index('STATED', spIndices, ['2008-09-12', 1251.7], ['2008-10-10', 899.22]),
      volatility('COMPUTED', vixFile, ['2008-09-12', 25.66], ['2008-10-10', 69.95]),
      oil(nymex, ['2008-09-12', 101.18], ['2008-10-10', 77.7]),
      rates('2.00 % → 1.50 %', [...equityRates, 'crude-oil.rate', 'energy.rate']),
      assumed('volatility of energy +80 %', energyVolatilities),
    ],
  }),
  historical('2011-08', {
    title: 'Downgrade of the United States, 22 July to 8 August 2011: S&P 500 1345.02 → 1119.46, VIX 17.52 → 48.00',
    byClass: equities(-0.1677, 1.7397),
    figures: [
      index('STATED', spIndices, ['2011-07-22', 1345.02], ['2011-08-08', 1119.46]),
      volatility('COMPUTED', vixFile, ['2011-07-22', 17.52], ['2011-08-08', 48]),
    ],
  }),
  historical('2015-08-24', {
    title: 'Yuan devaluation, 17 to 24 August 2015: S&P 500 2102.44 → 1893.21, VIX 13.02 → 40.74',
    byClass: equities(-0.0995, 2.129),
    figures: [
      index('COMPUTED', indexFile, ['2015-08-17', 2102.44], ['2015-08-24', 1893.21]),
      volatility('COMPUTED', vixFile, ['2015-08-17', 13.02], ['2015-08-24', 40.74]),
    ],
  }),
  historical('2018-02-05', {
    title: 'Collapse of short-volatility products in a day: S&P 500 2762.13 → 2648.94, VIX 17.31 → 37.32',
    byClass: equities(-0.041, 1.156),
    figures: [
      index('COMPUTED', indexFile, ['2018-02-02', 2762.13], ['2018-02-05', 2648.94]),
      volatility('COMPUTED', vixFile, ['2018-02-02', 17.31], ['2018-02-05', 37.32]),
    ],
  }),
  historical('2020-03', {
    title: 'Pandemic, 19 February to 23 March 2020: S&P 500 3386.15 → 2237.40, VIX 14.38 → 61.59, WTI 53.29 → 23.36',
    byClass: {
      ...equities(-0.3392, 3.283, -0.015),
      crypto: { spot: -0.334, volatility: 1, rate: -0.015 },
      'crude-oil': { spot: -0.5616, volatility: 2, rate: -0.015 },
      energy: { spot: -0.5616, volatility: 2, rate: -0.015 },
    },
    figures: [
      index('COMPUTED', indexFile, ['2020-02-19', 3386.15], ['2020-03-23', 2237.4]),
      volatility('COMPUTED', vixFile, ['2020-02-19', 14.38], ['2020-03-23', 61.59]),
      oil(nymex, ['2020-02-19', 53.29], ['2020-03-23', 23.36]),
      stated('BTC −33.4 %', coins, ['crypto.spot']),
      rates('1.50 % → 0.00 %', [...equityRates, 'crypto.rate', 'crude-oil.rate', 'energy.rate']),
      assumed('volatility of energy +200 %, of coins +100 %', [...energyVolatilities, 'crypto.volatility']),
    ],
  }),
  historical('2020-04-20-negative-oil', {
    title: 'WTI May future 18.27 → −37.63 in a day; S&P 500 2874.56 → 2823.16, VIX 38.15 → 43.83',
    byClass: { ...equities(-0.0179, 0.1489), 'crude-oil': { spotBy: -55.9, volatility: 0.5 } },
    negativePrices: 'BACHELIER',
    figures: [
      index('COMPUTED', indexFile, ['2020-04-17', 2874.56], ['2020-04-20', 2823.16]),
      volatility('COMPUTED', vixFile, ['2020-04-17', 38.15], ['2020-04-20', 43.83]),
      { ...oil(cftc, ['2020-04-17', 18.27], ['2020-04-20', -37.63]), moves: ['crude-oil.spotBy'] },
      assumed('volatility of crude oil +50 %', ['crude-oil.volatility']),
    ],
  }),
  hypothetical('negative-oil-level', {
    title: 'WTI falls to the settlement of 20 April 2020, −37.63, from wherever it stands',
    byClass: { 'crude-oil': { spotTo: -37.63, volatility: 0.5 } },
    negativePrices: 'BACHELIER',
    figures: [
      stated('WTI May future −37.63 (2020-04-20)', cftc, ['crude-oil.spotTo']),
      assumed('volatility of crude oil +50 %', ['crude-oil.volatility']),
    ],
  }),
  historical('2020-03-12-crypto', {
    title: 'Coins in a day: BTC 7,911 → 4,971, ETH 194.87 → 112.35; S&P 500 2741.38 → 2480.64, VIX 53.90 → 75.47',
    byClass: { ...equities(-0.0951, 0.4002), crypto: { spot: -0.4235, volatility: 1.5 } },
    byUnderlying: { BTC: { spot: -0.3717, volatility: 1.5 }, ETH: { spot: -0.4235, volatility: 1.5 } },
    figures: [
      index('COMPUTED', indexFile, ['2020-03-11', 2741.38], ['2020-03-12', 2480.64]),
      volatility('COMPUTED', vixFile, ['2020-03-11', 53.9], ['2020-03-12', 75.47]),
      stated('BTC 7,911 → 4,971', coins, ['BTC.spot']),
      stated('ETH 194.87 → 112.35; other coins as ETH', coins, ['ETH.spot', 'crypto.spot']),
      assumed('volatility of coins +150 %: there was no index', coinVolatilities),
    ],
  }),
  historical('2022-11-crypto', {
    title: 'Failure of FTX, 5 to 9 November 2022: BTC 21,283 → 15,881, ETH 1,628 → 1,100',
    byClass: { crypto: { spot: -0.3242, volatility: 0.9 } },
    byUnderlying: { BTC: { spot: -0.2538, volatility: 0.9 }, ETH: { spot: -0.3242, volatility: 0.9 } },
    figures: [
      stated('BTC 21,283 → 15,881', coins, ['BTC.spot']),
      stated('ETH 1,628 → 1,100; other coins as ETH', coins, ['ETH.spot', 'crypto.spot']),
      assumed('volatility of coins +90 %: indices passed 100 %', coinVolatilities),
    ],
  }),
  hypothetical('correlation-flip', {
    title:
      'Nothing offsets: every price moves by a large day of its class, in the direction that costs the account more',
    byClass: largeDays,
    direction: 'ADVERSE',
    figures: [
      assumed(
        'a large day of each class',
        Object.keys(largeDays).flatMap((name) => [`${name}.spot`, `${name}.volatility`]),
        'motive: Nasdaq Clearing, 10 September 2018, a spread that moved against its history',
      ),
    ],
  }),
];

/**
 * Finds scenarios of the library by name; all of them where no name is given.
 *
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown name and the known ones
 */
export function findStressScenarios(names: readonly string[]): readonly StressScenario[] {
  if (names.length === 0) return stressLibrary;
  return [...new Set(names)].map((name) => {
    const found = stressLibrary.find((scenario) => scenario.name === name);
    if (found !== undefined) return found;
    const known = stressLibrary.map((scenario) => scenario.name).join(', ');
    throw new DomainError('INVALID_PARAMETER', `no scenario is named ${name}; known are ${known}`, 'scenarios');
  });
}
