/** How a path is built from independent normals, coarse movements first. */
export interface BrownianBridge {
  /** Instants of the path [years], ascending, > 0. */
  readonly times: readonly number[];
  /** Turns as many standard normals as there are times, at `offset` + k · `stride`, into W(t₁) … W(t_n). */
  readonly build: (
    normals: ArrayLike<number>,
    place: { readonly offset: number; readonly stride: number },
    path: Float64Array,
  ) => void;
}

interface BridgeStep {
  readonly target: number;
  /** −1 = the start at time 0. */
  readonly left: number;
  readonly right: number;
  readonly leftWeight: number;
  readonly rightWeight: number;
  readonly deviation: number;
}

/**
 * Prepares the Brownian-bridge construction: the end point takes the first normal, then the middle of each gap the next,
 * so that the best dimensions of a low-discrepancy set carry most variance (B. Moskowitz and R. Caflisch, 1996;
 * P. Glasserman, Monte Carlo Methods in Financial Engineering, 2003, §3.1.1).
 */
export function prepareBrownianBridge(times: readonly number[]): BrownianBridge {
  const steps: BridgeStep[] = [];
  const last = times.length - 1;
  const timeOf = (index: number) => (index < 0 ? 0 : (times[index] as number));
  steps.push({ target: last, left: -1, right: -1, leftWeight: 0, rightWeight: 0, deviation: Math.sqrt(timeOf(last)) });
  const gaps: { readonly left: number; readonly right: number }[] = [{ left: -1, right: last }];
  for (let next = 0; next < gaps.length; next += 1) {
    const { left, right } = gaps[next] as (typeof gaps)[number];
    if (right - left < 2) continue;
    const target = left + ((right - left) >> 1);
    const [from, at, to] = [timeOf(left), timeOf(target), timeOf(right)];
    const span = to - from;
    steps.push({
      target,
      left,
      right,
      leftWeight: (to - at) / span,
      rightWeight: (at - from) / span,
      deviation: Math.sqrt(((to - at) * (at - from)) / span),
    });
    gaps.push({ left, right: target }, { left: target, right });
  }
  return {
    times,
    build: (normals, { offset, stride }, path) =>
      steps.forEach(({ target, left, right, leftWeight, rightWeight, deviation }, index) => {
        const before = left < 0 ? 0 : leftWeight * (path[left] as number);
        const after = right < 0 ? 0 : rightWeight * (path[right] as number);
        path[target] = before + after + deviation * (normals[offset + index * stride] as number);
      }),
  };
}
