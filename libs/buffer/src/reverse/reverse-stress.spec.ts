import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { measureState } from '../analysis/account-state';
import { computeWhatIf } from '../analysis/what-if';
import { finish } from '../risk/steps';
import { defaultReverseStressQuestion, searchReverseStress, type ReverseStressQuestion } from './reverse-stress';

const volatilities = { A: Math.sqrt(252) * 0.01, B: Math.sqrt(252) * 0.02 };
const futures = (long: number, short: number, cash: string) =>
  preparedAccount({
    portfolio: portfolioOf(
      [position(future('FA', { underlying: 'A' }), long), position(future('FB', { underlying: 'B' }), short)],
      {
        methodology: 'TIMS',
        cash: [cashOf(cash)],
      },
    ),
    snapshot: snapshotOf({
      underlyings: [underlyingQuote('A', '100', { kind: 'future' }), underlyingQuote('B', '50', { kind: 'future' })],
      quotes: [quote('FA', { price: '100' }), quote('FB', { price: '50' })],
    }),
  });
const pairOf = (right: string) => ({ left: 'A', right, correlation: 0.5 });
const search = (account: ReturnType<typeof futures>, changes: Partial<ReverseStressQuestion> = {}) =>
  finish(searchReverseStress(account, { ...defaultReverseStressQuestion, volatilities, ...changes }));

describe('searchReverseStress', () => {
  // 2 × 100 × 100 (1 + 0.01 z) of A required at 10 %, and 3 × 100 × 50 (1 + 0.02 z) of B:
  // buffer = 9,000 + 200 zA + 300 zB − 2,000 (1 + 0.01 zA) − 1,500 (1 + 0.02 zB) = 5,500 + 180 zA + 270 zB
  const account = futures(2, 3, '9000');

  it('of two futures is the distance of a plane: 5,500/√(180² + 270²), and 5,500/√(wᵀRw)', () => {
    const { smallest, mostLikely, byUnderlying, factors } = search(account);
    expect(factors.map(({ source }) => source)).toEqual(['GIVEN', 'GIVEN']);
    expect(byUnderlying[0]?.down?.norm).toBeCloseTo(5500 / 180, 6);
    expect(byUnderlying[1]?.down?.norm).toBeCloseTo(5500 / 270, 6);
    expect(byUnderlying.map(({ up }) => up)).toEqual([null, null]);
    expect(smallest?.point?.norm).toBeCloseTo(5500 / Math.hypot(180, 270), 3);
    const variance = 180 ** 2 + 270 ** 2 + 2 * 0.5 * 180 * 270;
    expect(mostLikely?.point?.mahalanobis).toBeCloseTo(5500 / Math.sqrt(variance), 3);
    expect([smallest?.settled, mostLikely?.settled]).toEqual([true, true]);
  });

  it('moves in parallel by betas: 5,500 = m (18,000 + 13,500) at beta 1', () => {
    const { parallel } = search(account);
    expect(parallel?.down?.moves.map(({ move }) => move.toFixed(8))).toEqual(Array(2).fill((-5500 / 31500).toFixed(8)));
    expect(parallel?.up).toBeNull();
    const halved = search(account, { betas: { B: 0.5 } }).parallel;
    expect(halved?.down?.moves[0]?.move).toBeCloseTo(-5500 / 24750, 6);
  });

  it('refuses volatilities, betas and pairs of what the account does not depend on', () => {
    for (const changes of [{ volatilities: { X: 0.2 } }, { betas: { X: 2 } }, { correlations: [pairOf('X')] }])
      expect(() => search(account, changes)).toThrow(
        expect.objectContaining({ code: 'INVALID_PARAMETER', field: Object.keys(changes)[0] }),
      );
  });

  it('takes longer steps over a longer horizon: √10 days, 1/√10 deviations', () => {
    const norm = (horizonDays: number) => search(account, { horizonDays }).byUnderlying[0]?.down?.norm ?? NaN;
    expect(norm(10)).toBeCloseTo(norm(1) / Math.sqrt(10), 6);
  });

  it('says when the buffer is gone already, the account has no price, and nothing moves it', () => {
    expect(search(futures(2, 3, '100')).state).toBe('BREACHED');
    expect(search(futures(0, 0, '100'), { volatilities: {} })).toMatchObject({
      state: 'SEARCHED',
      factors: [],
      smallest: null,
    });
    const unpriced = preparedAccount({
      portfolio: portfolioOf([position(option('C'), 1)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({}),
    });
    expect(finish(searchReverseStress(unpriced, defaultReverseStressQuestion)).state).toBe('INDETERMINATE');
  });

  it.each<[string, Partial<ReverseStressQuestion>]>([
    ['no days', { horizonDays: 0 }],
    ['no budget', { budget: 0 }],
    ['a correlation of 2', { correlation: 2 }],
    ['correlations no distribution has', { correlations: [{ left: 'A', right: 'B', correlation: -1.01 }] }],
  ])('refuses %s', (_, changes) => {
    expect(() => search(account, changes)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });

  it.each(['TIMS', 'SPAN', 'CRYPTO_PM'] as const)(
    'under %s every point leaves a buffer of about 0 by a what-if, none nearer than the smallest and the most likely',
    (methodology) => {
      const quantity = fc.integer({ min: -4, max: 4 });
      let found = 0;
      const property = fc.property(quantity, quantity, quantity, (calls, stocks, others) => {
        const book = preparedAccount({
          portfolio: portfolioOf(
            [
              position(option('C'), calls),
              position(share('S'), stocks * 100),
              position(share('T', { underlying: 'V' }), others * 100),
            ],
            { methodology, cash: [cashOf('30000')] },
          ),
          snapshot: snapshotOf({
            underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '80')],
            quotes: [quote('C', { volatility: 0.3 }), quote('S', { price: '100' }), quote('T', { price: '80' })],
          }),
        });
        const result = finish(
          searchReverseStress(book, { ...defaultReverseStressQuestion, horizonDays: 5, budget: 600 }),
        );
        if (result.state !== 'SEARCHED') return;
        const points = [
          ...result.byUnderlying.flatMap(({ down, up }) => [down, up]),
          result.parallel?.down,
          result.parallel?.up,
          result.smallest?.point,
          result.mostLikely?.point,
        ].flatMap((point) => (point == null ? [] : [point]));
        for (const { moves, buffer, norm, mahalanobis } of points) {
          found += 1;
          const byUnderlying = Object.fromEntries(
            moves.map(({ underlyingId, move }) => [underlyingId, { spot: move }]),
          );
          const { after } = computeWhatIf(book, { trades: [], cash: [], shift: { byUnderlying } });
          expect(after.assessment.buffer).toEqual(buffer);
          expect(Math.abs(buffer?.amount.toNumber() ?? NaN)).toBeLessThanOrEqual(0.03);
          expect(norm).toBeGreaterThanOrEqual((result.smallest?.point?.norm ?? 40) * 0.98);
          expect(mahalanobis ?? 0).toBeGreaterThanOrEqual((result.mostLikely?.point?.mahalanobis ?? 40) * 0.98);
        }
        expect(measureState(book).status).toBe('valued');
      });
      fc.assert(property, { numRuns: 3, seed: 11 });
      expect(found).toBeGreaterThan(5);
    },
  );
});
