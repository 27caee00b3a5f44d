import { DomainError, describeValue } from '@ballast/domain';

/** The volatility grid of the CRIF format, ascending. */
export const sensitivityTenors = [
  '2w', '1m', '3m', '6m', '1y', '2y', '3y', '5y', '10y', '15y', '20y', '30y',
] as const; // prettier-ignore
export type SensitivityTenor = (typeof sensitivityTenors)[number];

const daysByUnit: Readonly<Record<string, number>> = { w: 7, m: 365 / 12, y: 365 };

/**
 * Calendar days of a tenor: a week has 7 days, a month 365/12, a year 365 (methodology §4).
 *
 * @param field  path of the tenor for messages
 * @throws DomainError 'INVALID_PARAMETER' for a text that is no tenor such as `2w`, `3m` or `10y`
 *
 * @example
 * tenorDays('2w') // 14
 */
export function tenorDays(tenor: string, field = 'tenor'): number {
  const match = /^([1-9]\d{0,2})([wmy])$/i.exec(tenor);
  if (match === null) {
    throw new DomainError(
      'INVALID_PARAMETER',
      `${field}: expected a text such as "3m", got ${describeValue(tenor)}`,
      field,
    );
  }
  return Number(match[1]) * (daysByUnit[(match[2] as string).toLowerCase()] as number);
}

/** Part of a vega that one grid point takes. */
export interface TenorShare {
  readonly tenor: SensitivityTenor;
  /** Fraction 0…1; the shares of one expiry add up to 1. */
  readonly weight: number;
}

/**
 * Splits an expiry between its two neighbouring grid points, linearly in days; beyond the grid the end point takes all.
 *
 * @param days  calendar days to expiry, ≥ 0
 *
 * @example
 * splitTenor(365 * 1.5) // [{ tenor: '1y', weight: 0.5 }, { tenor: '2y', weight: 0.5 }]
 */
export function splitTenor(days: number): readonly TenorShare[] {
  if (!(days >= 0)) throw new DomainError('INVALID_PARAMETER', `days to expiry: expected ≥ 0, got ${days}`, 'days');
  const upper = sensitivityTenors.findIndex((tenor) => tenorDays(tenor) >= days);
  if (upper === 0) return [{ tenor: sensitivityTenors[0], weight: 1 }];
  if (upper < 0) return [{ tenor: sensitivityTenors[sensitivityTenors.length - 1] as SensitivityTenor, weight: 1 }];
  const [near, far] = [sensitivityTenors[upper - 1], sensitivityTenors[upper]] as [SensitivityTenor, SensitivityTenor];
  const weight = (days - tenorDays(near)) / (tenorDays(far) - tenorDays(near));
  if (weight === 1) return [{ tenor: far, weight: 1 }];
  return [
    { tenor: near, weight: 1 - weight },
    { tenor: far, weight },
  ];
}
