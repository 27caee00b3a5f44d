import { asOf } from '../../../../test/support/portfolio-builder';
import type { CryptoPmBook } from './crypto-pm-book';
import { parametersOfUnderlying } from './crypto-pm-parameters';
import { computeBookPnls, computeCryptoPmRisk, computeDeltaShock, extendPnl } from './crypto-pm-risk';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

const parameters = parseCryptoPmParameters({}, asOf);
const own = parametersOfUnderlying(parameters, 'BTC');
const book = (changes: Partial<CryptoPmBook>): CryptoPmBook => ({
  underlying: 'BTC',
  basePerCoin: 50_000,
  usdPerBase: 1,
  parameters: own,
  scenarios: [
    { move: -0.16, volatility: 'same', table: 'inner' },
    { move: 0, volatility: 'same', table: 'inner' },
    { move: 0.16, volatility: 'same', table: 'inner' },
  ],
  contracts: [
    { instrumentId: 'P', inverse: true, rollYears: 0, delta: 1, pnls: Float64Array.from([-100, 0, 90]) },
    { instrumentId: 'F', inverse: false, rollYears: 0.5, delta: 1, pnls: Float64Array.from([-80, 0, 80]) },
  ],
  places: [0, 1],
  ...changes,
});

describe('computeCryptoPmRisk', () => {
  it('takes the worst cell and adds the shocks', () => {
    const risk = computeCryptoPmRisk([book({})], [1, -2], parameters);
    expect(risk.pnls).toEqual([60, 0, -70]);
    expect([risk.worstIndex, risk.worstLoss]).toEqual([2, 70]);
    expect(risk.shocks[0]?.rollShock).toBeCloseTo(50_000 * (0.01 + 2 * Math.expm1(0.0375)), 8);
    expect(risk.shocks[0]?.netDelta).toBe(-1);
    expect(risk.riskMatrix).toBe(70 + (risk.shocks[0]?.rollShock ?? NaN));
  });

  it('counts gains of one underlying against another by pnlOffset, losses in full', () => {
    const two = [book({}), book({ underlying: 'ETH', places: [2, 3] })];
    const risk = computeCryptoPmRisk(two, [1, 0, 0, -1], { pnlOffset: 0.25 });
    expect(risk.pnls).toEqual([-100 + 20, 0, 22.5 - 80]);
    expect(computeCryptoPmRisk(two, [1, 0, 0, -1], { pnlOffset: 1 }).pnls).toEqual([-20, 0, 10]);
  });

  it('is 0 for nothing', () => {
    expect(computeCryptoPmRisk([], [], parameters)).toMatchObject({ riskMatrix: 0, worstLoss: 0, pnls: [] });
    expect(computeCryptoPmRisk([book({})], [0, 0], parameters).riskMatrix).toBe(0);
  });

  it('sends rows of the extended table through the dampener', () => {
    const extended = book({ scenarios: [{ move: -0.5, volatility: 'up', table: 'extended' }] });
    expect(computeBookPnls(extended, [1, 0])).toEqual([extendPnl(extended, { move: -0.5 }, { inCoin: -100, inQuote: 0 })]); // prettier-ignore
  });
});

describe('extendPnl', () => {
  const undamped = { usdPerBase: 1, parameters: { ...own, extendedDampener: 0 } };

  it('gives a linear contract the loss of the edge of the inner table, whatever the move', () => {
    for (const move of [-0.66, -0.33, 0.5, 5]) {
      const inQuote = -1000 * Math.sign(move) * move;
      expect(extendPnl(undamped, { move }, { inCoin: 0, inQuote })).toBeCloseTo(-160, 10);
    }
  });

  it('gives a coin-settled future the loss of the edge too, in coin', () => {
    const inCoin = 1 - 1 / (1 - 0.66);
    expect(extendPnl(undamped, { move: -0.66 }, { inCoin, inQuote: 0 })).toBeCloseTo(1 - 1 / 0.84, 12);
  });

  it('forgives a loss by the dampener in USD, at most the whole, and leaves gains alone', () => {
    const damped = { usdPerBase: 1, parameters: { ...own, extendedDampener: 100 } };
    expect(extendPnl(damped, { move: 0.32 }, { inCoin: 0, inQuote: -1000 })).toBeCloseTo(-400, 10);
    expect(extendPnl(damped, { move: 0.32 }, { inCoin: 0, inQuote: -100 })).toBeCloseTo(0, 12);
    expect(extendPnl(damped, { move: 0.32 }, { inCoin: 0, inQuote: 1000 })).toBeCloseTo(500, 10);
    const inCoinBase = { usdPerBase: 50_000, parameters: damped.parameters };
    expect(extendPnl(inCoinBase, { move: 0.32 }, { inCoin: 0, inQuote: -0.02 })).toBeCloseTo(-0.008, 12);
  });
});

describe('computeDeltaShock', () => {
  it.each([
    [20_000_000, 0],
    [30_000_000, 5_000],
    [-30_000_000, 5_000],
    [20_000_000 + 4e9, 4e8],
  ])('of %d USD is %d', (delta, shock) => {
    expect(computeDeltaShock(delta, own)).toBeCloseTo(shock, 6);
  });
});
