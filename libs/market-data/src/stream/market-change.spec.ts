import { Decimal, instantOf } from '@ballast/domain';
import { compareMoments, keyOfChange } from './market-change';

const at = (milliseconds: number, sequence: number | null = null) => ({ at: instantOf(milliseconds), sequence });

describe('compareMoments', () => {
  it('goes by time, then by number; a number is newer than none', () => {
    expect(compareMoments(at(1, 9), at(2, 1))).toBe(-1);
    expect(compareMoments(at(2, 1), at(1, 9))).toBe(1);
    expect(compareMoments(at(2, 1), at(2, 2))).toBe(-1);
    expect(compareMoments(at(2, 1), at(2))).toBe(1);
    expect(compareMoments(at(2), at(2))).toBe(0);
  });
});

describe('keyOfChange', () => {
  it('names what is stated: expiries of one underlying and directions of one pair apart', () => {
    const price = new Decimal(1);
    const forward = (expiry: number) =>
      keyOfChange({ kind: 'forward', value: { underlyingId: 'X', expiry: instantOf(expiry), price } });
    const fx = (from: string, to: string) => keyOfChange({ kind: 'fx', value: { from, to, rate: price } });
    const spot = keyOfChange({ kind: 'underlying', value: { underlyingId: 'X', price } });
    const quote = { instrumentId: 'X', bid: null, ask: null, mark: null, impliedVolatility: null, flags: [] };
    const keys = [forward(1), forward(2), fx('EUR', 'USD'), fx('USD', 'EUR'), spot];
    const all = [...keys, keyOfChange({ kind: 'quote', value: { ...quote, quotedAt: instantOf(1) } })];
    expect(new Set(all).size).toBe(all.length);
  });
});
