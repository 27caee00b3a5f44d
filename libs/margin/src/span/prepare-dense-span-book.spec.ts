import { asOf, option, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { prepareDenseSpanBook } from './prepare-dense-span-book';

const snapshot = snapshotOf({ quotes: [quote('C', { price: '3', volatility: 0.2 })] });
const input = { snapshot, asOf, baseCurrency: 'USD', listedInstruments: [] };

describe('prepareDenseSpanBook', () => {
  it('reads a stored set, whose empty list of house rules changes nothing', () => {
    for (const parameters of [undefined, {}, { house: [] }])
      expect([...(prepareDenseSpanBook({ parameters, asOf }, input)?.place([option('C')]) ?? [])]).toEqual([0]);
  });

  it('leaves sets with house rules to the full computation', () => {
    const rule = { id: 'H1', effectiveFrom: '2020-01-01', kind: 'multiplier', multiplier: 1.5 };
    expect(prepareDenseSpanBook({ parameters: { house: [rule] }, asOf }, input)).toBeNull();
  });

  it('refuses what the methodology refuses', () => {
    expect(() => prepareDenseSpanBook({ parameters: { default: { unknown: 1 } }, asOf }, input)).toThrow('unknown');
  });
});
