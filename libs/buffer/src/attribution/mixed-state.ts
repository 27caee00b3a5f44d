import {
  Decimal,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  type UnderlyingQuote,
} from '@ballast/domain';
import type { Portfolio, ValuedContract } from '@ballast/margin';
import { type PreparedState, prepareState } from '../analysis/account-state';
import { addCash } from '../analysis/account-trade';
import { valueContracts } from '../analysis/contract-values';
import { keepsOwnPrice, markAnew } from '../analysis/moved-contracts';
import { revalueContract } from '../analysis/revalue-contracts';
import { rollPositions } from '../analysis/roll-positions';
import { shiftUnderlying } from '../analysis/shift-underlying';

/** What can differ between two instants, in the order of their bits. */
export const attributionFactors = ['trades', 'price', 'volatility', 'time', 'rates', 'parameters', 'cash'] as const;
export type AttributionFactor = (typeof attributionFactors)[number];

/**
 * Makes the account with some factors of the later instant and the others of the earlier one. Trades, price, volatility and
 * rates are asked for by underlying held at either instant, and with null for what belongs to none of them: collateral,
 * exchange rates, other underlyings. The other factors are those of the whole account.
 */
export type MixState = (isLater: (factor: AttributionFactor, underlying: string | null) => boolean) => PreparedState;

/**
 * Prepares mixtures of two states of one account. Trades are positions and collateral; price is underlying prices, quoted
 * prices of futures, perpetuals and holdings, and exchange rates; volatility is that of every option at its own strike;
 * rates are rates, yields and the carry in forwards; parameters are methodology, house rules and policy. A contract that
 * expired before the later instant settles at its intrinsic value where time is the later and trades are the earlier ones.
 *
 * @throws DomainError 'PRICE_MISSING' when a held contract cannot be valued at its own instant
 */
export function prepareMixtures(earlier: PreparedState, later: PreparedState): MixState {
  const sides = [valuedSide(earlier), valuedSide(later)] as const;
  const names = heldUnderlyings(earlier, later);
  const snapshots = new Map<string, MarketSnapshot>();
  return (isLater) => {
    const pick: PickSide = (factor, underlying = null) =>
      sides[isLater(factor, underlying !== null && names.includes(underlying) ? underlying : null) ? 1 : 0];
    const { asOf } = pick('time').state.portfolio;
    const factors = ['price', 'volatility', 'rates', 'trades'] as const;
    const key = [null, ...names].flatMap((name) => factors.map((factor) => (pick(factor, name) === sides[0] ? 0 : 1)));
    const mixture = { pick, asOf, held: heldBy(pick, sides) };
    const known = `${asOf} ${key.join('')}`;
    const snapshot = snapshots.get(known) ?? mixSnapshot(mixture, sides);
    snapshots.set(known, snapshot);
    const whole = pick('trades').state;
    const cash = pick('cash').state.portfolio.cash;
    const held: Portfolio = { ...whole.portfolio, asOf, cash, positions: mixture.held };
    const settledIn = (side: Side) => {
      const positions = mixture.held.filter(({ instrument }) => pick('trades', instrument.underlying) === side);
      const before = side.state.snapshot;
      return rollPositions({
        portfolio: { ...held, positions },
        contracts: side.contracts,
        before,
        after: snapshot,
        asOf,
      });
    };
    const settled = sides.flatMap((side) => settledIn(side).settled.map((item) => item.cash));
    const alive = held.positions.filter(({ instrument }) => !('expiry' in instrument) || instrument.expiry >= asOf);
    const portfolio = { ...held, positions: alive, cash: addCash(cash, settled) };
    return prepareState({ portfolio, snapshot }, pick('parameters').state.rules);
  };
}

/** Underlyings of what is held at either instant, in order of their name. */
export function heldUnderlyings(earlier: PreparedState, later: PreparedState): readonly string[] {
  const positions = [...earlier.portfolio.positions, ...later.portfolio.positions];
  return [...new Set(positions.map(({ instrument }) => instrument.underlying))].sort();
}

/** The instant that a factor is taken from, of an underlying or of the account. */
type PickSide = (factor: AttributionFactor, underlying?: string | null) => Side;

function heldBy(pick: PickSide, sides: readonly [Side, Side]): Portfolio['positions'] {
  return sides.flatMap((side) =>
    side.state.portfolio.positions.filter(({ instrument }) => pick('trades', instrument.underlying) === side),
  );
}

interface Side {
  readonly state: PreparedState;
  readonly contracts: ReadonlyMap<string, ValuedContract>;
}

function valuedSide(state: PreparedState): Side {
  const instruments = state.portfolio.positions.map(({ instrument }) => instrument);
  return { state, contracts: valueContracts(state, instruments) };
}

interface Mixture {
  readonly pick: PickSide;
  readonly held: Portfolio['positions'];
  readonly asOf: MarketSnapshot['asOf'];
}

function mixSnapshot(mixture: Mixture, sides: readonly [Side, Side]): MarketSnapshot {
  const { pick, asOf, held } = mixture;
  const [first, second] = [sides[0].state.snapshot, sides[1].state.snapshot];
  const underlyings = new Map<string, UnderlyingQuote>();
  const instruments = new Map<string, InstrumentQuote>();
  const portfolio = { ...pick('trades').state.portfolio, positions: held };
  for (const id of new Set([...first.underlyings.keys(), ...second.underlyings.keys()])) {
    const [prices, carried] = [pick('price', id).state.snapshot, pick('rates', id).state.snapshot];
    const quote = mixUnderlying(id, { prices, carried, asOf, portfolio });
    if (quote !== undefined) underlyings.set(id, quote);
  }
  for (const side of sides)
    for (const [id, quote] of side.state.snapshot.instruments) {
      const underlying = side.contracts.get(id)?.instrument.underlying ?? null;
      if (pick('price', underlying) === side) instruments.set(id, quote);
    }
  for (const { instrument } of held) instruments.set(instrument.id, mixQuote(instrument, mixture, sides));
  const snapshot = { asOf, underlyings, instruments, fx: pick('price').state.snapshot.fx };
  for (const quote of ownPrices(mixture, sides, { portfolio, snapshot })) instruments.set(quote.instrumentId, quote);
  return snapshot;
}

/** Quotes of options whose price is not that of their volatility: the distance belongs to the market that prices are of. */
function ownPrices(
  { pick, asOf, held }: Mixture,
  sides: readonly [Side, Side],
  market: Pick<PreparedState, 'portfolio' | 'snapshot'>,
): readonly InstrumentQuote[] {
  const contracts = held.flatMap(({ instrument }) => {
    const { id, underlying } = instrument;
    const priced = pick('price', underlying);
    const own = priced.contracts.get(id) ?? sides.find((side) => side.contracts.has(id))?.contracts.get(id);
    const alive = !('expiry' in instrument) || instrument.expiry >= asOf;
    return own !== undefined && alive && keepsOwnPrice(own) ? [own] : [];
  });
  return contracts.flatMap((own) => {
    const valuation = revalueContract(own, market);
    const quote = market.snapshot.instruments.get(own.instrument.id);
    if (valuation.status === 'indeterminate' || quote === undefined) return [];
    return [{ ...quote, mark: new Decimal(markAnew(own, valuation.contract)) }];
  });
}

/** Price and perpetual of one market, everything else of the other moved to that price. */
function mixUnderlying(
  id: string,
  {
    prices,
    carried,
    asOf,
    portfolio,
  }: {
    readonly prices: MarketSnapshot;
    readonly carried: MarketSnapshot;
    readonly asOf: MarketSnapshot['asOf'];
    readonly portfolio: Portfolio;
  },
): UnderlyingQuote | undefined {
  const [own, priced] = [carried.underlyings.get(id), prices.underlyings.get(id)];
  if (own?.price == null || priced?.price == null || own.price.isZero()) return priced ?? own;
  const move = priced.price.minus(own.price).div(own.price.abs()).toNumber();
  const moved = shiftUnderlying(own, { move, from: carried.asOf, to: asOf, portfolio });
  const { price, perpetual } = priced;
  return { ...moved, price, ...(perpetual === undefined ? {} : { perpetual }) };
}

/** The volatility of the option on its side, else the other's; the quoted price of anything else on its side, else scaled. */
function mixQuote(instrument: Instrument, { pick, asOf }: Mixture, sides: readonly [Side, Side]): InstrumentQuote {
  const { id, underlying } = instrument;
  const [price, volatility] = [pick('price', underlying), pick('volatility', underlying)];
  const quote = {
    instrumentId: id,
    bid: null,
    ask: null,
    mark: null,
    impliedVolatility: null,
    quotedAt: asOf,
    flags: [],
  };
  const found = (side: Side) => side.contracts.get(id);
  const any = found(sides[0]) ?? found(sides[1]);
  if (instrument.type === 'option')
    return { ...quote, impliedVolatility: (found(volatility) ?? any)?.option?.volatility ?? null };
  const marked = price.state.snapshot.instruments.get(id)?.mark;
  if (marked != null) return { ...quote, mark: marked };
  const spot = price.state.snapshot.underlyings.get(underlying)?.price;
  if (any === undefined || spot == null || any.spot === 0) return quote;
  return { ...quote, mark: new Decimal(any.mark).times(spot).div(any.spot) };
}
