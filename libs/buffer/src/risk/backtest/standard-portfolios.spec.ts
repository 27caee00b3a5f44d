import { portfolioProfit, standardPortfolios } from './standard-portfolios';

const portfolios = standardPortfolios({ index: 'I', shares: ['A', 'B'] });
const find = (id: string) => {
  const found = portfolios.find((portfolio) => portfolio.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const market =
  (priceFactor: number, volatilityFactor = 1) =>
  () => ({ volatility: 0.2, priceFactor, volatilityFactor });

describe('portfolioProfit', () => {
  it('does not move without a market, and holdings move one for one', () => {
    for (const portfolio of portfolios) expect(portfolioProfit(portfolio, market(1), 0)).toBeCloseTo(0, 14);
    expect(portfolioProfit(find('long-only'), market(0.9), 0)).toBeCloseTo(-0.1, 14);
  });

  it('loses on a short straddle both ways, at most the width of a spread, and earns decay', () => {
    const straddle = find('straddle');
    expect(portfolioProfit(straddle, market(0.9), 0)).toBeLessThan(-0.03);
    expect(portfolioProfit(straddle, market(1.1), 0)).toBeLessThan(-0.03);
    expect(portfolioProfit(straddle, market(1), 1)).toBeGreaterThan(0);
    expect(portfolioProfit(find('spread'), market(0.5), 0)).toBeGreaterThan(-0.05);
    expect(portfolioProfit(find('naked-short'), market(1, 1.5), 0)).toBeLessThan(0);
  });
});
