import { instantOf } from '@ballast/domain';
import { consolidateSources, type SourcePrice } from './consolidate-sources';

const asOf = instantOf(1_000_000_000);
const fresh = (prices: readonly (number | null)[]): SourcePrice[] =>
  prices.map((price, index) => ({ source: `s${index}`, price, at: asOf }));
const old = (source: SourcePrice): SourcePrice => ({ ...source, at: instantOf(asOf - 3_600_000) });
const index = fresh([9150, 9152, 9149, 9151, 9150.5, 9148, 9153]);
const truth = 9150.5;
const spike = (source: SourcePrice): SourcePrice => ({ ...source, price: 9150 * 0.84 });
const with_ = (changes: Record<number, (source: SourcePrice) => SourcePrice>) =>
  index.map((source, place) => changes[place]?.(source) ?? source);

describe('consolidateSources', () => {
  it.each([
    ['all fresh', {}],
    ['one stale', { 0: old }],
    ['two stale', { 0: old, 3: old }],
    ['one spiked 16 % down', { 2: spike }],
    ['one stale, one spiked', { 0: old, 2: spike }],
    ['two stale, one spiked', { 0: old, 3: old, 2: spike }],
  ])('stays within 0.5 % of the index of seven sources with %s', (_, changes) => {
    const { price, flags } = consolidateSources(with_(changes), asOf);
    expect(Math.abs((price ?? 0) / truth - 1)).toBeLessThan(0.005);
    expect(flags).toEqual([]);
  });

  it('is flagged where most sources are gone, and null where none is left', () => {
    const thin = consolidateSources(with_({ 0: old, 1: old, 2: spike, 3: old }), asOf);
    expect(thin.flags).toEqual(['FALLBACK_SECOND_SOURCE', 'Q_SPIKE', 'Q_STALE']);
    const gone = consolidateSources(index.map(old), asOf);
    expect([gone.price, gone.flags]).toEqual([null, ['FALLBACK_SECOND_SOURCE', 'Q_STALE']]);
    expect(consolidateSources([], asOf).price).toBeNull();
  });

  it('believes neither of two sources that disagree', () => {
    expect(consolidateSources(fresh([100, 84]), asOf)).toMatchObject({ price: null, used: [] });
  });

  it('takes a price of zero as missing and a negative one as a price', () => {
    expect(consolidateSources(fresh([0, 0, null]), asOf).price).toBeNull();
    expect(consolidateSources(fresh([0, 100, 100.1, 100.2]), asOf)).toMatchObject({ price: 100.1, flags: [] });
    expect(consolidateSources(fresh([-37.63, -37.6, -37.7]), asOf).price).toBe(-37.63);
  });

  it('does not depend on the order of the sources', () => {
    expect(consolidateSources([...index].reverse(), asOf)).toEqual(consolidateSources(index, asOf));
  });
});
