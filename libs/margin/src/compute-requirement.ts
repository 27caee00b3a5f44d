import type { MarketSnapshot } from '@ballast/domain';
import { applyHouseRules } from './house/apply-house-rules';
import type { HouseAccount, HouseRule } from './house/house-rule';
import { selectHouseRules } from './house/select-house-rules';
import { prepareMarginMethod } from './margin-methods';
import type { MarginRequirement } from './margin-requirement';
import type { ValueScenarios } from './option-terms';
import type { Portfolio } from './portfolio';

/**
 * Computes the requirement of a portfolio by its own methodology, house rules laid over: the entry point of the library.
 *
 * A valid portfolio that cannot be valued comes back with quality INDETERMINATE and its reasons; an impossible input
 * throws. The same input gives the same bits on every machine.
 *
 * @param input.parameters      raw overrides of the methodology's published default set, keys as docs/methodology.md lists them
 * @param input.valueScenarios  valuation of option contracts under scenarios; the plain models when absent
 * @param input.houseRules      rules of the house; those in force at the portfolio's instant apply
 * @param input.account         whose rules apply beside those of the firm
 * @throws DomainError 'INVALID_PARAMETER', 'INVALID_POSITION', 'INSTRUMENT_EXPIRED', 'INSTRUMENT_UNKNOWN', 'FX_MISSING' …
 */
export function computeRequirement(input: {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly parameters?: unknown;
  readonly valueScenarios?: ValueScenarios;
  readonly houseRules?: readonly HouseRule[];
  readonly account?: HouseAccount;
}): MarginRequirement {
  const { portfolio, snapshot, parameters, valueScenarios, houseRules = [], account = {} } = input;
  const { methodology, asOf } = portfolio;
  const compute = prepareMarginMethod({ methodology, parameters, asOf });
  const requirement = compute({ portfolio, snapshot, ...(valueScenarios === undefined ? {} : { valueScenarios }) });
  const rules = selectHouseRules(houseRules, { ...account, asOf });
  return rules.length === 0 ? requirement : applyHouseRules({ requirement, rules, portfolio, snapshot });
}
