import { Decimal } from '@ballast/domain';
import { asOf, option, quote } from '../../../../test/support/portfolio-builder';
import { explainBreak } from './explain-break';
import type { StatementBreak } from './statement-break';

const decimal = (text: string | number) => new Decimal(text);
const found = (kind: StatementBreak['kind'], ours: number | null, theirs: number | null): StatementBreak => ({
  kind,
  item: 'C',
  ours: ours === null ? null : decimal(ours),
  theirs: theirs === null ? null : decimal(theirs),
  difference: null,
  currency: null,
});
const position = {
  instrument: option('C'),
  quantity: decimal(-5),
  price: decimal(2),
  quote: { ...quote('C', {}), bid: decimal(1), ask: decimal(3), mark: decimal(2) },
};

describe('explainBreak', () => {
  it.each([
    ['a reversed sign', found('POSITION_QUANTITY', -5, 5), 'the sign is reversed'],
    ['units for contracts', found('POSITION_QUANTITY', -5, -500), 'stated in units: 100 to a contract'],
    ['contracts for units', found('POSITION_QUANTITY', -500, -5), 'ours is in units: 100 to a contract'],
    ['nothing known', found('POSITION_QUANTITY', -5, -6), 'no booking of ours explains the difference'],
    ['theirs only', found('POSITION_MISSING_IN_RUN', null, 1), 'held there only: no booking of ours explains it'],
    ['ours only', found('POSITION_MISSING_IN_STATEMENT', 1, null), 'held by us only'],
    ['an unknown account', found('ACCOUNT_MISSING_IN_RUN', null, null), 'the run has no account of this code'],
  ])('tells %s', (_, broken, sentence) => {
    expect(explainBreak(broken, { position, asOf })).toBe(sentence);
  });

  it('tells a contract that was over', () => {
    const over = { ...position, instrument: option('C', { expiry: asOf }) };
    expect(explainBreak(found('POSITION_MISSING_IN_STATEMENT', 1, null), { position: over, asOf })).toContain(
      'was over',
    );
  });

  it.each([
    [found('POSITION_QUANTITY', -5, -6), -6, -6, 'the record agrees today'],
    [found('CASH', 5, 6), 5, 6, 'a movement after the run'],
    [found('POSITION_MISSING_IN_STATEMENT', -5, null), 0, 0, 'was taken back later'],
  ])('tells a later booking', (broken, corrected, now, words) => {
    const later = { corrected: decimal(corrected), now: decimal(now) };
    expect(explainBreak(broken, { position, later, asOf })).toContain(words);
  });

  it('tells which part of a collateral value differs', () => {
    const value = found('COLLATERAL_VALUE', 9, 8);
    const at = (...beside: StatementBreak[]) => explainBreak(value, { asOf, beside });
    expect(at(value, { ...found('COLLATERAL_PRICE', 2, 1), item: 'D' })).toContain('no other break of the asset');
    expect(at(found('COLLATERAL_QUANTITY', 3, 2), found('COLLATERAL_PRICE', 2, 1))).toContain(
      'the quantity and the price of the asset differ;',
    );
    expect(at(found('COLLATERAL_PRICE', 2, 1))).toContain('the price of the asset differs;');
  });

  it('tells where a stated price lies', () => {
    expect(explainBreak(found('PRICE', 2, 2.5), { position, asOf })).toContain('inside our spread 1 to 3');
    expect(explainBreak(found('PRICE', 2, 3.5), { position, asOf })).toContain('outside our spread');
    expect(explainBreak(found('PRICE', 2, 3), { position: { ...position, quote: null }, asOf })).toContain(
      'has no quote',
    );
    expect(explainBreak(found('PRICE', null, 3), { position: { ...position, price: null }, asOf })).toContain(
      'no price',
    );
  });
});
