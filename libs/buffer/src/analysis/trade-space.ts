import { Decimal, type Instrument } from '@ballast/domain';
import { computeNetOptionValue, type MarginBook, type Portfolio } from '@ballast/margin';
import { measureEquity, measureState, type ModelBuffer, type PreparedState, valuationOf } from './account-state';
import { applyTrades, type AccountTrade } from './account-trade';
import { portfolioOfOnes } from './contract-values';

/** What one contract of a kind of trade is done at; as AccountTrade without the quantity. */
export interface TradeTerms extends Omit<AccountTrade, 'quantity'> {
  /** The only direction that will be asked about, so that the other is not measured; both when absent. */
  readonly sign?: 1 | -1;
}

/**
 * The figures of an account at any quantities of some trades, by sums over risk arrays that are prepared once.
 *
 * Equity is taken as linear in the bought and in the sold quantity of each trade, which it is but for FX haircuts and
 * rounding; whoever reports a result evaluates it in full.
 */
export interface TradeSpace {
  /** @param quantities  contracts per trade in the order given: bought > 0, sold < 0 @returns null when it cannot be valued */
  readonly measure: (quantities: ArrayLike<number>) => ModelBuffer | null;
  /** Change of equity by one contract bought (1) or sold (−1) of a trade: mark against price, less fees [base currency]. */
  readonly equityChange: (place: number, sign: 1 | -1) => number;
  /**
   * Requirement of some contracts of one trade held alone, where it bounds what the opposite contracts can lower a
   * requirement by (MarginBook.subadditive); absent where nothing bounds that.
   */
  readonly requirementAlone?: (place: number, quantity: number) => Omit<ModelBuffer, 'equity'>;
}

/**
 * Prepares the space of some trades in a market.
 *
 * @returns null when the account cannot be valued
 * @throws DomainError as applyTrades
 */
export function prepareTradeSpace(prepared: PreparedState, terms: readonly TradeTerms[]): TradeSpace | null {
  const { portfolio, rules, snapshot } = prepared;
  if (rules.houseRules.length > 0 || needsWholeAccount(portfolio, terms)) return wholeAccountSpace(prepared, terms);
  const instruments = [...portfolio.positions, ...terms].map(({ instrument }) => instrument);
  const preparation = rules.analysis.prepareBook({
    portfolio: portfolioOfOnes(portfolio, instruments),
    snapshot,
    ...valuationOf(rules),
  });
  if (preparation.status === 'indeterminate') return null;
  const { book } = preparation;
  const held = heldQuantities(portfolio, book);
  const places = terms.map(({ instrument }) => placeOf(book, instrument));
  const optionValueOf = (quantities: Float64Array) =>
    computeNetOptionValue(
      book.positions.map(({ contract }, place) => ({ contract, quantity: quantities[place] ?? 0 })),
    );
  const equity = measureEquity(prepared, portfolio, optionValueOf(held));
  if (equity === null) return null;
  const gains = gainsOf(prepared, terms, equity, (after, index, quantity) =>
    measureEquity(prepared, after, optionValueOf(changed(held, [places[index] as number], [quantity]))),
  );
  if (gains === null) return null;
  const figuresAt = (quantities: Float64Array) => {
    const { initialRequirement, maintenanceRequirement } = book.figuresOf(quantities);
    return { initial: Math.max(0, initialRequirement), maintenance: Math.max(0, maintenanceRequirement) };
  };
  const requirementAlone = (place: number, quantity: number) =>
    figuresAt(changed(new Float64Array(held.length), [places[place] as number], [quantity]));
  return {
    equityChange: gains,
    ...(book.subadditive ? { requirementAlone } : {}),
    measure: (quantities) => {
      let sum = equity;
      terms.forEach((_, index) => {
        const quantity = quantities[index] as number;
        if (quantity !== 0) sum += Math.abs(quantity) * gains(index, quantity > 0 ? 1 : -1);
      });
      return { equity: sum, ...figuresAt(changed(held, places, quantities)) };
    },
  };
}

function changed(held: Float64Array, places: readonly number[], quantities: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(held);
  places.forEach((place, index) => (all[place] = (all[place] as number) + (quantities[index] as number)));
  return all;
}

/**
 * Measures the change of equity by one contract of each trade, bought and sold: mark against price, and fees.
 *
 * @param before   equity of the account as it is
 * @param equityOf equity after one contract was traded
 */
function gainsOf(
  prepared: PreparedState,
  terms: readonly TradeTerms[],
  before: number,
  equityOf: (after: Portfolio, index: number, quantity: 1 | -1) => number | null,
): TradeSpace['equityChange'] | null {
  const gainOf = (index: number, quantity: 1 | -1): number => {
    const { sign: _, ...term } = terms[index] as TradeTerms;
    const trade = { ...term, quantity: new Decimal(quantity) };
    const after = equityOf(applyTrades(prepared, [trade]).portfolio, index, quantity);
    if (after === null) return NaN;
    const change = after - before;
    return Math.abs(change) <= 1e-12 * Math.abs(before) ? 0 : change;
  };
  const gains = terms.map(({ sign = 0 }, index) => [
    sign < 0 ? Infinity : gainOf(index, 1),
    sign > 0 ? Infinity : gainOf(index, -1),
  ]);
  if (gains.flat().some((gain) => Number.isNaN(gain))) return null;
  return (place, sign) => gains[place]?.[sign > 0 ? 0 : 1] ?? NaN;
}

/** Ready sensitivities are no contracts; an underlying not held yet can change what CRYPTO_PMRM counts for the others. */
function needsWholeAccount(portfolio: Portfolio, terms: readonly TradeTerms[]): boolean {
  if (portfolio.sensitivities !== undefined && portfolio.sensitivities.length > 0) return true;
  if (portfolio.methodology !== 'CRYPTO_PMRM') return false;
  const held = new Set(portfolio.positions.map(({ instrument }) => instrument.underlying));
  return terms.some(({ instrument }) => !held.has(instrument.underlying));
}

function wholeAccountSpace(prepared: PreparedState, terms: readonly TradeTerms[]): TradeSpace | null {
  const figuresOf = (portfolio: Portfolio): ModelBuffer | null => {
    const measure = measureState(prepared, portfolio);
    return measure.status === 'valued' ? measure.figures : null;
  };
  const base = figuresOf(prepared.portfolio);
  if (base === null) return null;
  const gains = gainsOf(prepared, terms, base.equity, (after) => figuresOf(after)?.equity ?? null);
  if (gains === null) return null;
  const measure: TradeSpace['measure'] = (quantities) => {
    const trades = terms.flatMap(({ sign: _, ...item }, index) => {
      const quantity = new Decimal(quantities[index] as number);
      return quantity.isZero() ? [] : [{ ...item, quantity }];
    });
    return figuresOf(applyTrades(prepared, trades).portfolio);
  };
  return { equityChange: gains, measure };
}

function heldQuantities(portfolio: Portfolio, book: MarginBook): Float64Array {
  const net = new Map<string, Decimal>();
  for (const { instrument, quantity } of portfolio.positions)
    net.set(instrument.id, (net.get(instrument.id) ?? new Decimal(0)).plus(quantity));
  return Float64Array.from(book.positions, ({ contract }) => net.get(contract.instrument.id)?.toNumber() ?? 0);
}

function placeOf(book: MarginBook, instrument: Instrument): number {
  return book.positions.findIndex(({ contract }) => contract.instrument.id === instrument.id);
}
