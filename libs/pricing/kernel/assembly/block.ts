// Columns of intermediate values for one block of rows. Every stage of a valuation is a loop of its own over a block
// that stays in the first-level cache: short loop bodies keep their values in the sixteen vector registers and let the
// processor overlap several rows, where one long body spills a hundred times per row.

/** Bytes of a column in a block: 128 rows. */
export const BLOCK: usize = 1024;

const COLUMNS = memory.data(14 * 1024 + 16, 64);

/** e^(−rate·T), then e^(−yield·T). */
export const DISCOUNT = COLUMNS;
export const GROWTH = COLUMNS + BLOCK;
/** √T, σ√T, 1/(S·σ√T). */
export const ROOT = COLUMNS + BLOCK * 2;
export const DEVIATION = COLUMNS + BLOCK * 3;
export const INVERSE = COLUMNS + BLOCK * 4;
/** x = ln(forward/strike). */
export const MONEYNESS = COLUMNS + BLOCK * 5;
/** b = s/2 − |x|/s, and a = s/2 + |x|/s capped where Mills' ratio ends. */
export const NEAR = COLUMNS + BLOCK * 6;
export const FAR = COLUMNS + BLOCK * 7;
/** G = U·φ(b) = W·φ(a), U the greater and W the smaller of discounted forward and strike. */
export const DENSITY = COLUMNS + BLOCK * 8;
/** U·Φ(−|b|) and W·Φ(−a). */
export const NEAR_TAIL = COLUMNS + BLOCK * 9;
export const FAR_TAIL = COLUMNS + BLOCK * 10;
/** S·e^(−yield·T) and K·e^(−rate·T). */
export const SPOT_NOW = COLUMNS + BLOCK * 11;
export const STRIKE_NOW = COLUMNS + BLOCK * 12;
/** All ones where every bound of the box holds. */
export const ACCEPTED = COLUMNS + BLOCK * 13;
/** Greatest |rate·T| + |yield·T| of the block, one per lane. */
export const GREATEST_CARRY = COLUMNS + BLOCK * 14;
