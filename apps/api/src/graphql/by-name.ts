import { UseCaseError } from '@ballast/use-cases';

/** Turns rows of an input, one per underlying, into a record. @throws UseCaseError 'BAD_USER_INPUT' for one named twice */
export function byName<Row extends { readonly underlying: string }, Value>(
  rows: readonly Row[],
  read: (row: Row) => Value,
  field: string,
): Record<string, Value> {
  const found = new Map<string, Value>();
  for (const row of rows) {
    if (found.has(row.underlying))
      throw new UseCaseError('BAD_USER_INPUT', `${field}: ${row.underlying} is named twice`, field);
    found.set(row.underlying, read(row));
  }
  return Object.fromEntries(found);
}
