import {
  Decimal,
  DomainError,
  type CollateralHolding,
  type FxRate,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  movedBy,
} from '@ballast/domain';
import { flagsOfOwnVolatility, type Portfolio, type ValuedContract } from '@ballast/margin';
import type { AccountState, PreparedState } from './account-state';
import { portfolioOfOnes, valueContracts } from './contract-values';
import { checkMarketShift, daysAfter, isNoShift, type MarketShift, movedPrice, movesOf } from './market-shift';
import { revalueContracts } from './revalue-contracts';
import { rollPositions, type SettledPosition } from './roll-positions';
import { shiftLinearPrice, shiftUnderlying } from './shift-underlying';

/** A state after a market move, and what expired on the way. */
export interface ShiftedState {
  readonly state: AccountState;
  readonly settled: readonly SettledPosition[];
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
): ShiftedState {
  const { snapshot } = prepared;
  checkMarketShift(shift, snapshot.underlyings);
  if (isNoShift(shift)) return { state: { portfolio, snapshot }, settled: [] };
  const held = new Map(portfolio.positions.map(({ instrument }) => [instrument.id, instrument]));
  const contracts = valueContracts(prepared, held.values());
  const asOf = daysAfter(portfolio.asOf, shift.days ?? 0);
  const moved = moveSnapshot(snapshot, { shift, contracts, asOf, portfolio });
  const marked = markAnew({ portfolio, snapshot: moved }, contracts);
  return enterMarket(portfolio, { shift, contracts, before: snapshot, after: marked });
}

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
function moveSnapshot(snapshot: MarketSnapshot, move: Move): MarketSnapshot {
  const { shift, contracts, asOf, portfolio } = move;
  const underlyings = new Map(
    [...snapshot.underlyings].map(([id, quote]) => {
      const { spot: move, rate } = movesOf(shift, id);
      return [id, shiftUnderlying(quote, { move, rate, from: snapshot.asOf, to: asOf, portfolio })];
    }),
  );
  const instruments = new Map(snapshot.instruments);
  for (const contract of contracts.values()) {
    const { id } = contract.instrument;
    instruments.set(id, moveQuote(contract, snapshot.instruments.get(id), move));
  }
  return { asOf, underlyings, instruments, fx: snapshot.fx.map((rate) => moveRate(rate, shift, snapshot)) };
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
 * Options whose quoted price is not that of their quoted volatility, and futures-style options, keep a price of their own:
 * quoted price + model(moved) − model(unmoved), at least 0.
 */
function markAnew(
  { portfolio, snapshot }: AccountState,
  contracts: ReadonlyMap<string, ValuedContract>,
): MarketSnapshot {
  const marked = marksAnew({ portfolio, snapshot }, contracts);
  if (marked.length === 0) return snapshot;
  const instruments = new Map(snapshot.instruments);
  for (const quote of marked) instruments.set(quote.instrumentId, quote);
  return { ...snapshot, instruments };
}

/** The quotes that markAnew replaces. */
export function marksAnew(
  { portfolio, snapshot }: AccountState,
  contracts: ReadonlyMap<string, ValuedContract>,
): readonly InstrumentQuote[] {
  const priced = [...contracts.values()].filter((contract) => needsMark(contract) && isAlive(contract, snapshot.asOf));
  if (priced.length === 0) return [];
  const alone = portfolioOfOnes(
    portfolio,
    priced.map(({ instrument }) => instrument),
  );
  const values = revalueContracts({ portfolio: { ...alone, asOf: snapshot.asOf }, snapshot }, contracts);
  const prices = new Map(values.map(({ contract }) => [contract.instrument.id, contract.option?.modelPrice ?? NaN]));
  return priced.map(({ instrument, mark, option }) => {
    const quote = snapshot.instruments.get(instrument.id) as InstrumentQuote;
    const moved = prices.get(instrument.id) ?? NaN;
    const price = Math.max(0, mark + moved - (option?.modelPrice ?? NaN));
    return { ...quote, mark: new Decimal(price) };
  });
}

function needsMark({ instrument, mark, option }: ValuedContract): boolean {
  if (option === undefined || instrument.type !== 'option') return false;
  return instrument.premiumStyle === 'futures' || Math.abs(mark - option.modelPrice) > 1e-9 * Math.max(1, mark);
}

function isAlive({ instrument }: { readonly instrument: Instrument }, asOf: Instant): boolean {
  return !('expiry' in instrument) || instrument.expiry >= asOf;
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
