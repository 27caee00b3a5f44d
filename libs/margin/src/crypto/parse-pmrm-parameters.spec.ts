import { asOf } from '../../../../test/support/portfolio-builder';
import { pmrmParameterSets } from './crypto-pmrm-parameter-sets';
import { parsePmrmParameters } from './parse-pmrm-parameters';

describe('parsePmrmParameters', () => {
  it('is the first published set without overrides, another one by name', () => {
    expect(parsePmrmParameters(undefined, asOf)).toEqual(pmrmParameterSets[0]?.values);
    expect(parsePmrmParameters({ parameterSet: '2026-production' }, asOf)).toEqual(pmrmParameterSets[1]?.values);
  });

  it('overrides key by key inside a group', () => {
    const parameters = parsePmrmParameters({ margin: { imFactor: 1.25 } }, asOf);
    expect(parameters.margin).toEqual({ ...pmrmParameterSets[0]?.values.margin, imFactor: 1.25 });
    const scenario = { spotShock: 0.5, volatilityShock: 'UP' };
    expect(parsePmrmParameters({ scenarios: [scenario] }, asOf).scenarios).toEqual([{ ...scenario, dampening: 1 }]);
  });

  it('takes 0 where it has a meaning: a static discount that leaves nothing', () => {
    const margin = { baseStaticDiscount: 0, baseStaticDiscountNegative: 0 };
    expect(parsePmrmParameters({ margin }, asOf).margin).toMatchObject(margin);
  });

  it.each([
    ['an unknown key', { skew: {} }, 'parameters.skew'],
    ['an unknown key of a group', { margin: { imfactor: 1 } }, 'parameters.margin.imfactor'],
    ['an unknown set', { parameterSet: 'mine' }, 'parameters.parameterSet'],
    ['no scenarios', { scenarios: [] }, 'parameters.scenarios'],
    ['a price move of −100 %', { scenarios: [{ spotShock: 0, volatilityShock: 'UP' }] }, 'parameters.scenarios[0].spotShock'],
    ['an unknown volatility shock', { scenarios: [{ spotShock: 1, volatilityShock: 'up' }] }, 'parameters.scenarios[0].volatilityShock'],
    ['an unknown key of a scenario', { scenarios: [{ spotShock: 1, volatilityShock: 'UP', damp: 1 }] }, 'parameters.scenarios[0].damp'],
    ['a negative dampening', { scenarios: [{ spotShock: 1, volatilityShock: 'UP', dampening: -1 }] }, 'parameters.scenarios[0].dampening'],
    ['a negative range', { volatilityShock: { rangeUp: -1 } }, 'parameters.volatilityShock.rangeUp'],
    ['a confidence threshold above 1', { otherContingency: { confidenceThreshold: 1.5 } }, 'parameters.otherContingency.confidenceThreshold'],
    ['a text for a number', { basisContingency: { addFactor: '1' } }, 'parameters.basisContingency.addFactor'],
  ])('refuses %s', (_, overrides, field) => {
    expect(() => parsePmrmParameters(overrides, asOf)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', field }));
  }); // prettier-ignore
});
