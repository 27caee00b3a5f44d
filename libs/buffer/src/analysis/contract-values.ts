import { Decimal, DomainError, type Instrument } from '@ballast/domain';
import type { Portfolio, ValuedContract } from '@ballast/margin';
import { type PreparedState, valuationOf } from './account-state';

/**
 * Values contracts in a prepared market with the models of its methodology, held or not; the valuations are shared with
 * every evaluation in that market.
 *
 * @throws DomainError 'PRICE_MISSING' for a contract that has neither price nor volatility, with every reason
 */
export function valueContracts(
  prepared: PreparedState,
  instruments: Iterable<Instrument>,
): ReadonlyMap<string, ValuedContract> {
  const { snapshot, rules } = prepared;
  const preparation = rules.analysis.prepareBook({
    portfolio: portfolioOfOnes(prepared.portfolio, instruments),
    snapshot,
    ...valuationOf(rules),
  });
  if (preparation.status === 'indeterminate') throw new DomainError('PRICE_MISSING', preparation.reasons.join('; '));
  return new Map(preparation.book.positions.map(({ contract }) => [contract.instrument.id, contract]));
}

/** The same account holding one of each contract and nothing else: the portfolio of a book for any quantities. */
export function portfolioOfOnes(portfolio: Portfolio, instruments: Iterable<Instrument>): Portfolio {
  const { sensitivities: _, ...rest } = portfolio;
  const distinct = new Map([...instruments].map((instrument) => [instrument.id, instrument]));
  return { ...rest, positions: [...distinct.values()].map((instrument) => ({ instrument, quantity: one })) };
}

const one = new Decimal(1);
