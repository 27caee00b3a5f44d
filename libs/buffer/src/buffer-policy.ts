import type { Instant } from '@ballast/domain';
import { type ParameterSet, parameterError, selectParameterSet } from '@ballast/margin';

/** Multiples of the maintenance requirement that make the ladder. */
export interface BufferPolicy {
  /** Below this × maintenance: LIQUIDATION. */
  readonly liquidationMultiple: number;
  /** Below this × maintenance: MARGIN_CALL. */
  readonly callMultiple: number;
  /** Below this × maintenance: WATCH. */
  readonly watchMultiple: number;
  /** A call asks for equity of max(initial, this × maintenance). */
  readonly callTargetMultiple: number;
  /** A call is released, and WATCH left, only above this × maintenance. */
  readonly releaseMultiple: number;
  /** Fraction by which foreign amounts are valued worse, by currency; 0 where a currency is not named. */
  readonly fxHaircuts: Readonly<Record<string, number>>;
}

/** Published policies, oldest first. */
export const bufferPolicySets: readonly ParameterSet<BufferPolicy>[] = [
  {
    id: 'buffer-policy-default',
    effectiveFrom: '1970-01-01',
    source:
      'contract §1, default buffer policy; the release level follows the search/initial/release ladder of 0019-MCAL',
    values: {
      liquidationMultiple: 0.75,
      callMultiple: 1,
      watchMultiple: 1.1,
      callTargetMultiple: 1.2,
      releaseMultiple: 1.3,
      fxHaircuts: {},
    },
  },
];

/** Picks the default policy in force at an instant. @throws DomainError 'PARAMETERS_MISSING' */
export function defaultBufferPolicy(asOf: Instant): BufferPolicy {
  return selectParameterSet(bufferPolicySets, asOf).values;
}

/**
 * Checks that the rungs stand in order: 0 ≤ liquidation ≤ call ≤ watch ≤ release, call ≤ target, and haircuts within 0…1.
 *
 * @throws DomainError 'INVALID_PARAMETER' naming the multiple
 */
export function checkBufferPolicy(policy: BufferPolicy): BufferPolicy {
  const rungs = ['liquidationMultiple', 'callMultiple', 'watchMultiple', 'releaseMultiple'] as const;
  let lowest = 0;
  for (const rung of rungs) {
    if (!(policy[rung] >= lowest && policy[rung] <= multipleMaximum))
      throw parameterError(rung, `expected a multiple from ${lowest} to ${multipleMaximum}`, policy[rung]);
    lowest = policy[rung];
  }
  if (!(policy.callTargetMultiple >= policy.callMultiple && policy.callTargetMultiple <= multipleMaximum))
    throw parameterError('callTargetMultiple', `expected at least ${policy.callMultiple}`, policy.callTargetMultiple);
  for (const [currency, haircut] of Object.entries(policy.fxHaircuts)) {
    if (!(haircut >= 0 && haircut <= 1))
      throw parameterError(`fxHaircuts.${currency}`, 'expected a fraction 0…1', haircut);
  }
  return policy;
}

/** A buffer of more than tenfold the requirement is a slip of the pen. */
const multipleMaximum = 10;
