import type { InstrumentQuote, OptionInstrument, QuoteFlag } from '@ballast/domain';
import type { ForwardToExpiry } from './forward-to-expiry';
import { impliedContractVolatility } from './implied-contract-volatility';
import { isBelowIntrinsic } from './price-bound-check';
import { isUsableVolatility, type QuoteLimits } from './quote-check';

/** The rung of the ladder on which a volatility was found. */
export type VolatilitySource = 'quoted' | 'mid' | 'mark' | 'one-sided' | 'surface' | 'none';

/** Volatility of one contract and where it comes from. */
export interface LadderVolatility {
  /** [1/√year]; null on rung `none`: missing is never zero. */
  readonly volatility: number | null;
  readonly source: VolatilitySource;
  /** What the climb found: Q_NO_IV, IV_RANGE, PRICE_BELOW_INTRINSIC. */
  readonly flags: readonly QuoteFlag[];
}

/**
 * Finds the volatility of a contract by the first rung that holds:
 *
 * 1. `quoted`    the feed's own volatility, when inside the believed range;
 * 2. `mid`       implied from the middle of a two-sided quote that is neither crossed nor wide;
 * 3. `mark`      implied from the mark or closing price;
 * 4. `one-sided` implied from the only side that is quoted;
 * 5. `surface`   read off the surface of its underlying where that fits its quotes, by the snapshot builder;
 * 6. `none`      null.
 *
 * A price outside the bounds of the model falls through to the next rung. It is flagged PRICE_BELOW_INTRINSIC when mark
 * or ask lie below intrinsic value by more than rounding (`isBelowIntrinsic`): a mark at intrinsic value and a bid or
 * middle below it are ordinary deep in the money, and merely tell no volatility.
 *
 * @param carry  null when neither a forward nor a spot is known: only rung 1 is left
 */
export function climbVolatilityLadder(
  option: OptionInstrument,
  quote: InstrumentQuote,
  market: {
    readonly carry: ForwardToExpiry | null;
    readonly spot: number | null;
    readonly limits: QuoteLimits;
  },
): LadderVolatility {
  const { carry, spot, limits } = market;
  const flags = new Set<QuoteFlag>();
  const quoted = quote.impliedVolatility;
  if (quoted !== null && isUsableVolatility(quoted, limits)) return { volatility: quoted, source: 'quoted', flags: [] };
  flags.add(quoted === null ? 'Q_NO_IV' : 'IV_RANGE');
  if (carry === null) return { volatility: null, source: 'none', flags: [...flags] };
  for (const { price, source } of candidatePrices(quote)) {
    const implied = impliedContractVolatility(option, price, { carry, spot });
    if (implied.status === 'ok' && isUsableVolatility(implied.volatility, limits)) {
      return { volatility: implied.volatility, source, flags: [...flags] };
    }
    if (implied.status === 'ok') flags.add('IV_RANGE');
    else if (isBelowIntrinsic(option, quote, { carry, spot })) flags.add('PRICE_BELOW_INTRINSIC');
  }
  return { volatility: null, source: 'none', flags: [...flags] };
}

function candidatePrices(
  quote: InstrumentQuote,
): readonly { readonly price: number; readonly source: 'mid' | 'mark' | 'one-sided' }[] {
  const { bid, ask, mark } = quote;
  const candidates: { price: number; source: 'mid' | 'mark' | 'one-sided' }[] = [];
  const isFirm = !quote.flags.includes('Q_CROSSED') && !quote.flags.includes('Q_WIDE');
  if (bid !== null && ask !== null && isFirm)
    candidates.push({ price: bid.plus(ask).div(2).toNumber(), source: 'mid' });
  if (mark !== null) candidates.push({ price: mark.toNumber(), source: 'mark' });
  const side = bid === null ? ask : ask === null ? bid : null;
  if (side !== null) candidates.push({ price: side.toNumber(), source: 'one-sided' });
  return candidates.filter(({ price }) => price > 0);
}
