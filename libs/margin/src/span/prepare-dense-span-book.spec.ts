import { asOf, option, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { createCommonSpanColumns } from './common-span-book';
import { denseSpanRoom, prepareDenseSpanBook } from './prepare-dense-span-book';

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

describe('denseSpanRoom', () => {
  it('has room for what is quoted and listed and a good deal more', () => {
    const room = denseSpanRoom({ parameters: {}, asOf }, input);
    expect(room).toEqual({ contracts: 1_026, commodities: snapshot.underlyings.size + 128, scenarios: 16 });
    if (room === null) throw new Error('expected room');
    const book = prepareDenseSpanBook({ parameters: {}, asOf }, input, createCommonSpanColumns(room));
    expect([...(book?.place([option('C')]) ?? [])]).toEqual([0]);
    expect(book?.losses).toHaveLength(1_026 * 16);
  });

  it('is null where a run has no columns', () => {
    const rule = { id: 'H1', effectiveFrom: '2020-01-01', kind: 'multiplier', multiplier: 1.5 };
    expect(denseSpanRoom({ parameters: { house: [rule] }, asOf }, input)).toBeNull();
  });
});
