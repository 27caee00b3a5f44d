import { impliedVolatility } from './implied-volatility';
import { IMPLIED_VOLATILITY_STATUS, impliedVolatilityBatch } from './implied-volatility-batch';

function columnsOf(rows: readonly (readonly [f: number, k: number, t: number, d: number, p: number, w: number])[]) {
  const column = (index: 0 | 1 | 2 | 3 | 4 | 5) => Float64Array.from(rows, (row) => row[index]);
  return {
    forward: column(0),
    strike: column(1),
    yearsToExpiry: column(2),
    discountFactor: column(3),
    price: column(4),
    right: column(5),
  };
}
const answersFor = (count: number) => ({ volatility: new Float64Array(count), status: new Uint8Array(count).fill(9) });

describe('implied volatility in batches', () => {
  it('answers every row as alone, and codes the rest', () => {
    const columns = columnsOf([
      [100, 100, 1, 1, 7.965567455405798, 1],
      [100, 80, 1, 1, 20, 1],
      [100, 80, 1, 1, 80, -1],
      [100, NaN, 1, 1, 5, 1],
      [100, 100, -1, 1, 5, 1],
      [100, 100, 1, 0, 5, 1],
      [100, 100, 1, 1, 5, 0],
      [-5, 100, 1, 1, 5, 1],
      [100, 100, 1, 1, Infinity, 1],
      [100, 120, 0.5, 0.9, 3, 1],
    ]);
    const answers = answersFor(10);
    const report = impliedVolatilityBatch('black76', columns, answers);
    expect(report).toEqual({ badCount: 6, badRows: [3, 4, 5, 6, 7, 8] });
    const { ok, belowIntrinsic, aboveMaximum, badInput: bad } = IMPLIED_VOLATILITY_STATUS;
    expect([...answers.status]).toEqual([ok, belowIntrinsic, aboveMaximum, bad, bad, bad, bad, bad, bad, ok]);
    expect(answers.volatility[0]).toBe(0.2);
    const alone = impliedVolatility({
      right: 'call',
      forward: 100,
      strike: 120,
      yearsToExpiry: 0.5,
      discountFactor: 0.9,
      price: 3,
    });
    expect(alone).toEqual({ status: 'ok', volatility: answers.volatility[9] });
    expect([...answers.volatility.subarray(1, 9)].every(Number.isNaN)).toBe(true);
  });

  it('takes prices below zero under the normal model', () => {
    const answers = answersFor(2);
    const columns = columnsOf([
      [-37.63, -30, 0.1, 1, 4, 1],
      [-5, -5, 1, 1, 7.978845608028654, -1],
    ]);
    expect(impliedVolatilityBatch('bachelier', columns, answers)).toEqual({ badCount: 0, badRows: [] });
    expect([...answers.status]).toEqual([0, 0]);
    expect(answers.volatility[1]).toBeCloseTo(20, 13);
  });

  it('does not depend on the place of a row', () => {
    const rows = Array.from({ length: 64 }, (_, i) => [100, 60 + i, 0.1 + 0.02 * i, 0.97, 42 - 0.4 * i, 1] as const);
    const forwards = answersFor(64);
    const backwards = answersFor(64);
    impliedVolatilityBatch('black76', columnsOf(rows), forwards);
    impliedVolatilityBatch('black76', columnsOf([...rows].reverse()), backwards);
    expect([...backwards.volatility].reverse()).toEqual([...forwards.volatility]);
  });

  it('refuses columns of different lengths and an unknown model', () => {
    const columns = columnsOf([[100, 100, 1, 1, 5, 1]]);
    expect(() => impliedVolatilityBatch('black76', columns, answersFor(2))).toThrow(/^volatility.length must be 1/);
    expect(() => impliedVolatilityBatch('black76', { ...columns, strike: new Float64Array(3) }, answersFor(1))).toThrow(
      /^strike.length must be 1 as in forward, got 3/,
    );
    expect(() => impliedVolatilityBatch('sabr' as 'black76', columns, answersFor(1))).toThrow(/^model must be/);
  });
});
