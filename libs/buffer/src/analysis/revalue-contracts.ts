import { DomainError, type OptionInstrument } from '@ballast/domain';
import { type ModelChoice, type ValuedContract, type ValuedPosition, valuePositions } from '@ballast/margin';
import type { AccountState } from './account-state';

/**
 * Values what a state holds with the models by which its contracts were valued before: no scenario of the methodology is
 * computed, so a move costs one value per contract.
 *
 * @param known  the same contracts, valued in another market of the same account
 * @throws DomainError 'PRICE_MISSING' for a contract that cannot be valued, with every reason
 */
export function revalueContracts(
  { portfolio, snapshot }: AccountState,
  known: ReadonlyMap<string, ValuedContract>,
): readonly ValuedPosition[] {
  const chooseModel = (instrument: OptionInstrument): ModelChoice => {
    const terms = known.get(instrument.id)?.option?.terms;
    if (terms === undefined) throw new Error(`${instrument.id} was not valued as an option`);
    return { model: terms.model, steps: terms.steps };
  };
  const valuation = valuePositions({ portfolio, snapshot, chooseModel });
  if (valuation.status === 'indeterminate') throw new DomainError('PRICE_MISSING', valuation.reasons.join('; '));
  return valuation.positions;
}
