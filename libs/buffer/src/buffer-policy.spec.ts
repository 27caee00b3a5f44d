import { parseInstant } from '@ballast/domain';
import { checkBufferPolicy, defaultBufferPolicy } from './buffer-policy';

const policy = defaultBufferPolicy(parseInstant('2026-01-05T00:00:00Z', 'asOf'));

describe('the buffer policy', () => {
  it('has the multiples of the contract as default', () => {
    expect(policy).toEqual({
      liquidationMultiple: 0.75,
      callMultiple: 1,
      watchMultiple: 1.1,
      callTargetMultiple: 1.2,
      releaseMultiple: 1.3,
      fxHaircuts: {},
    });
    expect(checkBufferPolicy(policy)).toBe(policy);
  });

  it.each([
    ['rungs in the wrong order', { watchMultiple: 0.9 }],
    ['a release below the watch', { releaseMultiple: 1.05 }],
    ['a negative rung', { liquidationMultiple: -1 }],
    ['NaN', { callMultiple: NaN }],
    ['a multiple of more than ten', { releaseMultiple: 11 }],
    ['a call target below the call', { callTargetMultiple: 0.9 }],
    ['a haircut above 1', { fxHaircuts: { EUR: 1.5 } }],
  ])('refuses %s', (_, changes) => {
    expect(() => checkBufferPolicy({ ...policy, ...changes })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER' }),
    );
  });
});
