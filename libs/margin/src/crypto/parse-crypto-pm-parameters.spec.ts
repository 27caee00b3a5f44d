import { parseInstant } from '@ballast/domain';
import { asOf } from '../../../../test/support/portfolio-builder';
import { cryptoPmParameterSets } from './crypto-pm-parameter-sets';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

describe('parseCryptoPmParameters', () => {
  it('is the published set without overrides', () => {
    expect(parseCryptoPmParameters(undefined, asOf)).toEqual(cryptoPmParameterSets[0]?.values);
    expect(parseCryptoPmParameters({}, asOf)).toMatchObject({ priceRange: 0.16, maintenanceFactor: 0.8 });
  });

  it('overrides key by key', () => {
    const parameters = parseCryptoPmParameters({ extendedMoves: [], openOrders: 0.5, pnlOffset: 0.4 }, asOf);
    expect(parameters).toMatchObject({ extendedMoves: [], openOrders: 0.5, pnlOffset: 0.4, priceRange: 0.16 });
  });

  it('knows no set before the first effective date', () => {
    const early = parseInstant('2019-12-31T00:00:00Z', 'asOf');
    expect(() => parseCryptoPmParameters({}, early)).toThrow(expect.objectContaining({ code: 'PARAMETERS_MISSING' }));
  });

  it.each([
    ['an unknown key', { priceRanges: 1 }, 'parameters.priceRanges'],
    ['an unknown key of an underlying', { underlyings: { ETH: { pnlOffset: 1 } } }, 'parameters.underlyings.ETH.pnlOffset'],
    ['a range of 0', { priceRange: 0 }, 'parameters.priceRange'],
    ['a price move of −100 %', { priceRange: 1 }, 'parameters.priceRange'],
    ['an extended move of −100 %', { extendedMoves: [0.5, -1] }, 'parameters.extendedMoves[1]'],
    ['an extended move of 0', { extendedMoves: [0] }, 'parameters.extendedMoves[0]'],
    ['a move that is no number', { extendedMoves: ['0.5'] }, 'parameters.extendedMoves[0]'],
    ['a negative scan range', { volatilityRangeUp: -0.1 }, 'parameters.volatilityRangeUp'],
    ['extended tables of different length', { underlyings: { ETH: { extendedMoves: [0.5] } } }, 'parameters.underlyings.ETH.extendedMoves'],
    ['an offset above 1', { pnlOffset: 1.1 }, 'parameters.pnlOffset'],
    ['a maintenance factor of 0', { maintenanceFactor: 0 }, 'parameters.maintenanceFactor'],
    ['negative open orders', { openOrders: -1 }, 'parameters.openOrders'],
    ['an unknown valuation', { valuation: 'guess' }, 'parameters.valuation'],
    ['a list for an object', [], 'parameters'],
  ])('refuses %s', (_, overrides, field) => {
    expect(() => parseCryptoPmParameters(overrides, asOf)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', field }),
    );
  }); // prettier-ignore
});
