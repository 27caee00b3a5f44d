import { parsePortfolioFile } from './portfolio-file';

const parse = (members: object) =>
  parsePortfolioFile(
    JSON.stringify({ asOf: '2026-01-05T12:00:00Z', methodology: 'TIMS', baseCurrency: 'USD', ...members }),
    'p.json',
  );

describe('concentrationLimits of a portfolio file', () => {
  it('reads limits with a share, an amount, or both', () => {
    const limits = [
      { scope: 'asset', target: '*', share: 0.5 },
      { scope: 'class', target: 'Bund', amount: '100.50', currency: 'EUR', excessHaircut: 0.25 },
      { scope: 'class', target: 'Coin', amount: '7' },
    ];
    const read = parse({ concentrationLimits: limits }).portfolio.collateralLimits?.[0]?.limits ?? [];
    expect(
      read.map(({ amount, ...rest }) => ({
        ...rest,
        amount: amount && `${amount.amount.toFixed()} ${amount.currency}`,
      })),
    ).toEqual([
      { scope: 'asset', target: '*', share: 0.5, excessHaircut: 1, amount: undefined },
      { scope: 'class', target: 'Bund', excessHaircut: 0.25, amount: '100.5 EUR' },
      { scope: 'class', target: 'Coin', excessHaircut: 1, amount: '7 USD' },
    ]);
    expect(parse({}).portfolio.collateralLimits).toBeUndefined();
  });

  it.each([
    ['neither', [{ scope: 'asset', target: 'X' }], 'expected a share, an amount, or both'],
    ['a share above 1', [{ scope: 'asset', target: 'X', share: 1.5 }], 'must be at most 1'],
    ['a negative amount', [{ scope: 'asset', target: 'X', amount: '-1' }], 'a limit is not negative'],
    ['a target named twice', [1, 2].map(() => ({ scope: 'asset', target: 'X', share: 1 })), 'a second limit'],
  ])('refuses %s', (_name, limits, reason) => {
    expect(() => parse({ concentrationLimits: limits })).toThrow(reason);
  });
});

describe('haircuts of exchange rates', () => {
  it('belong to the foreign side, whichever way the rate is stated', () => {
    const fx = [
      { from: 'EUR', to: 'USD', rate: '1.08', haircut: 0.05 },
      { from: 'USD', to: 'JPY', rate: '150', haircut: 0.08 },
      { from: 'GBP', to: 'USD', rate: '1.3' },
    ];
    expect(parse({ fx }).fxHaircuts).toEqual({ EUR: 0.05, JPY: 0.08 });
    const cross = [{ from: 'EUR', to: 'GBP', rate: '0.8', haircut: 0.05 }];
    expect(() => parse({ fx: cross })).toThrow('only a rate from or to USD has a haircut');
  });
});
