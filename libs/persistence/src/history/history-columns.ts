import type { TenantTransaction } from '../tenant';

/** A chained table as the catalogs and the registry describe it. */
export interface ChainedTable {
  readonly name: string;
  /** Written once more when a row is closed; a range among them keeps its lower end in the row's own hash. */
  readonly closingColumns: readonly string[];
  /** Condition on row `r` that holds until the row is closed; null when rows are never closed. */
  readonly openCondition: string | null;
  /** In order of the table. */
  readonly columns: readonly {
    readonly name: string;
    readonly isRange: boolean;
    readonly isKey: boolean;
    /** Built-in type that its binary form is written as. */
    readonly builtIn: string;
  }[];
  /** Column that decides the monthly partition; null for an unpartitioned table. */
  readonly partitionColumn: string | null;
  /** Starts of the monthly partitions that exist. */
  readonly months: readonly string[];
}

/** INSERT: the row as it was written. CLOSE: what closing it added. KEY: the columns that name it within the firm. */
export type RowPart = 'INSERT' | 'CLOSE' | 'KEY';

/** Month of rows of an unpartitioned table. */
export const noMonth = '-infinity';

/** Reads which tables are chained and what columns they have. */
export async function readChainedTables(tx: TenantTransaction): Promise<ChainedTable[]> {
  const rows = await tx.rows<{
    name: string;
    closing: string[];
    open: string | null;
    columns: ChainedTable['columns'];
    partition_column: string | null;
    months: string[] | null;
  }>(`
    SELECT t.table_name AS name, t.closing_columns AS closing, t.open_condition AS open,
      (SELECT json_agg(json_build_object('name', a.attname, 'isRange', a.atttypid = 'tstzrange'::regtype,
         'builtIn', CASE WHEN b.oid < 16384 AND b.typelem < 16384 THEN format_type(b.oid, NULL) ELSE 'text' END,
         'isKey', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey))) ORDER BY a.attnum)
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      (SELECT a.attname FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
       WHERE p.partrelid = c.oid) AS partition_column,
      (SELECT array_agg(substring(pg_get_expr(k.relpartbound, k.oid) FROM 'FROM \\(''([^'']+)''\\)') ORDER BY k.relname)
       FROM pg_inherits h JOIN pg_class k ON k.oid = h.inhrelid WHERE h.inhparent = c.oid) AS months
    FROM public.history_tables t JOIN pg_class c ON c.oid = to_regclass('public.' || quote_ident(t.table_name))
    ORDER BY t.table_name COLLATE "C"`);
  return rows.map(({ name, closing, open, columns, partition_column: partitionColumn, months }) => {
    return { name, closingColumns: closing, openCondition: open, columns, partitionColumn, months: months ?? [] };
  });
}

/**
 * SQL of the canonical text of row `r`: `name:length:value` of every value that is not NULL, in order of the name, length
 * in bytes of UTF-8. No two contents share a text, and a column that is added later and left NULL changes none. Built here
 * from the catalogs, not taken from the database's own functions: whoever can rewrite rows could rewrite those too.
 */
export function canonicalRowText(table: ChainedTable, part: RowPart): string {
  const parts = table.columns
    .filter(({ name }) => name !== 'batch' && name !== 'closing_batch')
    .filter(({ name, isRange, isKey }) => {
      const isClosing = table.closingColumns.includes(name);
      if (part === 'KEY') return isKey && name !== 'firm_id';
      return part === 'CLOSE' ? isClosing || isKey : !isClosing || isRange;
    })
    .map(({ name }) => {
      const isLowerEnd = part === 'INSERT' && table.closingColumns.includes(name);
      const value = isLowerEnd ? `lower(r.${quoted(name)})::text` : `r.${quoted(name)}::text`;
      return { name, text: `'${name}:' || octet_length(${value})::text || ':' || ${value}` };
    });
  parts.sort((left, right) => (left.name < right.name ? -1 : 1));
  return `concat(${parts.map(({ text }) => text).join(', ')})`;
}

/**
 * SQL of the binary form of row `r`: that of its first columns, in order of the table, and the canonical text of what was
 * added later and is not NULL. Of the key: of its columns but the firm.
 */
function binaryRow(table: ChainedTable, part: 'INSERT' | 'KEY', count: number): string {
  const all = table.columns.filter(({ name }) => name !== 'batch' && name !== 'closing_batch');
  const written = part === 'KEY' ? all.filter(({ isKey, name }) => isKey && name !== 'firm_id') : all.slice(0, count);
  const form = `record_send(ROW(${written.map(({ name, builtIn }) => `r.${quoted(name)}::${builtIn}`).join(', ')}))`;
  const later = part === 'KEY' ? [] : all.slice(count);
  if (later.length === 0) return form;
  return `${form} || convert_to(${canonicalRowText({ ...table, columns: later }, part)}, 'UTF8')`;
}

/**
 * SQL of the hashes of a table's rows: columns batch, month, key, place (what rows are ordered by), hash, in the form that the
 * row's batch says its hashes have. Times are cut to months in UTC.
 */
export function hashedRows(
  chunk: {
    readonly table: ChainedTable;
    readonly part: 'INSERT' | 'CLOSE';
    readonly month: string;
    readonly forms: readonly (number | null)[];
  },
  condition: string,
): string {
  const { table, part, month, forms } = chunk;
  const stamp = part === 'CLOSE' ? 'closing_batch' : 'batch';
  const [key, text] = [canonicalRowText(table, 'KEY'), canonicalRowText(table, part)];
  // Rows of one form need not ask their batch for it; one that no batch vouches for is found whatever its hash.
  const [only = null] = forms;
  const each = (expression: (count: number | null) => string): string =>
    forms.length < 2
      ? expression(only)
      : `CASE ${forms.map((form) => `WHEN b.binary_columns IS NOT DISTINCT FROM ${form} THEN ${expression(form)}`).join(' ')} END`;
  const sealed =
    forms.length < 2
      ? ''
      : `LEFT JOIN public.history_batches b ON b.firm_id = r.firm_id AND b.table_name = '${table.name}' AND b.part = '${part}'
      AND b.batch = r.${stamp} AND b.month = '${month}'::timestamptz`;
  const place = (form: number | null): string =>
    form === null ? `convert_to(${key}, 'UTF8')` : binaryRow(table, 'KEY', form);
  const whole = (form: number | null): string =>
    form === null ? `convert_to(${text}, 'UTF8')` : binaryRow(table, 'INSERT', form);
  return `SELECT r.${stamp} AS batch, ${key} AS key,
    ${each(place)} AS place, sha256(coalesce(${each(whole)}, '')) AS hash
    FROM public.${quoted(table.name)} r ${sealed}
    WHERE r.${stamp} IS NOT NULL AND ${condition}`;
}

/** Turns the canonical text of a key into words: `account_id 0195…, run_id 0195…`. */
export function describeKey(canonical: string): string {
  const bytes = Buffer.from(canonical, 'utf8');
  const words: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const nameEnd = bytes.indexOf(':', start);
    const lengthEnd = bytes.indexOf(':', nameEnd + 1);
    const length = Number(bytes.subarray(nameEnd + 1, lengthEnd).toString());
    const value = bytes.subarray(lengthEnd + 1, lengthEnd + 1 + length).toString();
    words.push(`${bytes.subarray(start, nameEnd).toString()} ${value}`);
    start = lengthEnd + 1 + length;
  }
  return words.join(', ');
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
