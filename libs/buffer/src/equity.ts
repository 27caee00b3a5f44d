import { currencyScale, Decimal, type Instrument, type MarketSnapshot, type Money, roundMoney } from '@ballast/domain';
import { arrangePortfolio, type Portfolio, type PortfolioPosition, valueInstrument } from '@ballast/margin';
import type { BufferPolicy } from './buffer-policy';
import { type BaseConversion, computeCollateralValue, convertToBase } from './collateral-value';

/** Parts of the equity [base currency], unrounded; they add up to the equity before it is rounded down. */
export interface EquityParts {
  readonly cash: Decimal;
  /** Market value of shares, coins and other holdings of an underlying. */
  readonly holdings: Decimal;
  /** Net option value of premium-style options. */
  readonly optionValue: Decimal;
  /** Unrealised profit of futures, perpetuals and futures-style options. */
  readonly unrealisedPnl: Decimal;
  /** Other collateral after haircut. */
  readonly collateral: Decimal;
}

/** Equity of an account, or why it cannot be stated. */
export type EquityValuation =
  | {
      readonly status: 'valued';
      readonly equity: Money;
      readonly collateralValue: Money;
      readonly parts: EquityParts;
      readonly warnings: readonly string[];
    }
  | { readonly status: 'indeterminate'; readonly reasons: readonly string[] };

/**
 * Computes equity (contract §1): cash + market value of shares and premium-style options + unrealised profit of
 * futures-style instruments + other collateral after haircut, foreign amounts after FX haircut, each counted once,
 * rounded down to the minor unit.
 *
 * Unrealised profit is the stated one, else (price − average price) × quantity × multiplier; a coin-settled contract
 * gains 1 − average/price coin per coin. A position with neither counts 0 with a warning: its variation was settled in
 * cash.
 *
 * @param input.netOptionValue  unrounded net option value of the requirement [base currency]
 * @throws DomainError 'FX_MISSING', and as arrangePortfolio
 */
export function computeEquity(input: {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly netOptionValue: number;
  readonly policy: Pick<BufferPolicy, 'fxHaircuts'>;
}): EquityValuation {
  const { portfolio, snapshot, policy } = input;
  const { baseCurrency } = portfolio;
  const conversion: BaseConversion = { snapshot, baseCurrency, fxHaircuts: policy.fxHaircuts };
  arrangePortfolio(portfolio, snapshot);
  const reasons: string[] = [];
  const warnings: string[] = [];
  let holdings = new Decimal(0);
  let unrealisedPnl = new Decimal(0);
  const perpetualsCounted = new Set<string>();
  for (const position of portfolio.positions) {
    if (position.quantity.isZero()) continue;
    const { instrument } = position;
    if (instrument.type === 'option' && instrument.premiumStyle === 'equity') continue;
    const found =
      instrument.type === 'underlying'
        ? holdingValue(position, input)
        : unrealisedOf(position, input, perpetualsCounted);
    if (found.amount === null) {
      reasons.push(found.why);
      continue;
    }
    if (found.why !== '') warnings.push(found.why);
    const amount = convertToBase(found.amount, instrument.currency, conversion);
    if (instrument.type === 'underlying') holdings = holdings.plus(amount);
    else unrealisedPnl = unrealisedPnl.plus(amount);
  }
  if (reasons.length > 0) return { status: 'indeterminate', reasons };
  let cash = new Decimal(0);
  for (const balance of portfolio.cash) cash = cash.plus(convertToBase(balance.amount, balance.currency, conversion));
  const collateral = computeCollateralValue(portfolio.collateral, conversion);
  const optionValue = withoutNoise(input.netOptionValue, baseCurrency);
  const total = cash.plus(holdings).plus(optionValue).plus(unrealisedPnl).plus(collateral);
  return {
    status: 'valued',
    equity: roundMoney({ amount: total, currency: baseCurrency }, 'down'),
    collateralValue: roundMoney({ amount: collateral, currency: baseCurrency }, 'down'),
    parts: { cash, holdings, optionValue, unrealisedPnl, collateral },
    warnings,
  };
}

/** An amount in the instrument's currency, or null when it cannot be known; `why` is the reason or a warning. */
interface Found {
  readonly amount: Decimal | null;
  readonly why: string;
}

type Market = Pick<Parameters<typeof computeEquity>[0], 'portfolio' | 'snapshot'>;

function holdingValue(position: PortfolioPosition, market: Market): Found {
  const price = priceOf(position.instrument, market);
  if (price.amount === null) return price;
  return { amount: price.amount.times(position.quantity).times(position.instrument.multiplier), why: '' };
}

function unrealisedOf(position: PortfolioPosition, market: Market, perpetualsCounted: Set<string>): Found {
  const { instrument, quantity, averagePrice } = position;
  if (position.unrealisedPnl !== undefined) return { amount: position.unrealisedPnl, why: '' };
  if (averagePrice === undefined) {
    const perpetual =
      instrument.type === 'perpetual' ? market.snapshot.underlyings.get(instrument.underlying)?.perpetual : undefined;
    if (perpetual?.unrealisedPnl === undefined && perpetual?.unrealisedFunding === undefined) {
      return { amount: new Decimal(0), why: `${instrument.id}: no average price, variation taken as settled in cash` };
    }
    if (perpetualsCounted.has(instrument.underlying)) return { amount: new Decimal(0), why: '' };
    perpetualsCounted.add(instrument.underlying);
    const pnl = perpetual.unrealisedPnl ?? new Decimal(0);
    return { amount: pnl.plus(perpetual.unrealisedFunding ?? 0), why: '' };
  }
  const price = priceOf(instrument, market);
  if (price.amount === null) return price;
  const size = quantity.times(instrument.multiplier);
  if (instrument.settlement === 'linear') return { amount: price.amount.minus(averagePrice).times(size), why: '' };
  if (price.amount.isZero()) return { amount: null, why: `${instrument.id}: a coin-settled contract at price 0` };
  return { amount: new Decimal(1).minus(averagePrice.div(price.amount)).times(size), why: '' };
}

/** Price per unit [instrument currency]: quoted, else derived from the underlying as the margin library does. */
function priceOf(instrument: Instrument, { portfolio, snapshot }: Market): Found {
  const quoted = snapshot.instruments.get(instrument.id)?.mark;
  if (quoted != null) return { amount: quoted, why: '' };
  if (instrument.type === 'underlying') {
    const price = snapshot.underlyings.get(instrument.underlying)?.price ?? null;
    return { amount: price, why: price === null ? `${instrument.id}: no price` : '' };
  }
  const valuation = valueInstrument({
    instrument,
    snapshot,
    asOf: portfolio.asOf,
    baseCurrency: portfolio.baseCurrency,
    chooseModel: ({ exercise }) => ({ model: exercise === 'american' ? 'american-baw' : 'black-scholes' }),
  });
  if (valuation.status === 'indeterminate') return { amount: null, why: valuation.reason };
  return { amount: new Decimal(valuation.contract.mark), why: '' };
}

/** Takes the noise of a model value off, relative and absolute as money does, so that 123.45 is not rounded to 123.44. */
function withoutNoise(value: number, currency: string): Decimal {
  const decimals = currencyScale(currency) < 8 ? 8 : 12;
  return new Decimal(value)
    .toSignificantDigits(14, Decimal.ROUND_HALF_EVEN)
    .toDecimalPlaces(decimals, Decimal.ROUND_HALF_EVEN);
}
