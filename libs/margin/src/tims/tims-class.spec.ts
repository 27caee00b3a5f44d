import { Decimal, type MarketSnapshot } from '@ballast/domain';
import {
  asOf,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueScenariosPlainly } from '../option-value';
import type { PortfolioPosition } from '../portfolio';
import { valuePositions } from '../value-positions';
import { parseTimsParameters } from './parse-tims-parameters';
import { buildTimsClasses } from './tims-class';

const parameters = parseTimsParameters({}, asOf);
const classesOf = (positions: readonly PortfolioPosition[], snapshot: MarketSnapshot, baseCurrency = 'USD') => {
  const portfolio = portfolioOf(positions, { baseCurrency });
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black-scholes' }) });
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join());
  return buildTimsClasses({
    positions: valuation.positions,
    snapshot,
    baseCurrency,
    parameters,
    valueScenarios: valueScenariosPlainly,
  });
};

describe('buildTimsClasses', () => {
  const quotes = [quote('C', { volatility: 0.25 }), quote('F', { price: '102' }), quote('U', { price: '100' })];
  const snapshot = snapshotOf({ quotes });

  it('values ten points and six test moves of every contract', () => {
    const [own] = classesOf([position(option('C'), 1), position(future('F'), 1), position(share('U'), 1)], snapshot);
    expect(own?.moves).toHaveLength(10);
    const [call, fut, shares] = own?.contracts ?? [];
    expect(call?.losses).toHaveLength(16);
    expect(call?.losses[0]).toBeGreaterThan(0);
    expect(call?.losses[9]).toBeLessThan(0);
    expect(fut?.losses[0]).toBeCloseTo(0.15 * 102 * 100, 9);
    expect(shares?.losses[9]).toBeCloseTo(-15, 12);
    expect([call?.minimum, fut?.minimum, shares?.minimum]).toEqual([37.5, 37.5, 0]);
  });

  it('takes the range of the kind', () => {
    const index = snapshotOf({ underlyings: [underlyingQuote('U', '100', { kind: 'high-cap-index' })], quotes });
    const moves = classesOf([position(option('C'), 1)], index)[0]?.moves ?? [];
    expect([moves[0], moves[9]]).toEqual([-0.08, 0.06]);
  });

  it('states losses and minimum in the base currency', () => {
    const fx = [{ from: 'USD', to: 'EUR', rate: new Decimal('0.8') }];
    const held = [position(option('C'), 1)];
    const [dollars] = classesOf(held, snapshot)[0]?.contracts ?? [];
    const [euros] = classesOf(held, { ...snapshot, fx }, 'EUR')[0]?.contracts ?? [];
    expect(euros?.minimum).toBeCloseTo(30, 12);
    expect(euros?.losses[0]).toBeCloseTo(0.8 * (dollars?.losses[0] ?? NaN), 10);
  });
});
