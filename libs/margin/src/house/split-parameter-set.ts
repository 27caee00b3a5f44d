import { readObject } from '../parameter-reader';

/** A stored parameter set by what reads it. */
export interface SplitParameterSet {
  /** The methodology's own keys. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** House rules, as parseHouseRules reads them; undefined = none. */
  readonly house: unknown;
  /** Figures by which recommended buffers are sized; undefined = the published ones. They decide no requirement. */
  readonly sizing: unknown;
}

/**
 * Splits a stored parameter set, which holds `house` and `sizing` beside the keys of its methodology.
 *
 * @throws DomainError 'INVALID_PARAMETER' for what is no object
 */
export function splitParameterSet(value: unknown): SplitParameterSet {
  const { house, sizing, ...parameters } = readObject(value ?? {}, 'parameters');
  return { parameters, house, sizing };
}
