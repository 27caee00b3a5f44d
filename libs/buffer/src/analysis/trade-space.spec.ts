import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { measureState } from './account-state';
import { applyTrades } from './account-trade';
import { prepareTradeSpace } from './trade-space';

const [call, put, contract, foreign] = [
  option('C'),
  option('P', { right: 'put', strike: new Decimal(90) }),
  future('F'),
  option('X', { underlying: 'V' }),
];
const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '95')],
  quotes: [
    quote('C', { volatility: 0.25 }),
    quote('P', { price: '2.1' }),
    quote('F', { price: '100.4' }),
    quote('X', { volatility: 0.3 }),
  ],
});
const terms = [
  { instrument: call },
  { instrument: put, feePerContract: new Decimal(2) },
  { instrument: contract, price: new Decimal(101) },
  { instrument: foreign },
];

describe.each(['SPAN', 'TIMS', 'CRYPTO_PM', 'CRYPTO_PMRM'] as const)('prepareTradeSpace under %s', (methodology) => {
  const used = methodology === 'CRYPTO_PMRM' ? [0, 1, 3] : [0, 1, 2, 3];
  const portfolio = portfolioOf([position(call, -4), position(put, -2)], { methodology, cash: [cashOf('50000')] });
  const account = preparedAccount({ portfolio, snapshot });
  const kinds = used.map((index) => terms[index] as (typeof terms)[number]);
  const space = prepareTradeSpace(account, kinds);

  it('measures any quantities as trades applied and evaluated in full', () => {
    const quantity = fc.integer({ min: -8, max: 8 });
    const quantities = fc.array(quantity, { minLength: kinds.length, maxLength: kinds.length });
    fc.assert(
      fc.property(quantities, (chosen) => {
        const trades = kinds.flatMap((item, index) =>
          chosen[index] === 0 ? [] : [{ ...item, quantity: new Decimal(chosen[index] as number) }],
        );
        const full = measureState(account, applyTrades(account, trades).portfolio);
        const quick = space?.measure(chosen);
        if (full.status !== 'valued' || quick == null) throw new Error('not valued');
        expect(quick.equity).toBeCloseTo(full.figures.equity, 6);
        expect(quick.initial).toBeCloseTo(full.figures.initial, 6);
        expect(quick.maintenance).toBeCloseTo(full.figures.maintenance, 6);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('prepareTradeSpace', () => {
  it('has nothing to say about an account that cannot be valued', () => {
    const portfolio = portfolioOf([position(option('UNPRICED'), 1)], { methodology: 'TIMS' });
    expect(prepareTradeSpace(preparedAccount({ portfolio, snapshot }), [{ instrument: call }])).toBeNull();
  });
});
