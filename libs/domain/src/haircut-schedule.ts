import { describeValue } from './decimal';
import { DomainError } from './domain-error';
import type { Money } from './money';

/** Haircut of one class of assets, of one rating and maturity bucket where these are given. */
export interface HaircutRule {
  readonly assetClass: string;
  /** Only assets of exactly this rating; absent = any. A rule that names the rating wins over one that does not. */
  readonly rating?: string;
  /** Bucket [minimum, maximum) of calendar years to maturity; both absent = any, also assets without a maturity. */
  readonly minimumYears?: number;
  readonly maximumYears?: number;
  /** Fraction of the value not counted, 0…1. */
  readonly haircut: number;
}

/** How much of one asset or one class of assets counts in full. */
export interface ConcentrationLimit {
  readonly scope: 'asset' | 'class';
  /** Identifier of the asset or class; `*` = each one that has no limit of its own. */
  readonly target: string;
  /** Largest share of the schedule's collateral value after haircuts, 0…1. */
  readonly share?: number;
  /** Largest value after haircuts. With `share`, the smaller of the two is the limit. */
  readonly amount?: Money;
  /** Fraction of the excess not counted, 0…1; 1 = the excess counts nothing. */
  readonly excessHaircut: number;
}

/** Limits of one schedule (or of none, as in a portfolio file). */
export interface ScheduleLimits {
  readonly schedule: string | undefined;
  readonly limits: readonly ConcentrationLimit[];
}

/** One version of a haircut schedule. What a schedule does not name is not accepted. */
export interface HaircutSchedule {
  /** For example `HOUSE`. */
  readonly name: string;
  readonly rules: readonly HaircutRule[];
  readonly limits: readonly ConcentrationLimit[];
}

/**
 * Checks a schedule: at least one rule, fractions 0…1, buckets that are not empty and do not overlap for one class and
 * rating, one limit per target with a share or an amount.
 *
 * @throws DomainError 'INVALID_PARAMETER' naming the rule or limit by its position, for example `rules[3].haircut`
 */
export function checkHaircutSchedule(schedule: HaircutSchedule): HaircutSchedule {
  if (schedule.rules.length === 0) throw refusal('rules', 'expected at least one rule', schedule.rules.length);
  const known = new Map<string, HaircutRule[]>();
  schedule.rules.forEach((rule, index) => {
    const field = `rules[${index}]`;
    requireFraction(rule.haircut, `${field}.haircut`);
    const [from, until] = bucketOf(rule);
    if (!(from >= 0 && until > from)) throw refusal(`${field}.minimumYears`, 'an empty maturity bucket', from);
    const key = JSON.stringify([rule.assetClass, rule.rating ?? null]);
    const alike = known.get(key) ?? [];
    for (const other of alike) {
      const [start, end] = bucketOf(other);
      if (from < end && start < until)
        throw refusal(`${field}.minimumYears`, `two rules for one maturity of ${rule.assetClass}`, from);
    }
    known.set(key, [...alike, rule]);
  });
  const targets = new Set<string>();
  schedule.limits.forEach((limit, index) => checkLimit(limit, `limits[${index}]`, targets));
  return schedule;
}

function checkLimit(limit: ConcentrationLimit, field: string, targets: Set<string>): void {
  const { share, amount, excessHaircut, scope, target } = limit;
  requireFraction(excessHaircut, `${field}.excessHaircut`);
  if (share === undefined && amount === undefined) throw refusal(field, 'expected a share or an amount', target);
  if (share !== undefined) requireFraction(share, `${field}.share`);
  if (amount !== undefined && !amount.amount.greaterThanOrEqualTo(0))
    throw refusal(`${field}.amount`, 'expected an amount of at least 0', amount.amount.toFixed());
  const key = `${scope} ${target}`;
  if (targets.has(key)) throw refusal(`${field}.target`, `two limits for one ${scope}`, target);
  targets.add(key);
}

/** First and end of a rule's bucket [years]; a rule without one covers everything. */
export function bucketOf(rule: HaircutRule): readonly [from: number, until: number] {
  return [rule.minimumYears ?? 0, rule.maximumYears ?? Infinity];
}

function requireFraction(value: number, field: string): void {
  if (!(value >= 0 && value <= 1)) throw refusal(field, 'expected a fraction 0…1', value);
}

function refusal(field: string, rule: string, value: unknown): DomainError {
  return new DomainError('INVALID_PARAMETER', `${field}: ${rule}, got ${describeValue(value)}`, field);
}
