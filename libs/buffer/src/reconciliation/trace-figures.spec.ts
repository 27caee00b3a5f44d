import { Decimal } from '@ballast/domain';
import { prepareHouseMethod } from '@ballast/margin';
import fc from 'fast-check';
import { option, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { defaultBufferPolicy } from '../buffer-policy';
import type { InputDifference } from './input-difference';
import { traceFigures, unexplainedCause } from './trace-figures';

const decimal = (text: string | number) => new Decimal(text);
const portfolio = portfolioOf([position(option('C'), -3), position(option('D', { strike: decimal(110) }), -2)]);
const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.25 }), quote('D', { volatility: 0.24 })] });
const { methodology, asOf } = portfolio;
const method = prepareHouseMethod({ methodology, parameters: {}, asOf });
const policy = defaultBufferPolicy(asOf);
const maintenanceOf = (positions: typeof portfolio.positions) =>
  method({ portfolio: { ...portfolio, positions }, snapshot }).maintenanceRequirement?.amount as Decimal;
const ours = maintenanceOf(portfolio.positions);
const quantity = (id: string, theirs: number): InputDifference => ({
  input: 'position',
  instrument: portfolio.positions.find(({ instrument }) => instrument.id === id)?.instrument ?? option(id),
  ours: null,
  theirs: decimal(theirs),
});
const trace = (...differences: InputDifference[]) =>
  traceFigures({ book: { portfolio, snapshot }, method, policy, differences });

describe('traceFigures', () => {
  it('recomputes on the quantities of the statement and leaves nothing where these explain all', () => {
    const theirs = maintenanceOf([position(option('C'), -5), ...portfolio.positions.slice(1)]);
    const cause = trace(quantity('C', -5)).explain('maintenanceRequirement', { ours, theirs });
    expect(cause).toMatchObject({ recomputed: theirs.toFixed(), unexplained: '0' });
    expect(cause.steps).toMatchObject([{ input: 'position', item: 'C', effect: theirs.minus(ours).toFixed() }]);
    const moved = cause.components.reduce((sum, { change }) => sum.plus(change), decimal(0));
    expect(moved.toFixed()).toBe(theirs.minus(ours).toFixed());
  });

  it('adds up: effects and the rest are the whole difference, whatever the statement says', () => {
    const held = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(held, held, fc.integer({ min: 0, max: 1e6 }), (first, second, amount) => {
        const theirs = decimal(amount);
        const cause = trace(quantity('C', first), quantity('D', second)).explain('maintenanceRequirement', {
          ours,
          theirs,
        });
        const explained = cause.steps.reduce(
          (sum, { effect }) => sum.plus(effect ?? 0),
          decimal(cause.unexplained ?? 0),
        );
        expect(explained.toFixed()).toBe(theirs.minus(ours).toFixed());
      }),
      { numRuns: 20 },
    );
  });

  it('tells quantity, price and what is left of a collateral value apart, in equity as in the total', () => {
    const pledged = { asset: 'T', quantity: decimal(1000), price: decimal('0.9875'), haircut: 0.02 };
    const book = { portfolio: { ...portfolio, collateral: [pledged] }, snapshot };
    const change = (input: 'collateral' | 'collateral-price', theirs: number) =>
      ({ input, asset: 'T', ours: null, theirs: decimal(theirs) }) as const;
    const differences = [change('collateral', 900), change('collateral-price', 0.98)];
    const values = [{ asset: 'T', ours: decimal('967.75'), theirs: decimal(850) }];
    const { explain } = traceFigures({ book, method, policy, differences, values });
    // 967.75 → 900 · 0.9875 · 0.98 = 870.975 → 900 · 0.98 · 0.98 = 864.36 → 850
    const cause = explain('collateralValue', { ours: decimal('967.75'), theirs: decimal(850) });
    expect(cause.steps.map(({ input, effect }) => [input, effect])).toEqual([
      ['collateral', '-96.78'],
      ['collateral-price', '-6.61'],
      ['collateral-value', '-14.36'],
    ]);
    expect(cause).toMatchObject({ recomputed: '850', unexplained: '0', components: [] });
    const effects = explain('equity', { ours: decimal(0), theirs: decimal(0) }).steps.map(({ effect }) =>
      Number(effect),
    );
    expect(effects.reduce((sum, effect) => sum + effect, 0)).toBeCloseTo(-117.75, 1);
  });

  it('says that nothing of the inputs explains a difference', () => {
    const cause = trace().explain('maintenanceRequirement', { ours, theirs: ours.plus(3) });
    expect(cause).toMatchObject({ steps: [], components: [], unexplained: '3' });
    expect(cause.summary).toContain('no input of the statement that differs explains +3');
  });

  it('recognises an add-on of ours that the other house does not charge', () => {
    const parameters = { house: [{ id: 'r', effectiveFrom: '2000-01-01', kind: 'multiplier', multiplier: 1.5 }] };
    const dearer = prepareHouseMethod({ methodology, parameters, asOf });
    const charged = dearer({ portfolio, snapshot }).maintenanceRequirement?.amount as Decimal;
    const own = traceFigures({ book: { portfolio, snapshot }, method: dearer, policy, differences: [] });
    const { summary } = own.explain('maintenanceRequirement', { ours: charged, theirs: ours });
    expect(summary).toContain('the size of our component');
  });

  it('leaves out what cannot be valued, and goes on', () => {
    const unknown = quantity('Z', 1);
    const alien = { ...unknown, instrument: option('Z', { underlying: 'NONE' }) } as InputDifference;
    const cause = trace(alien, quantity('C', -5)).explain('maintenanceRequirement', { ours, theirs: ours });
    expect(cause.steps.map(({ item, effect }) => [item, effect === null])).toEqual([
      ['Z', true],
      ['C', false],
    ]);
    expect(cause.summary).toContain('position Z cannot be valued');
  });

  it('tells what a figure on record carries besides', () => {
    const cause = trace().explain('maintenanceRequirement', { ours: ours.plus(10), theirs: ours });
    expect(cause.summary).toContain('carries +10');
    expect(unexplainedCause('x')).toEqual({
      summary: 'x',
      steps: [],
      components: [],
      recomputed: null,
      unexplained: null,
    });
  });
});
