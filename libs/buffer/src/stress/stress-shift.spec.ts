import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import type { StressScenario } from './stress-scenario';
import { resolveStress } from './stress-shift';

const [a, b, c] = ['A', 'B', 'C'].map((underlying) => share(`${underlying}.S`, { underlying }));
const account = (quantities: readonly number[] = [100, -100, 10], price: string | null = '50') =>
  preparedAccount({
    portfolio: portfolioOf(
      [a, b, c].map((instrument, index) => position(instrument as never, quantities[index] as number)),
      { methodology: 'TIMS', cash: [cashOf('20000')] },
    ),
    snapshot: snapshotOf({
      underlyings: [
        underlyingQuote('A', '100'),
        underlyingQuote('B', price, { kind: 'broad-index' }),
        underlyingQuote('C', '20', { kind: 'other' }),
      ],
      quotes: [quote('A.S', { price: '100' }), quote('B.S', { price: '50' }), quote('C.S', { price: '20' })],
    }),
  });
const custom = (changes: Partial<StressScenario>): StressScenario => ({
  name: 'custom',
  title: '',
  origin: 'CUSTOM',
  sources: [],
  ...changes,
});
const movesUnder = (changes: Partial<StressScenario>, state = account()) =>
  Object.fromEntries(
    resolveStress(state, custom(changes)).moves.map(({ underlyingId, move }) => [underlyingId, move.spot]),
  );

describe('resolveStress', () => {
  it('takes the own move before the class, the class before the kind, and the kind before the market', () => {
    const changes: Partial<StressScenario> = {
      byUnderlying: { A: { spot: -0.5 } },
      byClass: { equity: { spot: -0.1 }, 'equity-index': { spot: -0.2 } },
      byKind: { 'broad-index': { spot: -0.3 }, other: { spot: -0.4 } },
      market: { spot: 0.9 },
    };
    expect(movesUnder(changes)).toEqual({ A: -0.5, B: -0.2, C: -0.4 });
  });

  it('moves by beta × market, 1 where none is named', () => {
    const moves = movesUnder({ market: { spot: -0.1, volatility: 0.5 }, betas: { A: 1.3, B: -0.5 } });
    expect(moves['A']).toBeCloseTo(-0.13, 14);
    expect(moves).toMatchObject({ B: 0.05, C: -0.1 });
  });

  it('says which names of a scenario move nothing here', () => {
    const changes = { market: { spot: -0.1 }, betas: { Z: 2, A: 1 }, byUnderlying: { Y: { spot: 1 }, B: { spot: 1 } } };
    expect(resolveStress(account(), custom(changes)).unmatched).toEqual(['Y', 'Z']);
  });

  it('turns amounts and levels into relative moves, and says what stays', () => {
    const { moves, unmoved } = resolveStress(
      account(),
      custom({ byUnderlying: { A: { spotBy: -25 }, C: { spotTo: -10 } } }),
    );
    expect(moves.map(({ move }) => move.spot)).toEqual([-0.25, -1.5]);
    expect(moves.map(({ stressedPrice }) => stressedPrice.toFixed())).toEqual(['75', '-10']);
    expect(unmoved).toEqual(['B']);
  });

  it('turns every price against the account when it is asked to', () => {
    const changes: Partial<StressScenario> = { market: { spot: 0.1 }, direction: 'ADVERSE' };
    expect(movesUnder(changes)).toEqual({ A: -0.1, B: 0.1, C: -0.1 });
    expect(movesUnder(changes, account([-100, 100, -10]))).toEqual({ A: 0.1, B: -0.1, C: 0.1 });
  });

  it('refuses an absolute move away from 0', () => {
    const state = account([0, 1, 0], '0');
    expect(() => resolveStress(state, custom({ byUnderlying: { B: { spotBy: 1 } } }))).toThrow(
      expect.objectContaining({ code: 'INVALID_MARKET_DATA', field: 'B' }),
    );
    expect(movesUnder({ byUnderlying: { B: { spotBy: 0 } } }, state)).toEqual({ B: 0 });
  });
});
