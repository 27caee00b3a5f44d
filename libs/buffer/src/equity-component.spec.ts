import { Decimal, toMoney } from '@ballast/domain';
import { snapshotOf } from '../../../test/support/portfolio-builder';
import { EquitySums } from './equity-component';

const conversion = {
  snapshot: snapshotOf({ fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.08') }] }),
  baseCurrency: 'USD',
  fxHaircuts: { EUR: 0.05 },
};

describe('EquitySums', () => {
  // 1 000.005 USD − 100.001 EUR · 1.08 · 1.05 = 1 000.005 − 113.401134 = 886.603866
  it('keeps kinds and currencies apart, and its lines add up to the equity with the rounding', () => {
    const sums = new EquitySums(conversion);
    sums.add('cash', 'USD', new Decimal('1000.005'));
    sums.add('cash', 'EUR', new Decimal('-100.001'));
    expect(sums.total().toFixed()).toBe('886.603866');
    const lines = sums.components(toMoney('886.60', 'USD'));
    expect(
      lines.map(({ kind, currency, grossAmount, fxRate, fxHaircut, amount }) => [
        `${kind} ${currency}`,
        grossAmount.amount.toFixed(2),
        fxRate,
        fxHaircut,
        amount.amount.toFixed(2),
      ]),
    ).toEqual([
      ['cash EUR', '-100.01', 1.08, 0.05, '-113.41'],
      ['cash USD', '1000.00', 1, 0, '1000.00'],
      ['rounding USD', '0.01', 1, 0, '0.01'],
    ]);
  });

  // 10 EUR of foreign options count 10.26; the other 89.2 of the net option value are domestic.
  it('takes the FX haircut off foreign options only', () => {
    const sums = new EquitySums(conversion);
    sums.add('option-value', 'EUR', new Decimal(10));
    sums.addNetOptionValue(new Decimal(100));
    expect(sums.parts().optionValue.toFixed()).toBe('99.46');
    const foreignOnly = new EquitySums(conversion);
    foreignOnly.add('option-value', 'EUR', new Decimal(10));
    foreignOnly.addNetOptionValue(new Decimal('10.80000000000001'));
    expect(foreignOnly.components(toMoney('10.26', 'USD')).map(({ currency }) => currency)).toEqual(['EUR']);
  });
});
