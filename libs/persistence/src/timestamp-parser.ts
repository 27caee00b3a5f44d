import { types as pgTypes } from 'pg';

/** Instants remembered at most. */
const capacity = 1_024;

/**
 * Makes a reader of `timestamptz` as Postgres writes it that remembers what it read: the quotes of a market and the contracts of
 * a firm state few instants, each of them thousands of times.
 *
 * @returns what the driver's own reader returns: a Date of its own for each call, or ±Infinity
 */
export function makeTimestampParser(): (text: string) => unknown {
  const parse = pgTypes.getTypeParser(pgTypes.builtins.TIMESTAMPTZ) as (text: string) => unknown;
  const known = new Map<string, number>();
  return (text) => {
    const milliseconds = known.get(text);
    if (milliseconds !== undefined) return new Date(milliseconds);
    const read = parse(text);
    if (!(read instanceof Date)) return read;
    if (known.size >= capacity) known.clear();
    known.set(text, read.getTime());
    return read;
  };
}
