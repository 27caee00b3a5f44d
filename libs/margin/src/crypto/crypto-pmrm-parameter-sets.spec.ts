import { pmrmParameterSets } from './crypto-pmrm-parameter-sets';

describe('published sets of CRYPTO_PMRM', () => {
  const [test, production] = pmrmParameterSets.map(({ values }) => values);

  it('scan 23 inner scenarios, tails with volatility up, and two skews', () => {
    expect(test?.scenarios.map(({ volatilityShock }) => volatilityShock).slice(-8)).toEqual([
      ...new Array<string>(6).fill('UP'),
      'LINEAR',
      'ABS',
    ]);
    expect(test?.scenarios).toHaveLength(23 + 6 + 2);
    expect(production?.scenarios).toHaveLength(23 + 8 + 2);
  });

  it('damp the production tails in inverse proportion to the move', () => {
    const tails = production?.scenarios.slice(23, 31) ?? [];
    expect(tails.map(({ spotShock }) => spotShock)).toEqual([0.34, 0.67, 1.5, 2, 3, 4, 5, 6]);
    tails.forEach(({ spotShock, dampening }) => expect(dampening * Math.abs(spotShock - 1)).toBeCloseTo(0.1386, 14));
    expect(production?.otherContingency).toMatchObject({ mmPerpPercent: 0.03, imPerpPercent: 0.01, pegLossThreshold: 0.99, pegLossFactor: 4 }); // prettier-ignore
    expect(production?.volatilityShock).toMatchObject({ rangeDown: 0.3, minVolatilityUpShock: 0.4, rangeUp: 0.5 });
  });
});
