import {
  Decimal,
  DomainError,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
} from '@ballast/domain';
import type { ContractValuation, ValuedContract } from '@ballast/margin';
import { PricingInputError } from '@ballast/pricing';
import type { AccountState } from './account-state';
import { revalueContract, revalueContracts } from './revalue-contracts';

type Contracts = ReadonlyMap<string, ValuedContract>;

/**
 * Values contracts in a moved market. Options whose quoted price is not that of their quoted volatility, and futures-style
 * options, keep a price of their own: quoted price + model(moved) − model(unmoved), at least 0.
 *
 * @throws DomainError 'PRICE_MISSING' for one of these without a value
 */
export function valueMoved(
  { portfolio, snapshot }: AccountState,
  known: Contracts,
): { readonly contracts: Map<string, ValuedContract>; readonly marked: readonly ValuedContract[] } {
  const alive = [...known.values()].filter((contract) => isAlive(contract, snapshot.asOf));
  const stays = (contract: ValuedContract) =>
    contract.underlying === snapshot.underlyings.get(contract.instrument.underlying) &&
    contract.instrument.currency === portfolio.baseCurrency;
  const own = alive.filter((contract) => keepsOwnPrice(contract) && !stays(contract));
  const marked = revalueContracts({ portfolio, snapshot }, own).map((moved, place) => ({
    ...moved,
    mark: markAnew(own[place] as ValuedContract, moved),
  }));
  const contracts = new Map(marked.map((contract) => [contract.instrument.id, contract]));
  for (const contract of alive) {
    const { id } = contract.instrument;
    if (contracts.has(id)) continue;
    if (stays(contract)) {
      contracts.set(id, contract);
      continue;
    }
    const valuation = valuationWhereOne(contract, { portfolio, snapshot });
    if (valuation?.status === 'valued') contracts.set(id, valuation.contract);
  }
  return { contracts, marked };
}

/** What has no value is refused by whoever evaluates the account, not by moving it. */
function valuationWhereOne(contract: ValuedContract, market: AccountState): ContractValuation | null {
  try {
    return revalueContract(contract, market);
  } catch (error) {
    if (error instanceof DomainError || error instanceof PricingInputError) return null;
    throw error;
  }
}

/** The quotes of options that keep a price of their own in a moved market. @throws as valueMoved */
export function marksAnew({ portfolio, snapshot }: AccountState, contracts: Contracts): readonly InstrumentQuote[] {
  return quotesOf(valueMoved({ portfolio, snapshot }, contracts).marked, snapshot);
}

export function quotesOf(
  marked: readonly ValuedContract[],
  { instruments }: MarketSnapshot,
): readonly InstrumentQuote[] {
  return marked.map(({ instrument, mark }) => {
    const quote = instruments.get(instrument.id) as InstrumentQuote;
    return { ...quote, mark: new Decimal(mark) };
  });
}

/** Price of such an option where the model says another: at least 0. */
export function markAnew({ mark, option }: ValuedContract, moved: ValuedContract): number {
  return Math.max(0, mark + (moved.option?.modelPrice ?? NaN) - (option?.modelPrice ?? NaN));
}

/** Whether an option has a price of its own beside that of its volatility, which it keeps its distance to. */
export function keepsOwnPrice({ instrument, mark, option }: ValuedContract): boolean {
  if (option === undefined || instrument.type !== 'option') return false;
  return instrument.premiumStyle === 'futures' || Math.abs(mark - option.modelPrice) > 1e-9 * Math.max(1, mark);
}

function isAlive({ instrument }: { readonly instrument: Instrument }, asOf: Instant): boolean {
  return !('expiry' in instrument) || instrument.expiry >= asOf;
}
