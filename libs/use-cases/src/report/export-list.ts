import { type Instant, instantOf } from '@ballast/domain';
import { formatDelimitedCells, guardedTextCell } from '@ballast/formats';
import {
  AccountStore,
  type ExportColumn,
  type ExportListName,
  exportListNames,
  exportLists,
  type ExportSelection,
  ExportStore,
  isUuid,
  MarginRunStore,
  MarketSnapshotStore,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { UseCaseError } from '../caller/use-case-error';

export type ExportFormat = 'csv' | 'ndjson';

/** Which list, which part of it, and in which form. */
export interface ExportRequest {
  readonly list: ExportListName;
  readonly format: ExportFormat;
  /** Run of the requirements; the latest completed one when absent. */
  readonly runId?: string | undefined;
  /** Snapshot of the quotes; the latest one when absent. */
  readonly snapshotId?: string | undefined;
  readonly reconciliationId?: string | undefined;
  readonly accountCode?: string | undefined;
  /** Moment of what is held; now when absent. */
  readonly asOf?: Instant | undefined;
  readonly knownAt?: Instant | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  /** Cursor of the last row of an earlier export; it carries everything above but the form. */
  readonly after?: string | undefined;
  /** Rows at most. */
  readonly limit?: number | undefined;
}

/** A piece of the file. The cursor names its last row; null in front of the first. */
export interface ExportPiece {
  readonly text: string;
  /** Rows so far. */
  readonly rows: number;
  readonly cursor: string | null;
  /** Whether rows remain behind the last piece, because of the limit. */
  readonly hasMore: boolean;
}

/** The stores from which the defaults of an export come. */
@Injectable()
export class ExportReferences {
  constructor(
    readonly accounts: AccountStore,
    readonly runs: MarginRunStore,
    readonly snapshots: MarketSnapshotStore,
  ) {}
}

const rowsPerPage = 2_000;

/** Writes any list of a firm as CSV or NDJSON, holding one stretch of it in memory; every piece ends with a whole row. */
@Injectable()
export class ExportList {
  constructor(
    private readonly store: ExportStore,
    private readonly references: ExportReferences,
  ) {}

  /**
   * Fixes which rows are meant: what is left open becomes the latest run or snapshot, or this moment.
   *
   * @throws UseCaseError 'NOT_FOUND' for an unknown run, snapshot or account, 'BAD_USER_INPUT' for a cursor of another list
   */
  async open(principal: Principal, request: ExportRequest, now: Instant): Promise<OpenExport> {
    requirePermission(principal, 'read-firm');
    const { firmId, accountIds } = principal;
    const context: TenantContext = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    const { list, after } = request;
    if (after !== undefined) return { context, list, ...decodeCursor(after, { list, firmId }) };
    return { context, list, selection: await this.select(context, request, now), after: null };
  }

  /** Rows of an opened export, for a progress bar; those before its cursor count too. */
  count({ context, list, selection }: OpenExport): Promise<number> {
    return this.store.count(context, list, selection);
  }

  /** The file piece by piece; the heading of a CSV file comes first, unless the export goes on behind a cursor. */
  async *write(opened: OpenExport, form: Pick<ExportRequest, 'format' | 'limit'>): AsyncGenerator<ExportPiece> {
    const { context, list, selection } = opened;
    const { columns } = exportLists[list];
    const writeRow = form.format === 'csv' ? csvRow : ndjsonRow;
    const limit = form.limit ?? Number.POSITIVE_INFINITY;
    let { after } = opened;
    let rows = 0;
    const cursor = (): string | null =>
      after === null ? null : encodeCursor({ list, firmId: context.firmId, selection, after });
    if (form.format === 'csv' && after === null) {
      const text = `${formatDelimitedCells(columns.map(({ name }) => name))}\n`;
      yield { text, rows, cursor: null, hasMore: false };
    }
    for (let more = true; more && rows < limit;) {
      const first = Math.min(rowsPerPage, limit - rows);
      const page = await this.store.readPage(context, list, selection, { first, after });
      after = page.last ?? after;
      rows += page.rows.length;
      more = !page.isLast;
      const text = page.rows.map((row) => writeRow(columns, row)).join('');
      if (text !== '') yield { text, rows, cursor: cursor(), hasMore: more && rows >= limit };
    }
  }

  private async select(context: TenantContext, request: ExportRequest, now: Instant): Promise<ExportSelection> {
    const { list, accountCode, from, to } = request;
    const { needs } = exportLists[list];
    const validAt = request.asOf ?? now;
    const accountId = accountCode === undefined ? undefined : await this.findAccountId(context, accountCode);
    if (request.reconciliationId !== undefined && !isUuid(request.reconciliationId))
      throw new UseCaseError('NOT_FOUND', 'no reconciliation has that id', 'reconciliation');
    return {
      ...(needs.includes('runId') ? { runId: await this.findRunId(context, request.runId) } : {}),
      ...(needs.includes('snapshotId') ? { snapshotId: await this.findSnapshotId(context, request.snapshotId) } : {}),
      ...(needs.includes('validAt') ? { validAt } : {}),
      ...(needs.includes('knownAt') ? { knownAt: request.knownAt ?? now } : {}),
      ...(request.reconciliationId === undefined ? {} : { reconciliationId: request.reconciliationId }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  }

  private async findAccountId(context: TenantContext, code: string): Promise<string> {
    const account = await this.references.accounts.findByCode(context, code);
    if (account === null) throw new UseCaseError('NOT_FOUND', `no account has the code ${code}`, 'account');
    return account.id;
  }

  private async findRunId(context: TenantContext, id: string | undefined): Promise<string> {
    const { runs } = this.references;
    const run = id === undefined ? await runs.findLatestCompleted(context) : await runs.findById(context, id);
    if (run === null)
      throw new UseCaseError('NOT_FOUND', id === undefined ? 'there is no completed run' : `no run ${id}`, 'run');
    return run.id;
  }

  private async findSnapshotId(context: TenantContext, id: string | undefined): Promise<string> {
    const { snapshots } = this.references;
    const header = id === undefined ? await snapshots.findLatest(context) : await snapshots.findById(context, id);
    if (header === null)
      throw new UseCaseError(
        'NOT_FOUND',
        id === undefined ? 'there is no market snapshot' : `no snapshot ${id}`,
        'snapshot',
      );
    return header.id;
  }
}

/** An export whose rows are fixed. */
export interface OpenExport {
  readonly context: TenantContext;
  readonly list: ExportListName;
  readonly selection: ExportSelection;
  readonly after: readonly string[] | null;
}

type Cells = readonly (string | null)[];

function csvRow(columns: readonly ExportColumn[], cells: Cells): string {
  const written = columns.map(({ type }, index) => {
    const cell = cells[index] ?? '';
    if (type === 'texts') return guardedTextCell(listOf(cell).join('; '));
    return type === 'text' ? guardedTextCell(cell) : cell;
  });
  return `${formatDelimitedCells(written)}\n`;
}

function ndjsonRow(columns: readonly ExportColumn[], cells: Cells): string {
  const members = columns.map(({ name, type }, index) => [name, jsonValue(type, cells[index] ?? null)]);
  return `${JSON.stringify(Object.fromEntries(members))}\n`;
}

function jsonValue(type: ExportColumn['type'], cell: string | null): unknown {
  if (type === 'texts') return listOf(cell ?? '');
  return cell === null || (type !== 'number' && type !== 'integer') ? cell : Number(cell);
}

function listOf(json: string): readonly string[] {
  return json === '' ? [] : (JSON.parse(json) as string[]);
}

interface CursorContent {
  readonly list: ExportListName;
  readonly firmId: string;
  readonly selection: ExportSelection;
  readonly after: readonly string[];
}

function encodeCursor({ list, firmId, selection, after }: CursorContent): string {
  return Buffer.from(JSON.stringify([list, firmId, selection, after]), 'utf8').toString('base64url');
}

const keyPatterns = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  text: /^[^\0]{1,128}$/,
  integer: /^\d{1,9}$/,
  timestamptz: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/,
} as const;
const boundPatterns: Readonly<Record<keyof ExportSelection, 'id' | 'instant'>> = {
  ...{ runId: 'id', snapshotId: 'id', reconciliationId: 'id', accountId: 'id' },
  ...{ validAt: 'instant', knownAt: 'instant', from: 'instant', to: 'instant' },
};

/** Row level security shows the rows of one firm whatever a cursor says; this tells a wrong cursor from an empty list. */
function decodeCursor(
  text: string,
  expected: Pick<CursorContent, 'list' | 'firmId'>,
): Pick<CursorContent, 'selection' | 'after'> {
  const refusal = new UseCaseError('BAD_USER_INPUT', 'after: not a cursor of this list', 'after');
  try {
    const [list, firmId, selection, after] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    if (list !== expected.list || firmId !== expected.firmId || !isSelection(selection)) throw refusal;
    const { key, needs } = exportLists[expected.list];
    if (!Array.isArray(after) || after.length !== key.length) throw refusal;
    const isKey = after.every((part, index) => typeof part === 'string' && keyPatterns[key[index]?.type ?? 'text'].test(part)); // prettier-ignore
    if (!isKey || needs.some((name) => selection[name] === undefined)) throw refusal;
    return { selection, after: after as string[] };
  } catch {
    throw refusal;
  }
}

function isSelection(value: unknown): value is ExportSelection {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, bound]) => {
    const pattern = Object.hasOwn(boundPatterns, name) ? boundPatterns[name as keyof ExportSelection] : undefined;
    if (pattern === 'id') return isUuid(bound);
    return pattern === 'instant' && typeof bound === 'number' && instantOf(bound) === bound;
  });
}

/** @throws UseCaseError 'BAD_USER_INPUT' for a word that is no list */
export function exportListOf(word: string): ExportListName {
  const list = exportListNames.find((name) => name === word);
  if (list !== undefined) return list;
  const message = `cannot export ${JSON.stringify(word)}; expected ${exportListNames.join(', ')}`;
  throw new UseCaseError('BAD_USER_INPUT', message, 'list');
}
