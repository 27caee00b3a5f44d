/**
 * Writes a fraction as a percentage with its sign and at most two decimals, for labels: `+15 %`, `−6.67 %`, `0 %`.
 * The minus is U+2212.
 *
 * @example
 * signedPercent(-0.15) // '−15 %'
 */
export function signedPercent(fraction: number): string {
  const percent = Math.round(fraction * 10_000) / 100;
  if (percent === 0) return '0 %';
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`;
}
