/**
 * Independent risk arrays and composite deltas of the SPAN-style oracle: textbook prices on the document's own figures.
 * Shares no code with libs/.
 */
import { oracleBaroneAdesiWhaley } from './american-oracle';
import { oracleBlackScholes, oracleNormalCdf, oracleRoot, oracleYears } from './lognormal-oracle';
import type { HeldContract, PortfolioDocument } from './portfolio-document';

/* eslint-disable @typescript-eslint/no-explicit-any -- parameters are read as the plain JSON they are */

/** Price moves of the sixteen scenarios in thirds of the scan range, and the two extremes. */
export const oracleMoves = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 'up', 'down'] as const;
const deltaWeights = [0.037, 0.111, 0.217, 0.27, 0.217, 0.111, 0.037];

export interface Array16 {
  readonly id: string;
  readonly quantity: number;
  readonly losses: readonly number[];
  readonly delta: number;
  readonly month: string;
  readonly right: string | undefined;
  readonly notional: number;
  readonly optionValue: number;
}

export function parametersOf(document: PortfolioDocument, id: string): any {
  const published = {
    priceScanRange: { fraction: 0.134 }, volatilityScanRange: 0.28, volatilityShift: 'multiplicative', extremeMultiplier: 3,
    coverFraction: 0.33, lookAheadDays: 0, arrayRounding: 'none', shortOptionMinimum: { rate: 0, method: 'gross' },
    scanTiers: [], calendarSpreads: [], deliveryCharge: [], deltaScalingFactor: 1, weightedFuturesPriceRisk: 'normal',
    exposureRate: 0, initialToMaintenanceRatio: 1, aggregation: 'cme',
  }; // prettier-ignore
  return { ...published, ...(document.parameters?.default ?? {}), ...(document.parameters?.[id] ?? {}) };
}

export function rateTo(document: PortfolioDocument, from: string): number {
  const base = document.baseCurrency;
  if (from === base) return 1;
  const rates: any[] = (document as any).fx ?? [];
  const stated = rates.find((rate) => rate.from === from && rate.to === base);
  if (stated !== undefined) return Number(stated.rate);
  const inverse = rates.find((rate) => rate.from === base && rate.to === from);
  if (inverse !== undefined) return 1 / Number(inverse.rate);
  const coin = document.market?.underlyings?.find(({ id }) => id === from);
  return Number(coin?.price) * rateTo(document, coin?.currency ?? base);
}

export function sizes(document: PortfolioDocument, id: string) {
  const own = document.market?.instruments?.filter(({ underlying }) => underlying === id) ?? [];
  const largest = (type: string) =>
    Math.max(0, ...own.filter((item) => item.type === type).map((item) => Number(item.multiplier ?? 1)));
  return { future: largest('future') || 1, delta: largest('future') || largest('option') || 1 };
}

export function fullMove(range: any, spot: number, futureSize: number): number {
  return range.amount === undefined ? range.fraction * Math.abs(spot) : range.amount / futureSize;
}

/** Price per unit under the commodity's model. */
function priceOf(item: HeldContract, model: string, spot: number, years: number, volatility: number): number {
  const { instrument, underlying } = item;
  const { rate, dividendYield } = carryOf(item, Number(underlying.price), oracleYearsOf(item));
  const strike = Number(instrument.strike);
  const right = instrument.right as 'call' | 'put';
  if (instrument.settlement === 'inverse') {
    const forward = spot * Math.exp((rate - dividendYield) * years);
    return oracleBlackScholes({ right, spot: forward, strike, years, rate: 0, dividendYield: 0, volatility }) / forward;
  }
  if (model === 'bachelier') {
    const forward = spot * Math.exp((rate - dividendYield) * years);
    const deviation = volatility * Math.sqrt(years);
    const sign = right === 'call' ? 1 : -1;
    const gap = sign * (forward - strike);
    const value =
      deviation === 0
        ? Math.max(0, gap)
        : gap * oracleNormalCdf(gap / deviation) +
          (deviation * Math.exp(-((gap / deviation) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    return Math.exp(-rate * years) * value;
  }
  const option = { right, spot, strike, years, rate, dividendYield, volatility };
  return model === 'american-baw' ? oracleBaroneAdesiWhaley(option) : oracleBlackScholes(option);
}

let asOfText = '';
function oracleYearsOf({ instrument }: HeldContract): number {
  return instrument.expiry === undefined ? 0 : oracleYears(asOfText, instrument.expiry);
}

function carryOf({ instrument, underlying }: HeldContract, spot: number, years: number) {
  const quoted = underlying.forwards?.find(({ expiry }) => Date.parse(expiry) === Date.parse(instrument.expiry ?? ''));
  const rate = quoted?.rate ?? underlying.rate ?? 0;
  if (quoted !== undefined && years > 0)
    return { rate, dividendYield: rate - Math.log(Number(quoted.price) / spot) / years };
  return { rate, dividendYield: underlying.kind === 'future' ? rate : (underlying.dividendYield ?? 0) };
}

function modelOf({ instrument, underlying }: HeldContract, p: any): string {
  if (p.model != null) return p.model;
  if (instrument.exercise === 'american') return 'american-baw';
  return underlying.kind === 'future' ? 'black76' : 'black-scholes';
}

export function arrayOf(
  item: HeldContract,
  p: any,
  size: { future: number; delta: number },
  document: PortfolioDocument,
): Array16 {
  asOfText = document.asOf;
  const { instrument, underlying, quantity, multiplier } = item;
  const spot = Number(underlying.price);
  const years = oracleYearsOf(item);
  const month = (instrument.expiry ?? document.asOf).slice(0, 7);
  const tier = p.scanTiers.find((range: any) => range.from <= month && month <= (range.to ?? range.from));
  const full = fullMove(tier?.priceScanRange ?? p.priceScanRange, spot, size.future);
  const volatilityRange = tier?.volatilityScanRange ?? p.volatilityScanRange;
  const quoteCurrency = underlying.currency ?? document.baseCurrency;
  const fx = rateTo(document, instrument.settlement === 'inverse' ? underlying.id : quoteCurrency);
  const model = modelOf(item, p);
  const isOption = instrument.type === 'option';
  const price = instrument.price === undefined ? undefined : Number(instrument.price);
  const volatility = !isOption
    ? 0
    : (instrument.volatility ?? oracleRoot((v) => priceOf(item, model, spot, years, v), price as number, 1e-6, 20));
  const base = isOption ? priceOf(item, model, spot, years, volatility) : 0;
  const lookAhead = p.lookAheadDays / 365;
  const losses = oracleMoves.map((move, s) => {
    const extreme = typeof move === 'string';
    const step = extreme ? (move === 'up' ? 1 : -1) * p.extremeMultiplier * full : (move * full) / 3;
    const direction = extreme ? 0 : s % 2 === 0 ? 1 : -1;
    let loss: number;
    if (isOption) {
      const shifted =
        p.volatilityShift === 'additive'
          ? volatility + direction * volatilityRange
          : volatility * (1 + direction * volatilityRange);
      loss = base - priceOf(item, model, spot + step, Math.max(0, years - lookAhead), Math.max(0, shifted));
    } else if (instrument.settlement === 'inverse') loss = spot / (spot + step) - 1;
    else {
      const { rate, dividendYield } = carryOf(item, spot, years);
      const carryRate = p.interestRate ?? rate - dividendYield;
      const futurePrice = price ?? spot * Math.exp((rate - dividendYield) * years);
      loss = (instrument.type === 'future' ? futurePrice * (1 - Math.exp(-carryRate * lookAhead)) : 0) - step;
    }
    const whole = (extreme ? p.coverFraction : 1) * loss * multiplier;
    return fx * (p.arrayRounding === 'unit' ? Math.sign(whole) * Math.round(Math.abs(whole)) : whole);
  });
  const h = 1e-5 * Math.max(1, Math.abs(spot));
  const deltaAt = (s: number) => {
    const t = Math.max(0, years - lookAhead);
    return (priceOf(item, model, s + h, t, volatility) - priceOf(item, model, s - h, t, volatility)) / (2 * h);
  };
  const delta = isOption
    ? deltaWeights.reduce((sum, weight, k) => sum + weight * deltaAt(spot + ((k - 3) * full) / 3), 0)
    : 1;
  const premiumStyle = isOption && instrument.premiumStyle !== 'futures';
  return {
    id: instrument.id, quantity, losses, month, right: instrument.right,
    delta: (delta * p.deltaScalingFactor * multiplier) / size.delta,
    notional: Math.abs(spot) * multiplier * rateTo(document, quoteCurrency),
    optionValue: premiumStyle ? quantity * (price ?? base) * multiplier * fx : 0,
  }; // prettier-ignore
}
