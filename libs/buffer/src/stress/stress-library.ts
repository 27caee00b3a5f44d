import { DomainError } from '@ballast/domain';
import type { StressScenario } from './stress-scenario';

/** Version of the library: the day its figures were last changed. Results state it, so that a past one can be repeated. */
export const stressLibraryVersion = '2026-11-21';

const [cboe, spIndices, nymex, fomc, coins] = [
  'Cboe: VIX and VXO daily closes',
  'S&P Dow Jones Indices: S&P 500 daily closes',
  'NYMEX: settlement prices of the WTI front month',
  'Federal Open Market Committee: target range of the federal funds rate',
  'CoinMarketCap: daily closes (UTC)',
];

/**
 * The named scenarios. Moves are from close to close over the stated days; where no volatility index existed, the move is
 * an assumption and the sources say so. A class that a scenario does not name did not make the crisis, or has no figure
 * that fits all of its members (currencies): its underlyings stay and the result lists them.
 */
export const stressLibrary: readonly StressScenario[] = [
  historical('1987-10-19', {
    title: 'Black Monday: S&P 500 282.70 → 224.84 in a day, VXO 36.37 → 150.19',
    byClass: equities(-0.2047, 3.1295),
    sources: [spIndices, cboe],
  }),
  historical('2008-10', {
    title: 'Lehman, 12 September to 10 October 2008: S&P 500 1251.70 → 899.22, VIX 25.66 → 69.95, WTI 101.18 → 77.70',
    byClass: {
      ...equities(-0.2816, 1.726, -0.005),
      'crude-oil': { spot: -0.2321, volatility: 0.8, rate: -0.005 },
      energy: { spot: -0.2321, volatility: 0.8, rate: -0.005 },
    },
    sources: [spIndices, cboe, nymex, fomc, 'Volatility of energy: assumption'],
  }),
  historical('2011-08', {
    title: 'Downgrade of the United States, 22 July to 8 August 2011: S&P 500 1345.02 → 1119.46, VIX 17.52 → 48.00',
    byClass: equities(-0.1677, 1.7397),
    sources: [spIndices, cboe],
  }),
  historical('2015-08-24', {
    title: 'Yuan devaluation, 17 to 24 August 2015: S&P 500 2102.44 → 1893.21, VIX 13.02 → 40.74',
    byClass: equities(-0.0995, 2.129),
    sources: [spIndices, cboe],
  }),
  historical('2018-02-05', {
    title: 'Collapse of short-volatility products in a day: S&P 500 2762.13 → 2648.94, VIX 17.31 → 37.32',
    byClass: equities(-0.041, 1.156),
    sources: [spIndices, cboe],
  }),
  historical('2020-03', {
    title: 'Pandemic, 19 February to 23 March 2020: S&P 500 3386.15 → 2237.40, VIX 14.38 → 61.59, WTI 53.29 → 23.36',
    byClass: {
      ...equities(-0.3393, 3.283, -0.015),
      crypto: { spot: -0.334, volatility: 1, rate: -0.015 },
      'crude-oil': { spot: -0.5616, volatility: 2, rate: -0.015 },
      energy: { spot: -0.5616, volatility: 2, rate: -0.015 },
    },
    sources: [spIndices, cboe, nymex, fomc, coins, 'Volatilities of energy and coins: assumption'],
  }),
  historical('2020-04-20-negative-oil', {
    title: 'WTI May future 18.27 → −37.63 in a day; S&P 500 2874.56 → 2823.16, VIX 38.15 → 43.83',
    byClass: { ...equities(-0.0179, 0.1489), 'crude-oil': { spotBy: -55.9, volatility: 0.5 } },
    negativePrices: 'BACHELIER',
    sources: [
      'CFTC, Interim Staff Report: Trading in NYMEX WTI Crude Oil Futures Contract, 23 November 2020',
      spIndices,
      cboe,
      'Volatility of crude oil: assumption',
    ],
  }),
  {
    name: 'negative-oil-level',
    origin: 'HYPOTHETICAL',
    title: 'WTI falls to the settlement of 20 April 2020, −37.63, from wherever it stands',
    byClass: { 'crude-oil': { spotTo: -37.63, volatility: 0.5 } },
    negativePrices: 'BACHELIER',
    sources: ['CFTC, Interim Staff Report, 23 November 2020', 'Volatility of crude oil: assumption'],
  },
  historical('2020-03-12-crypto', {
    title: 'Coins in a day: BTC 7,911 → 4,971, ETH 194.87 → 112.35; S&P 500 2741.38 → 2480.64, VIX 53.90 → 75.47',
    byClass: { ...equities(-0.0951, 0.4002), crypto: { spot: -0.4235, volatility: 1.5 } },
    byUnderlying: { BTC: { spot: -0.3717, volatility: 1.5 }, ETH: { spot: -0.4235, volatility: 1.5 } },
    sources: [coins, spIndices, cboe, 'Volatility of coins: assumption, there was no index'],
  }),
  historical('2022-11-crypto', {
    title: 'Failure of FTX, 5 to 9 November 2022: BTC 21,283 → 15,881, ETH 1,628 → 1,100',
    byClass: { crypto: { spot: -0.3242, volatility: 0.9 } },
    byUnderlying: { BTC: { spot: -0.2538, volatility: 0.9 }, ETH: { spot: -0.3242, volatility: 0.9 } },
    sources: [coins, 'Volatility of coins: assumption from indices that passed 100 %'],
  }),
  {
    name: 'correlation-flip',
    origin: 'HYPOTHETICAL',
    title:
      'Nothing offsets: every price moves by a large day of its class, in the direction that costs the account more',
    byClass: {
      'equity-index': { spot: 0.08, volatility: 0.4 },
      equity: { spot: 0.15, volatility: 0.4 },
      'volatility-index': { spot: 0.4, volatility: 0.4 },
      fx: { spot: 0.04, volatility: 0.4 },
      crypto: { spot: 0.2, volatility: 0.4 },
      'crude-oil': { spot: 0.15, volatility: 0.4 },
      energy: { spot: 0.2, volatility: 0.4 },
      metal: { spot: 0.1, volatility: 0.4 },
      agriculture: { spot: 0.08, volatility: 0.4 },
      'interest-rate': { spot: 0.02, volatility: 0.4 },
      other: { spot: 0.15, volatility: 0.4 },
    },
    direction: 'ADVERSE',
    sources: ['Sizes: assumption. Motive: Nasdaq Clearing, 10 September 2018, a spread that moved against its history'],
  },
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

function historical(name: string, scenario: Omit<StressScenario, 'name' | 'origin'>): StressScenario {
  return { name, origin: 'HISTORICAL', ...scenario };
}

/** Shares and what is not known better fall with the index; a volatility index moves as volatility does. */
function equities(spot: number, volatility: number, rate?: number): NonNullable<StressScenario['byClass']> {
  const move = { spot, volatility, ...(rate === undefined ? {} : { rate }) };
  const own = { ...move, spot: volatility };
  return { 'equity-index': move, equity: move, other: move, 'volatility-index': own };
}
