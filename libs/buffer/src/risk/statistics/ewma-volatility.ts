import { DomainError } from '@ballast/domain';

/**
 * Volatility before each return by exponential weights: σ²_{t+1} = λ σ²_t + (1 − λ) r²_t (RiskMetrics Technical Document,
 * 4th ed., 1996, §5.2), started at the mean square of the first returns.
 *
 * @param returns  one per day, oldest first
 * @param decay    0 < λ < 1, for example 0.97
 * @param startCount  returns that the start averages; 50 unless given
 * @returns n + 1 volatilities per day: entry t was known before return t, the last one is that of now
 * @throws DomainError 'INVALID_PARAMETER' for λ outside (0, 1) or no returns
 */
export function ewmaVolatilities(returns: ArrayLike<number>, decay: number, startCount = 50): Float64Array {
  if (!(decay > 0 && decay < 1))
    throw new DomainError('INVALID_PARAMETER', `decay: expected a number between 0 and 1, got ${decay}`, 'decay');
  const count = returns.length;
  if (count === 0) throw new DomainError('INVALID_PARAMETER', 'returns: none to take a volatility from', 'returns');
  const first = Math.min(count, startCount);
  let variance = 0;
  for (let index = 0; index < first; index += 1) variance += (returns[index] as number) ** 2 / first;
  const result = new Float64Array(count + 1);
  result[0] = Math.sqrt(variance);
  for (let index = 0; index < count; index += 1) {
    variance = decay * variance + (1 - decay) * (returns[index] as number) ** 2;
    result[index + 1] = Math.sqrt(variance);
  }
  return result;
}

/**
 * Filters returns by volatility: r*_t = r_t · σ_now / σ_t (J. Hull and A. White, "Incorporating volatility updating into the
 * historical simulation method for value-at-risk", Journal of Risk 1 (1998) 5–19).
 *
 * A return whose volatility is 0 is left as it is: there is nothing to scale it by.
 */
export function filterReturns(returns: ArrayLike<number>, decay: number): Float64Array {
  const volatilities = ewmaVolatilities(returns, decay);
  const now = volatilities[returns.length] as number;
  return Float64Array.from(returns, (value, index) => {
    const then = volatilities[index] as number;
    return then > 0 ? (value * now) / then : value;
  });
}
