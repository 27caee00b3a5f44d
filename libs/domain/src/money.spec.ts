import fc from 'fast-check';
import { Decimal } from './decimal';
import { addMoney, currencyUnit, formatMoney, moneyFromModelValue, roundMoney, subtractMoney, toMoney } from './money';

describe('moneyFromModelValue', () => {
  it.each([
    [100.00000000000001, 'USD', 'up', '100.00'],
    [100.001, 'USD', 'up', '100.01'],
    [-100.001, 'USD', 'up', '-100.00'],
    [100.009, 'USD', 'down', '100.00'],
    [-100.001, 'USD', 'down', '-100.01'],
    [0.1 + 0.2, 'USD', 'up', '0.30'],
    [1234.5, 'JPY', 'up', '1235'],
    [0.062843130983, 'BTC', 'up', '0.06284314'],
    [0.06284313, 'BTC', 'up', '0.06284313'],
    [-0.001, 'USD', 'up', '0.00'],
  ] as const)('takes %d %s rounded %s as %s', (value, currency, rounding, expected) => {
    expect(formatMoney(moneyFromModelValue(value, currency, rounding))).toBe(expected);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %d', (value) => {
    expect(() => moneyFromModelValue(value, 'USD', 'up')).toThrow('cannot become money');
  });

  it('lies within one minor unit above the exact value', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const difference = moneyFromModelValue(value, 'USD', 'up').amount.minus(new Decimal(value));
        expect(difference.gte('-0.00000001')).toBe(true);
        expect(difference.lt('0.01')).toBe(true);
      }),
    );
  });
});

it('moneyFromModelValue rounds the snapped decimal, however near a cent or half a cent the value lies', () => {
  const modes = { up: Decimal.ROUND_CEIL, down: Decimal.ROUND_FLOOR, nearest: Decimal.ROUND_HALF_EVEN } as const;
  const near = fc
    .tuple(fc.integer({ min: -2e9, max: 2e9 }), fc.integer({ min: -4, max: 9 }), fc.integer({ min: -99, max: 99 }))
    .map(([halfCents, exponent, steps]) => halfCents / 200 + steps * 10 ** -(exponent + 4));
  const any = fc.double({ min: -2e7, max: 2e7, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(near, any), fc.constantFrom('up', 'down', 'nearest'), (value, rounding) => {
      const snapped = new Decimal(value).toDecimalPlaces(8, Decimal.ROUND_HALF_EVEN);
      const expected = snapped.toDecimalPlaces(2, modes[rounding]);
      const { amount } = moneyFromModelValue(value, 'USD', rounding);
      expect([amount.toFixed(2), amount.isNegative()]).toEqual([
        expected.abs().toFixed(2) === '0.00' ? '0.00' : expected.toFixed(2),
        expected.isNegative() && !expected.isZero(),
      ]);
    }),
    { numRuns: 2_000 },
  );
});

describe('roundMoney', () => {
  it('rounds requirements towards +∞ and credits towards −∞, whatever the sign', () => {
    expect(formatMoney(roundMoney(toMoney('-1.005', 'USD'), 'up'))).toBe('-1.00');
    expect(formatMoney(roundMoney(toMoney('-1.005', 'USD'), 'down'))).toBe('-1.01');
    expect(formatMoney(roundMoney(toMoney('1.005', 'USD'), 'nearest'))).toBe('1.00');
  });
});

describe('arithmetic of money', () => {
  it('adds and subtracts exactly', () => {
    expect(formatMoney(addMoney(toMoney('0.10', 'USD'), toMoney('0.20', 'USD')))).toBe('0.30');
    expect(formatMoney(subtractMoney(toMoney('0.30', 'USD'), toMoney('0.10', 'USD')))).toBe('0.20');
  });
  it('refuses to mix currencies', () => {
    expect(() => addMoney(toMoney('1', 'USD'), toMoney('1', 'EUR'))).toThrow('USD and EUR');
  });
  it('refuses an amount that is not finite', () => {
    expect(() => toMoney('NaN', 'USD')).toThrow('not money');
  });
});

describe('formatMoney', () => {
  it('shows recorded digits as it shows their Decimal', () => {
    const digits = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 10 }))
      .map(([whole, places]) => new Decimal(whole.toString()).div(new Decimal(10).pow(places)).toFixed());
    fc.assert(
      fc.property(digits, fc.constantFrom('USD', 'JPY', 'BTC', 'KWD'), (text, currency) => {
        const amount = new Decimal(text);
        expect(formatMoney({ amount, currency, digits: text })).toBe(formatMoney({ amount, currency }));
      }),
    );
  });
});

describe('currencyUnit', () => {
  it.each([
    ['USD', '0.01'],
    ['JPY', '1'],
    ['KWD', '0.001'],
    ['BTC', '0.00000001'],
  ])('of %s is %s', (currency, unit) => {
    expect(currencyUnit(currency).toFixed()).toBe(unit);
  });
});
