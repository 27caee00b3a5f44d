import type { FxRate, Instant, InstrumentQuote, MarketSnapshot, UnderlyingQuote } from '@ballast/domain';
import type { Portfolio, PreparedAnalysis, ValuedContract } from '@ballast/margin';
import type { PreparedState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';
import { checkMarketShift, isNoShift, type MarketShift, movesOf } from '../analysis/market-shift';
import { marksAnew } from '../analysis/moved-contracts';
import { enterMarket, moveQuote, moveRate, shiftState, staysAsItIs } from '../analysis/shift-state';
import { shiftUnderlying } from '../analysis/shift-underlying';
import { movingUnderlyings } from '../risk/valuation/account-parts';
import type { MoveState } from '../stress/stress-account';

/** A moved market that grows: each underlying and contract is moved when the first account that depends on it comes. */
interface MovedMarket {
  readonly analysis: PreparedAnalysis;
  /** Move of each underlying that an account depended on so far. */
  readonly moves: Map<string, string>;
  readonly shifts: Record<string, ReturnType<typeof movesOf>>;
  readonly underlyings: Map<string, UnderlyingQuote>;
  readonly instruments: Map<string, InstrumentQuote>;
  readonly fx: FxRate[];
  readonly contracts: Map<string, ValuedContract>;
  readonly snapshot: MarketSnapshot;
}

/** Moved markets kept at once; an account whose directions fit none of them drops the oldest. */
const marketsKept = 128;

/**
 * Shares moved markets between accounts of one snapshot: a contract is revalued once per move, and its risk array
 * computed once, however many accounts hold it. The figures are those of shiftState, bit for bit.
 *
 * Accounts share a market where the underlyings that they depend on move alike. One whose moves depend on itself (time
 * passes, a perpetual with a stated profit, another valuation model) gets a market of its own.
 *
 * @param base  the unmoved market; all accounts are states of this snapshot object
 */
export function shareMoves(base: MarketSnapshot): MoveState {
  const markets: MovedMarket[] = [];
  return (prepared, shift) => {
    const { portfolio, snapshot, rules } = prepared;
    const shareable = snapshot === base && portfolio.asOf === base.asOf && (shift.days ?? 0) === 0;
    if (!shareable || isNoShift(shift) || statesPerpetual(prepared)) return shiftState(prepared, shift);
    checkMarketShift(shift, snapshot.underlyings);
    const wanted = movesWanted(prepared, shift);
    let market = markets.find((one) => one.analysis === rules.analysis && fits(one, wanted));
    if (market === undefined) {
      market = openMarket(base, rules.analysis);
      if (markets.push(market) > marketsKept) markets.shift();
    }
    moveUnderlyings(market, { base, wanted, shift, portfolio });
    moveContracts(market, prepared, shift);
    return enterMarket(portfolio, { shift, contracts: market.contracts, before: base, after: market.snapshot });
  };
}

/** A profit that the market states is that of one account, and moves with what that account holds. */
function statesPerpetual({ portfolio, snapshot }: PreparedState): boolean {
  return portfolio.positions.some(
    ({ instrument }) => snapshot.underlyings.get(instrument.underlying)?.perpetual !== undefined,
  );
}

/** The moves of everything that can change what the account is worth, by underlying. */
function movesWanted(prepared: PreparedState, shift: MarketShift): ReadonlyMap<string, string> {
  const { portfolio, snapshot } = prepared;
  const currencies = [
    portfolio.baseCurrency,
    ...portfolio.positions.map(({ instrument }) => instrument.currency),
    ...portfolio.cash.map(({ currency }) => currency),
    ...portfolio.collateral.map(({ currency }) => currency ?? portfolio.baseCurrency),
  ];
  const held = portfolio.positions.map(({ instrument }) => instrument.underlying);
  const ids = new Set([
    ...movingUnderlyings(prepared),
    ...held,
    ...currencies,
    ...Object.keys(shift.byUnderlying ?? {}),
  ]);
  return new Map(
    [...ids]
      .filter((id) => snapshot.underlyings.has(id))
      .map((id) => {
        const { spot, volatility, rate } = movesOf(shift, id);
        return [id, `${spot} ${volatility} ${rate}`];
      }),
  );
}

function fits({ moves }: MovedMarket, wanted: ReadonlyMap<string, string>): boolean {
  return [...wanted].every(([id, move]) => (moves.get(id) ?? move) === move);
}

function openMarket(base: MarketSnapshot, analysis: PreparedAnalysis): MovedMarket {
  const underlyings = new Map(base.underlyings);
  const instruments = new Map(base.instruments);
  const fx = [...base.fx];
  const snapshot = { ...base, underlyings, instruments, fx };
  return { analysis, moves: new Map(), shifts: {}, underlyings, instruments, fx, contracts: new Map(), snapshot };
}

/** No account so far depended on what is moved here, so no figure that was computed in this market changes. */
function moveUnderlyings(
  market: MovedMarket,
  asked: {
    readonly base: MarketSnapshot;
    readonly wanted: ReadonlyMap<string, string>;
    readonly shift: MarketShift;
    readonly portfolio: Portfolio;
  },
): void {
  const { base, shift, portfolio } = asked;
  const asOf: Instant = base.asOf;
  const added = [...asked.wanted].filter(([id]) => !market.moves.has(id));
  for (const [id, key] of added) {
    const moves = movesOf(shift, id);
    const quote = base.underlyings.get(id) as UnderlyingQuote;
    const move = { move: moves.spot, rate: moves.rate, from: asOf, to: asOf, portfolio };
    if (!staysAsItIs({ shift, asOf }, id, base)) market.underlyings.set(id, shiftUnderlying(quote, move));
    market.shifts[id] = moves;
    market.moves.set(id, key);
  }
  if (added.length === 0) return;
  base.fx.forEach((rate, index) => (market.fx[index] = moveRate(rate, { byUnderlying: market.shifts }, base)));
}

function moveContracts(market: MovedMarket, prepared: PreparedState, shift: MarketShift): void {
  const { portfolio, snapshot } = prepared;
  const added = new Map(
    portfolio.positions
      .filter(({ instrument }) => !market.contracts.has(instrument.id))
      .map(({ instrument }) => [instrument.id, instrument]),
  );
  if (added.size === 0) return;
  const contracts = valueContracts(prepared, added.values());
  for (const [id, contract] of contracts) {
    if (staysAsItIs({ shift, asOf: snapshot.asOf }, contract.instrument.underlying, snapshot)) continue;
    market.instruments.set(id, moveQuote(contract, snapshot.instruments.get(id), { shift, asOf: snapshot.asOf }));
  }
  const marked = marksAnew({ portfolio, snapshot: market.snapshot }, contracts);
  for (const quote of marked) market.instruments.set(quote.instrumentId, quote);
  for (const [id, contract] of contracts) market.contracts.set(id, contract);
}
