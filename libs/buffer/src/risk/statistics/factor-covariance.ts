/**
 * Covariance of the next return of several factors by exponential weights, or by equal weights, means taken as 0
 * (RiskMetrics 1996, §5.3.2: over a day the mean is noise).
 *
 * @param columns  one array of returns per factor, oldest first, of one length n ≥ 1
 * @param decay    λ of the weights λ^(n−1−t), normalised; 1 = equal weights
 * @returns row-major k × k, per day
 */
export function factorCovariance(columns: readonly ArrayLike<number>[], decay: number): Float64Array {
  const size = columns.length;
  const days = columns[0]?.length ?? 0;
  const result = new Float64Array(size * size);
  const weights = new Float64Array(days);
  let [weight, total] = [1, 0];
  for (let day = days - 1; day >= 0; day -= 1) {
    weights[day] = weight;
    total += weight;
    weight *= decay;
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const [left, right] = [columns[row] as ArrayLike<number>, columns[column] as ArrayLike<number>];
      let sum = 0;
      for (let day = 0; day < days; day += 1)
        sum += (weights[day] as number) * (left[day] as number) * (right[day] as number);
      result[row * size + column] = sum / total;
      result[column * size + row] = sum / total;
    }
  }
  return result;
}

/** Correlations of a covariance matrix, row-major; 0 with a factor that does not move, 1 on the diagonal. */
export function correlationsOf(covariance: Float64Array, size: number): Float64Array {
  return covariance.map((value, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    if (row === column) return 1;
    const scale = Math.sqrt((covariance[row * size + row] as number) * (covariance[column * size + column] as number));
    return scale > 0 ? value / scale : 0;
  });
}
