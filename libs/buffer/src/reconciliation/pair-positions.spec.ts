import { Decimal, type StatedPosition } from '@ballast/domain';
import { daysLater, option } from '../../../../test/support/portfolio-builder';
import { pairPositions } from './pair-positions';
import type { OwnPosition } from './statement-break';

const own = (id: string, strike = 100): OwnPosition => ({
  instrument: option(id, { underlying: 'ABC', strike: new Decimal(strike), expiry: daysLater(0) }),
  quantity: new Decimal(1),
  price: null,
  quote: null,
});
const stated = (instrumentId: string, strike?: number): StatedPosition => ({
  instrumentId,
  quantity: new Decimal(1),
  ...(strike === undefined
    ? {}
    : { contract: { root: 'ABC', expiryDate: '2026-01-05', right: 'call', strike: new Decimal(strike) } }),
});
const shown = (pairs: ReturnType<typeof pairPositions>) =>
  pairs.map(({ item, own: mine, theirs }) => [item, mine?.instrument.id ?? null, theirs?.instrumentId ?? null]);

describe('pairPositions', () => {
  it('pairs by identifier, then by the terms of an OSI symbol, in order of our identifier', () => {
    const pairs = pairPositions([own('C-B', 110), own('C-A')], [stated('ABC260105C00110000', 110), stated('C-A')]);
    expect(shown(pairs)).toEqual([
      ['C-A', 'C-A', 'C-A'],
      ['C-B', 'C-B', 'ABC260105C00110000'],
    ]);
  });

  it('leaves what one side lacks alone, and never uses a position twice', () => {
    const pairs = pairPositions([own('C-A')], [stated('C-A'), stated('ABC260105C00100000', 100), stated('Z')]);
    expect(shown(pairs)).toEqual([
      ['ABC260105C00100000', null, 'ABC260105C00100000'],
      ['C-A', 'C-A', 'C-A'],
      ['Z', null, 'Z'],
    ]);
  });

  it.each([
    ['another strike', { strike: new Decimal(101) }],
    ['another right', { right: 'put' as const }],
    ['another day', { expiryDate: '2026-01-06' }],
    ['another root', { root: 'ABD' }],
  ])('does not pair %s', (_, change) => {
    const { contract } = stated('X', 100);
    const other = { ...stated('X'), contract: { ...(contract as NonNullable<typeof contract>), ...change } };
    expect(pairPositions([own('C-A')], [other])).toHaveLength(2);
  });
});
