import { cashOf, preparedAccount } from '../../../../../test/support/account-builder';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../../test/support/portfolio-builder';
import { breachAccount, breachCases } from '../../../../../test/support/breach-account';
import { normals, seriesOf } from '../../../../../test/support/price-history';
import { finish } from '../steps';
import { computeBreachProbability } from './breach-probability';
import { type BreachQuestion, defaultBreachQuestion } from './breach-question';
import { lognormalTouchProbability } from './first-passage';

const quotes = [
  quote('F', { price: '100' }),
  quote('G', { price: '50' }),
  quote('C', { volatility: 0.3 }),
  quote('P', { volatility: 0.3 }),
  quote('N', { volatility: 0.3 }),
];
const second = future('G', { underlying: 'V' });
const accountOf = (positions: Parameters<typeof portfolioOf>[0], cash: string, parameters: unknown = {}) =>
  preparedAccount({
    portfolio: portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf(cash)] }),
    snapshot: snapshotOf({ quotes, underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50')] }),
    parameters,
  });
const series = seriesOf({
  U: normals(300, 3).map((value) => 0.02 * value),
  V: normals(300, 4).map((value) => 0.02 * value),
});
const breach = (
  positions: Parameters<typeof portfolioOf>[0],
  cash: string,
  changes: Partial<BreachQuestion> = { volatilities: { U: 0.4 } },
  parameters: unknown = {},
) => {
  const question = { ...defaultBreachQuestion, paths: 128, ...changes };
  const found = finish(computeBreachProbability(accountOf(positions, cash, parameters), { series }, question));
  if (found === null) throw new Error('indeterminate');
  return found;
};

describe('computeBreachProbability', () => {
  it.each([
    ['long', 1, '3000', 7000 / 85],
    ['short', -1, '3000', 13000 / 115],
    ['long, near', 1, '1900', 8100 / 85],
  ])(
    'of one future %s agrees with the first passage of its price within 3 standard errors',
    (_, quantity, cash, level) => {
      const found = breach([position(future('F'), quantity)], cash, { volatilities: { U: 0.4 }, paths: 256 });
      const closed = lognormalTouchProbability({ price: 100, level, volatility: 0.4, years: 10 / 252 });
      expect(found.evaluation).toBe('SINGLE');
      expect(found.standardError).toBeLessThan(0.002);
      expect(Math.abs(found.probability - closed)).toBeLessThan(3 * found.standardError + 1e-4);
      const half = found.curve.find(({ tradingDays }) => Math.abs(tradingDays - 5) < 1e-9)?.probability ?? NaN;
      const closedHalf = lognormalTouchProbability({ price: 100, level, volatility: 0.4, years: 5 / 252 });
      expect(Math.abs(half - closedHalf)).toBeLessThan(0.01);
      expect(found.timeToBreach?.p10).toBeLessThan(found.timeToBreach?.p90 ?? 0);
    },
  );

  it('is corrected between steps: one step finds nearly the probability of twenty', () => {
    const [coarse, fine] = [1, 20].map((steps) =>
      breach([position(future('F'), 1)], '1900', { volatilities: { U: 0.4 }, steps }),
    );
    expect(Math.abs((coarse?.probability ?? 0) - (fine?.probability ?? 1))).toBeLessThan(0.01);
  });

  it('never rises with cash, for one underlying and for several', () => {
    const straddle = [position(option('C'), -1), position(option('P', { right: 'put' }), -1)];
    const both = [position(future('F'), 1), position(second, -3)];
    for (const [held, volatilities] of [
      [straddle, { U: 0.4 }],
      [both, {}],
    ] as const) {
      const found = ['3500', '4300', '9000'].map(
        (cash) => breach(held, cash, { volatilities, paths: 64, replicates: 4, steps: 5 }).probability,
      );
      found.slice(1).forEach((value, index) => expect(value).toBeLessThanOrEqual((found[index] as number) + 1e-12));
      expect(found[0]).toBeGreaterThan(found[2] as number);
    }
  });

  it('sums requirements that do not offset and nets anew those that do', () => {
    const held = [position(future('F'), 1), position(second, 2)];
    const grouped = { productGroups: [{ id: 'g', members: ['U', 'V'], offset: 0 }] };
    const apart = breach(held, '4000', { paths: 64, replicates: 2, steps: 4 });
    const joint = breach(held, '4000', { paths: 64, replicates: 2, steps: 4 }, grouped);
    expect([apart.evaluation, joint.evaluation]).toEqual(['PER_UNDERLYING', 'PER_UNDERLYING']);
    expect(Math.abs(apart.probability - joint.probability)).toBeLessThan(0.02);
    const offset = { productGroups: [{ id: 'g', members: ['U', 'V'], offset: 0.9 }] };
    const hedged = breach(
      [position(future('F'), 1), position(second, -2)],
      '1200',
      { paths: 64, replicates: 2, steps: 4 },
      offset,
    );
    expect(hedged.evaluation).toBe('COMBINED');
    expect(hedged.check?.points).toBe(16);
    expect(hedged.check?.largestError).toBeLessThan(1);
  });

  it('settles what expires on the way at the price of its expiry', () => {
    const near = option('N', { expiry: daysLater(3), right: 'put' });
    const covered = breach([position(near, -1)], '1600');
    const later = covered.curve.filter(({ tradingDays }) => tradingDays > 4).map(({ probability }) => probability);
    // after its expiry nothing moves: no further breach
    expect(later[later.length - 1]).toBeCloseTo(later[0] as number, 12);
    expect(covered.probability).toBeGreaterThan(0.01);
  });

  it('is certain without a buffer and impossible without a position', () => {
    expect(breach([position(future('F'), 1)], '1000')).toMatchObject({
      probability: 1,
      standardError: 0,
      timeToBreach: { p50: 0 },
    });
    expect(breach([], '1000', {})).toMatchObject({ probability: 0, timeToBreach: null });
  });

  it('needs a history or the volatility of a single underlying', () => {
    const ask = (history: null, volatilities: Record<string, number>) =>
      finish(
        computeBreachProbability(accountOf([position(future('F'), 1)], '3000'), history, {
          ...defaultBreachQuestion,
          paths: 64,
          volatilities,
        }),
      );
    expect(() => ask(null, {})).toThrow('prices: needed');
    expect(() => ask(null, { X: 0.2 })).toThrow('X is no underlying that this account depends on');
    expect(ask(null, { U: 0.4 })?.window).toBeNull();
  });
});

describe('computeBreachProbability of underlyings that offset one another', () => {
  const [tims] = breachCases;
  const volatilities = { AA: 0.3, BB: 0.35, CC: 0.4 };
  const prices = seriesOf({
    AA: normals(300, 5).map((value) => 0.02 * value),
    BB: normals(300, 6).map((value) => 0.02 * value),
    CC: normals(300, 7).map((value) => 0.02 * value),
  });
  const ask = (cushion: number) => {
    if (tims === undefined) throw new Error('no case');
    const question = { ...defaultBreachQuestion, paths: 64, replicates: 2, steps: 2, volatilities };
    const account = breachAccount(tims, { lines: 8, seed: 11, cushion });
    return finish(computeBreachProbability(account, { series: prices }, question));
  };

  it('falls as the buffer grows, and is the same bit by bit for the same seed', () => {
    const found = [0.1, 0.3, 0.6, 1.2].map((cushion) => ask(cushion)?.probability ?? NaN);
    found.slice(1).forEach((value, index) => expect(value).toBeLessThanOrEqual(found[index] as number));
    expect(found[0]).toBeGreaterThan((found[3] as number) + 0.05);
    expect(ask(0.3)).toEqual(ask(0.3));
    expect(ask(0.3)?.evaluation).toBe('COMBINED');
  });
});
