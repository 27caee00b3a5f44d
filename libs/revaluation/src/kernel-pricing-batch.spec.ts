import { plainPricingBatch, type SensitivityColumns } from '@ballast/pricing';
import { CHUNK_ROWS, createKernelPricingBatch, kernelPricingBatch } from './kernel-pricing-batch';

const count = 2 * CHUNK_ROWS + 1;
const column = (value: (row: number) => number) => Float64Array.from({ length: count }, (_, row) => value(row));
const rows = {
  spot: column(() => 100),
  strike: column((row) => (row === CHUNK_ROWS + 1 ? -1 : 50 + (row % 100))),
  yearsToExpiry: column((row) => (row === count - 1 ? 0 : 0.25)),
  rate: column(() => 0.03),
  dividendYield: column(() => 0.01),
  volatility: column((row) => 0.1 + (row % 50) / 100),
  right: column((row) => (row % 2 ? 1 : -1)),
};

function results(): SensitivityColumns {
  const empty = () => column(() => 0);
  return { price: empty(), delta: empty(), gamma: empty(), vega: empty(), theta: empty(), rho: empty() };
}

describe('createKernelPricingBatch', () => {
  it('writes every row of every chunk and reports bad rows by their place in the batch', () => {
    const written = results();
    const reference = results();
    const report = createKernelPricingBatch().computeBlackScholesBatch(rows, written);
    expect(report).toEqual({ badCount: 1, badRows: [CHUNK_ROWS + 1] });
    plainPricingBatch.computeBlackScholesBatch(rows, reference);
    expect(written.delta[CHUNK_ROWS + 1]).toBeNaN();
    for (let row = 0; row < count; row++) {
      if (row === CHUNK_ROWS + 1) continue;
      expect(written.price[row]).toBeCloseTo(reference.price[row] as number, 12);
      expect(written.theta[row]).toBeCloseTo(reference.theta[row] as number, 10);
    }
  });

  it('values options on forwards', () => {
    const { spot, ...others } = rows;
    const written = results();
    const reference = results();
    createKernelPricingBatch().computeBlack76Batch({ ...others, forward: spot }, written);
    plainPricingBatch.computeBlack76Batch({ ...others, forward: spot }, reference);
    expect(written.rho[5]).toBeCloseTo(reference.rho[5] as number, 12);
    expect(written.price[count - 1]).toBe(reference.price[count - 1]);
  });

  it('refuses columns of different lengths before it writes', () => {
    const short = { ...rows, rate: new Float64Array(3) };
    expect(() => kernelPricingBatch().computeBlackScholesBatch(short, results())).toThrow('rate.length must be');
  });
});

describe('kernelPricingBatch', () => {
  it('is loaded once per thread', () => {
    expect(kernelPricingBatch()).toBe(kernelPricingBatch());
  });
});
