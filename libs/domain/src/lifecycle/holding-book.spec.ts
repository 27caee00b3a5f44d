import { buildFuture, buildOption, buildShare, holdingOf } from '../../../../test/support/lifecycle-builder';
import { Decimal } from '../decimal';
import { HoldingBook, variationOf } from './holding-book';

describe('holding book', () => {
  it('weights the average price in one direction and keeps it when reducing', () => {
    const share = buildShare();
    const book = new HoldingBook([holdingOf(share, '100', '10')]);
    book.add(share, { quantity: new Decimal(300), price: new Decimal(20) });
    expect(book.changes().positions[0]?.averagePriceAfter?.toFixed()).toBe('17.5');
    book.add(share, { quantity: new Decimal(-350), price: new Decimal(50) });
    expect(book.changes().positions[0]).toMatchObject({
      after: new Decimal(50),
      averagePriceAfter: new Decimal('17.5'),
    });
    expect(book.changes().cash).toEqual([]);
  });

  it('realises the gain of futures that close and gives the rest the new price', () => {
    const future = buildFuture();
    const book = new HoldingBook([holdingOf(future, '-2', '60')]);
    book.add(future, { quantity: new Decimal(5), price: new Decimal(50) });
    const { positions, cash } = book.changes();
    expect(cash).toEqual([{ currency: 'USD', amount: new Decimal(1000) }]); // (60 − 50) × 2 × 50
    expect(positions[0]).toMatchObject({ after: new Decimal(3), averagePriceAfter: new Decimal(50) });
  });

  it('rounds cash down once, both for who receives and for who pays', () => {
    const book = new HoldingBook([]);
    book.pay('USD', new Decimal('0.005'));
    book.pay('USD', new Decimal('0.004'));
    book.pay('EUR', new Decimal('-0.001'));
    book.pay('JPY', new Decimal('-0.3').plus('0.3'));
    expect(book.changes().cash.map(({ currency, amount }) => `${amount.toFixed()} ${currency}`)).toEqual(['-0.01 EUR']);
  });

  it('leaves out what ends as it began, and says each note once', () => {
    const option = buildOption();
    const book = new HoldingBook([holdingOf(option, '1', '2')]);
    book.restateAverage(option, new Decimal('2.0'));
    book.note('a');
    book.note('a');
    expect(book.changes()).toEqual({ positions: [], cash: [], notes: ['a'] });
  });

  it('counts the gain of a coin-settled contract in the coin', () => {
    const inverse = buildFuture({ settlement: 'inverse', currency: 'BTC', multiplier: new Decimal(1) });
    const move = { quantity: new Decimal(2), from: new Decimal(50_000), to: new Decimal(80_000) };
    expect(variationOf(inverse, move).toFixed()).toBe('0.75');
  });
});
