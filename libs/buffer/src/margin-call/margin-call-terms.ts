import { type Methodology, methodologies } from '@ballast/domain';
import { override, parameterError, readNumber, readObject, readText } from '@ballast/margin';

/** When a margin call is due and what being late costs; part of the dated controls of a firm. */
export interface MarginCallTerms {
  /** Exchange calendar whose sessions are the business days of a call. */
  readonly calendar: string;
  /** The calendar of accounts under a methodology; `calendar` where it is not named. */
  readonly calendarByMethodology: Readonly<Partial<Record<Methodology, string>>>;
  /** A call is due at the close of this many sessions after the day it is raised; 0: the same day, or the next session. */
  readonly dueSessions: number;
  /** Sessions for accounts under a methodology; `dueSessions` where it is not named. */
  readonly dueSessionsByMethodology: Readonly<Partial<Record<Methodology, number>>>;
  /** An overdue call is escalated after the close of this many sessions beyond its due time. */
  readonly escalationSessions: number;
  /** A shortfall below this amount of the base currency raises no call; accounts are still on their rung. */
  readonly minimumAmount: number;
  /** A waiver covers a need that grows by no more than this fraction of what was waived. */
  readonly waiverGrowthFraction: number;
  /** Simple interest per year on what is outstanding from the due time on, ACT/360, as a fraction. */
  readonly lateFeeRate: number;
  /** Charged once when a call is escalated: this fraction of what is outstanding then … */
  readonly liquidationPenaltyFraction: number;
  /** … and at least this amount of the base currency, where the fraction is above 0. */
  readonly liquidationPenaltyMinimum: number;
}

/**
 * Published terms: maintenance calls are due at the next session's close; under customer portfolio margin three business
 * days are allowed (FINRA rule 4210(g)(9)); coin accounts go by a calendar without holidays. Fees are a firm's own price
 * list, so the published ones are 0.
 */
export const publishedMarginCallTerms: MarginCallTerms = {
  calendar: 'US-EQUITY-OPTIONS',
  calendarByMethodology: { CRYPTO_PM: 'DERIBIT', CRYPTO_PMRM: 'DERIBIT' },
  dueSessions: 1,
  dueSessionsByMethodology: { TIMS: 3 },
  escalationSessions: 1,
  minimumAmount: 0,
  waiverGrowthFraction: 0.1,
  lateFeeRate: 0,
  liquidationPenaltyFraction: 0,
  liquidationPenaltyMinimum: 0,
};

const knownKeys = Object.keys(publishedMarginCallTerms);

/**
 * Reads the terms of margin calls, key by key over the published ones.
 *
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value
 */
export function parseMarginCallTerms(value: unknown, path: string, base: MarginCallTerms): MarginCallTerms {
  const object = readObject(value, path, knownKeys);
  const sessions = (given: unknown, where: string): number =>
    readNumber(given, where, { minimum: 0, maximum: 60, integer: true });
  const fraction = (given: unknown, where: string): number => readNumber(given, where, { minimum: 0, maximum: 10 });
  const amount = (given: unknown, where: string): number => readNumber(given, where, { minimum: 0 });
  return {
    calendar: override(object, 'calendar', path, base.calendar, readText),
    calendarByMethodology: override(object, 'calendarByMethodology', path, base.calendarByMethodology, (given, where) =>
      readByMethodology(given, where, readText),
    ),
    dueSessions: override(object, 'dueSessions', path, base.dueSessions, sessions),
    dueSessionsByMethodology: override(
      object,
      'dueSessionsByMethodology',
      path,
      base.dueSessionsByMethodology,
      (given, where) => readByMethodology(given, where, sessions),
    ),
    escalationSessions: override(object, 'escalationSessions', path, base.escalationSessions, sessions),
    minimumAmount: override(object, 'minimumAmount', path, base.minimumAmount, amount),
    waiverGrowthFraction: override(object, 'waiverGrowthFraction', path, base.waiverGrowthFraction, fraction),
    lateFeeRate: override(object, 'lateFeeRate', path, base.lateFeeRate, fraction),
    liquidationPenaltyFraction: override(
      object,
      'liquidationPenaltyFraction',
      path,
      base.liquidationPenaltyFraction,
      fraction,
    ),
    liquidationPenaltyMinimum: override(
      object,
      'liquidationPenaltyMinimum',
      path,
      base.liquidationPenaltyMinimum,
      amount,
    ),
  };
}

function readByMethodology<Value>(
  value: unknown,
  path: string,
  read: (given: unknown, where: string) => Value,
): Readonly<Partial<Record<Methodology, Value>>> {
  const found: Partial<Record<Methodology, Value>> = {};
  for (const [name, given] of Object.entries(readObject(value, path))) {
    const methodology = methodologies.find((known) => known === name);
    if (methodology === undefined)
      throw parameterError(`${path}.${name}`, `expected one of ${methodologies.join(', ')}`, name);
    found[methodology] = read(given, `${path}.${name}`);
  }
  return found;
}
