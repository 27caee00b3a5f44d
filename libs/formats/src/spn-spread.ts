// Spread definitions of an .spn file.
import type { CalendarSpread, IntercommodityLeg, IntercommoditySpread, MonthRange, SpreadSide } from '@ballast/margin';
import { monthRange } from './risk-parameter-file';
import { rateValue } from './spn-account-rates';
import {
  childrenOf,
  flagOf,
  monthOf,
  numberOf,
  refuseElement,
  requiredNumber,
  requiredText,
  type SpnElement,
  textOf,
} from './spn-element';

/** Tiers by number. */
export type SpnTiers = ReadonlyMap<number, MonthRange>;

/** Reads the tiers of one kind (`scanTiers`, `intraTiers`, …); a tier without months holds all. */
export function readTiers(list: SpnElement | undefined): SpnTiers {
  const tiers = new Map<number, MonthRange>();
  for (const tier of list === undefined ? [] : childrenOf(list, 'tier'))
    tiers.set(
      requiredNumber(tier, 'tn'),
      monthRange(monthOf(tier, 'sPe') ?? '0000-01', monthOf(tier, 'ePe') ?? '9999-12'),
    );
  return tiers;
}

/** Reads a spread between months of one commodity. @throws FileRefusal for a leg that names no tier or month */
export function readCalendarSpread(element: SpnElement, tiers: SpnTiers, rate: number): CalendarSpread {
  const series = childrenOf(element, 'pLeg');
  const tiered = childrenOf(element, 'tLeg');
  if (series.length + tiered.length < 2) refuseElement(element, undefined, 'a spread needs two legs or more');
  const legs = [
    ...series.map((leg) => {
      const month = monthOf(leg, 'pe') ?? refuseElement(leg, undefined, 'pLeg has no pe');
      return { ...monthRange(month, month), ...legTerms(leg) };
    }),
    ...tiered.map((leg) => {
      const number = requiredNumber(leg, 'tn');
      const tier = tiers.get(number) ?? refuseElement(leg, `${number}`, 'no such tier in intraTiers');
      return { ...tier, ...legTerms(leg) };
    }),
  ];
  return {
    priority: requiredNumber(element, 'spread'),
    kind: series.length > 0 ? 'series' : 'tier',
    rate: rateValue(element, rate) ?? refuseElement(element, undefined, 'the spread has no rate'),
    legs: legs.map(({ from, to, ratio, side }) => ({ from, to, deltaPerSpread: ratio, side })),
  };
}

/** An inter-commodity spread, with what a careful reader should know about it. */
export interface ReadIntercommodity {
  readonly spread: IntercommoditySpread;
  readonly warning?: string;
}

/**
 * Reads a spread between commodities: `dSpread` is weighted, or flat where `chargeMeth` is F; `sSpread` is scanning.
 * A weighted rate above 1 is per cent.
 *
 * @param qualify  turns the file's commodity code into the identifier used here
 */
export function readIntercommoditySpread(
  element: SpnElement,
  options: { readonly rate: number; readonly isSuper: boolean; readonly qualify: (code: string) => string },
): ReadIntercommodity {
  const legElements = element.children.filter(({ name }) => ['tLeg', 'pLeg', 'sLeg', 'rpLeg'].includes(name));
  const isTarget = (leg: SpnElement) => flagOf(leg, 'isTarget');
  const legs: IntercommodityLeg[] = legElements
    .filter((leg) => !isTarget(leg))
    .map((leg) => ({ underlying: options.qualify(requiredText(leg, 'cc')), ...legTerms(leg) }));
  if (legs.length < 2) refuseElement(element, undefined, 'a spread needs two legs or more');
  const method = spreadMethod(element);
  const stated = rateValue(element, options.rate) ?? refuseElement(element, undefined, 'the spread has no rate');
  const percent = method !== 'flat' && stated > 1;
  if (stated < 0 || (method !== 'flat' && stated > 100)) refuseElement(element, `${stated}`, 'a credit of 0…100 %');
  const target = legElements.find(isTarget);
  const targetCode = target === undefined ? textOf(element, 'targetCc') : requiredText(target, 'cc');
  const spread: IntercommoditySpread = {
    priority: requiredNumber(element, 'spread'),
    rate: percent ? stated / 100 : stated,
    method,
    target: method === 'scanning' && targetCode !== undefined ? options.qualify(targetCode) : null,
    isSuper: options.isSuper,
    legs,
  };
  if (!percent) return { spread };
  return {
    spread,
    warning: `line ${element.line}: credit ${stated} of spread ${spread.priority} is taken as per cent`,
  };
}

function spreadMethod(element: SpnElement): IntercommoditySpread['method'] {
  if (element.name === 'sSpread') return 'scanning';
  return /^F/i.test(textOf(element, 'chargeMeth') ?? '') ? 'flat' : 'weighted';
}

function legTerms(leg: SpnElement): { readonly ratio: number; readonly side: SpreadSide } {
  const ratio = numberOf(leg, 'i') ?? 1;
  if (!(ratio > 0)) refuseElement(leg, `${ratio}`, 'a delta per spread greater than 0');
  const side = requiredText(leg, 'rs').toUpperCase();
  if (side !== 'A' && side !== 'B') refuseElement(leg, side, 'expected side A or B');
  return { ratio, side };
}
