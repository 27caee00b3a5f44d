import { Decimal, type UnderlyingQuote } from '@ballast/domain';
import { DomainError } from '@ballast/domain';
import { measureState, type PreparedState, prepareState } from '../analysis/account-state';
import { type MarketShift, movedPrice, type PriceAndVolatilityShift } from '../analysis/market-shift';
import { type ShiftedState, shiftState } from '../analysis/shift-state';
import { movingUnderlyings } from '../risk/valuation/account-parts';
import { type AssetClass, classifyUnderlying } from './asset-class';
import type { StressMove, StressScenario } from './stress-scenario';

/** What a scenario does to one underlying of an account. */
export interface UnderlyingStress {
  readonly underlyingId: string;
  readonly assetClass: AssetClass;
  /** Price now and in the scenario [quote currency per unit]. */
  readonly price: Decimal;
  readonly stressedPrice: Decimal;
  /** Relative moves; rate absolute [1/year]. */
  readonly move: Required<PriceAndVolatilityShift>;
}

/** A scenario as a move of the market of one account. */
export interface StressShift {
  readonly shift: MarketShift;
  readonly moves: readonly UnderlyingStress[];
  /** Underlyings of the account that the scenario says nothing about. */
  readonly unmoved: readonly string[];
  /** Names of its moves and betas, in order, that are no underlying the account depends on. */
  readonly unmatched: readonly string[];
}

/**
 * Turns a scenario into the moves of the underlyings that an account depends on.
 *
 * @param classes  asset classes the caller states
 * @param move     how directions are tried
 * @throws DomainError 'INVALID_MARKET_DATA' for an absolute move of an underlying whose price is 0, 'PRICE_MISSING' for
 *         one without a price, and as shiftState where directions are tried
 */
export function resolveStress(
  prepared: PreparedState,
  scenario: StressScenario,
  classes: Readonly<Record<string, AssetClass>> = {},
  move: (prepared: PreparedState, shift: MarketShift) => ShiftedState = shiftState,
): StressShift {
  const { underlyings } = prepared.snapshot;
  const found: { readonly quote: UnderlyingQuote; readonly assetClass: AssetClass; readonly move: StressMove }[] = [];
  const unmoved: string[] = [];
  const ids = movingUnderlyings(prepared);
  for (const id of ids) {
    const quote = underlyings.get(id) as UnderlyingQuote;
    const assetClass = classifyUnderlying(quote, classes);
    const stressMove = stressMoveOf(scenario, quote, assetClass);
    if (stressMove === undefined) unmoved.push(id);
    else found.push({ quote, assetClass, move: stressMove });
  }
  const stated = found.map((item) => ({ ...item, shift: relativeMove(item.quote, item.move) }));
  const shifts =
    scenario.direction === 'ADVERSE'
      ? stated.map((item) => ({ ...item, shift: adverseMove(prepared, item.quote.underlyingId, item.shift, move) }))
      : stated;
  const byUnderlying = Object.fromEntries(shifts.map(({ quote, shift }) => [quote.underlyingId, shift]));
  const moves = shifts.map(({ quote, assetClass, shift }): UnderlyingStress => {
    const price = priceOf(quote);
    const stressedPrice = movedPrice(price, shift.spot);
    return { underlyingId: quote.underlyingId, assetClass, price, stressedPrice, move: shift };
  });
  const days = scenario.days === undefined ? {} : { days: scenario.days };
  const named = new Set([...Object.keys(scenario.byUnderlying ?? {}), ...Object.keys(scenario.betas ?? {})]);
  const unmatched = [...named].filter((name) => !ids.includes(name)).sort();
  return { shift: { byUnderlying, ...days }, moves, unmoved, unmatched };
}

function stressMoveOf(
  scenario: StressScenario,
  { underlyingId, kind }: UnderlyingQuote,
  assetClass: AssetClass,
): StressMove | undefined {
  const { byUnderlying = {}, market, betas = {} } = scenario;
  if (Object.hasOwn(byUnderlying, underlyingId)) return byUnderlying[underlyingId];
  const own = scenario.byClass?.[assetClass] ?? scenario.byKind?.[kind];
  if (own !== undefined || market === undefined) return own;
  const beta = Object.hasOwn(betas, underlyingId) ? (betas[underlyingId] as number) : 1;
  return { ...market, spot: beta * (market.spot ?? 0) };
}

/** Every price move as a relative one. */
function relativeMove(quote: UnderlyingQuote, move: StressMove): Required<PriceAndVolatilityShift> {
  const { volatility = 0, rate = 0 } = move;
  return { spot: relativeSpot(quote, move), volatility, rate };
}

function relativeSpot(quote: UnderlyingQuote, { spot, spotBy, spotTo }: StressMove): number {
  if (spotBy === undefined && spotTo === undefined) return spot ?? 0;
  const price = priceOf(quote);
  const by = spotBy === undefined ? new Decimal(spotTo as number).minus(price) : new Decimal(spotBy);
  if (by.isZero()) return 0;
  if (price.isZero())
    throw new DomainError(
      'INVALID_MARKET_DATA',
      `${quote.underlyingId}: its price is 0, which no relative move leads away from`,
      quote.underlyingId,
    );
  return by.div(price.abs()).toNumber();
}

function priceOf({ underlyingId, price }: UnderlyingQuote): Decimal {
  if (price !== null) return price;
  throw new DomainError('PRICE_MISSING', `no price for the underlying ${underlyingId}`, underlyingId);
}

/** The sign whose move, alone, leaves the smaller buffer; equal ones fall. */
function adverseMove(
  prepared: PreparedState,
  underlyingId: string,
  stated: Required<PriceAndVolatilityShift>,
  move: (prepared: PreparedState, shift: MarketShift) => ShiftedState,
): Required<PriceAndVolatilityShift> {
  const size = Math.abs(stated.spot);
  const bufferAt = (spot: number): number => {
    const { state } = move(prepared, { byUnderlying: { [underlyingId]: { ...stated, spot } } });
    const measure = measureState(prepareState(state, prepared.rules));
    return measure.status === 'valued' ? measure.figures.equity - measure.figures.maintenance : NaN;
  };
  return { ...stated, spot: bufferAt(size) < bufferAt(-size) ? size : -size };
}
