import { DomainError, findFxRate, type MarketSnapshot } from '@ballast/domain';

/**
 * Finds how many units of `to` one unit of `from` is worth in a snapshot: a stated exchange rate, else, for a coin that
 * is itself an underlying, its unshocked index price (and back), each joined with a stated rate where needed; between two
 * such coins the ratio of their index prices.
 *
 * @throws DomainError 'FX_MISSING' when nothing connects the two; a missing rate is never 1
 */
export function currencyRate(snapshot: MarketSnapshot, pair: { readonly from: string; readonly to: string }): number {
  const { from, to } = pair;
  if (from === to) return 1;
  const stated = statedRate(snapshot, from, to);
  if (stated !== undefined) return stated;
  const valued = coinRate(snapshot, from, to);
  if (valued !== undefined) return valued;
  const inverse = coinRate(snapshot, to, from);
  if (inverse !== undefined) return 1 / inverse;
  const crossed = crossRate(snapshot, from, to);
  if (crossed !== undefined) return crossed;
  throw new DomainError('FX_MISSING', `no exchange rate from ${from} to ${to}`, 'fx');
}

function coinRate(snapshot: MarketSnapshot, coin: string, currency: string): number | undefined {
  const quote = snapshot.underlyings.get(coin);
  if (quote === undefined || quote.price === null || !quote.price.greaterThan(0)) return undefined;
  if (quote.currency === coin) return undefined;
  const onward = quote.currency === currency ? 1 : statedRate(snapshot, quote.currency, currency);
  return onward === undefined ? undefined : quote.price.toNumber() * onward;
}

/** Both coins in the currency that the second is quoted in. */
function crossRate(snapshot: MarketSnapshot, from: string, to: string): number | undefined {
  const currency = snapshot.underlyings.get(to)?.currency;
  if (currency === undefined) return undefined;
  const [first, second] = [coinRate(snapshot, from, currency), coinRate(snapshot, to, currency)];
  return first === undefined || second === undefined ? undefined : first / second;
}

function statedRate(snapshot: MarketSnapshot, from: string, to: string): number | undefined {
  return findFxRate(snapshot.fx, { from, to })?.toNumber();
}
