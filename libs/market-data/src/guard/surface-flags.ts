import type { Instrument, InstrumentQuote, OptionInstrument } from '@ballast/domain';
import { log } from '@ballast/pricing';
import { inListOrder } from '../quote-check';
import type { VolatilitySurface } from '../surface/volatility-surface';

/**
 * Flags the quotes that make a surface arbitrageable: of each finding IV_ARB_BUTTERFLY or IV_ARB_CALENDAR the options of
 * its expiry at the strike nearest to where it is worst.
 *
 * @param quotes  changed in place
 */
export function flagSurfaceArbitrage(
  quotes: Map<string, InstrumentQuote>,
  instruments: ReadonlyMap<string, Instrument>,
  surfaces: readonly VolatilitySurface[],
): void {
  for (const surface of surfaces) {
    for (const { code, expiry, k } of surface.findings) {
      if (code !== 'IV_ARB_BUTTERFLY' && code !== 'IV_ARB_CALENDAR') continue;
      const forward = surface.slices.find((slice) => slice.expiry === expiry)?.forward;
      if (forward === undefined) continue;
      const distance = ({ strike }: OptionInstrument): number => Math.abs(log(strike.toNumber() / forward) - k);
      const options = [...quotes.keys()].flatMap((id) => {
        const terms = instruments.get(id);
        const isOf = terms?.type === 'option' && terms.underlying === surface.underlyingId && terms.expiry === expiry;
        return isOf ? [terms] : [];
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
