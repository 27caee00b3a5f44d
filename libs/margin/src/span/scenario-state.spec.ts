import { asOf, option, quote, snapshotOf, underlyingQuote } from '../../../../test/support/portfolio-builder';
import { valueInstrument } from '../instrument-valuation';
import type { ValuationModel } from '../option-terms';
import { optionStateIn, scenarioPriceMove, shiftVolatility } from './scenario-state';
import { spanParameterSets } from './span-parameter-sets';

const { scenarios, commodity } = spanParameterSets[0]!.values;
const range = { priceMove: 30, volatilityRange: 0.28 };

function contractUnder(model: ValuationModel) {
  const snapshot = snapshotOf({
    underlyings: [underlyingQuote('U', '60')],
    quotes: [quote('C', { volatility: 0.25 })],
  });
  const valuation = valueInstrument({
    instrument: option('C'),
    snapshot,
    asOf,
    baseCurrency: 'USD',
    chooseModel: () => ({ model }),
  });
  if (valuation.status !== 'valued') throw new Error(valuation.reason);
  return valuation.contract;
}

describe('scenario states', () => {
  it('move by thirds of the scan range and by the extreme multiplier', () => {
    const moves = scenarios.map((scenario) => scenarioPriceMove(scenario, range, commodity));
    expect(moves).toEqual([0, 0, 10, 10, -10, -10, 20, 20, -20, -20, 30, 30, -30, -30, 90, -90]);
  });

  it('shift volatility by factor or by points, never below 0', () => {
    expect(shiftVolatility(0.25, { kind: 'multiplicative', range: 0.28, direction: -1 })).toBeCloseTo(0.18, 15);
    expect(shiftVolatility(0.25, { kind: 'additive', range: 0.28, direction: 1 })).toBeCloseTo(0.53, 15);
    expect(shiftVolatility(0.25, { kind: 'additive', range: 0.28, direction: -1 })).toBe(0);
    expect(shiftVolatility(0.25, { kind: 'additive', range: 0.28, direction: 0 })).toBe(0.25);
  });

  it('take the look-ahead off the time, down to the expiry instant', () => {
    const contract = contractUnder('black-scholes');
    const years = (lookAheadDays: number) =>
      optionStateIn(scenarios[0]!, contract, range, { ...commodity, lookAheadDays }).yearsToExpiry;
    expect(years(0)).toBe(0.2);
    expect(years(1)).toBeCloseTo(72 / 365, 15);
    expect(years(100)).toBe(0);
  });

  it('refuse a price move below −100 % under a lognormal model and allow it under bachelier', () => {
    const down = scenarios[15]!;
    expect(() => optionStateIn(down, contractUnder('black-scholes'), range, commodity)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringContaining('below −100 %') }),
    );
    expect(optionStateIn(down, contractUnder('bachelier'), range, commodity).spot).toBe(-30);
  });
});
