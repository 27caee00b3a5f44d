import type { CollateralPosition } from '../collateral';
import { Decimal } from '../decimal';
import type { Instrument } from '../instrument';
import type { AccountChange, CollateralChange } from './account-change';
import { adjustCollateral, payPledgedDividend } from './collateral-change';
import { adjustContract, type ContractAdjustment, type CorporateAction } from './contract-adjustment';
import { type Holding, HoldingBook, variationOf } from './holding-book';

/** A corporate action as it meets one account. */
export interface CorporateActionTerms {
  /** Identifier of the underlying whose company acts. */
  readonly underlying: string;
  readonly action: CorporateAction;
  /** Price of the share after the action, at which fractions of shares are paid out; absent: fractions stay held. */
  readonly cashInLieuPrice?: Decimal;
  /** Finds the holding of the share of an underlying. */
  readonly shareOf: (underlying: string) => Instrument;
  /** Gives an adjusted contract its identifier: the same for every account. */
  readonly named: (adjusted: Instrument, from: Instrument) => Instrument;
  /** The shares of the underlying by the names under which they may be pledged; default: none. */
  readonly pledgeable?: ReadonlyMap<string, Instrument>;
}

/**
 * What a corporate action does to the holdings of one account. Their value before at the old price of the share equals
 * their value after at the new one (old/ratio, old − dividend, (old − cash)/ratio), up to one rounding of cash down.
 *
 * @param input.holdings  held at the moment the action takes effect
 * @param input.entitled  held just before: shares that receive the cash of the action; default: the same
 * @param input.pledged   what is pledged at the moment the action takes effect; default: nothing
 * @param input.pledgedBefore  pledged just before: shares that receive the cash of the action; default: the same
 * @throws DomainError as adjustContract and adjustCollateral
 */
export function corporateActionChange(
  input: CorporateActionTerms & {
    readonly holdings: readonly Holding[];
    readonly entitled?: readonly Holding[];
    readonly pledged?: readonly CollateralPosition[];
    readonly pledgedBefore?: readonly CollateralPosition[];
  },
): AccountChange {
  const { holdings, underlying, action, pledged = [], pledgeable = new Map<string, Instrument>() } = input;
  const book = new HoldingBook(holdings);
  for (const holding of holdings) {
    if (holding.instrument.underlying === underlying && !holding.quantity.isZero()) adjustHolding(book, holding, input);
  }
  if (action.kind !== 'special-dividend')
    return withCollateral(book, adjustCollateral(book, pledged, { ...input, pledgeable }));
  const { amount } = action;
  payDividend(book, { holdings: input.entitled ?? holdings, underlying, amount });
  const entitled = input.pledgedBefore ?? pledged;
  return withCollateral(book, payPledgedDividend(book, { amount, entitled, pledged, pledgeable }));
}

/** A cash dividend on the shares of an account, held and pledged: paid to who is long, by who is short. */
export function dividendChange(input: {
  /** Held at the end of the day before the shares trade without the dividend. */
  readonly holdings: readonly Holding[];
  readonly underlying: string;
  /** Cash per share [currency of the share], > 0. */
  readonly amount: Decimal;
  /** Pledged then; default: nothing. */
  readonly entitled?: readonly CollateralPosition[];
  /** Pledged when the shares begin to trade without the dividend; default: nothing. */
  readonly pledged?: readonly CollateralPosition[];
  /** As in CorporateActionTerms. */
  readonly pledgeable?: ReadonlyMap<string, Instrument>;
}): AccountChange {
  const { amount, entitled = [], pledged = [], pledgeable = new Map<string, Instrument>() } = input;
  const book = new HoldingBook(input.holdings);
  payDividend(book, input);
  return withCollateral(book, payPledgedDividend(book, { amount, entitled, pledged, pledgeable }));
}

function withCollateral(book: HoldingBook, collateral: readonly CollateralChange[]): AccountChange {
  return collateral.length === 0 ? book.changes() : { ...book.changes(), collateral };
}

function payDividend(
  book: HoldingBook,
  dividend: { readonly holdings: readonly Holding[]; readonly underlying: string; readonly amount: Decimal },
): void {
  for (const { instrument, quantity } of dividend.holdings) {
    if (instrument.type !== 'underlying' || instrument.underlying !== dividend.underlying) continue;
    book.pay(instrument.currency, dividend.amount.times(quantity).times(instrument.multiplier));
  }
}

function adjustHolding(book: HoldingBook, holding: Holding, terms: CorporateActionTerms): void {
  const { action } = terms;
  const { instrument } = holding;
  const target = action.kind === 'merger' || action.kind === 'symbol-change' ? action.newUnderlying : terms.underlying;
  const share = target === undefined ? undefined : terms.shareOf(target);
  const adjustment = adjustContract(instrument, action, { instrumentId: share?.id ?? instrument.id });
  if (adjustment.outcome === 'ended') {
    endHolding(book, { holding, adjustment, share, action });
    return;
  }
  if (instrument.type === 'underlying') {
    adjustShares(book, { holding, adjustment, share: share ?? instrument, terms });
    return;
  }
  const to = adjustment.isNewContract ? terms.named(adjustment.instrument, instrument) : instrument;
  const quantity = holding.quantity.times(adjustment.quantityFactor);
  const averagePrice = adjustedAverage(holding, adjustment);
  book.replace(instrument, to, { quantity, ...(averagePrice === undefined ? {} : { averagePrice }) });
}

type Replaced = ContractAdjustment & { readonly outcome: 'replaced' };
type Ended = ContractAdjustment & { readonly outcome: 'ended' };

function adjustShares(
  book: HoldingBook,
  change: {
    readonly holding: Holding;
    readonly adjustment: Replaced;
    readonly share: Instrument;
    readonly terms: CorporateActionTerms;
  },
): void {
  const { holding, adjustment, share, terms } = change;
  const { instrument } = holding;
  if (terms.action.kind === 'special-dividend') return;
  const units = holding.quantity.times(adjustment.quantityFactor).times(instrument.multiplier).div(share.multiplier);
  const exact = units.toDecimalPlaces(10, Decimal.ROUND_HALF_EVEN);
  const price = terms.cashInLieuPrice;
  const quantity = price === undefined ? exact : exact.trunc();
  if (price !== undefined && !exact.equals(quantity)) {
    book.pay(instrument.currency, exact.minus(quantity).times(price).times(share.multiplier));
    book.note(`${share.id}: ${exact.minus(quantity).toFixed()} of a share paid out at ${price.toFixed()}`);
  }
  const averagePrice = adjustedAverage(holding, adjustment);
  book.replace(instrument, share, { quantity, ...(averagePrice === undefined ? {} : { averagePrice }) });
  if (terms.action.kind !== 'merger') return;
  book.pay(instrument.currency, terms.action.cashPerShare.times(holding.quantity).times(instrument.multiplier));
}

function endHolding(
  book: HoldingBook,
  end: {
    readonly holding: Holding;
    readonly adjustment: Ended;
    readonly share: Instrument | undefined;
    readonly action: CorporateAction;
  },
): void {
  const { holding, adjustment, share, action } = end;
  const { instrument, quantity, averagePrice } = holding;
  book.remove(instrument, quantity);
  if (instrument.type === 'future' || instrument.type === 'perpetual') {
    const to = action.kind === 'merger' ? action.cashPerShare : new Decimal(0);
    if (averagePrice === undefined) book.note(`${instrument.id}: no average price, variation taken as settled in cash`);
    else book.pay(instrument.currency, variationOf(instrument, { quantity, from: averagePrice, to }));
    return;
  }
  book.pay(instrument.currency, adjustment.cashReceived.times(quantity));
  if (adjustment.unitsReceived.isZero() || share === undefined) return;
  book.add(share, { quantity: adjustment.unitsReceived.times(quantity).div(share.multiplier) });
  book.note(`${instrument.id}: certain to be exercised after the action, ended as what it delivers`);
}

function adjustedAverage({ averagePrice }: Holding, adjustment: Replaced): Decimal | undefined {
  return averagePrice
    ?.minus(adjustment.averageOffset)
    .times(adjustment.averageFactor)
    .toDecimalPlaces(10, Decimal.ROUND_HALF_EVEN);
}
