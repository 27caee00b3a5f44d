import type { CollateralHolding, Decimal, Instrument, InstrumentQuote, MarketSnapshot } from '@ballast/domain';
import { forwardToExpiry, impliedContractVolatility } from '@ballast/market-data';
import type { Portfolio } from '@ballast/margin';

/** An input of a figure that the statement has differently; `theirs` is what replaces it. */
export type InputDifference =
  | {
      readonly input: 'position';
      readonly instrument: Instrument;
      readonly ours: Decimal | null;
      readonly theirs: Decimal;
    }
  | {
      readonly input: 'price';
      readonly instrument: Instrument;
      readonly ours: Decimal | null;
      readonly theirs: Decimal;
    }
  | { readonly input: 'cash'; readonly currency: string; readonly ours: Decimal | null; readonly theirs: Decimal }
  | {
      /** Quantity, or price per unit [currency of ours], of a pledged asset. */
      readonly input: 'collateral' | 'collateral-price';
      readonly asset: string;
      readonly ours: Decimal | null;
      readonly theirs: Decimal;
    };

/** An account as a methodology takes it. */
export interface ValuedBook {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
}

/** Name of the contract, currency or asset. */
export function differenceItem(difference: InputDifference): string {
  if (difference.input === 'cash') return difference.currency;
  return 'asset' in difference ? difference.asset : difference.instrument.id;
}

/**
 * Takes one input from the statement instead of ours.
 *
 * A stated price replaces the mark, and the volatility moves in the proportion that the two prices imply: a house that marks
 * a contract elsewhere also scans it from there. The price of a share or coin is the price of the underlying as well. A
 * quantity of 0 takes the position or asset out; quantity and price of a pledged asset leave its haircut as it is.
 */
export function applyDifference(book: ValuedBook, difference: InputDifference): ValuedBook {
  const { portfolio, snapshot } = book;
  switch (difference.input) {
    case 'position':
      return { snapshot, portfolio: { ...portfolio, positions: withQuantity(portfolio, difference) } };
    case 'price':
      return { portfolio, snapshot: withPrice(snapshot, difference) };
    case 'cash': {
      const others = portfolio.cash.filter(({ currency }) => currency !== difference.currency);
      const cash = [...others, { currency: difference.currency, amount: difference.theirs }];
      return { snapshot, portfolio: { ...portfolio, cash } };
    }
    default:
      return { snapshot, portfolio: { ...portfolio, collateral: withCollateral(portfolio.collateral, difference) } };
  }
}

function withCollateral(
  holdings: readonly CollateralHolding[],
  { input, asset, theirs }: Extract<InputDifference, { asset: string }>,
): readonly CollateralHolding[] {
  return holdings.flatMap((holding): CollateralHolding[] => {
    if (holding.asset !== asset) return [holding];
    if (input === 'collateral-price') return [{ ...holding, price: theirs }];
    return theirs.isZero() ? [] : [{ ...holding, quantity: theirs }];
  });
}

function withQuantity(
  portfolio: Portfolio,
  { instrument, theirs }: Extract<InputDifference, { input: 'position' }>,
): Portfolio['positions'] {
  const known = portfolio.positions.find((position) => position.instrument.id === instrument.id);
  const others = portfolio.positions.filter((position) => position !== known);
  return theirs.isZero() ? others : [...others, { ...known, instrument, quantity: theirs }];
}

function withPrice(snapshot: MarketSnapshot, difference: Extract<InputDifference, { input: 'price' }>): MarketSnapshot {
  const { instrument, theirs } = difference;
  const known = snapshot.instruments.get(instrument.id);
  const quote = {
    instrumentId: instrument.id,
    bid: null,
    ask: null,
    mark: theirs,
    impliedVolatility: movedVolatility(snapshot, difference),
    quotedAt: known?.quotedAt ?? snapshot.asOf,
    flags: known?.flags ?? [],
  };
  const instruments = new Map(snapshot.instruments).set(instrument.id, quote);
  const underlying = snapshot.underlyings.get(instrument.underlying);
  if (instrument.type !== 'underlying' || underlying === undefined) return { ...snapshot, instruments };
  const underlyings = new Map(snapshot.underlyings).set(instrument.underlying, { ...underlying, price: theirs });
  return { ...snapshot, instruments, underlyings };
}

/** Our volatility × that of their price / that of our price; null = the method implies it from the price. */
function movedVolatility(
  snapshot: MarketSnapshot,
  { instrument, ours, theirs }: Extract<InputDifference, { input: 'price' }>,
): InstrumentQuote['impliedVolatility'] {
  const volatility = snapshot.instruments.get(instrument.id)?.impliedVolatility ?? null;
  const underlying = snapshot.underlyings.get(instrument.underlying);
  if (volatility === null || ours === null || instrument.type !== 'option' || underlying === undefined) return null;
  const carry = forwardToExpiry(underlying, snapshot.asOf, instrument.expiry);
  if (carry === null) return null;
  const market = { carry, spot: underlying.price?.toNumber() ?? null };
  const [from, to] = [ours, theirs].map((price) => impliedContractVolatility(instrument, price.toNumber(), market));
  if (from?.status !== 'ok' || to?.status !== 'ok' || !(from.volatility > 0)) return null;
  return (volatility * to.volatility) / from.volatility;
}
