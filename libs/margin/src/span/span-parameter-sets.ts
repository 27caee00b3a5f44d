import type { ParameterSet } from '../parameter-set';
import type { CommodityParameters, SpanScenario } from './span-parameters';

/** The sixteen scenarios of the field: seven price moves × volatility up and down, two extremes (methodology §1.1). */
const sixteenScenarios: readonly SpanScenario[] = [
  { index: 1, moveThirds: 0, extreme: false, volatilityDirection: 1, pairedIndex: 2 },
  { index: 2, moveThirds: 0, extreme: false, volatilityDirection: -1, pairedIndex: 1 },
  { index: 3, moveThirds: 1, extreme: false, volatilityDirection: 1, pairedIndex: 4 },
  { index: 4, moveThirds: 1, extreme: false, volatilityDirection: -1, pairedIndex: 3 },
  { index: 5, moveThirds: -1, extreme: false, volatilityDirection: 1, pairedIndex: 6 },
  { index: 6, moveThirds: -1, extreme: false, volatilityDirection: -1, pairedIndex: 5 },
  { index: 7, moveThirds: 2, extreme: false, volatilityDirection: 1, pairedIndex: 8 },
  { index: 8, moveThirds: 2, extreme: false, volatilityDirection: -1, pairedIndex: 7 },
  { index: 9, moveThirds: -2, extreme: false, volatilityDirection: 1, pairedIndex: 10 },
  { index: 10, moveThirds: -2, extreme: false, volatilityDirection: -1, pairedIndex: 9 },
  { index: 11, moveThirds: 3, extreme: false, volatilityDirection: 1, pairedIndex: 12 },
  { index: 12, moveThirds: 3, extreme: false, volatilityDirection: -1, pairedIndex: 11 },
  { index: 13, moveThirds: -3, extreme: false, volatilityDirection: 1, pairedIndex: 14 },
  { index: 14, moveThirds: -3, extreme: false, volatilityDirection: -1, pairedIndex: 13 },
  { index: 15, moveThirds: 3, extreme: true, volatilityDirection: 0, pairedIndex: 15 },
  { index: 16, moveThirds: -3, extreme: true, volatilityDirection: 0, pairedIndex: 16 },
];

/** What a published SPAN-style set fixes: the scenarios and the parameters of a commodity nobody named. */
export interface SpanParameterSetValues {
  readonly scenarios: readonly SpanScenario[];
  readonly commodity: CommodityParameters;
}

/** The published default sets, oldest first; a portfolio or a firm overrides them key by key. */
export const spanParameterSets: readonly ParameterSet<SpanParameterSetValues>[] = [
  {
    id: 'span-default-1988',
    effectiveFrom: '1988-12-16',
    source:
      'scenarios, extreme pair 3 / 0.33 and aggregation: CME SPAN (the GC array of 2025-09-12 carries 0.33); ' +
      'scan ranges: Takasbank equity options, price 13.4 %, volatility 28 % multiplicative',
    values: {
      scenarios: sixteenScenarios,
      commodity: {
        priceScanRange: { fraction: 0.134 },
        volatilityScanRange: 0.28,
        volatilityShift: 'multiplicative',
        extremeMultiplier: 3,
        coverFraction: 0.33,
        lookAheadDays: 0,
        interestRate: null,
        arrayRounding: 'none',
        shortOptionMinimum: { rate: 0, method: 'gross' },
        model: null,
        scanTiers: [],
        calendarSpreads: [],
        deliveryCharge: [],
        deltaScalingFactor: 1,
        weightedFuturesPriceRisk: 'normal',
        exposureRate: 0,
        initialToMaintenanceRatio: 1,
        aggregation: 'cme',
        capNetOptionValue: false,
      },
    },
  },
];
