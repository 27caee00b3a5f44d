import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  asOf,
  daysLater,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { prepareMixtures } from './mixed-state';

const call = option('C', { expiry: daysLater(10) });
const at = (price: string, volatility: number, days: number, cash: string) => {
  const instant = days === 0 ? asOf : daysLater(days);
  const held = days > 10 ? [] : [position(call, 2)];
  return preparedAccount({
    portfolio: portfolioOf(held, { asOf: instant, methodology: 'TIMS', cash: [cashOf(cash)] }),
    snapshot: {
      ...snapshotOf({ underlyings: [underlyingQuote('U', price)], quotes: [quote('C', { volatility })] }),
      asOf: instant,
    },
  });
};

describe('prepareMixtures', () => {
  const mix = prepareMixtures(at('100', 0.2, 0, '10'), at('104', 0.3, 20, '900'));

  it('takes each factor from its own instant', () => {
    const { portfolio, snapshot } = mix((factor) => factor === 'price' || factor === 'cash');
    expect(snapshot.underlyings.get('U')?.price?.toFixed()).toBe('104');
    expect(snapshot.instruments.get('C')?.impliedVolatility).toBe(0.2);
    expect([portfolio.asOf, portfolio.cash[0]?.amount.toFixed(), portfolio.positions.length]).toEqual([asOf, '900', 1]);
  });

  it('settles what expired where time has passed and the trades are the earlier ones', () => {
    const { portfolio } = mix((factor) => factor === 'time' || factor === 'price');
    expect(portfolio.positions).toEqual([]);
    expect(portfolio.cash[0]?.amount.toFixed()).toBe('810');
  });
});
