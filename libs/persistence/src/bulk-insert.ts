import { type BinaryElement, toBinaryArray } from './binary-array';

/**
 * Column names and types of a bulk insert, in the order of its rows. Besides the types of Postgres, `words` is a list of
 * texts packed as JSON, because an array parameter holds no lists of different lengths, and `hash` bytes that come as
 * hexadecimal digits.
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
  const arrays = columns.map(([, type], index) => `$${first + index}::${sentAs(type)}[]`).join(', ');
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

/** A column of a bulk insert with its values, one for each row. */
export interface FilledColumn {
  readonly name: string;
  readonly type: string;
  readonly values: readonly BulkValue[];
}

/**
 * Writes the pieces of an `INSERT … SELECT` together with its parameters. A column whose rows all hold one value travels
 * once, as a parameter of its own type, and is neither packed, unpacked nor cast row by row; the others as `bulkSource` says.
 *
 * @param columns  all of one length
 * @param first    number of the first parameter
 */
export function bulkFilled(
  columns: readonly FilledColumn[],
  first: number,
): { readonly names: string; readonly select: string; readonly from: string; readonly parameters: BulkParameter[] } {
  const isShared = columns.map(({ values }) => values.length > 1 && holdsOneValue(values));
  // Something has to say how many rows there are.
  if (isShared.every(Boolean)) isShared[0] = false;
  const parameters: BulkParameter[] = [];
  const select: string[] = [];
  const arrays: string[] = [];
  const unpacked: string[] = [];
  columns.forEach(({ name, type, values }, column) => {
    const placeholder = `$${first + parameters.length}`;
    if (isShared[column] === true) {
      const [value = null] = values;
      parameters.push(type === 'hash' && typeof value === 'string' ? Buffer.from(value, 'hex') : value);
      select.push(type === 'words' ? selected(`${placeholder}::text`, type) : `${placeholder}::${storedAs(type)}`);
      return;
    }
    parameters.push(toBinaryArray(elementOf(type), values));
    arrays.push(`${placeholder}::${sentAs(type)}[]`);
    unpacked.push(name);
    select.push(selected(`r.${name}`, type));
  });
  const names = columns.map(({ name }) => name).join(', ');
  const from = `unnest(${arrays.join(', ')}) AS r (${unpacked.join(', ')})`;
  return { names, select: select.join(', '), from, parameters };
}

/** A value, or a column of values. */
export type BulkParameter = BulkValue | Buffer;

function holdsOneValue(values: readonly BulkValue[]): boolean {
  const [value = null] = values;
  return values.every((other) => {
    if (other === value) return true;
    return value instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(value, other) === 0;
  });
}

function elementOf(type: string): BinaryElement {
  if (type === 'hash') return 'hexadecimal';
  return type === 'bytea' || type === 'uuid' ? type : 'text';
}

/** Type of the elements of a parameter. */
function sentAs(type: string): string {
  const element = elementOf(type);
  return element === 'hexadecimal' ? 'bytea' : element;
}

function storedAs(type: string): string {
  return type === 'hash' ? 'bytea' : type;
}

function selected(column: string, type: string): string {
  if (type === 'words')
    return `CASE WHEN ${column} = '[]' THEN '{}' ELSE ARRAY(SELECT json_array_elements_text(${column}::json)) END`;
  return storedAs(type) === sentAs(type) ? column : `${column}::${type}`;
}
