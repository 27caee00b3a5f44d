/**
 * The discount factor e^(−rate·years) to more than double precision.
 */
import { twoProductTail } from './double-double';
import { expWithTail, type ValueWithTail } from './exponential';
import { PricingInputError } from './pricing-input-error';

/**
 * Computes e^(−rate·years) as value + tail.
 *
 * @param field  name of the rate in an error message
 * @param rate   continuously compounded [1/year], finite
 * @param years  [year] ≥ 0
 * @throws PricingInputError when the factor exceeds 1e300
 */
export function discountFactor(field: string, rate: number, years: number): ValueWithTail {
  const power = -rate * years;
  if (power > 690) throw new PricingInputError(field, rate, `must keep e^(−${field}·yearsToExpiry) below 1e300`);
  return expWithTail(power, twoProductTail(-rate, years, power));
}
