import { DomainError } from '@ballast/domain';
import { type ContractValuation, type Portfolio, type ValuedContract, valueInstrument } from '@ballast/margin';
import type { AccountState } from './account-state';

/**
 * Values a contract in another market with the model by which it was valued before: no scenario of the methodology is
 * computed, so a move costs one value per contract.
 *
 * @param known  the same contract, valued in another market of the same account
 * @throws DomainError as valueInstrument; PricingInputError for a market in which the model has no value
 */
export function revalueContract(
  known: ValuedContract,
  { portfolio, snapshot }: Pick<AccountState, 'snapshot'> & { readonly portfolio: Pick<Portfolio, 'baseCurrency'> },
): ContractValuation {
  const { instrument, option } = known;
  const chooseModel = () => {
    if (option === undefined) throw new Error(`${instrument.id} was not valued as an option`);
    const { model, steps } = option.terms;
    return { model, steps };
  };
  return valueInstrument({
    instrument,
    snapshot,
    asOf: snapshot.asOf,
    baseCurrency: portfolio.baseCurrency,
    chooseModel,
  });
}

/**
 * Values contracts in another market.
 *
 * @throws DomainError 'PRICE_MISSING' for contracts that cannot be valued, with every reason; as revalueContract
 */
export function revalueContracts(
  market: Parameters<typeof revalueContract>[1],
  known: Iterable<ValuedContract>,
): readonly ValuedContract[] {
  const reasons: string[] = [];
  const values: ValuedContract[] = [];
  for (const contract of known) {
    const valuation = revalueContract(contract, market);
    if (valuation.status === 'valued') values.push(valuation.contract);
    else reasons.push(valuation.reason);
  }
  if (reasons.length > 0) throw new DomainError('PRICE_MISSING', reasons.join('; '));
  return values;
}
