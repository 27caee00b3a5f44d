import { type ConcentrationLimit, Decimal } from '@ballast/domain';
import { applyConcentrationLimits, type LimitedValue } from './concentration-limits';

const value = (asset: string, assetClass: string, amount: string, schedule?: string): LimitedValue => ({
  asset,
  issuer: asset,
  assetClass,
  schedule,
  value: new Decimal(amount),
});
const apply = (values: readonly LimitedValue[], limits: readonly ConcentrationLimit[]) => {
  const { total, shares } = applyConcentrationLimits(values, [{ schedule: undefined, limits }], ({ amount }) => amount);
  return { total: total.toFixed(), shares: shares.map(({ excess }) => excess.toFixed(2)), shown: shares };
};
const usd = (amount: number) => ({ amount: new Decimal(amount), currency: 'USD' });

describe('applyConcentrationLimits', () => {
  // 60 of 100 in one asset: a limit of 40 % leaves 40.
  it('counts a share of the whole, and the excess not at all or less', () => {
    const book = [value('A', 'X', '60'), value('B', 'Y', '40')];
    expect(apply(book, [{ scope: 'asset', target: 'A', share: 0.4, excessHaircut: 1 }])).toMatchObject({
      total: '20',
      shares: ['20.00', '0.00'],
    });
    expect(apply(book, [{ scope: 'asset', target: 'A', share: 0.4, excessHaircut: 0.25 }]).total).toBe('5');
    expect(apply(book, [{ scope: 'asset', target: 'A', amount: usd(55), share: 0.4, excessHaircut: 1 }]).total).toBe(
      '20',
    );
    expect(apply(book, [{ scope: 'asset', target: 'A', amount: usd(10), share: 0.4, excessHaircut: 1 }]).total).toBe(
      '50',
    );
  });

  // Class X: 30 + 30 + 30 with a limit of 80 leaves 80; the three lose a third of 10 each.
  it('shares the excess of a class pro rata, exactly in total', () => {
    const book = ['A', 'B', 'C'].map((asset) => value(asset, 'X', '30'));
    const { total, shares, shown } = apply(book, [{ scope: 'class', target: 'X', amount: usd(80), excessHaircut: 1 }]);
    expect([total, shares]).toEqual(['10', ['3.33', '3.33', '3.33']]);
    expect(shown[0]?.limitedBy).toBe('class limit of X');
  });

  // A: 100 limited to 50; then class X: 50 + 30 limited to 60 → 20 more.
  it('limits assets first, then the class on what is left', () => {
    const book = [value('A', 'X', '100'), value('B', 'X', '30')];
    const limits: ConcentrationLimit[] = [
      { scope: 'asset', target: 'A', amount: usd(50), excessHaircut: 1 },
      { scope: 'class', target: 'X', amount: usd(60), excessHaircut: 1 },
    ];
    expect(apply(book, limits)).toMatchObject({ total: '70', shares: ['62.50', '7.50'] });
  });

  it('lets a named target win over the star, and limits no debt and no other schedule', () => {
    const limits: ConcentrationLimit[] = [
      { scope: 'asset', target: '*', amount: usd(10), excessHaircut: 1 },
      { scope: 'asset', target: 'A', amount: usd(90), excessHaircut: 1 },
    ];
    expect(apply([value('A', 'X', '100'), value('B', 'X', '30'), value('C', 'X', '-30')], limits).total).toBe('30');
    expect(apply([value('B', 'X', '30', 'OTHER')], limits).total).toBe('0');
  });
});

describe('assets of one issuer', () => {
  const limit = (target: string): ConcentrationLimit => ({ scope: 'asset', target, share: 0.5, excessHaircut: 1 });
  const shares = [
    { ...value('US02079K3059', 'Shares', '60'), issuer: 'ALTA' },
    { ...value('ALTA', 'Shares', '20'), issuer: 'ALTA' },
    value('OTHER', 'Shares', '20'),
  ];

  it.each(['*', 'ALTA', 'US02079K3059'])('share one limit, whichever of their names it has (%s)', (target) => {
    // 80 of 100 against 50.
    expect(apply(shares, [limit(target)]).total).toBe('30');
    expect(apply(shares, [limit(target)]).shares).toEqual(['22.50', '7.50', '0.00']);
  });
});
