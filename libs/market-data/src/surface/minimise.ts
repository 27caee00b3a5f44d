/** A point of the plane. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Finds a minimum of a function of two variables by the simplex of Nelder and Mead (1965), without randomness: equal
 * input gives equal bits.
 *
 * @param objective  finite or Infinity everywhere
 * @param start      first corner of the simplex
 * @param step       length of its two edges along the axes, ≠ 0
 * @returns the best corner after the simplex has shrunk below 1e-8 of its size or 400 steps
 */
export function minimiseInPlane(
  objective: (x: number, y: number) => number,
  start: PlanePoint,
  step: PlanePoint,
): PlanePoint & { readonly value: number } {
  const cornerAt = (x: number, y: number): Corner => ({ x, y, value: objective(x, y) });
  let corners: [Corner, Corner, Corner] = [
    cornerAt(start.x, start.y),
    cornerAt(start.x + step.x, start.y),
    cornerAt(start.x, start.y + step.y),
  ];
  for (let iteration = 0; iteration < iterationsMaximum; iteration += 1) {
    corners = [...corners].sort((left, right) => left.value - right.value) as [Corner, Corner, Corner];
    const [best, middle, worst] = corners;
    if (isSmall(corners, step)) break;
    const centre = { x: (best.x + middle.x) / 2, y: (best.y + middle.y) / 2 };
    const along = (factor: number): Corner =>
      cornerAt(centre.x + factor * (worst.x - centre.x), centre.y + factor * (worst.y - centre.y));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      corners[2] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < middle.value) corners[2] = reflected;
    else {
      const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[2] = contracted;
      else {
        corners[1] = cornerAt((best.x + middle.x) / 2, (best.y + middle.y) / 2);
        corners[2] = cornerAt((best.x + worst.x) / 2, (best.y + worst.y) / 2);
      }
    }
  }
  return corners.reduce((least, corner) => (corner.value < least.value ? corner : least));
}

interface Corner extends PlanePoint {
  readonly value: number;
}

const iterationsMaximum = 400;

function isSmall([first, second, third]: readonly [Corner, Corner, Corner], step: PlanePoint): boolean {
  const width = Math.max(Math.abs(first.x - second.x), Math.abs(first.x - third.x)) / Math.abs(step.x);
  const height = Math.max(Math.abs(first.y - second.y), Math.abs(first.y - third.y)) / Math.abs(step.y);
  return Math.max(width, height) < 1e-8;
}
