import { valueScenariosPlainly, type OptionTerms, type ScenarioValuation } from '@ballast/margin';
import { plainPricingBatch } from '@ballast/pricing';
import { createKernelPricingBatch } from './kernel-pricing-batch';
import { createValueScenarios } from './value-scenarios';

const terms: OptionTerms = {
  ...{ model: 'black-scholes', steps: 50, right: 'put', strike: 100 },
  ...{ rate: 0.04, dividendYield: 0.01, settlement: 'linear' },
} as const;

function valuation(change: Partial<OptionTerms>, spots = [70, 85, 100, 115, 130]): ScenarioValuation {
  return {
    terms: { ...terms, ...change },
    spots: Float64Array.from(spots),
    yearsToExpiry: Float64Array.from(spots, (_, index) => (index === 1 ? 0 : 0.3)),
    volatilities: Float64Array.from(spots, (_, index) => 0.2 + 0.05 * index),
  };
}

const contracts = [
  valuation({}),
  valuation({ model: 'bachelier' }),
  valuation({ right: 'call', model: 'black76', dividendYield: 0.04 }),
  valuation({ settlement: 'inverse', model: 'black76' }, [0, 50, 100, 200]),
  valuation({ settlement: 'inverse', right: 'call' }, [0, 50, 100, 200]),
  valuation({ model: 'american-alo' }),
  valuation({ model: 'binomial-crr' }),
  valuation({}, []),
];

describe('createValueScenarios', () => {
  it('gives the bits of valueOption on the plain batch', () => {
    expect(createValueScenarios(plainPricingBatch)(contracts)).toEqual(valueScenariosPlainly(contracts));
  });

  it('agrees with valueOption on the kernel', () => {
    const values = createValueScenarios(createKernelPricingBatch())(contracts);
    valueScenariosPlainly(contracts).forEach((expected, index) => {
      expect(values[index]).toHaveLength(expected.length);
      expected.forEach((value, state) => {
        const actual = values[index]?.[state] as number;
        if (value === Infinity) expect(actual).toBe(Infinity);
        else expect(Math.abs(actual - value)).toBeLessThanOrEqual(1e-15 * 200);
      });
    });
  });

  it('refuses what valueOption refuses', () => {
    const bad = valuation({}, [100, -1]);
    expect(() => createValueScenarios(createKernelPricingBatch())([bad])).toThrow('spot must be ≥ 0, got -1');
    expect(() => valueScenariosPlainly([bad])).toThrow('spot must be ≥ 0, got -1');
  });

  it('values nothing', () => {
    expect(createValueScenarios(plainPricingBatch)([])).toEqual([]);
  });
});
