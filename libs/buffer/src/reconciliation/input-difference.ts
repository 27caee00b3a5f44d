import type { CollateralHolding, Decimal, Instrument, MarketSnapshot } from '@ballast/domain';
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
  | { readonly input: 'collateral'; readonly asset: string; readonly ours: Decimal | null; readonly theirs: Decimal };

/** An account as a methodology takes it. */
export interface ValuedBook {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
}

/** Name of the contract, currency or asset. */
export function differenceItem(difference: InputDifference): string {
  if (difference.input === 'cash') return difference.currency;
  return difference.input === 'collateral' ? difference.asset : difference.instrument.id;
}

/**
 * Takes one input from the statement instead of ours.
 *
 * A stated price replaces the mark, and the volatility is implied from it: a house that marks a contract elsewhere also
 * scans it from there. The price of a share or coin is the price of the underlying as well. A quantity of 0 takes the
 * position or asset out; a stated amount of collateral scales what is pledged, its haircut stays.
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
    case 'collateral': {
      const collateral = portfolio.collateral.flatMap((holding): CollateralHolding[] => {
        if (holding.asset !== difference.asset) return [holding];
        return difference.theirs.isZero() ? [] : [{ ...holding, quantity: difference.theirs }];
      });
      return { snapshot, portfolio: { ...portfolio, collateral } };
    }
  }
}

function withQuantity(
  portfolio: Portfolio,
  { instrument, theirs }: Extract<InputDifference, { input: 'position' }>,
): Portfolio['positions'] {
  const known = portfolio.positions.find((position) => position.instrument.id === instrument.id);
  const others = portfolio.positions.filter((position) => position !== known);
  return theirs.isZero() ? others : [...others, { ...known, instrument, quantity: theirs }];
}

function withPrice(
  snapshot: MarketSnapshot,
  { instrument, theirs }: Extract<InputDifference, { input: 'price' }>,
): MarketSnapshot {
  const known = snapshot.instruments.get(instrument.id);
  const quote = {
    instrumentId: instrument.id,
    bid: null,
    ask: null,
    mark: theirs,
    impliedVolatility: null,
    quotedAt: known?.quotedAt ?? snapshot.asOf,
    flags: [],
  };
  const instruments = new Map(snapshot.instruments).set(instrument.id, quote);
  const underlying = snapshot.underlyings.get(instrument.underlying);
  if (instrument.type !== 'underlying' || underlying === undefined) return { ...snapshot, instruments };
  const underlyings = new Map(snapshot.underlyings).set(instrument.underlying, { ...underlying, price: theirs });
  return { ...snapshot, instruments, underlyings };
}
