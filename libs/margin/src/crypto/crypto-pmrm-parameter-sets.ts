import type { ParameterSet } from '../parameter-set';
import type { PmrmParameters, PmrmScenario, PmrmVolatilityShock } from './crypto-pmrm-parameters';

const inner: readonly (readonly [number, readonly PmrmVolatilityShock[]])[] = [
  [1.18, ['UP']],
  [1.135, ['DOWN', 'NONE', 'UP']],
  [1.09, ['DOWN', 'NONE', 'UP']],
  [1.045, ['DOWN', 'NONE', 'UP']],
  [1, ['DOWN', 'NONE', 'UP']],
  [0.955, ['DOWN', 'NONE', 'UP']],
  [0.91, ['DOWN', 'NONE', 'UP']],
  [0.865, ['DOWN', 'NONE', 'UP']],
  [0.8200000000000001, ['UP']],
];

function scenariosWith(tails: readonly (readonly [number, number])[]): readonly PmrmScenario[] {
  return [
    ...inner.flatMap(([spotShock, kinds]) =>
      kinds.map((volatilityShock) => ({ spotShock, volatilityShock, dampening: 1 })),
    ),
    ...tails.map(([spotShock, dampening]) => ({ spotShock, volatilityShock: 'UP' as const, dampening })),
    { spotShock: 1, volatilityShock: 'LINEAR', dampening: 1 },
    { spotShock: 1, volatilityShock: 'ABS', dampening: 1 },
  ];
}

const publishedTest: PmrmParameters = {
  valuation: 'full',
  scenarios: scenariosWith([
    [0.33999999999999997, 0.054545454545454536],
    [0.6699999999999999, 0.10909090909090907],
    [1.5, 0.072],
    [2, 0.036],
    [3, 0.018],
    [4, 0.011999999999999999],
  ]),
  volatilityShock: {
    rangeUp: 0.5,
    rangeDown: 0.275,
    shortTermPower: 0.3,
    longTermPower: 0.13,
    dteFloorDays: 1,
    minVolatilityUpShock: 0.45,
  },
  margin: {
    imFactor: 1,
    mmFactor: 0.8,
    shortRateMultScale: 0.5,
    longRateMultScale: 1,
    shortRateAddScale: 0.08,
    longRateAddScale: 0.08,
    baseStaticDiscount: 0.95,
    baseStaticDiscountNegative: 1.04,
  },
  basisContingency: { shockUp: 1.045, shockDown: 0.955, addFactor: 0.5, multFactor: 2 },
  otherContingency: {
    pegLossThreshold: 0.98,
    pegLossFactor: 2,
    confidenceThreshold: 0.55,
    confidenceMargin: 1,
    mmPerpPercent: 0.015,
    imPerpPercent: 0.005000000000000001,
    mmOptionPercent: 0.003,
    imOptionPercent: 0.002,
  },
  skewShock: {
    linearBaseCap: 0.15,
    absBaseCap: 0.15,
    linearCBase: -0.05,
    absCBase: -0.05,
    minKStar: 0.01,
    widthScale: 4,
    volParamStatic: 0.6,
    volParamScale: -0.1,
  },
};

/** Spot factors of the production tails; each is damped by 0.1386 / |move|. */
const productionTails = [0.34, 0.67, 1.5, 2, 3, 4, 5, 6];

/** The published parameter sets; the first is the default, the others are chosen by name. */
export const pmrmParameterSets: readonly ParameterSet<PmrmParameters>[] = [
  {
    id: 'published-test',
    effectiveFrom: '2025-01-01',
    source: "Derive, test suite of the second portfolio-margin manager (figures of methodology §3.2's worked example)",
    values: publishedTest,
  },
  {
    id: '2026-production',
    effectiveFrom: '2026-01-01',
    source: 'Derive, second portfolio-margin manager as deployed, January 2026',
    values: {
      ...publishedTest,
      scenarios: scenariosWith(productionTails.map((factor) => [factor, 0.1386 / Math.abs(factor - 1)] as const)),
      volatilityShock: { ...publishedTest.volatilityShock, rangeDown: 0.3, minVolatilityUpShock: 0.4 },
      otherContingency: {
        ...publishedTest.otherContingency,
        mmPerpPercent: 0.03,
        imPerpPercent: 0.01,
        pegLossThreshold: 0.99,
        pegLossFactor: 4,
      },
    },
  },
];
