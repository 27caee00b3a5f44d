import { Decimal } from '@ballast/domain';
import { preparedAccount } from '../../../../test/support/account-builder';
import { future, option, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { listRestorationMoves } from './restoration-moves';

const [call, hedge] = [option('C'), future('F')];
const costs = { halfSpread: 0.01, feePerContract: new Decimal(2) };
const account = preparedAccount({
  portfolio: portfolioOf([position(call, '-2.5'), position(call, -1)], { methodology: 'TIMS' }),
  snapshot: snapshotOf({
    quotes: [
      { ...quote('C', { price: '5' }), bid: new Decimal('4.9'), ask: new Decimal('5.3') },
      quote('F', { price: '100' }),
    ],
  }),
});

describe('listRestorationMoves', () => {
  it('closes the net holding at the quote, hedges at the mark ± the half spread', () => {
    const moves = listRestorationMoves(account, { hedges: [{ instrument: hedge, maximum: 4.7 }], costs });
    expect(
      moves.map(({ instrument, sign, maximum, price }) => [instrument.id, sign, maximum, price.toFixed()]),
    ).toEqual([
      ['C', 1, 3.5, '5.3'],
      ['F', 1, 4, '101'],
      ['F', -1, 4, '99'],
    ]);
  });

  it('lets a hedge in a held contract only add to it', () => {
    const moves = listRestorationMoves(account, { hedges: [{ instrument: call, maximum: 2 }], costs });
    expect(moves.map(({ sign, maximum }) => [sign, maximum])).toEqual([
      [1, 3.5],
      [-1, 2],
    ]);
  });

  it.each([
    ['a hedge of nothing', { hedges: [{ instrument: hedge, maximum: 0 }], costs }, 'hedges[0].maximum'],
    ['a spread above 1', { hedges: [], costs: { ...costs, halfSpread: 1.5 } }, 'costs.halfSpread'],
    ['a negative fee', { hedges: [], costs: { ...costs, feePerContract: new Decimal(-1) } }, 'costs.feePerContract'],
  ])('refuses %s', (_, input, field) => {
    expect(() => listRestorationMoves(account, input)).toThrow(
      expect.objectContaining({ code: 'INVALID_POSITION', field }),
    );
  });
});
