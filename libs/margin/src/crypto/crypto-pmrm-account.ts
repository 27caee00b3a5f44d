import { DomainError, type CollateralHolding, type MarketSnapshot, type UnderlyingQuote } from '@ballast/domain';
import { compareText } from '../arrange-portfolio';
import { currencyRate } from '../fx-to-base';
import type { ValuedContract, ValuedPosition } from '../instrument-valuation';
import type { ValueScenarios } from '../option-terms';
import type { Portfolio } from '../portfolio';
import type { SharedContracts } from '../shared-contracts';
import { groupByUnderlying } from '../value-positions';
import { buildPmrmBook, unrealisedOf } from './build-pmrm-book';
import type { PmrmBook, PmrmCollateral } from './crypto-pmrm-book';
import type { PmrmParameters } from './crypto-pmrm-parameters';

/** Everything CRYPTO_PMRM margins, in numbers; amounts in USD, or whatever single currency the underlyings quote in. */
export interface PmrmAccount {
  readonly currency: string;
  readonly books: readonly PmrmBook[];
  readonly collateral: readonly PmrmCollateral[];
  readonly cash: number;
}

interface AccountInput {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  /** Valued in canonical order with discount rates not below 0. */
  readonly positions: readonly ValuedPosition[];
  readonly parameters: PmrmParameters;
  readonly valueScenarios: ValueScenarios;
  readonly shared?: Pick<SharedContracts, 'optionValues'> | undefined;
}

/**
 * Values every contract once and sorts positions and collateral into one book per underlying.
 *
 * @throws DomainError 'INVALID_INSTRUMENT' for a dated future or a coin-settled contract, which this methodology does not margin
 * @throws DomainError 'INVALID_PORTFOLIO' for underlyings of several quote currencies, or risk-cancelling collateral of
 *         which it is not clear what it offsets
 */
export function buildPmrmAccount(input: AccountInput): PmrmAccount {
  const { portfolio, snapshot, positions } = input;
  positions.forEach(({ contract }) => requireMarginable(contract));
  const placeOf = new Map(positions.map((position, place) => [position, place]));
  const held = groupByUnderlying(positions);
  const offsets = offsetsByUnderlying(portfolio, snapshot);
  const quotes = [...snapshot.underlyings.values()]
    .filter((quote) => isMargined(quote, { held, offsets, only: snapshot.underlyings.size === 1 }))
    .sort((first, second) => compareText(first.underlyingId, second.underlyingId));
  const currency = singleCurrency(quotes, portfolio.baseCurrency);
  const stablePrice = (quotes.find((quote) => quote.stablePrice !== undefined)?.stablePrice ?? null)?.toNumber() ?? 1;
  const toCollateral = (holding: CollateralHolding) => {
    const value = collateralValue(holding, { portfolio, snapshot, currency, quotes, stablePrice });
    return { ...value, confidence: Math.min(holding.confidence ?? 1, spotConfidence(holding, quotes)) };
  };
  const books = quotes.map((quote) => {
    const members = held.get(quote.underlyingId) ?? [];
    const collateral = (offsets.get(quote.underlyingId) ?? []).map(toCollateral);
    return buildPmrmBook(quote, { ...input, asOf: portfolio.asOf, members, placeOf, collateral });
  });
  const cash = portfolio.cash.reduce(
    (sum, { amount, currency: from }) => sum + amount.toNumber() * currencyRate(snapshot, { from, to: currency }),
    0,
  );
  return { currency, books, collateral: portfolio.collateral.map(toCollateral), cash };
}

function requireMarginable({ instrument }: ValuedContract): void {
  if (instrument.type !== 'future' && instrument.settlement === 'linear') return;
  const what = instrument.type === 'future' ? 'a dated future' : 'coin-settled';
  throw new DomainError(
    'INVALID_INSTRUMENT',
    `position in ${instrument.id}: ${what}; CRYPTO_PMRM margins linear options, perpetuals and coins`,
    instrument.id,
  );
}

/** An underlying is margined when something on it is held, offsets it or is unsettled, and when it is the only one. */
function isMargined(
  quote: UnderlyingQuote,
  context: {
    readonly held: ReadonlyMap<string, unknown>;
    readonly offsets: ReadonlyMap<string, unknown>;
    readonly only: boolean;
  },
): boolean {
  if (quote.price === null) return false;
  const { held, offsets, only } = context;
  return only || held.has(quote.underlyingId) || offsets.has(quote.underlyingId) || unrealisedOf(quote) !== 0;
}

function offsetsByUnderlying(
  portfolio: Portfolio,
  snapshot: MarketSnapshot,
): ReadonlyMap<string, readonly CollateralHolding[]> {
  const offsets = new Map<string, CollateralHolding[]>();
  const ids = [...snapshot.underlyings.keys()];
  for (const holding of portfolio.collateral) {
    if (holding.riskCancelling !== true) continue;
    const id = snapshot.underlyings.has(holding.asset) ? holding.asset : ids.length === 1 ? ids[0] : undefined;
    if (id === undefined) {
      const message = `collateral ${holding.asset}: risk-cancelling, but its name is none of the underlyings ${ids.join(', ')}`;
      throw new DomainError('INVALID_PORTFOLIO', message, 'collateral');
    }
    offsets.set(id, [...(offsets.get(id) ?? []), holding]);
  }
  return offsets;
}

function singleCurrency(quotes: readonly UnderlyingQuote[], baseCurrency: string): string {
  const currencies = [...new Set(quotes.map(({ currency }) => currency))];
  if (currencies.length <= 1) return currencies[0] ?? baseCurrency;
  const message = `CRYPTO_PMRM margins underlyings of one quote currency, got ${currencies.join(', ')}`;
  throw new DomainError('INVALID_PORTFOLIO', message, 'market.underlyings');
}

function collateralValue(
  holding: CollateralHolding,
  context: {
    readonly portfolio: Portfolio;
    readonly snapshot: MarketSnapshot;
    readonly currency: string;
    readonly quotes: readonly UnderlyingQuote[];
    readonly stablePrice: number;
  },
): Omit<PmrmCollateral, 'confidence'> {
  const { portfolio, snapshot, currency, quotes } = context;
  const own = quotes.find(({ underlyingId }) => underlyingId === holding.asset)?.stablePrice?.toNumber();
  const rate = currencyRate(snapshot, { from: holding.currency ?? portfolio.baseCurrency, to: currency });
  return {
    asset: holding.asset,
    value: (holding.quantity.times(holding.price).toNumber() * rate) / (own ?? context.stablePrice),
    imHaircut: holding.imHaircut ?? 0,
    mmHaircut: holding.mmHaircut ?? holding.haircut ?? 0,
  };
}

/** Confidence in the spot a holding is valued with: its own underlying's, else the least of all margined ones. */
function spotConfidence(holding: CollateralHolding, quotes: readonly UnderlyingQuote[]): number {
  const own = quotes.filter(({ underlyingId }) => underlyingId === holding.asset);
  return (own.length > 0 ? own : quotes).reduce((least, quote) => Math.min(least, quote.confidence ?? 1), 1);
}
