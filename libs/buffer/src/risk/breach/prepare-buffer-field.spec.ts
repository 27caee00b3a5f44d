import { cashOf, preparedAccount } from '../../../../../test/support/account-builder';
import {
  future,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../../test/support/portfolio-builder';
import { finish } from '../steps';
import { splitByUnderlying } from '../valuation/account-parts';
import { measureMoved } from './buffer-curve';
import { prepareBufferField } from './prepare-buffer-field';
import { isAdditive } from './requirement-additivity';
import { timeNodes } from './time-nodes';

const accountOf = (parameters: unknown) =>
  preparedAccount({
    portfolio: portfolioOf([position(future('F'), 1), position(future('G', { underlying: 'V' }), -2)], {
      methodology: 'TIMS',
      cash: [cashOf('5000')],
    }),
    snapshot: snapshotOf({
      quotes: [quote('F', { price: '100' }), quote('G', { price: '50' })],
      underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50')],
    }),
    parameters,
  });
const offset = { productGroups: [{ id: 'g', members: ['U', 'V'], offset: 0.9 }] };

describe('prepareBufferField', () => {
  it.each([
    ['PER_UNDERLYING', {}],
    ['COMBINED', offset],
  ])('%s gives the buffer of a whole revaluation', (kind, parameters) => {
    const account = accountOf(parameters);
    const nodes = timeNodes(account, { horizonDays: 5, steps: 2 });
    const field = finish(prepareBufferField(account, nodes, Float64Array.of(0.3, 0.4)));
    expect(field.kind).toBe(kind);
    const moves = Float64Array.of(0.03, -0.05);
    const full = measureMoved(account, {
      positions: account.portfolio.positions,
      calendarDays: nodes[1]?.calendarDays ?? NaN,
      moves: { U: Math.expm1(0.03), V: Math.expm1(-0.05) },
    });
    expect(Math.abs(field.bufferAt(1, 'entering', moves) - (full.equity - full.maintenance))).toBeLessThan(0.05);
    expect(field.settlementAt(1, moves)).toBe(0);
  });
});

describe('isAdditive', () => {
  it('sees the offset of a product group', () => {
    for (const [parameters, expected] of [
      [{}, true],
      [offset, false],
    ] as const) {
      const account = accountOf(parameters);
      expect(isAdditive(account, splitByUnderlying(account), [0.05, 0.05])).toBe(expected);
    }
  });
});
