import { buildFuture, buildOption, buildShare } from '../../../../test/support/lifecycle-builder';
import { Decimal } from '../decimal';
import { adjustContract, type CorporateAction } from './contract-adjustment';

const share = { instrumentId: 'NEW' };

function terms(instrument: ReturnType<typeof buildOption>, action: CorporateAction) {
  const adjusted = adjustContract(instrument, action, share);
  if (adjusted.outcome !== 'replaced' || adjusted.instrument.type !== 'option') throw new Error('not an option');
  const { multiplier, strike, underlying, deliverable } = adjusted.instrument;
  return {
    contracts: adjusted.quantityFactor.toFixed(),
    multiplier: multiplier.toFixed(),
    strike: strike.toFixed(),
    underlying,
    deliverable: deliverable?.components
      .map((c) => `${c.quantity.toFixed()} ${c.instrumentId}`)
      .concat(deliverable.cash.toFixed()),
  };
}

describe('adjustment of contracts', () => {
  it('7 for 1: seven contracts at a seventh of the strike (AAPL 2014: 645 → 92.142857)', () => {
    const option = buildOption({ strike: new Decimal(645) });
    expect(terms(option, { kind: 'split', numerator: 7, denominator: 1 })).toMatchObject({
      contracts: '7',
      multiplier: '100',
      strike: '92.1428571429',
    });
  });

  it('3 for 2: the same contracts on 150 shares at two thirds of the strike', () => {
    const adjusted = terms(buildOption({ strike: new Decimal(60) }), { kind: 'split', numerator: 3, denominator: 2 });
    expect(adjusted).toMatchObject({ contracts: '1', multiplier: '150', strike: '40' });
  });

  it('1 for 10: the same contracts on 10 shares at ten times the strike', () => {
    const adjusted = terms(buildOption({ strike: new Decimal(5) }), { kind: 'split', numerator: 1, denominator: 10 });
    expect(adjusted).toMatchObject({ contracts: '1', multiplier: '10', strike: '50' });
  });

  it('special dividend: the strike falls by it', () => {
    const adjusted = terms(buildOption(), { kind: 'special-dividend', amount: new Decimal('12.50') });
    expect(adjusted).toMatchObject({ contracts: '1', multiplier: '100', strike: '87.5' });
  });

  it('change of name: the same terms on the new name', () => {
    expect(terms(buildOption(), { kind: 'symbol-change', newUnderlying: 'NEW' })).toMatchObject({
      underlying: 'NEW',
      strike: '100',
      multiplier: '100',
    });
  });

  it('merger for half a share and 10 cash: delivers 50 shares and 1000, the strike stated net of it', () => {
    const action = {
      kind: 'merger',
      newUnderlying: 'NEW',
      stockRatio: new Decimal('0.5'),
      cashPerShare: new Decimal(10),
    } as const;
    expect(terms(buildOption(), action)).toEqual({
      contracts: '1',
      multiplier: '50',
      strike: '180',
      underlying: 'NEW',
      deliverable: ['50 NEW', '1000'],
    });
  });

  it('splits an adjusted contract further', () => {
    const deliverable = { components: [{ instrumentId: 'NEW', quantity: new Decimal(50) }], cash: new Decimal(1000) };
    const merged = buildOption({
      underlying: 'NEW',
      multiplier: new Decimal(50),
      strike: new Decimal(180),
      deliverable,
    });
    expect(terms(merged, { kind: 'split', numerator: 2, denominator: 1 })).toMatchObject({
      contracts: '2',
      strike: '90',
      deliverable: ['50 NEW', '500'],
    });
    expect(terms(merged, { kind: 'split', numerator: 3, denominator: 2 })).toMatchObject({
      multiplier: '75',
      strike: '120',
      deliverable: ['75 NEW', '1000'],
    });
    const renamed = terms(merged, { kind: 'symbol-change', newUnderlying: 'NEWER' });
    expect(renamed.underlying).toBe('NEWER');
  });

  it('cash merger: options end at their certain value', () => {
    const action = { kind: 'merger', stockRatio: new Decimal(0), cashPerShare: new Decimal(120) } as const;
    expect(adjustContract(buildOption(), action, share)).toMatchObject({
      outcome: 'ended',
      cashReceived: new Decimal(2000),
    });
    const put = buildOption({ right: 'put' });
    expect(adjustContract(put, action, share)).toMatchObject({ outcome: 'ended', cashReceived: new Decimal(0) });
  });

  it('ends a call whose strike the cash swallows as what it delivers', () => {
    const deep = buildOption({ strike: new Decimal(5) });
    const ended = adjustContract(deep, { kind: 'special-dividend', amount: new Decimal(8) }, share);
    expect(ended).toMatchObject({ outcome: 'ended', unitsReceived: new Decimal(100), cashReceived: new Decimal(300) });
  });

  it('leaves a future its terms in a whole split and changes its size otherwise', () => {
    const whole = adjustContract(buildFuture(), { kind: 'split', numerator: 2, denominator: 1 }, share);
    expect(whole).toMatchObject({ isNewContract: false, quantityFactor: new Decimal(2) });
    const odd = adjustContract(buildFuture(), { kind: 'split', numerator: 3, denominator: 2 }, share);
    expect(odd).toMatchObject({ isNewContract: true, instrument: { multiplier: new Decimal(75) } });
  });

  it.each([
    [{ kind: 'split', numerator: 0, denominator: 1 }, /numerator/],
    [{ kind: 'split', numerator: 3, denominator: 1.5 }, /denominator/],
    [{ kind: 'special-dividend', amount: new Decimal(0) }, /amount/],
    [{ kind: 'merger', stockRatio: new Decimal(0), cashPerShare: new Decimal(0) }, /shares, cash or both/],
    [{ kind: 'merger', stockRatio: new Decimal(1), cashPerShare: new Decimal(0) }, /newUnderlying/],
    [{ kind: 'merger', stockRatio: new Decimal(-1), cashPerShare: new Decimal(0) }, /negative/],
  ] as const)('refuses %j', (action, message) => {
    expect(() => adjustContract(buildShare(), action as CorporateAction, share)).toThrow(message);
  });

  it('refuses a coin-settled contract', () => {
    const coin = buildOption({ settlement: 'inverse' });
    expect(() => adjustContract(coin, { kind: 'split', numerator: 2, denominator: 1 }, share)).toThrow(/coin-settled/);
  });
});
