import { buildFuture, buildOption, holdingOf } from '../../../../test/support/lifecycle-builder';
import { Decimal } from '../decimal';
import { dailySettlementChange } from './daily-settlement';

describe('daily settlement', () => {
  const instrument = buildFuture();

  it('pays the gain since the average price and restates it', () => {
    const change = dailySettlementChange({
      holdings: [holdingOf(instrument, '-3', '100')],
      instrument,
      price: new Decimal('101.5'),
    });
    expect(change.cash).toEqual([{ currency: 'USD', amount: new Decimal(-225) }]);
    expect(change.positions[0]).toMatchObject({ after: new Decimal(-3), averagePriceAfter: new Decimal('101.5') });
  });

  it('adds up over days to the gain from first to last', () => {
    let holdings = [holdingOf(instrument, '2', '100')];
    let paid = new Decimal(0);
    for (const price of ['103.25', '97', '110.5']) {
      const change = dailySettlementChange({ holdings, instrument, price: new Decimal(price) });
      paid = paid.plus(change.cash[0]?.amount ?? 0);
      holdings = [holdingOf(instrument, '2', price)];
    }
    expect(paid.toFixed()).toBe('1050'); // (110.5 − 100) × 2 × 50
  });

  it('gives a holding without an average price the settlement price only', () => {
    const change = dailySettlementChange({
      holdings: [holdingOf(instrument, '1')],
      instrument,
      price: new Decimal(99),
    });
    expect(change.cash).toEqual([]);
    expect(change.notes).toEqual([expect.stringContaining('no average price')]);
    expect(change.positions[0]?.averagePriceAfter?.toFixed()).toBe('99');
  });

  it('refuses a contract paid up front, and a coin price of 0', () => {
    const price = new Decimal(1);
    expect(() => dailySettlementChange({ holdings: [], instrument: buildOption(), price })).toThrow(/settle daily/);
    const inverse = buildFuture({ settlement: 'inverse' });
    expect(() => dailySettlementChange({ holdings: [], instrument: inverse, price: new Decimal(0) })).toThrow(
      /more than 0/,
    );
  });
});
