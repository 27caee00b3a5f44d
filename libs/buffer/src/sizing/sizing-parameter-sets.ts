import type { Instant } from '@ballast/domain';
import type { SizingParameters } from './sizing-parameters';

/**
 * The house's published figures. The buffer of 25 % and its use in stress, the weight of 25 % on stressed observations and the
 * floor of ten years are those of EMIR RTS 153/2013 Art. 28(1)(a) to (c); the other figures are house defaults, chosen as stated in docs/methodology.md §5.10.
 */
export const sizingParameterSets: readonly SizingParameters[] = [
  {
    effectiveFrom: '1970-01-01',
    source: 'house defaults; EMIR RTS 153/2013 Art. 28 for the buffer that may be drawn in stress',
    floorByKind: {
      equity: 0.1,
      'narrow-index': 0.08,
      'broad-index': 0.05,
      'high-cap-index': 0.05,
      fx: 0.05,
      future: 0.1,
      crypto: 0.2,
      other: 0.2,
    },
    shortfallConfidence: 0.99,
    liquidationDays: 2,
    fastDecay: 0.94,
    slowDecay: 0.99,
    volatilityShare: 0.1,
    volatilityRatioMaximum: 3,
    concentrationFree: 0.5,
    concentrationShare: 0.1,
    leverageTiers: [
      { from: 0, share: 0 },
      { from: 5, share: 0.1 },
      { from: 10, share: 0.2 },
      { from: 20, share: 0.4 },
    ],
    procyclicalityBuffer: 0.25,
    stressRatio: 1.5,
    stressWeight: 0.25,
    floorYears: 10,
    liquidity: {
      openInterestShare: 0.1,
      volumeShare: 0.2,
      excessSpreads: 1,
      optionSpread: 0.05,
      otherSpread: 0.001,
    },
  },
];

/** The set in force on the day of an instant. */
export function sizingParametersAt(asOf: Instant): SizingParameters {
  const day = new Date(asOf).toISOString().slice(0, 10);
  const known = sizingParameterSets.filter(({ effectiveFrom }) => effectiveFrom <= day);
  return known[known.length - 1] ?? (sizingParameterSets[0] as SizingParameters);
}
