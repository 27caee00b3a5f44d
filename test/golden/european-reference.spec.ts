import { bachelier, black76, blackScholes, type OptionRight } from '@ballast/pricing';
import { type AccuracyBars, lognormalBars, normalBars, SMALLEST_REFERENCE } from '../support/european-bars';
import {
  describeGolden,
  errorAgainst,
  type GoldenRow,
  readGoldenTable,
  WorstMultiples,
} from '../support/european-golden';

/** Our name → column of the reference tables (60-digit arithmetic, 22 digits printed). */
const LOGNORMAL = {
  theta: 'theta',
  rho: 'rho',
  vanna: 'vanna',
  volga: 'volga',
  charm: 'charm',
  dualDelta: 'dual_delta',
  dualGamma: 'dual_gamma',
} as const;
const SPOT_ONLY = { dividendRho: 'phi', veta: 'veta', speed: 'speed', zomma: 'zomma', color: 'color' } as const;
const NORMAL = { theta: 'theta', rho: 'rho', vanna: 'vanna', volga: 'volga' } as const;
const FIRST = ['price', 'price (out of the money, relative)', 'delta', 'gamma', 'vega'];

type Values = Readonly<Record<string, number>>;

function noteRow(worst: WorstMultiples, row: GoldenRow, ours: Values, bars: AccuracyBars, isOut: boolean): void {
  const where = `row ${row['id']}`;
  const price = row['price']!;
  worst.note('price', errorAgainst(ours['price']!, price) / bars.priceAbsolute, where);
  if (isOut && Number(price) > SMALLEST_REFERENCE) {
    const relative = errorAgainst(ours['price']!, price) / Number(price);
    worst.note('price (out of the money, relative)', relative / bars.outOfTheMoneyRelative, where);
  }
  for (const name of ['delta', 'gamma', 'vega']) {
    const reference = Math.abs(Number(row[name]));
    if (reference < SMALLEST_REFERENCE) continue;
    worst.note(name, errorAgainst(ours[name]!, row[name]!) / reference / bars.firstRelative, where);
  }
}

function noteOthers(
  worst: WorstMultiples,
  row: GoldenRow,
  ours: Values,
  names: Values | object,
  bars: AccuracyBars,
): void {
  for (const [name, column] of Object.entries(names) as [string, string][]) {
    const reference = Math.abs(Number(row[column]));
    if (reference < SMALLEST_REFERENCE) continue;
    worst.note(name, errorAgainst(ours[name]!, row[column]!) / reference / bars.otherRelative, `row ${row['id']}`);
  }
}

const number = (row: GoldenRow, column: string): number => Number(row[column]);
const market = (row: GoldenRow) => ({
  strike: number(row, 'K'),
  yearsToExpiry: number(row, 'T'),
  rate: number(row, 'r'),
  volatility: number(row, 'sigma'),
  right: row['type'] as OptionRight,
});

describeGolden('the lognormal and normal models against 60-digit references', () => {
  it('Black-Scholes: price and 15 sensitivities within their bars', () => {
    const worst = new WorstMultiples();
    for (const row of readGoldenTable('black-scholes-reference.csv')) {
      const input = { ...market(row), spot: number(row, 'S'), dividendYield: number(row, 'q') };
      const { spot, strike, yearsToExpiry, rate, dividendYield } = input;
      const forward = spot * Math.exp((rate - dividendYield) * yearsToExpiry);
      const ours = blackScholes(input) as unknown as Values;
      const bars = lognormalBars(input);
      noteRow(worst, row, ours, bars, input.right === 'call' ? forward <= strike : forward >= strike);
      noteOthers(worst, row, ours, { ...LOGNORMAL, ...SPOT_ONLY }, bars);
    }
    worst.expectWithin([...FIRST, ...Object.keys(LOGNORMAL), ...Object.keys(SPOT_ONLY)]);
  });

  it('Black-76: price and sensitivities within their bars', () => {
    const worst = new WorstMultiples();
    for (const row of readGoldenTable('black76-reference.csv')) {
      const input = { ...market(row), forward: number(row, 'F') };
      const ours = black76(input) as unknown as Values;
      const bars = lognormalBars({ ...input, spot: input.forward, dividendYield: input.rate });
      const isOut = input.right === 'call' ? input.forward <= input.strike : input.forward >= input.strike;
      noteRow(worst, row, ours, bars, isOut);
      noteOthers(worst, row, ours, LOGNORMAL, bars);
    }
    worst.expectWithin([...FIRST, ...Object.keys(LOGNORMAL)]);
  });

  it('Bachelier: price and sensitivities within their bars, prices below zero included', () => {
    const worst = new WorstMultiples();
    for (const row of readGoldenTable('bachelier-reference.csv')) {
      const input = { ...market(row), volatility: number(row, 'sigma_n'), forward: number(row, 'F') };
      const ours = bachelier(input) as unknown as Values;
      const bars = normalBars(input);
      const isOut = input.right === 'call' ? input.forward <= input.strike : input.forward >= input.strike;
      noteRow(worst, row, ours, bars, isOut);
      noteOthers(worst, row, ours, NORMAL, bars);
    }
    worst.expectWithin([...FIRST, ...Object.keys(NORMAL)]);
  });
});
