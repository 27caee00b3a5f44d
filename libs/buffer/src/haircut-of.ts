import {
  bucketOf,
  calendarYearsUntil,
  type CollateralPosition,
  type HaircutRule,
  type HaircutSchedule,
  type Instant,
} from '@ballast/domain';

/** The haircut of a pledged asset [fraction 0…1], or why the schedule does not accept it. */
export type HaircutFinding =
  | { readonly status: 'found'; readonly haircut: number; readonly rule: HaircutRule }
  | { readonly status: 'ineligible'; readonly reason: string };

/**
 * Finds the haircut of an asset in a schedule: the rule of its class whose bucket [minimum, maximum) holds the calendar
 * years to maturity; one that names the rating wins over one that names none. What no rule covers is not accepted, nor
 * is a security that has matured.
 *
 * @example
 * // T-Notes, 4 years and 364 days: bucket 3–5 years; on the fifth anniversary: 5–10 years
 */
export function haircutOf(input: {
  readonly schedule: HaircutSchedule;
  readonly position: Pick<CollateralPosition, 'assetClass' | 'rating' | 'maturity'>;
  readonly asOf: Instant;
}): HaircutFinding {
  const { schedule, position, asOf } = input;
  const { assetClass, rating, maturity } = position;
  const years = maturity === undefined ? undefined : calendarYearsUntil(asOf, maturity);
  if (years !== undefined && years <= 0) return { status: 'ineligible', reason: `matured on ${maturity}` };
  const ofClass = schedule.rules.filter((rule) => rule.assetClass === assetClass);
  if (ofClass.length === 0)
    return { status: 'ineligible', reason: `${assetClass} is not on the schedule ${schedule.name}` };
  const fits = (rule: HaircutRule): boolean => {
    if (rule.rating !== undefined && rule.rating !== rating) return false;
    if (rule.minimumYears === undefined && rule.maximumYears === undefined) return true;
    const [from, until] = bucketOf(rule);
    return years !== undefined && years >= from && years < until;
  };
  const found = ofClass.filter(fits);
  const rule = found.find((candidate) => candidate.rating !== undefined) ?? found[0];
  if (rule !== undefined) return { status: 'found', haircut: rule.haircut, rule };
  const shown = [
    rating === undefined ? '' : ` rated ${rating}`,
    years === undefined ? ' without a maturity' : ` maturing on ${maturity}`,
  ];
  return {
    status: 'ineligible',
    reason: `the schedule ${schedule.name} has no rule for ${assetClass}${shown.join('')}`,
  };
}
