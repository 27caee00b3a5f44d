const [tab, minus, zero, nine] = [0x09, 0x2d, 0x30, 0x39];
/** So many digits make a whole number that a float holds exactly. */
const digitsMaximum = 15;

/**
 * Reads whole numbers ≠ 0 of a list of digits.
 *
 * @param list  plain digits separated by tabs, with a minus sign where negative
 * @param into  has room for as many numbers as the list has
 * @returns how many they are; −1 when one of them is 0 or no whole number, or too large to be held exactly for sure
 */
export function readWholeNumbers(list: string, into: Float64Array): number {
  const { length } = list;
  let count = 0;
  let at = 0;
  while (at <= length) {
    const isNegative = list.charCodeAt(at) === minus;
    const start = isNegative ? at + 1 : at;
    let value = 0;
    let next = start;
    for (; next < length; next += 1) {
      const digit = list.charCodeAt(next);
      if (digit === tab) break;
      if (digit < zero || digit > nine) return -1;
      value = 10 * value + (digit - zero);
    }
    if (value === 0 || next - start > digitsMaximum) return -1;
    into[count++] = isNegative ? -value : value;
    at = next + 1;
  }
  return count;
}

/** Whether each name of a list comes after the one before it. @param list  separated by tabs */
export function isAscendingList(list: string): boolean {
  let before = 0;
  for (let tabAt = list.indexOf('\t'); tabAt >= 0;) {
    const next = tabAt + 1;
    const nextTab = list.indexOf('\t', next);
    if (!isBefore(list, before, tabAt, next, nextTab < 0 ? list.length : nextTab)) return false;
    before = next;
    tabAt = nextTab;
  }
  return true;
}

/** Compares two stretches of a text as texts are compared. */
function isBefore(list: string, left: number, leftEnd: number, right: number, rightEnd: number): boolean {
  let index = 0;
  for (; left + index < leftEnd && right + index < rightEnd; index += 1) {
    const difference = list.charCodeAt(left + index) - list.charCodeAt(right + index);
    if (difference !== 0) return difference < 0;
  }
  return left + index === leftEnd && right + index < rightEnd;
}
