import { americanAlo } from './american-alo';
import { blackScholes } from './black-scholes';
import { cashDividendOption, cashDividendPrice, type CashDividendInput } from './cash-dividend-option';

const option: CashDividendInput = {
  right: 'call',
  exercise: 'american',
  convention: 'spot',
  spot: 100,
  strike: 100,
  yearsToExpiry: 1,
  rate: 0.06,
  dividendYield: 0,
  volatility: 0.3,
  dividends: [{ yearsToPayment: 0.5, amount: 7 }],
};

describe('cashDividendOption', () => {
  it('prices the example of its documentation, and more under the spot convention', () => {
    const european = { ...option, exercise: 'european' } as const;
    const escrowed = cashDividendOption({ ...european, convention: 'escrowed' }).price;
    expect(escrowed).toBeCloseTo(10.6932, 4);
    expect(cashDividendOption(european).price / escrowed).toBeGreaterThan(1.03);
  });

  it('has sensitivities that are the derivatives of its price', () => {
    for (const convention of ['spot', 'escrowed'] as const) {
      const put: CashDividendInput = { ...option, right: 'put', convention };
      const result = cashDividendOption(put);
      const price = (change: Partial<CashDividendInput>) => cashDividendPrice({ ...put, ...change });
      expect(result.price).toBe(price({}));
      expect(result.delta).toBeCloseTo((price({ spot: 100.1 }) - price({ spot: 99.9 })) / 0.2, 3);
      expect(result.vega).toBeCloseTo((price({ volatility: 0.31 }) - price({ volatility: 0.29 })) / 0.02, 1);
      expect(result.rho).toBeCloseTo((price({ rate: 0.061 }) - price({ rate: 0.059 })) / 0.002, 1);
      const later = price({ yearsToExpiry: 0.999, dividends: [{ yearsToPayment: 0.499, amount: 7 }] });
      expect(result.theta).toBeCloseTo((later - result.price) / 0.001, 1);
    }
  });

  it('is the plain option without dividends that matter', () => {
    const none = [
      { yearsToPayment: 2, amount: 5 },
      { yearsToPayment: 0.5, amount: 0 },
    ];
    expect(cashDividendOption({ ...option, dividends: none })).toEqual(americanAlo(option));
    const european = cashDividendOption({ ...option, exercise: 'european', dividends: [] });
    expect(european.price).toBe(blackScholes(option).price);
  });

  it('tends to the plain option as the dividend vanishes', () => {
    for (const convention of ['spot', 'escrowed'] as const) {
      const tiny = { ...option, right: 'put', convention, dividends: [{ yearsToPayment: 0.5, amount: 1e-6 }] } as const;
      const plain = americanAlo({ ...option, right: 'put' });
      const result = cashDividendOption(tiny);
      expect(Math.abs(result.price - plain.price)).toBeLessThan(1e-5);
      expect(Math.abs(result.delta - plain.delta)).toBeLessThan(1e-5);
      expect(Math.abs(result.gamma - plain.gamma)).toBeLessThan(1e-5);
      expect(Math.abs(result.vega - plain.vega)).toBeLessThan(1e-2);
    }
  });

  it('does not care in which order dividends are listed', () => {
    const two = [
      { yearsToPayment: 0.2, amount: 2 },
      { yearsToPayment: 0.7, amount: 3 },
    ];
    expect(cashDividendPrice({ ...option, dividends: two })).toBe(
      cashDividendPrice({ ...option, dividends: [...two].reverse() }),
    );
  });

  it('returns the certain limits', () => {
    expect(cashDividendOption({ ...option, volatility: 0, strike: 90 }).price).toBeCloseTo(
      100 - 90 * Math.exp(-0.03),
      10,
    );
    expect(cashDividendOption({ ...option, yearsToExpiry: 0, strike: 90 }).price).toBe(10);
  });

  it.each([
    [{ dividends: [{ yearsToPayment: 0, amount: 1 }] }, /yearsToPayment/],
    [{ dividends: [{ yearsToPayment: NaN, amount: 1 }] }, /yearsToPayment/],
    [{ dividends: [{ yearsToPayment: 0.5, amount: -1 }] }, /amount/],
    [{ convention: 'escrowed', dividends: [{ yearsToPayment: 0.5, amount: 200 }] }, /dividends/],
    [{ convention: 'forward' }, /convention/],
    [{ exercise: 'bermudan' }, /exercise/],
    [{ volatility: Infinity }, /volatility/],
    [{ spot: -1 }, /spot/],
  ])('refuses %j by name', (change, message) => {
    expect(() => cashDividendOption({ ...option, ...change } as CashDividendInput)).toThrow(message);
  });
});
