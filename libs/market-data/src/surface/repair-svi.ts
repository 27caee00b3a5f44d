import { densityFactor, type SviParameters, sviVariance } from './svi';

/**
 * Moves a slice with butterfly arbitrage the least way to one without, keeping its at-the-money variance, skew and left
 * wing.
 *
 * In jump-wing terms the right wing c and the minimum variance are drawn towards c′ = p + 2ψ and v′ = v·4pc′/(p + c′)²,
 * which are free of butterfly arbitrage for skews met in practice; the smallest share of the way that leaves g ≥ 0 on
 * the grid is found by halving. Gatheral and Jacquier (2014), §5.1.
 *
 * @param grid  log-moneyness at which g is checked
 * @returns null when even the whole way does not help
 */
export function repairSvi(parameters: SviParameters, grid: readonly number[]): SviParameters | null {
  if (worstDensityFactor(parameters, grid).factor >= 0) return parameters;
  const wings = toJumpWings(parameters);
  if (wings === null) return null;
  const right = wings.left + 2 * wings.skew;
  if (!(right > 0) || !(wings.left > 0)) return null;
  const bottom = (wings.variance * 4 * wings.left * right) / ((wings.left + right) * (wings.left + right));
  const at = (share: number): SviParameters | null =>
    fromJumpWings({
      ...wings,
      right: wings.right + share * (right - wings.right),
      bottom: wings.bottom + share * (bottom - wings.bottom),
    });
  const isFree = (candidate: SviParameters | null): candidate is SviParameters =>
    candidate !== null && worstDensityFactor(candidate, grid).factor >= 0;
  let good = 1;
  let goodSlice = at(1);
  if (!isFree(goodSlice)) return null;
  let bad = 0;
  for (let step = 0; step < 40; step += 1) {
    const middle = (good + bad) / 2;
    const slice = at(middle);
    if (isFree(slice)) {
      good = middle;
      goodSlice = slice;
    } else bad = middle;
  }
  return goodSlice;
}

/** The smallest g(k) on a grid and where it is. */
export function worstDensityFactor(
  parameters: SviParameters,
  grid: readonly number[],
): { readonly k: number; readonly factor: number } {
  let worst = { k: 0, factor: Number.POSITIVE_INFINITY };
  for (const k of grid) {
    const factor = densityFactor(k, sviVariance(parameters, k));
    if (factor < worst.factor) worst = { k, factor };
  }
  return worst;
}

/** Jump-wing parameters in total variance (T = 1). Gatheral and Jacquier (2014), eq. 3.5. */
interface JumpWings {
  /** Variance at the money. */
  readonly variance: number;
  readonly skew: number;
  /** Slopes of the wings over the square root of the variance. */
  readonly left: number;
  readonly right: number;
  /** Minimum variance. */
  readonly bottom: number;
}

function toJumpWings({ a, b, rho, m, sigma }: SviParameters): JumpWings | null {
  const variance = sviVariance({ a, b, rho, m, sigma }, 0).variance;
  if (!(variance > 0)) return null;
  const root = Math.sqrt(variance);
  return {
    variance,
    skew: ((b / 2) * (rho - m / Math.sqrt(m * m + sigma * sigma))) / root,
    left: (b * (1 - rho)) / root,
    right: (b * (1 + rho)) / root,
    bottom: a + b * sigma * Math.sqrt(1 - rho * rho),
  };
}

function fromJumpWings({ variance, skew, left, right, bottom }: JumpWings): SviParameters | null {
  const root = Math.sqrt(variance);
  const b = (root / 2) * (left + right);
  if (!(b > 0)) return null;
  const rho = 1 - (left * root) / b;
  const beta = rho - (2 * skew * root) / b;
  if (!(Math.abs(beta) <= 1)) return null;
  const flank = Math.sqrt(Math.max(0, 1 - rho * rho));
  if (beta === 0) {
    const sigma = (variance - bottom) / (b * (1 - flank));
    return sigma > 0 ? { a: bottom - b * sigma * flank, b, rho, m: 0, sigma } : null;
  }
  const alpha = (beta < 0 ? -1 : 1) * Math.sqrt(1 / (beta * beta) - 1);
  const side = alpha < 0 ? -1 : 1;
  const m = (variance - bottom) / (b * (-rho + side * Math.sqrt(1 + alpha * alpha) - alpha * flank));
  const sigma = alpha * m;
  return sigma > 0 && Number.isFinite(m) ? { a: bottom - b * sigma * flank, b, rho, m, sigma } : null;
}
