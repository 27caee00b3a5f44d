import {
  canonicalJson,
  Decimal,
  DomainError,
  type Instant,
  type Instrument,
  type MarketSnapshot,
} from '@ballast/domain';
import type { Portfolio } from './portfolio';

/** Net holding of one contract. */
export interface NetPosition {
  readonly instrument: Instrument;
  /** Contracts held net: long > 0, short < 0, never 0. */
  readonly quantity: number;
}

/**
 * Nets a portfolio per instrument and puts it in canonical order (instrument id by code unit), so that neither the
 * order of rows nor the splitting of lots changes any digit of a result. Lots that cancel disappear.
 *
 * Every row is checked, also one that nets to zero.
 *
 * @throws DomainError 'INSTRUMENT_EXPIRED' expiry before `asOf` (an option at its expiry instant still counts)
 * @throws DomainError 'INSTRUMENT_UNKNOWN' underlying without an entry in the snapshot
 * @throws DomainError 'INVALID_POSITION' non-finite quantity, multiplier ≤ 0, or two terms under one identifier
 */
export function arrangePortfolio(portfolio: Portfolio, snapshot: MarketSnapshot): readonly NetPosition[] {
  const netById = new Map<string, { instrument: Instrument; quantity: Decimal }>();
  for (const { instrument, quantity } of portfolio.positions) {
    if (!quantity.isFinite()) {
      const message = `position in ${instrument.id}: quantity ${quantity.toString()} is not finite`;
      throw new DomainError('INVALID_POSITION', message, instrument.id);
    }
    requireHoldable(instrument, { asOf: portfolio.asOf, snapshot });
    const earlier = netById.get(instrument.id);
    if (earlier === undefined) {
      netById.set(instrument.id, { instrument, quantity });
      continue;
    }
    if (earlier.instrument !== instrument && canonicalJson(earlier.instrument) !== canonicalJson(instrument)) {
      throw new DomainError('INVALID_POSITION', `instrument ${instrument.id} is held under two different terms`);
    }
    netById.set(instrument.id, { instrument, quantity: earlier.quantity.plus(quantity) });
  }
  return [...netById.values()]
    .filter(({ quantity }) => !quantity.isZero())
    .sort((left, right) => compareText(left.instrument.id, right.instrument.id))
    .map(({ instrument, quantity }) => ({ instrument, quantity: quantity.toNumber() }));
}

/** Compares by UTF-16 code unit: the one order of identifiers, the same in every locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Requires that a contract can be held at a time in a market.
 *
 * @throws DomainError 'INSTRUMENT_EXPIRED', 'INSTRUMENT_UNKNOWN' and 'INVALID_POSITION' as arrangePortfolio
 */
export function requireHoldable(
  instrument: Instrument,
  { asOf, snapshot }: { readonly asOf: Instant; readonly snapshot: MarketSnapshot },
): void {
  const { id } = instrument;
  if (!instrument.multiplier.isFinite() || !instrument.multiplier.greaterThan(0)) {
    const multiplier = instrument.multiplier.toString();
    throw new DomainError('INVALID_POSITION', `position in ${id}: multiplier ${multiplier} is not above 0`, id);
  }
  if ('expiry' in instrument && instrument.expiry < asOf) {
    const when = `expired ${new Date(instrument.expiry).toISOString()}, as of ${new Date(asOf).toISOString()}`;
    throw new DomainError('INSTRUMENT_EXPIRED', `position in ${id}: contract ${when}`, id);
  }
  if (!snapshot.underlyings.has(instrument.underlying)) {
    const message = `position in ${id}: underlying ${instrument.underlying} is not in the market snapshot`;
    throw new DomainError('INSTRUMENT_UNKNOWN', message, id);
  }
}
