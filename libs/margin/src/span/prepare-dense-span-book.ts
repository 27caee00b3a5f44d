import type { Instant } from '@ballast/domain';
import { parseHouseRules } from '../house/parse-house-rules';
import { splitParameterSet } from '../house/split-parameter-set';
import type { CommonSpanColumns, CommonSpanRoom } from './common-span-book';
import { openDenseSpanBook } from './dense-span-book';
import type { DenseSpanBook, DenseSpanInput } from './dense-span-columns';
import { parseSpanParameters } from './parse-span-parameters';
import type { SpanParameters } from './span-parameters';

/** A stored SPAN parameter set as of an instant. */
interface StoredSet {
  readonly parameters: unknown;
  readonly asOf: Instant;
}

/**
 * Begins the columns of a run by a stored SPAN parameter set.
 *
 * @param set.parameters  raw overrides, house rules included
 * @param columns         those of all threads that work on the run; columns of its own when absent
 * @returns null where house rules, spreads or delivery charges make an account more than the sum of its losses
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value; 'PARAMETERS_MISSING'
 */
export function prepareDenseSpanBook(
  set: StoredSet,
  input: DenseSpanInput,
  columns?: CommonSpanColumns,
): DenseSpanBook | null {
  const parameters = scannedParameters(set);
  return parameters === null ? null : openDenseSpanBook(parameters, input, columns);
}

/** Contracts that a run may meet beyond those with a quote: holdings of underlyings, and series listed since. */
const roomBeyond = { share: 0.25, least: 1_024 } as const;
/** Numbers of commodities that threads may hold reserved; there are fewer threads. */
const commoditiesBeyond = 128;

/**
 * Room for the columns of a run by a stored SPAN parameter set.
 *
 * @returns null where a run has no columns; throws as prepareDenseSpanBook
 */
export function denseSpanRoom(
  set: StoredSet,
  { snapshot, listedInstruments }: Pick<DenseSpanInput, 'snapshot' | 'listedInstruments'>,
): CommonSpanRoom | null {
  const parameters = scannedParameters(set);
  if (parameters === null) return null;
  const met = snapshot.instruments.size + listedInstruments.length;
  const contracts = Math.ceil(met * (1 + roomBeyond.share)) + roomBeyond.least;
  return {
    contracts,
    commodities: snapshot.underlyings.size + commoditiesBeyond,
    scenarios: parameters.scenarios.length,
  };
}

function scannedParameters({ parameters: stored, asOf }: StoredSet): SpanParameters | null {
  const { house, parameters } = splitParameterSet(stored);
  if (house !== undefined && parseHouseRules(house, 'parameters.house').length > 0) return null;
  return parseSpanParameters(parameters, asOf);
}
