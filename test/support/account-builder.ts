// Accounts for tests of the buffer analytics: rules and prepared states with sensible defaults.
import { type AccountRules, defaultBufferPolicy, prepareState, type PreparedState } from '@ballast/buffer';
import { Decimal, type MarketSnapshot } from '@ballast/domain';
import { type Portfolio, prepareMarginAnalysis } from '@ballast/margin';

/** Rules of a portfolio's own methodology under overrides of its parameters. */
export function rulesOf(
  portfolio: Portfolio,
  parameters: unknown = {},
  changes: Partial<AccountRules> = {},
): AccountRules {
  const { methodology, asOf } = portfolio;
  return {
    analysis: prepareMarginAnalysis({ methodology, parameters, asOf }),
    houseRules: [],
    policy: defaultBufferPolicy(asOf),
    ...changes,
  };
}

export function preparedAccount(input: {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly parameters?: unknown;
  readonly rules?: Partial<AccountRules>;
}): PreparedState {
  const { portfolio, snapshot, parameters, rules = {} } = input;
  return prepareState({ portfolio, snapshot }, rulesOf(portfolio, parameters, rules));
}

export function cashOf(amount: string, currency = 'USD'): { readonly currency: string; readonly amount: Decimal } {
  return { currency, amount: new Decimal(amount) };
}
