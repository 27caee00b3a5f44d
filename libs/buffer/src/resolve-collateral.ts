import {
  type CollateralHolding,
  type CollateralPosition,
  Decimal,
  DomainError,
  type HaircutSchedule,
  type Instant,
  type MarketSnapshot,
  type ScheduleLimits,
} from '@ballast/domain';
import { haircutOf } from './haircut-of';

/** Collateral ready to be valued. */
export interface ResolvedCollateral {
  readonly holdings: readonly CollateralHolding[];
  readonly limits: readonly ScheduleLimits[];
}

/**
 * Gives pledged holdings their haircut by the schedule in force and their price: the stated one, else that of the
 * snapshot's underlying of the same name, or of the one whose share it is known to be (times the shares per unit). An asset
 * that the schedule does not accept, or whose schedule is not there, counts nothing and says why.
 *
 * @param input.schedules  versions in force, by name
 * @throws DomainError 'PRICE_MISSING' for an accepted asset without a price
 */
export function resolveCollateral(input: {
  readonly positions: readonly CollateralPosition[];
  readonly schedules: ReadonlyMap<string, HaircutSchedule>;
  readonly snapshot: MarketSnapshot;
  readonly asOf: Instant;
}): ResolvedCollateral {
  const { positions, schedules, snapshot, asOf } = input;
  const used = new Map<string, HaircutSchedule>();
  const holdings = positions.map((position): CollateralHolding => {
    const schedule = schedules.get(position.schedule);
    if (schedule !== undefined) used.set(schedule.name, schedule);
    const finding =
      schedule === undefined
        ? { status: 'ineligible' as const, reason: `no schedule ${position.schedule} is in force` }
        : haircutOf({ schedule, position, asOf });
    const quoted = priceOf(position, snapshot);
    if (quoted === undefined && finding.status === 'found')
      throw new DomainError('PRICE_MISSING', `collateral ${position.asset}: no price`, position.asset);
    return {
      asset: position.asset,
      quantity: position.quantity,
      price: quoted?.price ?? new Decimal(0),
      ...(quoted === undefined ? {} : { currency: quoted.currency }),
      ...(position.share === undefined ? {} : { underlying: position.share.underlying }),
      kind: position.kind,
      assetClass: position.assetClass,
      ...(position.rating === undefined ? {} : { rating: position.rating }),
      ...(position.maturity === undefined ? {} : { maturity: position.maturity }),
      schedule: position.schedule,
      ...(finding.status === 'found'
        ? { haircut: finding.haircut }
        : { haircut: 1, ineligible: `${finding.reason}${quoted === undefined ? '; no price' : ''}` }),
    };
  });
  const limits = [...used.values()].map((schedule) => ({ schedule: schedule.name, limits: schedule.limits }));
  return { holdings, limits: limits.sort((left, right) => (left.schedule < right.schedule ? -1 : 1)) };
}

function priceOf(
  { asset, price, currency, share }: CollateralPosition,
  snapshot: MarketSnapshot,
): { readonly price: Decimal; readonly currency: string } | undefined {
  if (price !== undefined && currency !== undefined) return { price, currency };
  const quote = snapshot.underlyings.get(share?.underlying ?? asset);
  if (quote?.price == null || quote.price.isNegative()) return undefined;
  return { price: share === undefined ? quote.price : quote.price.times(share.multiplier), currency: quote.currency };
}
