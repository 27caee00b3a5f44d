/** The distance of a double from the expected one in units of the expected one's last place. */
export function ulpsApart(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(expected)));
  return Math.abs(got - expected) / 2 ** (Math.max(exponent, -1022) - 52);
}
