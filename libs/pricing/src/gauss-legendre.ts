/**
 * Gauss-Legendre quadrature from IEEE arithmetic only, so every engine integrates with the same nodes.
 */

/** Nodes in increasing order and their weights, for integrals over [0, 1]. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Computes the Gauss-Legendre rule on [0, 1]: exact for polynomials of degree 2·points − 1.
 *
 * Newton's method on the three-term recurrence of the Legendre polynomials.
 *
 * @param points  number of nodes, 1 … 200
 */
export function gaussLegendre(points: number): QuadratureRule {
  const nodes = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < (points + 1) >> 1; i++) {
    let z = firstGuess(i, points);
    let slope = 0;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const value = legendre(points, z);
      slope = (points * (legendre(points - 1, z) - z * value)) / (1 - z * z);
      z -= value / slope;
    }
    const weight = 1 / ((1 - z * z) * slope * slope);
    nodes[i] = 0.5 * (1 - z);
    nodes[points - 1 - i] = 0.5 * (1 + z);
    weights[i] = weight;
    weights[points - 1 - i] = weight;
  }
  return { nodes, weights };
}

function legendre(degree: number, z: number): number {
  let value = 1;
  let previous = 0;
  for (let k = 0; k < degree; k++) {
    const next = ((2 * k + 1) * z * value - k * previous) / (k + 1);
    previous = value;
    value = next;
  }
  return value;
}

/** cos(π(i + ¾)/(points + ½)) by its Taylor polynomial: the argument is at most π/2, and Newton does the rest. */
function firstGuess(i: number, points: number): number {
  const angle = (Math.PI * (i + 0.75)) / (points + 0.5);
  const square = angle * angle;
  return 1 - (square / 2) * (1 - (square / 12) * (1 - (square / 30) * (1 - (square / 56) * (1 - square / 90))));
}

const NEWTON_STEPS = 8;
