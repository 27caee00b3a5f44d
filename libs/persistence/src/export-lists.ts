import { observedBuffers } from './buffer-observation';
import { believedAt, knownBy } from './stores/known-time';

/** Lists that leave the record row by row. */
export const exportListNames = [
  'accounts',
  'instruments',
  'positions',
  'balances',
  'collateral',
  'requirements',
  'buffers',
  'calls',
  'runs',
  'snapshots',
  'quotes',
  'underlyings',
  'breaks',
] as const;
export type ExportListName = (typeof exportListNames)[number];

/** How a column is written: decimals as exact texts, numbers and integers as numbers, texts as a list of texts. */
export type ExportColumnType = 'text' | 'decimal' | 'number' | 'integer' | 'instant' | 'texts';

export interface ExportColumn {
  readonly name: string;
  readonly type: ExportColumnType;
  /** Expression over the tables of the list. */
  readonly sql: string;
}

/** What narrows a list; each list says which of these it needs. */
export const exportBounds = {
  runId: 'uuid',
  snapshotId: 'uuid',
  reconciliationId: 'uuid',
  accountId: 'uuid',
  validAt: 'timestamptz',
  knownAt: 'timestamptz',
  from: 'timestamptz',
  to: 'timestamptz',
} as const;
export type ExportBound = keyof typeof exportBounds;

export interface ExportListDefinition {
  /** Tables and joins, in which `:name` is a bound; row level security shows the rows of one firm. */
  readonly source: string;
  /** Conditions; `:name` is a bound. A condition of an optional bound is left out where the bound is not given. */
  readonly conditions: readonly { readonly sql: string; readonly bound?: ExportBound }[];
  /** Bounds without which the list has no meaning. */
  readonly needs: readonly ExportBound[];
  /** Unique order of the rows, in the order of an index. */
  readonly key: readonly { readonly sql: string; readonly type: 'uuid' | 'text' | 'timestamptz' | 'integer' }[];
  readonly columns: readonly ExportColumn[];
}

type ColumnWord = readonly [name: string, type: ExportColumnType, sql: string];

const columns = (...words: readonly ColumnWord[]): readonly ExportColumn[] =>
  words.map(([name, type, sql]) => ({ name, type, sql }));
const byAccount = { sql: '', bound: 'accountId' } as const;
const ofAccount = (alias: string) => ({ ...byAccount, sql: `${alias}.account_id = :accountId` });
const atMoment = (alias: string) => [
  { sql: `${alias}.valid @> :validAt::timestamptz AND ${believedAt(`${alias}.known`, ':knownAt')}` },
  ofAccount(alias),
];
const joinAccount = (alias: string): string =>
  `JOIN accounts a ON a.firm_id = ${alias}.firm_id AND a.account_id = ${alias}.account_id`;
/** Looked up for each row, so that rows come in order of their own key and a page reads no more than its length. */
const itsAccount = (alias: string): string => `CROSS JOIN LATERAL (SELECT * FROM accounts a
  WHERE a.firm_id = ${alias}.firm_id AND a.account_id = ${alias}.account_id OFFSET 0) a`;
/** A confirmed release gives a held requirement the status and quality of its own figures. */
const composed = (column: 'status' | 'quality'): string =>
  `CASE WHEN c.run_id IS NULL THEN r.${column}::text ELSE h.${column}_on_release::text END`;

/** What each list holds, in the words of the file formats and of the GraphQL schema. */
export const exportLists: Readonly<Record<ExportListName, ExportListDefinition>> = {
  accounts: {
    source: 'accounts a',
    conditions: [],
    needs: [],
    key: [{ sql: 'a.code', type: 'text' }],
    columns: columns(
      ['code', 'text', 'a.code'],
      ['name', 'text', 'a.name'],
      ['baseCurrency', 'text', 'a.base_currency'],
      ['methodology', 'text', 'a.methodology'],
    ),
  },
  instruments: {
    source: 'instruments i',
    conditions: [],
    needs: [],
    key: [{ sql: 'i.instrument_id', type: 'text' }],
    columns: columns(
      ['id', 'text', 'i.instrument_id'],
      ['type', 'text', 'i.type'],
      ['underlying', 'text', 'i.underlying_id'],
      ['right', 'text', 'i.option_right'],
      ['strike', 'decimal', 'i.strike'],
      ['expiry', 'instant', 'i.expiry'],
      ['exercise', 'text', 'i.exercise'],
      ['multiplier', 'decimal', 'i.multiplier'],
      ['currency', 'text', 'i.currency'],
      ['settlement', 'text', 'i.settlement'],
      ['premiumStyle', 'text', 'i.premium_style'],
      ['calendar', 'text', 'i.calendar'],
      ['delivery', 'text', 'i.delivery'],
      ['deliverable', 'text', deliverableText()],
      ['settlementSession', 'text', 'i.settlement_session'],
    ),
  },
  positions: {
    source: `positions p ${joinAccount('p')}`,
    conditions: atMoment('p'),
    needs: ['validAt', 'knownAt'],
    key: [
      { sql: 'p.account_id', type: 'uuid' },
      { sql: 'p.instrument_id', type: 'text' },
    ],
    columns: columns(
      ['account', 'text', 'a.code'],
      ['instrument', 'text', 'p.instrument_id'],
      ['quantity', 'decimal', 'p.quantity'],
      ['averagePrice', 'decimal', 'p.average_price'],
      ['validFrom', 'instant', 'lower(p.valid)'],
    ),
  },
  balances: {
    source: `balances b ${joinAccount('b')}`,
    conditions: atMoment('b'),
    needs: ['validAt', 'knownAt'],
    key: [
      { sql: 'b.account_id', type: 'uuid' },
      { sql: 'b.currency', type: 'text' },
    ],
    columns: columns(
      ['account', 'text', 'a.code'],
      ['currency', 'text', 'b.currency'],
      ['amount', 'decimal', 'b.amount'],
      ['valueAt', 'instant', 'lower(b.valid)'],
    ),
  },
  collateral: {
    source: `collateral_holdings h ${joinAccount('h')}`,
    conditions: atMoment('h'),
    needs: ['validAt', 'knownAt'],
    key: [
      { sql: 'h.account_id', type: 'uuid' },
      { sql: 'h.asset', type: 'text' },
    ],
    columns: columns(
      ['account', 'text', 'a.code'],
      ['asset', 'text', 'h.asset'],
      ['kind', 'text', 'h.kind'],
      ['assetClass', 'text', 'h.asset_class'],
      ['rating', 'text', 'h.rating'],
      ['maturity', 'text', 'h.maturity'],
      ['schedule', 'text', 'h.schedule'],
      ['quantity', 'decimal', 'h.quantity'],
      ['price', 'decimal', 'h.price'],
      ['currency', 'text', 'h.currency'],
      ['validFrom', 'instant', 'lower(h.valid)'],
    ),
  },
  requirements: {
    source: `requirements r ${joinAccount('r')}
      LEFT JOIN held_requirements h ON h.firm_id = r.firm_id AND h.account_id = r.account_id AND h.as_of = r.as_of AND h.run_id = r.run_id
      LEFT JOIN requirement_releases c ON c.firm_id = r.firm_id AND c.account_id = r.account_id AND c.as_of = r.as_of AND c.run_id = r.run_id`,
    conditions: [
      { sql: 'r.run_id = :runId AND r.as_of = (SELECT m.as_of FROM margin_runs m WHERE m.run_id = :runId)' },
      ofAccount('r'),
    ],
    needs: ['runId'],
    key: [{ sql: 'r.account_id', type: 'uuid' }],
    columns: columns(
      ['account', 'text', 'a.code'],
      ['runId', 'text', 'r.run_id'],
      ['asOf', 'instant', 'r.as_of'],
      ['methodology', 'text', 'r.methodology'],
      ['currency', 'text', 'r.currency'],
      ['initial', 'decimal', 'r.initial_requirement'],
      ['maintenance', 'decimal', 'r.maintenance_requirement'],
      ['netOptionValue', 'decimal', 'r.net_option_value'],
      ['equity', 'decimal', 'r.equity'],
      ['collateralValue', 'decimal', 'r.collateral_value'],
      ['buffer', 'decimal', 'r.buffer'],
      ['bufferRatio', 'decimal', 'r.buffer_ratio'],
      ['excess', 'decimal', 'r.excess'],
      ['leverage', 'decimal', 'r.leverage'],
      ['status', 'text', composed('status')],
      ['quality', 'text', composed('quality')],
      ['qualityReasons', 'texts', 'r.quality_reasons'],
      ['worstScenario', 'text', `r.worst_scenario ->> 'label'`],
      ['worstLoss', 'number', `r.worst_scenario ->> 'loss'`],
      ['parameterSetId', 'text', 'r.parameter_set_id'],
      ['engineVersion', 'text', 'r.engine_version'],
      ['resultHash', 'text', `encode(r.result_hash, 'hex')`],
    ),
  },
  buffers: {
    source: `${observedBuffers} o ${itsAccount('o')}`,
    conditions: [
      { sql: knownBy('o.known_at', ':knownAt') },
      { sql: 'o.at >= :from', bound: 'from' },
      { sql: 'o.at < :to', bound: 'to' },
      ofAccount('o'),
    ],
    needs: ['knownAt'],
    key: [
      { sql: 'o.account_id', type: 'uuid' },
      { sql: 'o.at', type: 'timestamptz' },
      { sql: 'o.run_id', type: 'uuid' },
    ],
    columns: columns(
      ['account', 'text', 'a.code'],
      ['at', 'instant', 'o.at'],
      ['currency', 'text', 'o.currency'],
      ['equity', 'decimal', 'o.equity'],
      ['maintenance', 'decimal', 'o.maintenance'],
      ['initial', 'decimal', 'o.initial'],
      ['buffer', 'decimal', 'o.buffer'],
      ['bufferRatio', 'decimal', 'o.buffer_ratio'],
      ['status', 'text', 'o.status'],
      ['quality', 'text', 'o.quality'],
      ['runId', 'text', 'o.run_id'],
    ),
  },
  calls: {
    source: `margin_calls m ${joinAccount('m')}`,
    conditions: [
      { sql: 'm.raised_at >= :from', bound: 'from' },
      { sql: 'm.raised_at < :to', bound: 'to' },
      ofAccount('m'),
    ],
    needs: [],
    key: [
      { sql: 'm.account_id', type: 'uuid' },
      { sql: 'm.call_id', type: 'uuid' },
    ],
    columns: columns(
      ['account', 'text', 'a.code'],
      ['id', 'text', 'm.call_id'],
      ['state', 'text', 'm.state'],
      ['currency', 'text', 'm.currency'],
      ['amount', 'decimal', 'm.amount'],
      ['paid', 'decimal', 'm.paid'],
      ['outstanding', 'decimal', 'm.outstanding'],
      ['lateFee', 'decimal', 'm.late_fee'],
      ['penalty', 'decimal', 'm.penalty'],
      ['raisedAt', 'instant', 'm.raised_at'],
      ['dueAt', 'instant', 'm.due_at'],
      ['escalatesAt', 'instant', 'm.escalates_at'],
      ['acknowledgedAt', 'instant', 'm.acknowledged_at'],
      ['acknowledgedBy', 'text', 'm.acknowledged_by'],
      ['closedAt', 'instant', 'm.closed_at'],
      ['closeReason', 'text', 'm.close_reason'],
      ['runId', 'text', 'm.raised_run_id'],
    ),
  },
  runs: {
    source: 'margin_runs m',
    conditions: [
      { sql: 'm.as_of >= :from', bound: 'from' },
      { sql: 'm.as_of < :to', bound: 'to' },
    ],
    needs: [],
    key: [{ sql: 'm.run_id', type: 'uuid' }],
    columns: columns(
      ['id', 'text', 'm.run_id'],
      ['asOf', 'instant', 'm.as_of'],
      ['state', 'text', 'm.state'],
      ['snapshotId', 'text', 'm.snapshot_id'],
      ['positionsAt', 'instant', 'm.positions_at'],
      ['knownAt', 'instant', 'm.known_at'],
      ['accounts', 'integer', 'm.account_count'],
      ['accountsDone', 'integer', 'm.accounts_done'],
      ['accountsIndeterminate', 'integer', 'm.accounts_indeterminate'],
      ['accountsDegraded', 'integer', 'm.accounts_degraded'],
      ['accountsHeld', 'integer', 'm.accounts_held'],
      ['startedAt', 'instant', 'm.started_at'],
      ['finishedAt', 'instant', 'm.finished_at'],
      ['requestedBy', 'text', 'm.requested_by'],
      ['engineVersion', 'text', 'm.engine_version'],
      ['resultHash', 'text', `encode(m.result_hash, 'hex')`],
      ['failureReason', 'text', 'm.failure_reason'],
    ),
  },
  snapshots: {
    source: 'market_snapshots s',
    conditions: [
      { sql: 's.as_of >= :from', bound: 'from' },
      { sql: 's.as_of < :to', bound: 'to' },
    ],
    needs: [],
    key: [{ sql: 's.snapshot_id', type: 'uuid' }],
    columns: columns(
      ['id', 'text', 's.snapshot_id'],
      ['asOf', 'instant', 's.as_of'],
      ['knownAt', 'instant', 's.known_at'],
      ['source', 'text', 's.source'],
      ['quality', 'text', 's.quality'],
      ['qualityReasons', 'texts', 's.quality_reasons'],
      ['underlyings', 'integer', 's.underlying_count'],
      ['instruments', 'integer', 's.instrument_count'],
      ['hash', 'text', `encode(s.content_hash, 'hex')`],
    ),
  },
  quotes: {
    source: latestOfParts('instrument_quotes', 'instrument_id', 'AND t.as_of = s.as_of'),
    conditions: [{ sql: 'q.instrument_id <> ALL (q.dropped)' }],
    needs: ['snapshotId'],
    key: [{ sql: 'q.instrument_id', type: 'text' }],
    columns: columns(
      ['instrument', 'text', 'q.instrument_id'],
      ['bid', 'decimal', 'q.bid'],
      ['ask', 'decimal', 'q.ask'],
      ['mark', 'decimal', 'q.mark'],
      ['impliedVolatility', 'number', 'q.implied_volatility'],
      ['timestamp', 'instant', 'q.quoted_at'],
      ['openInterest', 'decimal', 'q.open_interest'],
      ['volume', 'decimal', 'q.volume'],
      ['flags', 'texts', 'q.flags'],
    ),
  },
  underlyings: {
    source: latestOfParts('underlying_quotes', 'underlying_id'),
    conditions: [],
    needs: ['snapshotId'],
    key: [{ sql: 'q.underlying_id', type: 'text' }],
    columns: columns(
      ['underlying', 'text', 'q.underlying_id'],
      ['kind', 'text', 'q.kind'],
      ['currency', 'text', 'q.currency'],
      ['price', 'decimal', 'q.price'],
      ['rate', 'number', 'q.rate'],
      ['dividendYield', 'number', 'q.dividend_yield'],
      ['timestamp', 'instant', 'q.quoted_at'],
      ['flags', 'texts', 'q.flags'],
    ),
  },
  breaks: {
    source: 'reconciliation_breaks b',
    conditions: [{ sql: 'b.reconciliation_id = :reconciliationId', bound: 'reconciliationId' }],
    needs: [],
    key: [
      { sql: 'b.reconciliation_id', type: 'uuid' },
      { sql: 'b.ordinal', type: 'integer' },
    ],
    columns: columns(
      ['reconciliationId', 'text', 'b.reconciliation_id'],
      ['ordinal', 'integer', 'b.ordinal'],
      ['account', 'text', 'b.account_code'],
      ['kind', 'text', 'b.kind'],
      ['item', 'text', 'b.item'],
      ['ours', 'decimal', 'b.ours'],
      ['theirs', 'decimal', 'b.theirs'],
      ['difference', 'decimal', 'b.difference'],
      ['currency', 'text', 'b.currency'],
      ['cause', 'text', `b.cause ->> 'summary'`],
      ['state', 'text', breakState()],
    ),
  },
};

/** `50 NEW; 1000`, as the instruments file has it. */
function deliverableText(): string {
  return `(SELECT string_agg((c ->> 'quantity') || ' ' || (c ->> 'instrumentId'), '; ' ORDER BY n)
    || CASE WHEN (i.deliverable ->> 'cash')::numeric = 0 THEN '' ELSE '; ' || (i.deliverable ->> 'cash') END
    FROM jsonb_array_elements(i.deliverable -> 'components') WITH ORDINALITY AS parts (c, n))`;
}

/** Rows of a snapshot, of one that is stored as a difference also those it takes over: of each name the latest, as `q`. */
function latestOfParts(table: string, name: string, also = ''): string {
  return `(SELECT DISTINCT ON (t.${name}) t.*, coalesce(h.dropped, '{}') AS dropped FROM market_snapshots h
    CROSS JOIN LATERAL unnest(h.parts || h.snapshot_id) WITH ORDINALITY AS l (id, place)
    JOIN market_snapshots s ON s.snapshot_id = l.id JOIN ${table} t ON t.snapshot_id = l.id ${also}
    WHERE h.snapshot_id = :snapshotId ORDER BY t.${name}, l.place DESC) AS q`;
}

function breakState(): string {
  return `COALESCE((SELECT CASE s.action WHEN 'CONFIRM' THEN 'RESOLVED' WHEN 'PROPOSE' THEN 'PROPOSED' ELSE 'OPEN' END
    FROM break_resolutions s WHERE s.firm_id = b.firm_id AND s.reconciliation_id = b.reconciliation_id AND s.ordinal = b.ordinal
    ORDER BY s.step DESC LIMIT 1), 'OPEN')`;
}
