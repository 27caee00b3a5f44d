// An account as data alone: what a prepared state is made from, in any thread.
import {
  type AccountRules,
  type BufferPolicy,
  type BufferStatus,
  parseSizingParameters,
  prepareState,
  type PreparedState,
} from '@ballast/buffer';
import type { Instant, MarketSnapshot, Methodology } from '@ballast/domain';
import {
  parseHouseRules,
  type Portfolio,
  prepareMarginAnalysis,
  prepareNormalModel,
  selectHouseRules,
  splitParameterSet,
} from '@ballast/margin';

/** Everything a prepared state follows from. */
export interface AccountSource extends AccountTerms {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  /** The stored parameter set of the methodology; {} = published defaults. */
  readonly parameters: unknown;
}

/** What rules depend on besides the parameters. */
export interface AccountTerms {
  /** Code, by which house rules select accounts. */
  readonly code: string;
  readonly policy: BufferPolicy;
  readonly previousStatus?: BufferStatus;
}

/** A methodology with a stored parameter set, read once for all accounts of it. */
export type MethodologyRules = (terms: AccountTerms) => AccountRules;

/** Puts an account together. @throws DomainError as prepareMethodologyRules */
export function prepareSource(source: AccountSource): PreparedState {
  const { portfolio, snapshot, parameters } = source;
  const { methodology, asOf } = portfolio;
  return prepareState({ portfolio, snapshot }, prepareMethodologyRules({ methodology, parameters, asOf })(source));
}

/**
 * Reads a stored parameter set, whose key `house` holds the house rules and `sizing` the firm's own figures for sizing. Accounts prepared by one result share valuations.
 *
 * @throws DomainError for parameters that the methodology refuses
 */
export function prepareMethodologyRules(input: {
  readonly methodology: Methodology;
  readonly parameters: unknown;
  readonly asOf: Instant;
}): MethodologyRules {
  const { methodology, asOf } = input;
  const { house, sizing, parameters } = splitParameterSet(input.parameters);
  const houseRules = house === undefined ? [] : parseHouseRules(house, 'parameters.house');
  const ownSizing = parseSizingParameters(sizing, 'parameters.sizing', asOf);
  const analysis = prepareMarginAnalysis({ methodology, parameters, asOf });
  const normalModel = prepareNormalModel({ methodology, parameters, asOf });
  return ({ code, policy, previousStatus }) => ({
    analysis,
    ...(normalModel === undefined ? {} : { normalModel }),
    houseRules: selectHouseRules(houseRules, { account: code, asOf }),
    policy,
    sizing: ownSizing,
    ...(previousStatus === undefined ? {} : { previousStatus }),
  });
}
