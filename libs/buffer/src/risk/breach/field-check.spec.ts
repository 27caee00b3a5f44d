import { breachAccount, breachCases } from '../../../../../test/support/breach-account';
import { finish } from '../steps';
import { prepareBufferField } from './prepare-buffer-field';
import { checkField } from './field-check';
import { timeNodes } from './time-nodes';

const [tims] = breachCases;
if (tims === undefined) throw new Error('no case');
const account = breachAccount(tims, { lines: 3, seed: 2, cushion: 0.4 });
const nodes = timeNodes(account, { horizonDays: 4, steps: 2 });
const volatilities = Float64Array.of(0.3, 0.3, 0.3);
const covariance = Float64Array.from({ length: 9 }, (_, place) => (place % 4 === 0 ? 0.09 : 0.03));
const field = finish(prepareBufferField(account, nodes, volatilities));
const question = { prepared: account, nodes, covariance, seed: 1 };

describe('checkField', () => {
  it('finds an interpolated buffer close to full revaluation', () => {
    const { points, largestError } = finish(checkField(field, question));
    expect(points).toBe(16);
    expect(largestError).toBeGreaterThan(0);
    expect(largestError).toBeLessThan(10);
  });

  it('finds a field that is 500 off to be so', () => {
    const off = { ...field, bufferAt: (...at: Parameters<typeof field.bufferAt>) => field.bufferAt(...at) + 500 };
    expect(finish(checkField(off, question)).largestError).toBeGreaterThan(490);
  });
});
