import { preparedAccount } from '../../../../../test/support/account-builder';
import {
  portfolioOf,
  position,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../../test/support/portfolio-builder';
import { finish } from '../steps';
import { splitByUnderlying } from '../valuation/account-parts';
import { preparePartProfit } from '../valuation/part-profit';
import { profitInScenario, valueScenariosByPart } from './scenario-profits';

const account = preparedAccount({
  portfolio: portfolioOf([position(share('S'), 10), position(share('T', { underlying: 'V' }), -4)], {
    methodology: 'TIMS',
  }),
  snapshot: snapshotOf({ underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50')] }),
});
const profits = splitByUnderlying(account).map((part) => preparePartProfit(part, 0));

describe('valueScenariosByPart', () => {
  it('values each part in full: 10 shares at 100 and −4 at 50', () => {
    const moves = [Float64Array.of(0.1, -0.2), Float64Array.of(0.5, 0.1)];
    const { byPart, error } = finish(valueScenariosByPart(profits, moves));
    expect(error).toBe(0);
    [100, -200].forEach((value, index) => expect(byPart[0]?.[index]).toBeCloseTo(value, 9));
    [-100, -20].forEach((value, index) => expect(byPart[1]?.[index]).toBeCloseTo(value, 9));
    expect(profitInScenario(profits, moves, 1)).toBeCloseTo(-220, 9);
  });

  it('interpolates many scenarios between the extreme moves', () => {
    const many = Float64Array.from({ length: 500 }, (_, index) => (index - 250) / 1000);
    const { byPart } = finish(valueScenariosByPart(profits, [many, many]));
    expect(byPart[0]?.[499]).toBeCloseTo(249, 9);
    expect(byPart[1]?.[0]).toBeCloseTo(50, 9);
  });
});
