import fc from 'fast-check';
import { liquidityCharge, type LiquidityPosition } from './liquidity-charge';

const terms = { openInterestShare: 0.1, volumeShare: 0.2, excessSpreads: 1, optionSpread: 0.05, otherSpread: 0.001 };
const call: LiquidityPosition = {
  instrumentId: 'C',
  quantity: -500,
  unitValue: 100,
  price: 4,
  type: 'option',
  spread: 0.1,
  openInterest: 4000,
  volume: 500,
};
const chargeOf = (positions: readonly LiquidityPosition[], days = 2) => liquidityCharge(positions, terms, days);
const of = (changes: Partial<LiquidityPosition> = {}) => chargeOf([{ ...call, ...changes }]);

describe('liquidityCharge', () => {
  it('is half-spreads and a spread for what is beyond open interest or volume, by hand', () => {
    // 500 · 100 · 0.05 = 2,500; beyond 10 % of 4,000: 100; beyond 20 % of 500 over two days: 300, at 10 each 3,000.
    const { amount, inputs, explanation } = of();
    expect(amount).toBeCloseTo(5500, 9);
    expect(inputs['halfSpread']).toBeCloseTo(2500, 9);
    expect(inputs['sizeCharge']).toBeCloseTo(3000, 9);
    expect(inputs['daysToLiquidate']).toBeCloseTo(5, 12);
    expect(explanation).toEqual([
      'C: of 500 contracts 100 beyond 10 % of open interest 4000, 300 beyond 20 % of volume 500 over 2 days (5 days to liquidate); 300 at 1 × spread 0.1: 3000', // prettier-ignore
    ]);
    expect(of({ volume: 2000 }).amount).toBeCloseTo(2500 + 100 * 10, 9);
    expect(of({ volume: 2000, openInterest: 5000 })).toMatchObject({ amount: 2500, explanation: [] });
  });

  it('charges by bid-ask alone what has no figures, and says so', () => {
    const bare = of({ openInterest: null, volume: null });
    expect(bare).toMatchObject({
      amount: 2500,
      inputs: { withoutOpenInterest: 1, withoutVolume: 1, withoutBidAsk: 0 },
    });
    expect(bare.inputs).not.toHaveProperty('daysToLiquidate');
    expect(bare.explanation).toEqual(['no figures of size, charged by bid-ask alone: C']);
    expect(of({ openInterest: null, volume: 5000 }).explanation).toEqual([
      'no open interest, charged by bid-ask and volume: C',
    ]);
    expect(of({ volume: null, openInterest: 9000 }).explanation).toEqual([
      'no volume, charged by bid-ask and open interest: C',
    ]);
  });

  it('assumes a spread where none is quoted', () => {
    for (const spread of [null, 0, -0.2]) {
      const { amount, explanation } = of({ spread, openInterest: 1e6, volume: 1e6 });
      expect(amount).toBeCloseTo(0.5 * 0.05 * 4 * 100 * 500, 9);
      expect(explanation).toEqual(['no two-sided quote, spread assumed (options 5 %, others 0.1 % of the price): C']);
    }
    expect(of({ spread: null, type: 'future', price: -4, openInterest: 1e6, volume: 1e6 }).amount).toBeCloseTo(100, 9);
  });

  it('takes 0 as known: everything is beyond it, and a share has no open interest to lack', () => {
    const idle = of({ volume: 0 });
    expect(idle.amount).toBeCloseTo(2500 + 5000, 9);
    expect(idle.inputs['daysToLiquidate']).toBe(Infinity);
    expect(idle.explanation[0]).toContain('(nothing trades)');
    expect(of({ openInterest: 0, volume: null }).amount).toBeCloseTo(7500, 9);
    const share = of({ type: 'underlying', openInterest: null, volume: 1e6 });
    expect(share).toMatchObject({ amount: 2500, inputs: { withoutOpenInterest: 0 }, explanation: [] });
    expect(of({ type: 'underlying', openInterest: null, volume: null }).explanation).toEqual([
      'no figures of size, charged by bid-ask alone: C',
    ]);
  });

  it('names ten and counts the rest', () => {
    const many = Array.from({ length: 13 }, (_, index) => ({ ...call, instrumentId: `C${10 + index}`, volume: null, openInterest: null })); // prettier-ignore
    expect(chargeOf(many).explanation).toEqual([
      `no figures of size, charged by bid-ask alone: ${many.slice(0, 10).map((one) => one.instrumentId).join(', ')} and 3 more`, // prettier-ignore
    ]);
    expect(chargeOf(many.map((one) => ({ ...one, volume: 0, openInterest: 0 }))).explanation.at(-1)).toBe(
      '3 more contracts beyond open interest or volume',
    );
    expect(chargeOf([{ ...call, quantity: 0 }])).toMatchObject({ amount: 0, explanation: [] });
  });

  const figure = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null });
  const positions = fc.record({
    instrumentId: fc.constant('C'),
    quantity: fc.double({ min: -1e5, max: 1e5, noNaN: true }),
    unitValue: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    price: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
    type: fc.constantFrom<LiquidityPosition['type']>('option', 'future', 'perpetual', 'underlying'),
    spread: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: null }),
    openInterest: figure,
    volume: figure,
  });

  it('is never less for a bigger position, nor more for more open interest, volume or days', () => {
    fc.assert(
      fc.property(positions, fc.double({ min: 1, max: 10, noNaN: true }), (position, factor) => {
        const { amount } = chargeOf([position]);
        const more = (value: number | null) => (value === null ? null : value * factor);
        const noMore = amount * (1 + 1e-12);
        expect(amount).toBeGreaterThanOrEqual(0);
        expect(chargeOf([{ ...position, quantity: position.quantity * factor }]).amount * (1 + 1e-12)).toBeGreaterThanOrEqual(amount); // prettier-ignore
        expect(chargeOf([{ ...position, openInterest: more(position.openInterest) }]).amount).toBeLessThanOrEqual(noMore); // prettier-ignore
        expect(chargeOf([{ ...position, volume: more(position.volume) }]).amount).toBeLessThanOrEqual(noMore);
        expect(chargeOf([position], 2 * factor).amount).toBeLessThanOrEqual(noMore);
      }),
    );
  });

  it('knows a figure only to charge more, and has the same bits in any order', () => {
    fc.assert(
      fc.property(fc.array(positions, { minLength: 2, maxLength: 6 }), (drawn) => {
        const named = drawn.map((position, index) => ({ ...position, instrumentId: `C${index}` }));
        expect(liquidityCharge([...named].reverse(), terms, 2)).toEqual(chargeOf(named));
        const bare = named.map((position) => ({ ...position, openInterest: null, volume: null }));
        expect(chargeOf(bare).amount).toBeLessThanOrEqual(chargeOf(named).amount);
      }),
    );
  });
});
