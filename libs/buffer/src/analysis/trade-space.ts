import { Decimal, type Instrument } from '@ballast/domain';
import type { MarginBook, Portfolio } from '@ballast/margin';
import { type ModelBuffer, measureState, type PreparedState, valuationOf } from './account-state';
import { applyTrades, type AccountTrade } from './account-trade';
import { portfolioOfOnes } from './contract-values';

/** What one contract of a kind of trade is done at; as AccountTrade without the quantity. */
export type TradeTerms = Omit<AccountTrade, 'quantity'>;

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
  const base = measureState(prepared);
  if (base.status === 'indeterminate') return null;
  const changes = terms.map((item) => ({
    bought: equityChange(prepared, item, 1),
    sold: equityChange(prepared, item, -1),
  }));
  const gains: { readonly bought: number; readonly sold: number }[] = [];
  for (const { bought, sold } of changes) {
    if (bought === null || sold === null) return null;
    gains.push({ bought, sold });
  }
  const gainOf = (place: number, sign: number) => gains[place]?.[sign > 0 ? 'bought' : 'sold'] ?? NaN;
  if (rules.houseRules.length > 0 || needsWholeAccount(portfolio, terms))
    return { equityChange: gainOf, measure: wholeAccountMeasure(prepared, terms) };
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
  const requirementAlone = (place: number, quantity: number) => {
    const alone = new Float64Array(held.length);
    alone[places[place] as number] = quantity;
    const { initialRequirement, maintenanceRequirement } = book.figuresOf(alone);
    return { initial: Math.max(0, initialRequirement), maintenance: Math.max(0, maintenanceRequirement) };
  };
  return {
    equityChange: gainOf,
    ...(book.subadditive ? { requirementAlone } : {}),
    measure: (quantities) => {
      const all = Float64Array.from(held);
      let equity = base.figures.equity;
      places.forEach((place, index) => {
        const quantity = quantities[index] as number;
        all[place] = (all[place] as number) + quantity;
        if (quantity !== 0) equity += Math.abs(quantity) * gainOf(index, quantity);
      });
      const { initialRequirement, maintenanceRequirement } = book.figuresOf(all);
      return { equity, initial: Math.max(0, initialRequirement), maintenance: Math.max(0, maintenanceRequirement) };
    },
  };
}

/** Ready sensitivities are no contracts; an underlying not held yet can change what CRYPTO_PMRM counts for the others. */
function needsWholeAccount(portfolio: Portfolio, terms: readonly TradeTerms[]): boolean {
  if (portfolio.sensitivities !== undefined && portfolio.sensitivities.length > 0) return true;
  if (portfolio.methodology !== 'CRYPTO_PMRM') return false;
  const held = new Set(portfolio.positions.map(({ instrument }) => instrument.underlying));
  return terms.some(({ instrument }) => !held.has(instrument.underlying));
}

function wholeAccountMeasure(prepared: PreparedState, terms: readonly TradeTerms[]): TradeSpace['measure'] {
  return (quantities) => {
    const trades = terms.flatMap((item, index) => {
      const quantity = new Decimal(quantities[index] as number);
      return quantity.isZero() ? [] : [{ ...item, quantity }];
    });
    const measure = measureState(prepared, applyTrades(prepared, trades).portfolio);
    return measure.status === 'valued' ? measure.figures : null;
  };
}

/** Change of equity by one contract bought (1) or sold (−1): mark against price, and fees. */
function equityChange(prepared: PreparedState, terms: TradeTerms, quantity: number): number | null {
  const before = measureEquity(prepared, prepared.portfolio);
  const trade = { ...terms, quantity: new Decimal(quantity) };
  const after = measureEquity(prepared, applyTrades(prepared, [trade]).portfolio);
  if (before === null || after === null) return null;
  const change = after - before;
  return Math.abs(change) <= 1e-12 * Math.abs(before) ? 0 : change;
}

function measureEquity(prepared: PreparedState, portfolio: Portfolio): number | null {
  const measure = measureState(prepared, portfolio);
  return measure.status === 'valued' ? measure.figures.equity : null;
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
