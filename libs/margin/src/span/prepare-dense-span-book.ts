import type { Instant } from '@ballast/domain';
import { parseHouseRules } from '../house/parse-house-rules';
import { splitParameterSet } from '../house/split-parameter-set';
import { type DenseSpanBook, type DenseSpanInput, openDenseSpanBook } from './dense-span-book';
import { parseSpanParameters } from './parse-span-parameters';

/**
 * Begins the columns of a run by a stored SPAN parameter set.
 *
 * @param set.parameters  raw overrides, house rules included
 * @returns null where house rules, spreads or delivery charges make an account more than the sum of its losses
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value; 'PARAMETERS_MISSING'
 */
export function prepareDenseSpanBook(
  set: { readonly parameters: unknown; readonly asOf: Instant },
  input: DenseSpanInput,
): DenseSpanBook | null {
  const { house, parameters } = splitParameterSet(set.parameters);
  if (house !== undefined && parseHouseRules(house, 'parameters.house').length > 0) return null;
  return openDenseSpanBook(parseSpanParameters(parameters, set.asOf), input);
}
