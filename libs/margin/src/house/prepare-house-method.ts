import type { Instant, Methodology } from '@ballast/domain';
import { type PreparedMethod, prepareMarginMethod } from '../margin-methods';
import type { MarginRequirement } from '../margin-requirement';
import { applyHouseRules } from './apply-house-rules';
import type { HouseAccount, HouseRule } from './house-rule';
import { parseHouseRules } from './parse-house-rules';
import { selectHouseRules } from './select-house-rules';
import { splitParameterSet } from './split-parameter-set';

/** A methodology with the house rules of its parameter set; without an account only the rules of the firm apply. */
export type HouseMethod = (
  input: Parameters<PreparedMethod>[0] & { readonly account?: HouseAccount },
) => MarginRequirement;

/**
 * Prepares a methodology from a stored parameter set, whose key `house` holds house rules beside the methodology's own
 * keys (methodology §0.7); `sizing` decides no requirement and is left to whoever sizes buffers. Rules are chosen at the instant of each portfolio.
 *
 * @param input.parameters  raw overrides; `house` as parseHouseRules reads it
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value; 'PARAMETERS_MISSING'
 */
export function prepareHouseMethod(input: {
  readonly methodology: Methodology;
  readonly parameters: unknown;
  readonly asOf: Instant;
}): HouseMethod {
  const { methodology, asOf } = input;
  const { house, parameters } = splitParameterSet(input.parameters);
  const method = prepareMarginMethod({ methodology, parameters, asOf });
  const rules: readonly HouseRule[] = house === undefined ? [] : parseHouseRules(house, 'parameters.house');
  if (rules.length === 0) return method;
  return ({ account = {}, ...portfolioInput }) => {
    const requirement = method(portfolioInput);
    const { portfolio, snapshot } = portfolioInput;
    const inForce = selectHouseRules(rules, { ...account, asOf: portfolio.asOf });
    return inForce.length === 0 ? requirement : applyHouseRules({ requirement, rules: inForce, portfolio, snapshot });
  };
}
