import {
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { groupByUnderlying, valuePositions } from './value-positions';

const chooseModel = () => ({ model: 'black-scholes' }) as const;

describe('valuePositions', () => {
  it('gives every reason when one contract cannot be valued, and no smaller book', () => {
    const portfolio = portfolioOf([position(option('A'), 1), position(option('B'), 1), position(option('C'), 1)]);
    const snapshot = snapshotOf({ quotes: [quote('B', { volatility: 0.2 })] });
    expect(valuePositions({ portfolio, snapshot, chooseModel })).toEqual({
      status: 'indeterminate',
      reasons: ['A: neither price nor volatility', 'C: neither price nor volatility'],
      warnings: [],
    });
  });

  it('asks nothing of a contract that is netted away', () => {
    const portfolio = portfolioOf([position(option('A'), 1), position(option('A'), -1)]);
    expect(valuePositions({ portfolio, snapshot: snapshotOf({}), chooseModel })).toMatchObject({
      status: 'valued',
      positions: [],
    });
  });
});

describe('groupByUnderlying', () => {
  it('groups in canonical order', () => {
    const rows = [
      position(option('A', { underlying: 'Z' }), 1),
      position(option('B'), 1),
      position(option('C', { underlying: 'Z' }), 1),
    ];
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('Z', '100'), underlyingQuote('U', '100')],
      quotes: ['A', 'B', 'C'].map((id) => quote(id, { volatility: 0.2 })),
    });
    const valued = valuePositions({ portfolio: portfolioOf(rows), snapshot, chooseModel });
    if (valued.status !== 'valued') throw new Error('not valued');
    const groups = [...groupByUnderlying(valued.positions)].map(([id, members]) => [
      id,
      members.map(({ contract }) => contract.instrument.id),
    ]);
    expect(groups).toEqual([
      ['U', ['B']],
      ['Z', ['A', 'C']],
    ]);
  });
});
