// Combined commodities of an .spn file.
import type { CommodityParameters } from '@ballast/margin';
import type { RiskCommodity, RiskContractType, RiskProductLink } from './risk-parameter-file';
import { riskContractTypes } from './risk-parameter-file';
import { type AccountRates, adjustmentFactor, rateValue, readAdjustmentRates } from './spn-account-rates';
import {
  childOf,
  childrenOf,
  flagOf,
  monthOf,
  numberOf,
  refuseElement,
  requiredText,
  type SpnElement,
  textOf,
} from './spn-element';
import { readCalendarSpread, readTiers } from './spn-spread';

/** Extreme move and cover of a clearing organisation's scan points. */
export interface ExtremePair {
  readonly multiplier: number;
  readonly cover: number;
}

/** A commodity as its `ccDef` states it; array values and rates are still in the file's unit. */
export interface SpnCommodity extends RiskCommodity {
  /** What an array value of another rate than the account type's own is multiplied by: risk exponent and adjustment. */
  readonly arrayFactor: number;
  /** What an array value of the account type's own rate is multiplied by. */
  readonly ownArrayFactor: number;
  readonly warnings: readonly string[];
}

const priceRiskMethods: Readonly<Record<string, CommodityParameters['weightedFuturesPriceRisk']>> = {
  NORMAL: 'normal',
  SCANRANGE: 'scan-range',
  SCANRANGE_CAP: 'scan-range-cap',
};

/**
 * Reads a `ccDef` for one account type. Rates are chosen by the type's rate number, else rate 1 adjusted by `adjRate`.
 *
 * @throws FileRefusal naming line and element of a value that cannot be
 */
export function readSpnCommodity(
  element: SpnElement,
  context: {
    readonly id: string;
    readonly rates: AccountRates;
    readonly extreme: ExtremePair;
    readonly capAll: boolean;
  },
): SpnCommodity {
  const { rates, extreme } = context;
  const adjustments = readAdjustmentRates(element);
  const intra = readTiers(childOf(element, 'intraTiers'));
  const exponent = numberOf(element, 'riskExponent') ?? 0;
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 9)
    refuseElement(element, `${exponent}`, 'a risk exponent of −9…9');
  // A rate that is an adjustment of another is read from its base, and everything is multiplied by the factor.
  const factor = adjustmentFactor(adjustments, rates.maintenance, 1) ?? 1;
  const rate = adjustments.has(rates.maintenance) ? 1 : rates.maintenance;
  const exponentUnit = exponent < 0 ? 1 / 10 ** -exponent : 10 ** exponent;
  const unit = exponentUnit * factor;
  const scan = readTiers(childOf(element, 'scanTiers'));
  const priceRisk = (textOf(element, 'wfprMeth') ?? 'NORMAL').toUpperCase();
  const warnings: string[] = [];
  const method = priceRiskMethods[priceRisk];
  if (method === undefined) warnings.push(`${context.id}: wfprMeth ${priceRisk} is not known, NORMAL is taken`);
  if (exponent !== 0)
    warnings.push(`${context.id}: amounts of the file are multiplied by 10^${exponent} (riskExponent)`);
  if (readTiers(childOf(element, 'interTiers')).size > 1)
    warnings.push(`${context.id}: inter-commodity tiers are spread together, on the net delta of the whole commodity`);
  const spreads = element.children.filter(({ name }) => name === 'dSpread' || name === 'sSpread');
  return {
    id: context.id,
    line: element.line,
    currency: requiredText(element, 'currency'),
    products: childrenOf(element, 'pfLink').map(readLink),
    calendarSpreads: spreads.map((spread) => scaled(readCalendarSpread(spread, intra, rate), unit)),
    deliveryCharges: childrenOf(element, 'spotRate')
      .filter((charge, _, all) => appliesTo(charge, rate, all))
      .map((charge) => readDeliveryCharge(charge, unit)),
    shortOptionMinimum: readShortOptionMinimum(element, rate, unit),
    scanTiers: scan.size > 1 ? [...scan.values()] : [],
    scansEachMonth: false,
    notComputed: [],
    initialToMaintenanceRatio: adjustmentFactor(adjustments, rates.initial, rates.maintenance) ?? 1,
    weightedFuturesPriceRisk: method ?? 'normal',
    capNetOptionValue: context.capAll || flagOf(element, 'capAnov'),
    extremeMultiplier: extreme.multiplier,
    coverFraction: extreme.cover,
    scanRangePerDelta: null,
    arrayFactor: unit,
    ownArrayFactor: exponentUnit,
    warnings,
  };
}

function readLink(link: SpnElement): RiskProductLink {
  const type = requiredText(link, 'pfType').toUpperCase();
  if (!(riskContractTypes as readonly string[]).includes(type)) refuseElement(link, type, 'an unknown product type');
  return {
    exchange: requiredText(link, 'exch'),
    family: requiredText(link, 'pfId'),
    type: type as RiskContractType,
    deltaScaling: numberOf(link, 'sc') ?? 1,
  };
}

/** A charge applies when it is of the account's rate; charges of rate 1 apply where the rate has none. */
function appliesTo(charge: SpnElement, rate: number, all: readonly SpnElement[]): boolean {
  const rateOf = (element: SpnElement) => numberOf(element, 'r') ?? 1;
  const wanted = all.some((element) => rateOf(element) === rate) ? rate : 1;
  return rateOf(charge) === wanted;
}

function readDeliveryCharge(rate: SpnElement, unit: number): RiskCommodity['deliveryCharges'][number] {
  return {
    month: monthOf(rate, 'pe') ?? refuseElement(rate, undefined, 'spotRate has no pe'),
    spread: (numberOf(rate, 'sprd') ?? 0) * unit,
    outright: (numberOf(rate, 'outr') ?? 0) * unit,
  };
}

function readShortOptionMinimum(element: SpnElement, rate: number, unit: number): RiskCommodity['shortOptionMinimum'] {
  const word = (textOf(element, 'somMeth') ?? 'MAX').toUpperCase();
  const method = word === 'GROSS' || word === '2' ? 'gross' : 'max';
  const list = childOf(element, 'somTiers');
  const tiers = list === undefined ? [] : childrenOf(list, 'tier');
  const rateOf = (tier: SpnElement) => (rateValue(tier, rate) ?? 0) * unit;
  const [first] = tiers;
  if (first === undefined || word === 'NONE') return { method, rate: 0, tiers: [] };
  if (tiers.length === 1) return { method, rate: rateOf(first), tiers: [] };
  const months = [...readTiers(list).values()];
  return {
    method,
    rate: 0,
    tiers: tiers.map((tier, index) => ({ ...(months[index] as (typeof months)[number]), rate: rateOf(tier) })),
  };
}

function scaled<Spread extends { readonly rate: number }>(spread: Spread, unit: number): Spread {
  return unit === 1 ? spread : { ...spread, rate: spread.rate * unit };
}
