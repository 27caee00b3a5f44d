import { Decimal, type Instrument, type InstrumentQuote, type MarketSnapshot } from '@ballast/domain';
import type { Portfolio, ValuedContract } from '@ballast/margin';
import { type PreparedState, prepareState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';
import { rollPositions } from '../analysis/roll-positions';
import { shiftUnderlying } from '../analysis/shift-underlying';

/** What can differ between two instants, in the order of their bits. */
export const attributionFactors = ['trades', 'price', 'volatility', 'time', 'rates', 'parameters', 'cash'] as const;
export type AttributionFactor = (typeof attributionFactors)[number];

/** Makes the account with some factors of the later instant and the others of the earlier one. */
export type MixState = (isLater: (factor: AttributionFactor) => boolean) => PreparedState;

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
  const snapshots = new Map<string, MarketSnapshot>();
  return (isLater) => {
    const pick = (factor: AttributionFactor) => sides[isLater(factor) ? 1 : 0];
    const [price, volatility, time, rates, trades] = [
      pick('price'),
      pick('volatility'),
      pick('time'),
      pick('rates'),
      pick('trades'),
    ];
    const asOf = time.state.portfolio.asOf;
    const key = [price, volatility, time, rates, trades].map((side) => (side === sides[0] ? 0 : 1)).join('');
    const snapshot = snapshots.get(key) ?? mixSnapshot({ price, volatility, rates, trades, asOf }, sides);
    snapshots.set(key, snapshot);
    const { positions, collateral, listedInstruments } = trades.state.portfolio;
    const held: Portfolio = {
      ...trades.state.portfolio,
      asOf,
      cash: pick('cash').state.portfolio.cash,
      collateral,
      ...(listedInstruments === undefined ? {} : { listedInstruments }),
    };
    const before = trades.state.snapshot;
    const rolled = rollPositions({ portfolio: held, contracts: trades.contracts, before, after: snapshot, asOf });
    const alive = positions.filter(({ instrument }) => !('expiry' in instrument) || instrument.expiry >= asOf);
    return prepareState(
      { portfolio: { ...held, positions: alive, cash: rolled.cash }, snapshot },
      pick('parameters').state.rules,
    );
  };
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
  readonly price: Side;
  readonly volatility: Side;
  readonly rates: Side;
  readonly trades: Side;
  readonly asOf: MarketSnapshot['asOf'];
}

function mixSnapshot(mixture: Mixture, sides: readonly [Side, Side]): MarketSnapshot {
  const { price, rates, trades, asOf } = mixture;
  const prices = price.state.snapshot;
  const carried = rates.state.snapshot;
  const underlyings = new Map([...carried.underlyings, ...prices.underlyings]);
  for (const id of underlyings.keys()) {
    const own = carried.underlyings.get(id);
    const priced = prices.underlyings.get(id)?.price;
    if (own?.price == null || priced == null || own.price.isZero()) continue;
    const move = priced.minus(own.price).div(own.price.abs()).toNumber();
    const moved = shiftUnderlying(own, { move, from: carried.asOf, to: asOf, portfolio: trades.state.portfolio });
    const perpetual = prices.underlyings.get(id)?.perpetual;
    underlyings.set(id, { ...moved, price: priced, ...(perpetual === undefined ? {} : { perpetual }) });
  }
  const instruments = new Map(prices.instruments);
  for (const { instrument } of trades.state.portfolio.positions)
    instruments.set(instrument.id, mixQuote(instrument, mixture, sides));
  return { asOf, underlyings, instruments, fx: prices.fx };
}

/** The volatility of the option on its side, else the other's; the quoted price of anything else on its side, else scaled. */
function mixQuote(
  instrument: Instrument,
  { price, volatility, asOf }: Mixture,
  sides: readonly [Side, Side],
): InstrumentQuote {
  const { id, underlying } = instrument;
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
