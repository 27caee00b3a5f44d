import { formatInstant, type Instant } from './instant';

const dayMs = 86_400_000;

/**
 * Days after now beyond which nothing is stated any more: ten years, longer than any pledge, value date or position is agreed
 * ahead. What is dated later is a slip of the pen, and would rule every question and every correction after it.
 */
export const statementDaysAhead = 3_653;

/** Days after now that need no remark: settlement, value dates and notices of a month. */
export const remarkedDaysAhead = 31;

/** What is to be said about a date from which positions, cash or pledges are stated to hold. */
export interface StatementDateFinding {
  /** REFUSED: it is not taken. REMARKED: it is taken, and somebody is told that it counts only from then on. */
  readonly verdict: 'REFUSED' | 'REMARKED';
  /** In words, without the field. */
  readonly reason: string;
}

/**
 * Judges the instant from which something is stated to hold, which may lie in the past or some way ahead.
 *
 * @param validFrom  the stated instant
 * @param now        the instant of the statement
 * @returns null where nothing is to be said
 *
 * @example
 * findStatementDate(parseInstant('2206-11-20T00:00:00Z', 'validFrom'), now)?.verdict // 'REFUSED'
 */
export function findStatementDate(validFrom: Instant, now: Instant): StatementDateFinding | null {
  const ahead = validFrom - now;
  if (ahead > statementDaysAhead * dayMs) {
    const reason = `lies more than ten years ahead (${formatInstant(validFrom)}); dates up to ${statementDaysAhead} days after now are taken`;
    return { verdict: 'REFUSED', reason };
  }
  if (ahead <= remarkedDaysAhead * dayMs) return null;
  const reason = `lies ${Math.floor(ahead / dayMs)} days ahead (${formatInstant(validFrom)}) and counts only from then on`;
  return { verdict: 'REMARKED', reason };
}
