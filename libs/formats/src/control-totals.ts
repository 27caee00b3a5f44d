// What the sender says a file holds: `rows=3,quantity=498`, on the command line or in the last line of the file.
import { Decimal, describeValue, parseDecimal } from '@ballast/domain';
import type { FileProblem } from './file-refusal';

/** Totals announced by the sender; a file that adds up to something else is refused as a whole. */
export interface ControlTotals {
  /** Rows of data: neither the header nor the trailer counts. */
  readonly rows?: number;
  /** Sum of a column over all rows, negative values included: `quantity` of positions, `amount` of balances. */
  readonly sums: Readonly<Record<string, Decimal>>;
  /** SHA-256 of the bytes of the file, 64 hexadecimal digits. */
  readonly sha256?: string;
}

/** First cell of the trailer: a last line such as `#control,rows=3,quantity=498`. */
export const trailerMark = '#control';

/**
 * Reads announced totals, each as `name=value`.
 *
 * @param sumNames  columns this kind of file has a sum of
 * @throws Error saying which total is wrong
 */
export function parseControlTotals(totals: readonly string[], sumNames: readonly string[]): ControlTotals {
  const known = ['rows', ...sumNames, 'sha256'];
  const values = new Map<string, string>();
  for (const total of totals) {
    const at = total.indexOf('=');
    const name = total.slice(0, Math.max(at, 0));
    if (!known.includes(name)) {
      throw new Error(`control total ${describeValue(total)}: expected ${known.map((each) => `${each}=…`).join(', ')}`);
    }
    if (values.has(name)) throw new Error(`control total ${name}: announced twice`);
    values.set(name, total.slice(at + 1));
  }
  if (values.size === 0) throw new Error(`control totals: expected ${known.map((each) => `${each}=…`).join(', ')}`);
  const rows = values.get('rows');
  if (rows !== undefined && !/^\d{1,10}$/.test(rows)) {
    throw new Error(`control total rows: expected a number of rows, got ${describeValue(rows)}`);
  }
  const sha256 = values.get('sha256');
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new Error(`control total sha256: expected 64 hexadecimal digits, got ${describeValue(sha256)}`);
  }
  const sums = sumNames.flatMap((name) => {
    const text = values.get(name);
    return text === undefined ? [] : [[name, parseDecimal(text, `control total ${name}`)] as const];
  });
  return {
    ...(rows === undefined ? {} : { rows: Number(rows) }),
    sums: Object.fromEntries(sums),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
  };
}

/** What a file really holds. */
export interface CountedTotals {
  readonly rows: number;
  readonly sums: Readonly<Record<string, Decimal>>;
  readonly sha256: string;
}

/** Compares what was announced with what was found. @returns one problem per total that does not hold */
export function findControlBreaks(
  announced: ControlTotals,
  found: CountedTotals,
  place: { readonly file: string; readonly line?: number },
): FileProblem[] {
  const breaks: FileProblem[] = [];
  const compare = (column: string, expected: string | undefined, actual: string): void => {
    if (expected === undefined || expected === actual) return;
    const reason = `control total: ${expected} ${column} announced, ${actual} found; nothing is stored`;
    breaks.push({ ...place, column, value: expected, reason });
  };
  compare('rows', announced.rows?.toString(), String(found.rows));
  for (const [name, sum] of Object.entries(announced.sums)) {
    compare(name, sum.toFixed(), (found.sums[name] ?? new Decimal(0)).toFixed());
  }
  compare('sha256', announced.sha256, found.sha256);
  return breaks;
}
