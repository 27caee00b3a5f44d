import { blackScholes } from '@ballast/pricing';
import { createResidentBatch } from './resident-batch';

function fill(batch: ReturnType<typeof createResidentBatch>): void {
  batch.inputs.spot.set([100, 100, 100]);
  batch.inputs.strike.set([110, 110, 110]);
  batch.inputs.yearsToExpiry.set([0.5, 0, -1]);
  batch.inputs.rate.fill(0.03);
  batch.inputs.dividendYield.fill(0.01);
  batch.inputs.volatility.fill(0.25);
  batch.inputs.right.set([1, -1, 1]);
}

describe('createResidentBatch', () => {
  it('values in place, the limits to the bits of the scalar function', () => {
    const batch = createResidentBatch(3);
    fill(batch);
    expect(batch.computeBlackScholes(3)).toEqual({ badCount: 1, badRows: [2] });
    const option = { spot: 100, strike: 110, yearsToExpiry: 0.5, rate: 0.03, dividendYield: 0.01, volatility: 0.25 };
    const expected = blackScholes({ ...option, right: 'call' });
    expect(batch.results.price[0]).toBeCloseTo(expected.price, 13);
    expect(batch.results.gamma[0]).toBeCloseTo(expected.gamma, 15);
    const limit = blackScholes({ ...option, yearsToExpiry: 0, right: 'put' });
    expect([batch.results.price[1], batch.results.delta[1], batch.results.theta[1]]).toEqual([
      ...[limit.price, limit.delta, limit.theta],
    ]);
    expect(batch.results.vega[2]).toBeNaN();
  });

  it('values prices alone, and options on a forward', () => {
    const batch = createResidentBatch(3);
    fill(batch);
    expect(batch.computeBlackScholesPrices(1).badCount).toBe(0);
    expect(batch.results.delta[0]).toBe(0);
    expect(batch.computeBlack76(3)).toEqual({ badCount: 1, badRows: [2] });
    expect(batch.results.rho[0]).toBe(-0.5 * (batch.results.price[0] as number));
  });

  it('refuses a count beyond its capacity', () => {
    expect(() => createResidentBatch(3).computeBlackScholes(4)).toThrow('count must be 0 … 3, got 4');
  });
});
