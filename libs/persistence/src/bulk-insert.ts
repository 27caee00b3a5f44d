import { type BinaryElement, toBinaryArray } from './binary-array';

/**
 * Column names and types of a bulk insert, in the order of its rows. Besides the types of Postgres, `words` is a list of
 * texts packed as JSON, because an array parameter holds no lists of different lengths.
 */
export type BulkColumns = readonly (readonly [name: string, type: string])[];

/** One value of a row. Exact numbers come as plain digits, instants in RFC 3339, documents as JSON. */
export type BulkValue = string | number | Uint8Array | null;

/**
 * Writes the pieces of an `INSERT … SELECT` that takes one array parameter per column.
 *
 * @param first  number of the first array parameter
 */
export function bulkSource(
  columns: BulkColumns,
  first: number,
): { readonly names: string; readonly select: string; readonly from: string } {
  const arrays = columns.map(([, type], index) => `$${first + index}::${elementOf(type)}[]`).join(', ');
  const names = columns.map(([name]) => name).join(', ');
  const select = columns.map(([name, type]) => selected(`r.${name}`, type)).join(', ');
  return { names, select, from: `unnest(${arrays}) AS r (${names})` };
}

/** Makes the parameters that `bulkSource` refers to. */
export function bulkParameters(columns: BulkColumns, rows: readonly (readonly BulkValue[])[]): Buffer[] {
  return columns.map(([, type], column) =>
    toBinaryArray(
      elementOf(type),
      rows.map((row) => row[column] ?? null),
    ),
  );
}

function elementOf(type: string): BinaryElement {
  return type === 'bytea' ? 'bytea' : 'text';
}

function selected(column: string, type: string): string {
  if (type === 'words')
    return `CASE WHEN ${column} = '[]' THEN '{}' ELSE ARRAY(SELECT json_array_elements_text(${column}::json)) END`;
  return type === elementOf(type) ? column : `${column}::${type}`;
}
