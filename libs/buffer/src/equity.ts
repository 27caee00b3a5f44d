import { currencyScale, Decimal, type MarketSnapshot, type Money, roundMoney } from '@ballast/domain';
import { arrangePortfolio, type Portfolio, type PortfolioPosition } from '@ballast/margin';
import type { BufferPolicy } from './buffer-policy';
import { type BaseConversion, type CollateralLine, fxHaircutOf, valueCollateral } from './collateral-value';
import { type EquityComponent, type EquityParts, EquitySums } from './equity-component';
import { type FoundPrice, findPrice } from './instrument-price';
import { grossMarketExposure, isPremiumOption, leverageOf } from './market-exposure';

/** Equity of an account, or why it cannot be stated. */
export type EquityValuation =
  | {
      readonly status: 'valued';
      readonly equity: Money;
      readonly collateralValue: Money;
      readonly parts: EquityParts;
      readonly collateral: readonly CollateralLine[];
      /** States what equity consists of, computed when asked for: searches need the figure alone. */
      readonly components: () => readonly EquityComponent[];
      /** Gross market exposure / equity, rounded up to four decimals; null when equity ≤ 0 or a price is missing. */
      readonly leverage: () => Decimal | null;
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
 * cash. Leverage = gross market exposure / equity, see grossMarketExposure.
 *
 * @param input.netOptionValue  unrounded net option value of the requirement [base currency], at unreduced rates
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
  const sums = new EquitySums(conversion);
  const reasons: string[] = [];
  const warnings: string[] = [];
  const perpetualsCounted = new Set<string>();
  for (const position of portfolio.positions) {
    if (position.quantity.isZero()) continue;
    const { instrument } = position;
    const { currency } = instrument;
    const isPremium = isPremiumOption(instrument);
    if (isPremium && fxHaircutOf(currency, conversion) === 0) continue;
    const isHolding = isPremium || instrument.type === 'underlying';
    const found = isHolding ? marketValue(position, input) : unrealisedOf(position, input, perpetualsCounted);
    if (found.amount === null) {
      reasons.push(found.why);
      continue;
    }
    if (found.why !== '') warnings.push(found.why);
    const isShare = isHolding && !isPremium;
    const kind = isPremium ? 'option-value' : isShare ? 'holdings' : 'unrealised-pnl';
    sums.add(kind, currency, isShare ? withoutQuotient(found.amount) : found.amount);
  }
  if (reasons.length > 0) return { status: 'indeterminate', reasons };
  for (const { currency, amount } of portfolio.cash) sums.add('cash', currency, amount);
  sums.addNetOptionValue(withoutNoise(input.netOptionValue, baseCurrency));
  const collateral = valueCollateral(portfolio.collateral, conversion, portfolio.collateralLimits);
  sums.add('collateral', baseCurrency, collateral.total);
  const equity = roundMoney({ amount: sums.total(), currency: baseCurrency }, 'down');
  return {
    status: 'valued',
    equity,
    collateralValue: roundMoney({ amount: collateral.total, currency: baseCurrency }, 'down'),
    parts: sums.parts(),
    collateral: collateral.lines,
    components: () => sums.components(equity),
    leverage: () => leverageOf(grossMarketExposure({ portfolio, conversion }), equity),
    warnings,
  };
}

/**
 * Equity of an account that holds nothing but cash and premium-style options, all in its base currency: what computeEquity
 * gives for it.
 *
 * @param input.netOptionValue  as computeEquity takes it
 */
export function equityOfCashAndOptions(input: {
  readonly cash: Portfolio['cash'];
  readonly netOptionValue: number;
  readonly baseCurrency: string;
}): Money {
  const { cash, netOptionValue, baseCurrency: currency } = input;
  let total = new Decimal(0);
  for (const { amount } of cash) total = total.plus(amount);
  return roundMoney({ amount: total.plus(withoutNoise(netOptionValue, currency)), currency }, 'down');
}

type Market = Pick<Parameters<typeof computeEquity>[0], 'portfolio' | 'snapshot'>;

/** [instrument currency] */
function marketValue(position: PortfolioPosition, market: Market): FoundPrice {
  const price = findPrice(position.instrument, market);
  if (price.amount === null) return price;
  return { amount: price.amount.times(position.quantity).times(position.instrument.multiplier), why: '' };
}

function unrealisedOf(position: PortfolioPosition, market: Market, perpetualsCounted: Set<string>): FoundPrice {
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
  const price = findPrice(instrument, market);
  if (price.amount === null) return price;
  const size = quantity.times(instrument.multiplier);
  if (instrument.settlement === 'linear') return { amount: price.amount.minus(averagePrice).times(size), why: '' };
  if (price.amount.isZero()) return { amount: null, why: `${instrument.id}: a coin-settled contract at price 0` };
  return { amount: new Decimal(1).minus(averagePrice.div(price.amount)).times(size), why: '' };
}

/** A price divided by a split has endless digits: a third of 100, three times, is 100 and not a cent less. */
function withoutQuotient(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(10, Decimal.ROUND_HALF_EVEN);
}

/** Takes the noise of a model value off, relative and absolute as money does, so that 123.45 is not rounded to 123.44. */
function withoutNoise(value: number, currency: string): Decimal {
  const decimals = currencyScale(currency) < 8 ? 8 : 12;
  return new Decimal(value)
    .toSignificantDigits(14, Decimal.ROUND_HALF_EVEN)
    .toDecimalPlaces(decimals, Decimal.ROUND_HALF_EVEN);
}
