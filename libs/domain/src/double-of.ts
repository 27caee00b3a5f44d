import type { Decimal } from './decimal';

/** Decimal words hold seven digits each, so the last one stands at one of these places behind the point. */
const wordScales: readonly number[] = [1, 1e7, 1e14, 1e21];

/**
 * Turns an exact number into the double nearest to it: the bits of `toNumber`, without writing and reading a text. One
 * division of a whole number below 2^53 by an exact power of ten is rounded once, and correctly.
 *
 * @returns NaN and infinities as they are
 *
 * @example
 * doubleOf(new Decimal('101.25')) // 101.25
 */
export function doubleOf(value: Decimal): number {
  const words = value.d as readonly number[] | null;
  if (words === null || words.length > 2) return value.toNumber();
  const digits = words.length === 1 ? (words[0] as number) : (words[0] as number) * 1e7 + (words[1] as number);
  const scale = wordScales[words.length - 1 - Math.floor(value.e / 7)];
  return scale === undefined ? value.toNumber() : (value.s * digits) / scale;
}
