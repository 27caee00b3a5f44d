import type { Account, Methodology } from '@ballast/domain';
import type { BufferStatus } from '../buffer-status';
import { type KeysetCursors, keyParts, type Page } from '../keyset-page';
import { RecentRecords } from '../recent-records';
import { parseRecordTexts } from '../record-text';
import { instantFromText } from '../row-values';
import type { TenantTransaction } from '../tenant';
import type { RequirementKey } from './requirement-key';

export interface AccountFilter {
  readonly methodology?: Methodology;
  readonly baseCurrency?: string;
  /** Status of the newest buffer observation; accounts never observed match none. */
  readonly statuses?: readonly BufferStatus[];
  /** Part of code or name, in any case. */
  readonly search?: string;
}

export interface AccountOrder {
  readonly field: 'CODE' | 'BUFFER_RATIO';
  readonly direction: 'ASC' | 'DESC';
}

/** An account, with the key of its newest requirement as the same statement found it. Never changed, so it may be kept. */
export interface ListedAccount extends Account {
  /** Null when no run has seen the account. */
  readonly newest: RequirementKey | null;
}

interface ListedRow {
  readonly account: ListedAccount;
  readonly ratio: string | null;
}

/** One statement of a list; a list by ratio is those that have one, in order of an index, then the others. */
interface ListPart {
  /** Texts of rows in order, in at most one row; the limit is the last parameter. */
  readonly sql: (limit: string) => string;
  readonly parameters: readonly unknown[];
  /** What the planner shall not choose while another way exists. */
  readonly avoid?: 'sort' | 'nested loop';
  /** Set when the text never varies. */
  readonly plan?: string;
}

/** A row as one text that names its values exactly: what was read before is known again without being taken apart. */
const listedText = `ROW(a.account_id, a.code, a.name, a.base_currency, a.methodology, b.buffer_ratio,
  (extract(epoch FROM b.at) * 1000)::bigint, b.run_id)::text`;

/** Looked up by the whole key whatever the planner believes: it takes the policies for more selective than they are. */
const itsAccount = (of: string) => `CROSS JOIN LATERAL (SELECT * FROM accounts a
  WHERE a.firm_id = ${of}.firm_id AND a.account_id = ${of}.account_id OFFSET 0) a`;
const itsBuffer = `LEFT JOIN LATERAL (SELECT * FROM latest_buffers b
  WHERE b.firm_id = a.firm_id AND b.account_id = a.account_id OFFSET 0) b ON true`;

export const listedById = `SELECT ${listedText} FROM accounts a ${itsBuffer} WHERE a.account_id = ANY ($1::uuid[])`;
export const listedByCode = `SELECT ${listedText} FROM accounts a ${itsBuffer} WHERE a.code = ANY ($1::text[])`;

const inOneText = (rows: string) => `SELECT string_agg(l.listed, E'\\n') FROM (${rows}) l`;

const planning = { sort: 'enable_sort', 'nested loop': 'enable_nestloop' } as const;
const setPlanning = `SELECT set_config($1, $2, true)`;

/** Rows and pages kept, together some 10 MB; a page holds at most 500 rows, as a rule 50. */
const rowsMaximum = 5_000;
const pagesMaximum = 100;
/** Longest text of a page that is kept. */
const pageTextMaximum = 20_000;

/**
 * Reads listed accounts. Equal texts give the same objects, as long as they are kept: whoever keeps what he made of a row or
 * a page finds it again. A text was just returned by the caller's own statement, so this shows nobody anything.
 */
export class ListedAccounts {
  private readonly rows = new RecentRecords<ListedRow>(rowsMaximum);
  private readonly texts = new RecentRecords<readonly ListedRow[]>(pagesMaximum);
  private readonly pages = new WeakMap<readonly ListedRow[], Map<string, Page<ListedAccount>>>();

  /** @param text  of one row */
  row(text: string): ListedRow {
    let row = this.rows.get(text);
    if (row === undefined) {
      row = toRow(parseRecordTexts(text)[0] as (string | null)[]);
      this.rows.set(text, row);
    }
    return row;
  }

  /** Reads the parts of a list one after the other until there are enough rows. */
  async read(tx: TenantTransaction, parts: readonly ListPart[], wanted: number): Promise<readonly ListedRow[]> {
    let found: readonly ListedRow[] = [];
    for (const part of parts) {
      if (found.length >= wanted) break;
      const text = await readPart(tx, part, wanted - found.length);
      if (text === '') continue;
      const rows = this.rowsOf(text);
      found = found.length === 0 ? rows : [...found, ...rows];
    }
    return found;
  }

  /** One page of rows, without the row that was read to learn whether there is more. */
  page(
    rows: readonly ListedRow[],
    cursors: KeysetCursors,
    { first, orderBy }: { readonly first: number; readonly orderBy: AccountOrder },
  ): Page<ListedAccount> {
    const name = `${cursors.list} ${first}`;
    const made = this.pages.get(rows) ?? new Map<string, Page<ListedAccount>>();
    let page = made.get(name);
    if (page === undefined) {
      page = cursors.toPage(rows, first, ({ account, ratio }) => ({
        node: account,
        key: [orderBy.field === 'CODE' ? account.code : ratio, account.id],
      }));
      this.pages.set(rows, made.set(name, page));
    }
    return page;
  }

  private rowsOf(text: string): readonly ListedRow[] {
    if (text.length > pageTextMaximum) return parseRecordTexts(text).map(toRow);
    let rows = this.texts.get(text);
    if (rows === undefined) {
      rows = parseRecordTexts(text).map(toRow);
      this.texts.set(text, rows);
    }
    return rows;
  }
}

function toRow([id, code, name, baseCurrency, methodology, ratio, at, runId]: (string | null)[]): ListedRow {
  const newest = at == null || runId == null ? null : { accountId: id as string, asOf: instantFromText(at), runId };
  const account = {
    id: id as string,
    code: code as string,
    name: name as string,
    baseCurrency: baseCurrency as string,
    methodology: methodology as Methodology,
    newest,
  };
  return { account, ratio: ratio ?? null };
}

async function readPart(tx: TenantTransaction, part: ListPart, limit: number): Promise<string> {
  const { avoid, plan } = part;
  const sql = part.sql(`$${part.parameters.length + 1}`);
  const parameters = [...part.parameters, limit];
  if (plan !== undefined) return (await tx.texts(sql, parameters, plan))[0]?.[0] ?? '';
  if (avoid !== undefined) await tx.rows(setPlanning, [planning[avoid], 'off']);
  const [row] = await tx.rows<{ string_agg: string | null }>(sql, parameters);
  if (avoid !== undefined) await tx.rows(setPlanning, [planning[avoid], 'on']);
  return row?.string_agg ?? '';
}

export function filterCondition(filter: AccountFilter): { readonly terms: string[]; readonly parameters: unknown[] } {
  const terms: string[] = [];
  const parameters: unknown[] = [];
  const add = (value: unknown, term: (placeholder: string) => string): void => {
    parameters.push(value);
    terms.push(term(`$${parameters.length}`));
  };
  if (filter.methodology !== undefined) add(filter.methodology, (p) => `a.methodology = ${p}`);
  if (filter.baseCurrency !== undefined) add(filter.baseCurrency, (p) => `a.base_currency = ${p}`);
  if (filter.statuses !== undefined) add([...filter.statuses], (p) => `b.status = ANY (${p}::text[])`);
  if (filter.search !== undefined) {
    add(filter.search, (p) => `position(lower(${p}::text) IN lower(a.code || ' ' || a.name)) > 0`);
  }
  return { terms, parameters };
}

/** Key of the last row seen. @throws PersistenceError 'VALUE_REFUSED' for a cursor of another list */
export function decodeAfter(cursors: KeysetCursors, { field }: AccountOrder, text: string): (string | null)[] {
  const value = field === 'CODE' ? keyParts.identifier : { ...keyParts.decimal, nullable: true };
  return cursors.decode(text, [value, keyParts.uuid]);
}

/** @param after  key of the last row seen; null at the beginning */
export function listParts(
  order: AccountOrder,
  filter: AccountFilter,
  after: readonly (string | null)[] | null,
): readonly ListPart[] {
  if (order.field === 'CODE') return [partByCode(order, filter, after)];
  const [value = null] = after ?? [];
  const rest = partWithoutRatio(filter, after !== null && value === null ? (after[1] ?? null) : null);
  return after !== null && value === null ? [rest] : [partByRatio(order, filter, after), rest];
}

/** A code is that of one account, so it alone tells what follows. */
function partByCode(
  { direction }: AccountOrder,
  filter: AccountFilter,
  after: readonly (string | null)[] | null,
): ListPart {
  const { terms, parameters } = filterCondition(filter);
  const name = `accounts-by-code-${direction}`;
  const isWhole = terms.length === 0;
  if (after !== null) {
    terms.push(`a.code ${direction === 'ASC' ? '>' : '<'} $${parameters.length + 1}`);
    parameters.push(after[0]);
  }
  const where = [...terms, 'true'].join(' AND ');
  const order = `a.code ${direction}`;
  const page = (limit: string) =>
    isWhole
      ? `(SELECT a.* FROM accounts a WHERE ${where} ORDER BY ${order} LIMIT ${limit}) a ${itsBuffer} ORDER BY ${order}`
      : `accounts a LEFT JOIN latest_buffers b ON b.firm_id = a.firm_id AND b.account_id = a.account_id
          WHERE ${where} ORDER BY ${order} LIMIT ${limit}`;
  return {
    sql: (limit) => inOneText(`SELECT ${listedText} AS listed FROM ${page(limit)}`),
    parameters,
    ...(isWhole ? { plan: after === null ? name : `${name}-after` } : {}),
  };
}

/** Accounts with a ratio: the page is cut from the index before accounts are joined, so nothing sorts the firm. */
function partByRatio(
  { direction }: AccountOrder,
  filter: AccountFilter,
  after: readonly (string | null)[] | null,
): ListPart {
  const { terms, parameters } = filterCondition(filter);
  const ofBuffersOnly = isOfBuffersOnly(filter);
  const name = `accounts-by-ratio-${direction}-${filter.statuses === undefined ? 'all' : 'some'}`;
  const [first, second] = [`$${parameters.length + 1}`, `$${parameters.length + 2}`];
  if (after === null) terms.push('b.ratio_key IS NOT NULL');
  else {
    const beyond = direction === 'ASC' ? '>' : '<';
    // The double finds the place in the index; the exact number decides among those that share it.
    const tie = `b.buffer_ratio = ${first}::numeric AND b.account_id > ${second}::uuid`;
    terms.push(
      `b.ratio_key ${beyond}= ${first}::numeric::float8`,
      `(b.buffer_ratio ${beyond} ${first}::numeric OR (${tie}))`,
    );
    parameters.push(...after);
  }
  const where = terms.join(' AND ');
  const order = `b.ratio_key ${direction}, b.buffer_ratio ${direction}, b.account_id`;
  const page = (limit: string) =>
    ofBuffersOnly
      ? `(SELECT b.* FROM latest_buffers b WHERE ${where} ORDER BY ${order} LIMIT ${limit}) b
          ${itsAccount('b')} ORDER BY ${order}`
      : `latest_buffers b ${itsAccount('b')} WHERE ${where} ORDER BY ${order} LIMIT ${limit}`;
  return {
    sql: (limit) => inOneText(`SELECT ${listedText} AS listed FROM ${page(limit)}`),
    parameters,
    ...(ofBuffersOnly ? { plan: after === null ? name : `${name}-after` } : { avoid: 'sort' as const }),
  };
}

/** Accounts without a ratio, in order of their id. @param after  id of the last row seen */
function partWithoutRatio(filter: AccountFilter, after: string | null): ListPart {
  const { terms, parameters } = filterCondition(filter);
  const isWhole = terms.length === 0;
  const bound = `$${parameters.length + 1}::uuid`;
  if (after !== null) parameters.push(after);
  if (isWhole) {
    const beyond = (alias: string) => (after === null ? 'true' : `${alias}.account_id > ${bound}`);
    // A difference of two lists is never computed by looking into one for each row of the other.
    const page = (limit: string) => `(SELECT w.account_id FROM (
        SELECT o.account_id FROM accounts o WHERE ${beyond('o')}
        EXCEPT SELECT r.account_id FROM latest_buffers r WHERE r.ratio_key IS NOT NULL AND ${beyond('r')}) w
        ORDER BY w.account_id LIMIT ${limit}) w
      CROSS JOIN LATERAL (SELECT * FROM accounts a WHERE a.account_id = w.account_id OFFSET 0) a ${itsBuffer}
      ORDER BY w.account_id`;
    const plan = after === null ? 'accounts-without-ratio' : 'accounts-without-ratio-after';
    return { sql: (limit) => inOneText(`SELECT ${listedText} AS listed FROM ${page(limit)}`), parameters, plan };
  }
  const where = [...terms, 'b.ratio_key IS NULL', ...(after === null ? [] : [`a.account_id > ${bound}`])].join(' AND ');
  return {
    sql: (limit) =>
      inOneText(`SELECT ${listedText} AS listed FROM accounts a
        LEFT JOIN latest_buffers b ON b.firm_id = a.firm_id AND b.account_id = a.account_id
        WHERE ${where} ORDER BY a.account_id LIMIT ${limit}`),
    parameters,
    avoid: 'nested loop',
  };
}

function isOfBuffersOnly({ methodology, baseCurrency, search }: AccountFilter): boolean {
  return methodology === undefined && baseCurrency === undefined && search === undefined;
}
