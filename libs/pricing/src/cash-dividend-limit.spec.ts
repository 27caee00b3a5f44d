import { certainOption, isCertain, type CertainOption } from './cash-dividend-limit';

const option: CertainOption['option'] = {
  right: 'call',
  exercise: 'american',
  convention: 'spot',
  spot: 100,
  strike: 90,
  yearsToExpiry: 1,
  rate: 0.05,
  dividendYield: 0,
  volatility: 0,
};
const dates = [{ yearsToPayment: 0.5, amount: 6 }];

describe('certainOption', () => {
  it('exercises a call just before the dividend that outweighs the interest left', () => {
    const { price, exerciseNow } = certainOption({ option, dates, escrowed: 0 });
    expect(price).toBeCloseTo(100 - 90 * Math.exp(-0.025), 12);
    expect(exerciseNow).toBe(false);
  });

  it('holds a European option to expiry', () => {
    const { price, rho } = certainOption({ option: { ...option, exercise: 'european' }, dates, escrowed: 0 });
    expect(price).toBeCloseTo(100 - 6 * Math.exp(-0.025) - 90 * Math.exp(-0.05), 12);
    expect(rho).toBeCloseTo(0.5 * 6 * Math.exp(-0.025) + 90 * Math.exp(-0.05), 12);
  });

  it('sees the same certain path under both conventions', () => {
    const worth = 6 * Math.exp(-0.025);
    for (const exercise of ['american', 'european'] as const) {
      const spot = certainOption({ option: { ...option, exercise }, dates, escrowed: 0 });
      const escrowed = certainOption({
        option: { ...option, exercise, convention: 'escrowed' },
        dates,
        escrowed: worth,
      });
      expect(escrowed.price).toBeCloseTo(spot.price, 12);
      expect(escrowed.rho).toBeCloseTo(spot.rho, 12);
    }
  });

  it('exercises a deep put now, and a worthless option never', () => {
    const put = { ...option, right: 'put', strike: 130 } as const;
    expect(certainOption({ option: put, dates: [], escrowed: 0 })).toMatchObject({
      price: 30,
      delta: -1,
      exerciseNow: true,
    });
    expect(certainOption({ option: { ...put, strike: 50 }, dates, escrowed: 0 })).toMatchObject({ price: 0, delta: 0 });
  });

  it('lets a price fall to zero and stay there', () => {
    const put = { ...option, right: 'put', exercise: 'european', strike: 50 } as const;
    const crash = [{ yearsToPayment: 0.5, amount: 200 }];
    expect(certainOption({ option: put, dates: crash, escrowed: 0 }).price).toBeCloseTo(50 * Math.exp(-0.05), 12);
  });

  it('tells certainty', () => {
    expect(isCertain({ ...option, volatility: 0.2 })).toBe(false);
    expect(isCertain({ ...option, volatility: 1e-5 })).toBe(true);
    expect(isCertain({ ...option, volatility: 0.2, spot: 0 })).toBe(true);
  });
});
