import { plainPricingBatch } from '@ballast/pricing';
import { KernelUnavailableError } from './kernel-module';
import { kernelPricingBatch } from './kernel-pricing-batch';
import { selectPricingBatch } from './select-pricing-batch';

describe('selectPricingBatch', () => {
  it('chooses the kernel of the thread', () => {
    expect(selectPricingBatch()).toEqual({ engine: 'kernel', batch: kernelPricingBatch() });
  });

  it('chooses the plain functions and says why where the kernel cannot run', () => {
    const load = () => {
      throw new KernelUnavailableError('not built; run: npm run build');
    };
    const expected = { engine: 'plain', batch: plainPricingBatch, reason: 'not built; run: npm run build' };
    expect(selectPricingBatch(load)).toEqual(expected);
  });

  it('lets a defect pass', () => {
    const fail = () => {
      throw new TypeError('a defect');
    };
    expect(() => selectPricingBatch(fail)).toThrow('a defect');
  });
});
