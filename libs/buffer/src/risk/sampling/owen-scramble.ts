/**
 * Scrambles a fraction of 2³² by nested uniform (Owen) scrambling: each binary digit is flipped by a function of the
 * seed and of all higher digits, so that a scrambled net stays a net and every point is uniform.
 *
 * A. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences" (1995), by the hash of S. Laine and T. Karras (2011) as
 * B. Burley applies it to reversed digits ("Practical hash-based Owen scrambling", JCGT 9 (2020) 1–20), with the
 * constants of N. Vegdahl (2021).
 *
 * @param value  0 … 2³² − 1
 * @param seed   0 … 2³² − 1; one per dimension
 */
export function owenScramble(value: number, seed: number): number {
  let x = reverseBits(value);
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + seed) | 0;
  x = Math.imul(x, ((seed >>> 16) | 1) >>> 0);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return reverseBits(x >>> 0);
}

/** Mixes two whole numbers into one that looks random (the finaliser of MurmurHash3). @returns 0 … 2³² − 1 */
export function hashPair(left: number, right: number): number {
  let x = (left ^ Math.imul(right + 0x7f4a7c15, 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function reverseBits(value: number): number {
  let x = value;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}
