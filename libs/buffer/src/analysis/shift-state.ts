import {
  Decimal,
  DomainError,
  type CollateralHolding,
  type FxRate,
  type Instant,
  type InstrumentQuote,
  type MarketSnapshot,
  movedBy,
} from '@ballast/domain';
import { flagsOfOwnVolatility, type Portfolio, type ValuedContract } from '@ballast/margin';
import { type AccountState, type PreparedState, valuationOf } from './account-state';
import { valueContracts } from './contract-values';
import { checkMarketShift, daysAfter, isNoShift, type MarketShift, movedPrice, movesOf } from './market-shift';
import { quotesOf, valueMoved } from './moved-contracts';
import { rollPositions, type SettledPosition } from './roll-positions';
import { shiftLinearPrice, shiftUnderlying } from './shift-underlying';

/** A state after a market move, and what expired on the way. */
export interface ShiftedState {
  readonly state: AccountState;
  readonly settled: readonly SettledPosition[];
}

/** A shifted state with what is alive in it valued in the moved market. */
export interface RevaluedState extends ShiftedState {
  /** By identifier; without what has no value there. */
  readonly contracts: ReadonlyMap<string, ValuedContract>;
}

/**
 * Moves the market of an account (methodology §5.1): prices by their relative move with all forwards, futures and
 * perpetuals of the underlying, volatilities per contract by theirs (sticky strike), time by calendar days, rates where
 * they are moved. Dividend yields and exchange rates stay, except that of a coin which is itself an underlying; collateral named as an underlying moves
 * with it.
 *
 * @param prepared     the unmoved market
 * @param portfolio    what is held; that of the state when absent
 * @throws DomainError as checkMarketShift; 'PRICE_MISSING' when a held contract cannot be valued before the move
 */
export function shiftState(
  prepared: PreparedState,
  shift: MarketShift,
  portfolio: Portfolio = prepared.portfolio,
): RevaluedState {
  const { snapshot, rules } = prepared;
  checkMarketShift(shift, snapshot.underlyings);
  if (isNoShift(shift)) return unmoved(prepared, portfolio);
  const contracts = heldContracts(prepared, portfolio);
  const asOf = daysAfter(portfolio.asOf, shift.days ?? 0);
  const moved = moveSnapshot(snapshot, { shift, contracts, asOf, portfolio });
  const values = valueMoved({ portfolio, snapshot: moved }, contracts);
  for (const quote of quotesOf(values.marked, moved)) moved.instruments.set(quote.instrumentId, quote);
  const entered = enterMarket(portfolio, { shift, contracts, before: snapshot, after: moved });
  rules.analysis.adoptContracts({ ...entered.state, ...valuationOf(rules) }, values.contracts.values());
  return { ...entered, contracts: values.contracts };
}

/** What has no value stays what it is as long as nothing moves. */
function unmoved(prepared: PreparedState, portfolio: Portfolio): RevaluedState {
  const { snapshot } = prepared;
  return {
    state: { portfolio, snapshot },
    settled: [],
    get contracts() {
      return heldContracts(prepared, portfolio);
    },
  };
}

/** Contracts of a portfolio as they are valued before a move, found once per list of positions. */
function heldContracts(prepared: PreparedState, portfolio: Portfolio): ReadonlyMap<string, ValuedContract> {
  const byPositions = contractsOfStates.get(prepared) ?? new WeakMap<Portfolio['positions'], Contracts>();
  contractsOfStates.set(prepared, byPositions);
  const known = byPositions.get(portfolio.positions);
  if (known !== undefined) return known;
  const held = new Map(portfolio.positions.map(({ instrument }) => [instrument.id, instrument]));
  const contracts = valueContracts(prepared, held.values());
  byPositions.set(portfolio.positions, contracts);
  return contracts;
}

type Contracts = ReadonlyMap<string, ValuedContract>;
const contractsOfStates = new WeakMap<PreparedState, WeakMap<Portfolio['positions'], Contracts>>();

/** Takes what is held into a market that has moved: what expired settles, profits and collateral move along. */
export function enterMarket(
  portfolio: Portfolio,
  moved: {
    readonly shift: MarketShift;
    /** The held contracts as they were valued before the move. */
    readonly contracts: ReadonlyMap<string, ValuedContract>;
    readonly before: MarketSnapshot;
    readonly after: MarketSnapshot;
  },
): ShiftedState {
  const { shift, contracts, before, after } = moved;
  const { asOf } = after;
  const { positions, cash, settled } = rollPositions({ portfolio, contracts, before, after, asOf });
  const collateral = portfolio.collateral.map((holding) => moveCollateral(holding, shift, before));
  return { state: { portfolio: { ...portfolio, asOf, positions, cash, collateral }, snapshot: after }, settled };
}

interface Move {
  readonly shift: MarketShift;
  readonly contracts: ReadonlyMap<string, ValuedContract>;
  readonly asOf: Instant;
  readonly portfolio: Portfolio;
}

/** Moves underlyings, the quotes of the contracts and the rates of coins. */
function moveSnapshot(
  snapshot: MarketSnapshot,
  move: Move,
): MarketSnapshot & { readonly instruments: Map<string, InstrumentQuote> } {
  const { shift, contracts, asOf, portfolio } = move;
  const underlyings = new Map(
    [...snapshot.underlyings].map(([id, quote]) => {
      if (staysAsItIs(move, id, snapshot)) return [id, quote];
      const { spot, rate } = movesOf(shift, id);
      return [id, shiftUnderlying(quote, { move: spot, rate, from: snapshot.asOf, to: asOf, portfolio })];
    }),
  );
  const instruments = new Map(snapshot.instruments);
  for (const contract of contracts.values()) {
    const { id, underlying } = contract.instrument;
    if (staysAsItIs(move, underlying, snapshot)) continue;
    instruments.set(id, moveQuote(contract, snapshot.instruments.get(id), move));
  }
  return { asOf, underlyings, instruments, fx: snapshot.fx.map((rate) => moveRate(rate, shift, snapshot)) };
}

/** Whether nothing happens to an underlying and what depends on it. */
export function staysAsItIs(
  { shift, asOf }: Pick<Move, 'shift' | 'asOf'>,
  id: string,
  before: MarketSnapshot,
): boolean {
  const { spot, volatility, rate } = movesOf(shift, id);
  return asOf === before.asOf && spot === 0 && volatility === 0 && rate === 0;
}

/** An option keeps its own volatility, moved; everything else its distance to the underlying. */
export function moveQuote(
  contract: ValuedContract,
  quoted: InstrumentQuote | undefined,
  move: Pick<Move, 'shift' | 'asOf'>,
): InstrumentQuote {
  const { instrument, option } = contract;
  const { spot, volatility, rate } = movesOf(move.shift, instrument.underlying);
  const quote: InstrumentQuote = quoted ?? {
    instrumentId: instrument.id,
    bid: null,
    ask: null,
    mark: null,
    impliedVolatility: null,
    quotedAt: move.asOf,
    flags: [],
  };
  const base = { ...quote, bid: null, ask: null };
  if (option !== undefined) {
    const flags = flagsOfOwnVolatility(quote.flags);
    return { ...base, flags, mark: null, impliedVolatility: option.volatility * (1 + volatility) };
  }
  if (quote.mark === null) return base;
  return { ...base, mark: shiftLinearPrice(quote.mark, contract, { move: spot, rate, to: move.asOf }) };
}

/**
 * The rate of a coin that is an underlying is its price: a coin that fell to 0 is worth nothing. What a currency is worth
 * in coins that are worth nothing has no answer.
 *
 * @throws DomainError 'INVALID_MARKET_DATA' for a rate into a coin at 0
 */
export function moveRate(
  rate: FxRate,
  shift: MarketShift,
  { underlyings }: Pick<MarketSnapshot, 'underlyings'>,
): FxRate {
  const factorOf = (currency: string) => (underlyings.has(currency) ? 1 + movesOf(shift, currency).spot : 1);
  const [from, to] = [factorOf(rate.from), factorOf(rate.to)];
  if (from === to) return rate;
  if (!(to > 0)) {
    const message = `the rate from ${rate.from} to ${rate.to} does not exist once ${rate.to} is worth nothing`;
    throw new DomainError('INVALID_MARKET_DATA', message, 'shifts.spot');
  }
  return { ...rate, rate: rate.rate.times(from).div(to) };
}

function moveCollateral(
  holding: CollateralHolding,
  shift: MarketShift,
  { underlyings }: MarketSnapshot,
): CollateralHolding {
  const only = underlyings.size === 1 ? [...underlyings.keys()][0] : undefined;
  const named = movedBy(holding);
  const id = underlyings.has(named) ? named : holding.riskCancelling === true ? only : undefined;
  const move = id === undefined ? 0 : movesOf(shift, id).spot;
  return move === 0 ? holding : { ...holding, price: Decimal.max(0, movedPrice(holding.price, move)) };
}
