import { DomainError, formatInstant, type Instant, parseInstant } from '@ballast/domain';

/** A published parameter set with the day from which it applies and where it was published. */
export interface ParameterSet<Values> {
  readonly id: string;
  /** First day on which the set applies, ISO date; it takes effect at 00:00 UTC. */
  readonly effectiveFrom: string;
  readonly source: string;
  readonly values: Values;
}

/**
 * Picks the set in force at an instant: the latest whose effective date is not after it.
 *
 * @throws DomainError 'PARAMETERS_MISSING' when every set starts later
 */
export function selectParameterSet<Values>(sets: readonly ParameterSet<Values>[], asOf: Instant): ParameterSet<Values> {
  let selected: ParameterSet<Values> | undefined;
  let selectedFrom = -Infinity;
  for (const set of sets) {
    const from = parseInstant(`${set.effectiveFrom}T00:00:00Z`, `parameter set ${set.id}.effectiveFrom`);
    if (from <= asOf && from >= selectedFrom) {
      selected = set;
      selectedFrom = from;
    }
  }
  if (selected === undefined) {
    const known = sets.map((set) => `${set.id} from ${set.effectiveFrom}`).join(', ');
    throw new DomainError('PARAMETERS_MISSING', `no parameter set in force at ${formatInstant(asOf)}; known: ${known}`);
  }
  return selected;
}
