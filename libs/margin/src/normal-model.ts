import type { Instant, Methodology } from '@ballast/domain';
import { type PreparedAnalysis, prepareMarginAnalysis } from './margin-methods';
import { readObject } from './parameter-reader';

/**
 * Prepares a methodology whose options on some underlyings are valued by the normal (Bachelier) model and whose parameters
 * are otherwise as given: for markets in which prices fall below 0.
 *
 * @param input.parameters  raw overrides, as prepareMarginAnalysis takes them
 * @returns undefined where the methodology has no such model (all but SPAN)
 * @throws DomainError 'INVALID_PARAMETER'
 */
export function prepareNormalModel(input: {
  readonly methodology: Methodology;
  readonly parameters: unknown;
  readonly asOf: Instant;
}): ((underlyingIds: readonly string[]) => PreparedAnalysis) | undefined {
  const { methodology, parameters, asOf } = input;
  if (methodology !== 'SPAN') return undefined;
  return (underlyingIds) => {
    const given = readObject(parameters ?? {}, 'parameters');
    const switched = Object.fromEntries(
      underlyingIds.map((id) => [id, { ...readObject(given[id] ?? {}, `parameters.${id}`), model: 'bachelier' }]),
    );
    return prepareMarginAnalysis({ methodology, parameters: { ...given, ...switched }, asOf });
  };
}
