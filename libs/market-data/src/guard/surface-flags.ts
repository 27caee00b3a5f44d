import type { Instant, Instrument, InstrumentQuote, OptionInstrument } from '@ballast/domain';
import { log } from '@ballast/pricing';
import { inListOrder } from '../quote-check';
import { surfaceVolatility, type VolatilitySurface } from '../surface/volatility-surface';
import { yearsToExpiry } from '../years-to-expiry';

/** An expiry that loses more than this share of its variance to an earlier one is wrong as a whole, or the earlier is. */
const grossShare = 0.1;

/**
 * Flags the quotes that make a surface arbitrageable: of each finding IV_ARB_BUTTERFLY or IV_ARB_CALENDAR the options of
 * its expiry at the strike nearest to where it is worst; where an expiry lost more than a tenth of its variance at the
 * money to the one before, every option of both, because nobody can say which strike is right.
 *
 * @param quotes  changed in place
 */
export function flagSurfaceArbitrage(
  quotes: Map<string, InstrumentQuote>,
  instruments: ReadonlyMap<string, Instrument>,
  surfaces: readonly VolatilitySurface[],
): void {
  for (const surface of surfaces) {
    for (const { code, expiry, k, amount } of surface.findings) {
      if (code !== 'IV_ARB_BUTTERFLY' && code !== 'IV_ARB_CALENDAR') continue;
      const forward = surface.slices.find((slice) => slice.expiry === expiry)?.forward;
      if (forward === undefined) continue;
      if (code === 'IV_ARB_CALENDAR' && amount > grossShare * varianceOf(surface, expiry, forward)) {
        flagExpiries(quotes, instruments, surface, expiry);
        continue;
      }
      const distance = ({ strike }: OptionInstrument): number => Math.abs(log(strike.toNumber() / forward) - k);
      const options = [...quotes.keys()].flatMap((id) => {
        const terms = instruments.get(id);
        const isOf = terms?.type === 'option' && terms.underlying === surface.underlyingId && terms.expiry === expiry;
        return isOf && terms.strike.greaterThan(0) ? [terms] : [];
      });
      const nearest = Math.min(...options.map(distance));
      for (const option of options) {
        const quote = quotes.get(option.id);
        if (quote === undefined || distance(option) > nearest) continue;
        quotes.set(option.id, { ...quote, flags: inListOrder(new Set([...quote.flags, code])) });
      }
    }
  }
}

function varianceOf(surface: VolatilitySurface, expiry: Instant, forward: number): number {
  const volatility = surfaceVolatility(surface, { strike: forward, expiry });
  return volatility * volatility * yearsToExpiry(surface.asOf, expiry);
}

/** Flags every option of an expiry and of the one before it. */
function flagExpiries(
  quotes: Map<string, InstrumentQuote>,
  instruments: ReadonlyMap<string, Instrument>,
  surface: VolatilitySurface,
  expiry: Instant,
): void {
  const place = surface.slices.findIndex((slice) => slice.expiry === expiry);
  const concerned = new Set([expiry, surface.slices[place - 1]?.expiry]);
  for (const [id, quote] of quotes) {
    const terms = instruments.get(id);
    if (terms?.type !== 'option' || terms.underlying !== surface.underlyingId || !concerned.has(terms.expiry)) continue;
    quotes.set(id, { ...quote, flags: inListOrder(new Set([...quote.flags, 'IV_ARB_CALENDAR'])) });
  }
}
