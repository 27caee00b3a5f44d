import { buildMillsRatioTable, COEFFICIENTS, INTERVALS_PER_UNIT, TABLE_END } from './mills-ratio-table';

/** [z, M(z), M′(z)] at three centres: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const CENTRES = [
  [0.0625, 1.1931829647319152, -0.9254260647042553],
  [2.5625, 0.34725036558519645, -0.11017093818793403],
  [7.9375, 0.12407302111319095, -0.015170394914046807],
] as const;

describe("the table of Mills' ratio", () => {
  const table = buildMillsRatioTable();

  it('has one row per interval', () => {
    expect(table).toHaveLength(TABLE_END * INTERVALS_PER_UNIT * COEFFICIENTS);
    expect(table.every(Number.isFinite)).toBe(true);
  });

  it.each(CENTRES)('holds correctly rounded coefficients at %d', (z, value, slope) => {
    const interval = Math.floor(z * INTERVALS_PER_UNIT);
    expect(table[interval * COEFFICIENTS]).toBe(value);
    expect(table[interval * COEFFICIENTS + 1]).toBe(slope);
  });

  it('alternates in sign, as the derivatives of Mills\u2019 ratio do', () => {
    table.forEach((coefficient, index) => {
      expect(Math.sign(coefficient)).toBe((index % COEFFICIENTS) % 2 === 0 ? 1 : -1);
    });
  });
});
