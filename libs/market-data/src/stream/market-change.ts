import type { Decimal, FxRate, Instant, InstrumentQuote, UnderlyingKind } from '@ballast/domain';

/** What a stream says of an underlying; what is absent stays as it was. */
export interface UnderlyingChange {
  readonly underlyingId: string;
  readonly price: Decimal | null;
  readonly kind?: UnderlyingKind;
  readonly currency?: string;
  readonly rate?: number;
  readonly dividendYield?: number;
}

/** What a stream says of a forward [quote currency per unit]; the rate [1/year] stays as it was when absent. */
export interface ForwardChange {
  readonly underlyingId: string;
  readonly expiry: Instant;
  readonly price: Decimal;
  readonly rate?: number;
}

/** One statement of a stream. */
export type MarketChange =
  | { readonly kind: 'quote'; readonly value: InstrumentQuote }
  | { readonly kind: 'underlying'; readonly value: UnderlyingChange }
  | { readonly kind: 'forward'; readonly value: ForwardChange }
  | { readonly kind: 'fx'; readonly value: FxRate };

/** When something was stated: by its source, and in which of its messages; of equal instants the higher number is newer. */
export interface Moment {
  readonly at: Instant;
  readonly sequence: number | null;
}

/** What a change names, as one word. */
export function keyOfChange(change: MarketChange): string {
  switch (change.kind) {
    case 'quote':
      return `quote ${change.value.instrumentId}`;
    case 'underlying':
      return `underlying ${change.value.underlyingId}`;
    case 'forward':
      return `forward ${change.value.underlyingId} ${change.value.expiry}`;
    case 'fx':
      return `fx ${change.value.from} ${change.value.to}`;
  }
}

/** -1 when the left moment is older, 0 when they are one, 1 when it is newer. */
export function compareMoments(left: Moment, right: Moment): -1 | 0 | 1 {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  const [first, second] = [left.sequence ?? -1, right.sequence ?? -1];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
