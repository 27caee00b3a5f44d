import type { CollateralPosition } from '../collateral';
import { Decimal } from '../decimal';
import { DomainError } from '../domain-error';
import type { Instrument } from '../instrument';
import type { CollateralChange } from './account-change';
import { adjustContract, type CorporateAction } from './contract-adjustment';
import type { HoldingBook } from './holding-book';

/** A corporate action as it meets what is pledged. */
export interface PledgedActionTerms {
  readonly underlying: string;
  readonly action: CorporateAction;
  /** Price of the share after the action, at which fractions are paid out; absent: fractions stay pledged. */
  readonly cashInLieuPrice?: Decimal;
  /** Finds the holding of the share of an underlying. */
  readonly shareOf: (underlying: string) => Instrument;
  /** The shares of the underlying by the names under which they may be pledged; the multiplier is the shares per unit. */
  readonly pledgeable: ReadonlyMap<string, Instrument>;
}

/** Digits of quantities and prices: as many as the record keeps, so that their product is the amount it was, to the cent. */
const pledgeDecimals = 20;

/**
 * What a corporate action does to pledged shares: quantity × ratio and, where a price is stated, price / ratio, or the
 * shares and the cash that a merger hands over. Cash goes to the account's balance through the book. Special dividends leave
 * the quantity alone: see payPledgedDividend.
 *
 * @param pledged  what the account has pledged at the moment the action takes effect
 * @returns changes in order of the asset; assets that end as they began are left out
 * @throws DomainError 'INVALID_LIFECYCLE_EVENT' for a ratio or amount that is not above 0, or where the new share is pledged
 *         already under other terms
 */
export function adjustCollateral(
  book: HoldingBook,
  pledged: readonly CollateralPosition[],
  terms: PledgedActionTerms,
): readonly CollateralChange[] {
  const before = new Map(pledged.map((position) => [position.asset, position]));
  const after = new Map(before);
  for (const position of pledged) {
    const share = terms.pledgeable.get(position.asset);
    if (share === undefined || terms.action.kind === 'special-dividend') continue;
    after.delete(position.asset);
    const adjusted = adjustPosition(book, { position, share, terms });
    if (adjusted !== null) after.set(adjusted.asset, joined(after.get(adjusted.asset), adjusted));
  }
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((asset) => ({ asset, before: before.get(asset) ?? null, after: after.get(asset) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** Cash on the shares of a company, as it meets what is pledged. */
export interface PledgedDividendTerms {
  /** Cash per share [currency of the share], > 0. */
  readonly amount: Decimal;
  /** Pledged at the end of the day before the shares trade without the dividend: what is entitled to the cash. */
  readonly entitled: readonly CollateralPosition[];
  /** Pledged when the shares begin to trade without it. */
  readonly pledged: readonly CollateralPosition[];
  /** As in PledgedActionTerms. */
  readonly pledgeable: ReadonlyMap<string, Instrument>;
}

/**
 * Pays a dividend on pledged shares to the account that pledged them: amount × quantity × shares per unit, through the book.
 * A stated price that was stated with the dividend becomes one without it, price − amount × shares per unit; the market's
 * price moves by itself. So gross equity is what it was before.
 *
 * @returns prices restated, in order of the asset
 */
export function payPledgedDividend(
  book: HoldingBook,
  { amount, entitled, pledged, pledgeable }: PledgedDividendTerms,
): readonly CollateralChange[] {
  for (const { asset, quantity } of entitled) {
    const share = pledgeable.get(asset);
    if (share !== undefined) book.pay(share.currency, amount.times(quantity).times(share.multiplier));
  }
  const statedBefore = new Map(entitled.map((position) => [position.asset, termsOf(position)]));
  return [...pledged]
    .sort((left, right) => (left.asset < right.asset ? -1 : 1))
    .flatMap((before): CollateralChange[] => {
      const share = pledgeable.get(before.asset);
      // A price stated anew for the day itself is one without the dividend.
      if (share === undefined || before.price === undefined || statedBefore.get(before.asset) !== termsOf(before))
        return [];
      const perUnit = amount.times(share.multiplier);
      if (before.currency !== share.currency) {
        book.note(
          `${before.asset}: its price is stated in ${before.currency ?? ''}, the dividend is paid in ${share.currency}: state it anew`,
        );
        return [];
      }
      return [{ asset: before.asset, before, after: withPrice(before, before.price.minus(perUnit)) }];
    });
}

/** A price at or below 0 says nothing of the share: the market's counts from now on. */
function withPrice({ price: _price, currency, ...rest }: CollateralPosition, price: Decimal): CollateralPosition {
  return price.greaterThan(0) && currency !== undefined ? { ...rest, price: rounded(price), currency } : rest;
}

function adjustPosition(
  book: HoldingBook,
  {
    position,
    share,
    terms,
  }: { readonly position: CollateralPosition; readonly share: Instrument; readonly terms: PledgedActionTerms },
): CollateralPosition | null {
  const { action, cashInLieuPrice } = terms;
  const target = targetOf(position.asset, terms);
  const adjustment = adjustContract(share, action, { instrumentId: target.asset });
  if (adjustment.outcome === 'ended') {
    book.pay(share.currency, adjustment.cashReceived.times(position.quantity));
    return null;
  }
  if (action.kind === 'merger') {
    book.pay(share.currency, action.cashPerShare.times(position.quantity).times(share.multiplier));
  }
  const unitsPerUnit = share.multiplier.div(target.multiplier);
  const exact = position.quantity.times(adjustment.quantityFactor).times(unitsPerUnit);
  const shown = rounded(exact);
  const quantity = cashInLieuPrice === undefined ? shown : shown.trunc();
  if (cashInLieuPrice !== undefined && !shown.equals(quantity)) {
    const fraction = exact.minus(quantity);
    book.pay(share.currency, fraction.times(cashInLieuPrice).times(target.multiplier));
    book.note(
      `${target.asset}: ${rounded(fraction).toFixed()} of a pledged share paid out at ${cashInLieuPrice.toFixed()}`,
    );
  }
  if (quantity.isZero()) return null;
  const renamed = { ...position, asset: target.asset, quantity };
  const { price } = position;
  if (price === undefined) return renamed;
  return withPrice(renamed, price.minus(adjustment.averageOffset).times(adjustment.averageFactor).div(unitsPerUnit));
}

/** Under which name the share is pledged after the action, and the shares per unit of that. */
function targetOf(
  asset: string,
  { action, underlying, shareOf, pledgeable }: PledgedActionTerms,
): { readonly asset: string; readonly multiplier: Decimal } {
  const next = action.kind === 'merger' || action.kind === 'symbol-change' ? action.newUnderlying : undefined;
  if (next === undefined) return { asset, multiplier: pledgeable.get(asset)?.multiplier ?? new Decimal(1) };
  if (asset === underlying) return { asset: next, multiplier: new Decimal(1) };
  const share = shareOf(next);
  return { asset: share.id, multiplier: share.multiplier };
}

/** Adds what comes under the name of an asset to what is pledged under it already. */
function joined(held: CollateralPosition | undefined, added: CollateralPosition): CollateralPosition {
  if (held === undefined) return added;
  if (termsOf(held) === termsOf(added)) return { ...held, quantity: held.quantity.plus(added.quantity) };
  throw new DomainError(
    'INVALID_LIFECYCLE_EVENT',
    `${held.asset} is pledged already under other terms (kind, class, rating, maturity, schedule or price): state it under those of the shares that become ${held.asset} first`,
  );
}

function termsOf({ kind, assetClass, rating, maturity, schedule, price, currency }: CollateralPosition): string {
  return JSON.stringify([kind, assetClass, rating, maturity, schedule, price?.toFixed(), currency]);
}

function rounded(value: Decimal): Decimal {
  return value.toDecimalPlaces(pledgeDecimals, Decimal.ROUND_HALF_EVEN);
}
