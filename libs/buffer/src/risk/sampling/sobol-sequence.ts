import { sobolDimensions, sobolRows } from './sobol-directions';

const bits = 32;

/**
 * Computes the direction integers v₁ … v₃₂ of every dimension, scaled by 2³² (Bratley and Fox, ACM TOMS 14 (1988) 88–100).
 *
 * @param dimensions  1 … 128
 */
export function sobolDirections(dimensions: number): readonly Uint32Array[] {
  const result: Uint32Array[] = [Uint32Array.from({ length: bits }, (_, bit) => (2 ** (31 - bit)) >>> 0)];
  for (const { degree, coefficients, initial } of sobolRows.slice(0, dimensions - 1)) {
    const directions = new Uint32Array(bits);
    for (let bit = 0; bit < bits; bit += 1) {
      const given = initial[bit];
      if (given !== undefined) {
        directions[bit] = (given << (31 - bit)) >>> 0;
        continue;
      }
      const old = directions[bit - degree] as number;
      let next = old ^ (old >>> degree);
      for (let place = 1; place < degree; place += 1)
        if ((coefficients >>> (degree - 1 - place)) & 1) next ^= directions[bit - place] as number;
      directions[bit] = next >>> 0;
    }
    result.push(directions);
  }
  return result.slice(0, Math.min(dimensions, sobolDimensions));
}

/**
 * Point `index` of one dimension of the Sobol sequence in Gray-code order, as a fraction of 2³².
 *
 * @param index  0 … 2³² − 1
 */
export function sobolBits(directions: Uint32Array, index: number): number {
  let gray = (index ^ (index >>> 1)) >>> 0;
  let value = 0;
  for (let bit = 0; gray !== 0; bit += 1, gray >>>= 1) if (gray & 1) value ^= directions[bit] as number;
  return value >>> 0;
}
