import { Decimal, parseInstant, toMoney } from '@ballast/domain';
import fc from 'fast-check';
import { centsGateOf } from './cents-ladder';
import { defaultFirmControls } from './firm-controls';
import { decideRelease } from './release-gate';
import { releaseControlsIn } from './release-limit';

const asOf = parseInstant('2026-01-05T21:00:00Z', 'asOf');
const published = defaultFirmControls(asOf);
const market = { asOf, underlyings: new Map(), instruments: new Map(), fx: [] };
const ratesOf = (...rates: readonly (readonly [string, string, string])[]) => ({
  ...market,
  fx: rates.map(([from, to, rate]) => ({ from, to, rate: new Decimal(rate) })),
});
const limitIn = (
  currency: string,
  snapshot: Parameters<typeof releaseControlsIn>[1]['snapshot'],
  controls = published,
) => {
  const { releaseAmountByCurrency, releaseAmount } = releaseControlsIn(controls, { currency, snapshot });
  return releaseAmountByCurrency[currency] ?? releaseAmount;
};
const bitcoin = (currency: string) => ({
  ...market,
  underlyings: new Map([
    ['BTC', { underlyingId: 'BTC', kind: 'crypto', currency, price: new Decimal('63000'), quotedAt: asOf } as never],
  ]),
});

describe('releaseControlsIn', () => {
  it.each([
    ['USD', ratesOf(['USD', 'JPY', '156.35']), 10_000],
    ['JPY', ratesOf(['USD', 'JPY', '156.35']), 1_563_500],
    // 10 000 / 1.0837 = 9227.6460…, rounded down to the cent.
    ['EUR', ratesOf(['EUR', 'USD', '1.0837']), 9_227.64],
    // Through the euro: 10 000 / 1.0837 × 169.44 = 1 563 532.34…, in whole yen.
    ['JPY', ratesOf(['EUR', 'USD', '1.0837'], ['EUR', 'JPY', '169.44']), 1_563_532],
    ['BTC', bitcoin('USD'), 10_000],
    ['EUR', market, 10_000],
    ['JPY', market, 10_000],
  ])('gives %s its limit', (currency, snapshot, limit) => {
    expect(limitIn(currency, snapshot)).toBe(limit);
  });

  it('leaves a currency that the firm names as it is stated', () => {
    const controls = { ...published, releaseAmountByCurrency: { JPY: 2_000_000, BTC: 0.2 } };
    expect(limitIn('JPY', ratesOf(['USD', 'JPY', '156.35']), controls)).toBe(2_000_000);
    expect(releaseControlsIn(controls, { currency: 'BTC', snapshot: bitcoin('USD') })).toBe(controls);
    expect(limitIn('EUR', ratesOf(['EUR', 'USD', '1.25']), controls)).toBe(8_000);
  });

  it('holds in yen what it would hold in dollars', () => {
    const snapshot = ratesOf(['USD', 'JPY', '150']);
    const held = (before: number, after: number): boolean =>
      decideRelease({
        previous: { initial: toMoney(String(before), 'JPY'), maintenance: toMoney('0', 'JPY'), asOf },
        computed: { initial: toMoney(String(after), 'JPY'), maintenance: toMoney('0', 'JPY') },
        controls: releaseControlsIn(published, { currency: 'JPY', snapshot }),
      }).held;
    expect([held(100_000, 1_600_000), held(100_000, 1_600_001)]).toEqual([false, true]);
  });

  it('is never wider than stated, and closer to it than one unit', () => {
    const rate = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(rate, fc.constantFrom('EUR', 'JPY', 'KWD'), (value, currency) => {
        const stated = new Decimal(value).toSignificantDigits(12);
        const limit = new Decimal(limitIn(currency, ratesOf(['USD', currency, stated.toFixed()])));
        const exact = new Decimal(published.releaseAmount).times(stated.toNumber());
        const unit = { EUR: 0.01, JPY: 1, KWD: 0.001 }[currency] as number;
        expect(limit.lessThanOrEqualTo(exact)).toBe(true);
        expect(exact.minus(limit).lessThan(unit)).toBe(true);
      }),
    );
  });

  it('keeps whole cents where accounts are decided in them', () => {
    const controls = releaseControlsIn(published, { currency: 'EUR', snapshot: ratesOf(['EUR', 'USD', '1.0837']) });
    expect(centsGateOf(controls, 'EUR')).toEqual({ amount: 922_764, fraction: 250_000 });
  });
});
