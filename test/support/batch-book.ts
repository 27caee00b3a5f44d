import { Decimal, type Instant, type Instrument, type MarketSnapshot, parseInstant } from '@ballast/domain';
import { type Database, FirmStore, InstrumentStore, MarketSnapshotStore } from '@ballast/persistence';
import type { Client } from 'pg';
import { withClient } from './postgres';

/** A made-up firm for measuring runs. */
export interface BatchBook {
  readonly accounts: number;
  readonly positionsPerAccount: number;
  /** European equity options; 500 per underlying. */
  readonly contracts: number;
  /** So many accounts hold nothing but contracts on the first underlying; none when absent. */
  readonly holders?: number;
}

export const batchAsOf = parseInstant('2026-11-20T21:00:00Z', 'asOf');
const validFrom = '2026-11-01T00:00:00Z';
const expiries = ['2026-12-18', '2027-01-15', '2027-03-19', '2027-06-17', '2027-12-17'].map((day) =>
  parseInstant(`${day}T21:00:00Z`, 'expiry'),
);
const contractsPerUnderlying = 500;
const contractsPerInsert = 20_000;

/**
 * Writes the firm: contracts and a snapshot by the stores, accounts and positions by the server itself, with checks and
 * chaining switched off, because loading is not what is measured. An account holds neighbouring contracts of one underlying
 * or two, long and short, and cash.
 */
export async function fillBatchFirm(
  database: Database,
  superuserUrl: string,
  book: BatchBook,
): Promise<{ readonly firmId: string; readonly snapshotId: string }> {
  const { id: firmId } = await new FirmStore(database).create({ code: 'BATCH', name: 'Batch' });
  const scope = { firmId };
  const contracts = Array.from({ length: book.contracts }, (_, index) => contractOf(index));
  const instruments = new InstrumentStore(database);
  const underlyings = [...new Set(contracts.map(({ underlying }) => underlying))];
  await instruments.upsertUnderlyings(
    scope,
    underlyings.map((id) => ({ id, kind: 'equity' as const, currency: 'USD' })),
  );
  for (let start = 0; start < contracts.length; start += contractsPerInsert)
    await instruments.upsertMany(scope, contracts.slice(start, start + contractsPerInsert));
  const snapshot = batchSnapshot(contracts, batchAsOf);
  const stored = await new MarketSnapshotStore(database).insert(scope, { snapshot, source: 'bench', quality: 'OK' });
  await withClient(superuserUrl, async (client) => {
    await client.query('ALTER TABLE balances DROP CONSTRAINT balances_versions_do_not_overlap');
    await client.query(`SET session_replication_role = replica; SELECT nextval('history_batch_number')`);
    const indexes = await dropIndexes(client, 'positions');
    for (const sql of fillStatements(book)) await client.query(sql.replaceAll('$firm', `'${firmId}'::uuid`));
    await client.query(`SET maintenance_work_mem = '512MB'`);
    for (const definition of indexes) await client.query(definition);
    await client.query('VACUUM (ANALYZE) accounts, positions, balances, instruments');
  });
  return { firmId, snapshotId: stored.header.id };
}

/** Drops the indexes of a table that no constraint needs; they are made again at once, in order, which millions of rows need. */
async function dropIndexes(client: Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ index: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS index, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
     WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [table],
  );
  for (const { index } of rows) await client.query(`DROP INDEX ${index}`);
  return rows.map(({ definition }) => definition);
}

/** The market of a book; `move` shifts the price of one underlying. */
export function batchSnapshot(
  contracts: readonly Instrument[],
  asOf: Instant,
  move: { readonly underlying: string; readonly factor: number } = { underlying: '', factor: 1 },
): MarketSnapshot {
  const underlyings = [...new Set(contracts.map(({ underlying }) => underlying))];
  const price = (id: string): Decimal => new Decimal(id === move.underlying ? 100 * move.factor : 100);
  const state = {
    kind: 'equity',
    currency: 'USD',
    rate: 0.04,
    dividendYield: 0,
    forwards: [],
    quotedAt: asOf,
  } as const;
  const quote = { bid: null, ask: null, quotedAt: asOf, flags: [] as const };
  return {
    asOf,
    underlyings: new Map(underlyings.map((id) => [id, { ...state, underlyingId: id, price: price(id) }])),
    instruments: new Map(
      contracts.map(({ id }, index) => [
        id,
        {
          ...quote,
          instrumentId: id,
          mark: new Decimal(1 + (index % 37) / 4),
          impliedVolatility: 0.2 + (index % 40) / 200,
        },
      ]),
    ),
    fx: [],
  };
}

export function contractOf(index: number): Instrument {
  const underlying = `U${String(Math.floor(index / contractsPerUnderlying)).padStart(3, '0')}`;
  const place = index % contractsPerUnderlying;
  return {
    id: contractId(index),
    type: 'option',
    underlying,
    right: place % 2 === 0 ? 'call' : 'put',
    strike: new Decimal(75 + (Math.floor(place / 10) % 50)),
    expiry: expiries[Math.floor(place / 2) % expiries.length] as Instant,
    exercise: 'european',
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    premiumStyle: 'equity',
  };
}

/** The underlying that `BatchBook.holders` hold. */
export const firstUnderlying = 'U000';

function contractId(index: number): string {
  return `U${String(Math.floor(index / contractsPerUnderlying)).padStart(3, '0')}-${String(index).padStart(6, '0')}`;
}

/** Statements in place of which the importers would stand; `$firm` is the firm. */
function fillStatements({ accounts, positionsPerAccount, contracts, holders = 0 }: BatchBook): readonly string[] {
  const id = `md5('account' || a)::uuid`;
  const statement = `md5('statement' || a)::uuid`;
  const ofFirst = contractsPerUnderlying - positionsPerAccount;
  const index = `CASE WHEN a <= ${holders} THEN a::bigint * 7919 % ${ofFirst} + p ELSE (a::bigint * 7919 + p) % ${contracts} END`;
  const perUnderlying = contractsPerUnderlying;
  // In order of the keys: a million accounts in any other order write every page of an index many times.
  const inOrder = `(SELECT a FROM generate_series(1, ${accounts}) a ORDER BY ${id}) AS accounts_in_order`;
  const known = `tstzrange('${validFrom}', NULL)`;
  return [
    `INSERT INTO accounts (firm_id, account_id, code, name, base_currency, methodology)
     SELECT $firm, ${id}, 'C' || lpad(a::text, 7, '0'), 'Client ' || a, 'USD', 'SPAN' FROM generate_series(1, ${accounts}) a`,
    `INSERT INTO position_statements (firm_id, account_id, statement_id, mode, valid_from, known_at, content_hash, source, position_count, batch)
     SELECT $firm, ${id}, ${statement}, 'REPLACE', '${validFrom}', '${validFrom}', sha256(a::text::bytea), 'bench', ${positionsPerAccount},
       currval('history_batch_number') FROM generate_series(1, ${accounts}) a`,
    `INSERT INTO positions (firm_id, account_id, instrument_id, statement_id, quantity, valid, known, batch)
     SELECT $firm, ${id}, 'U' || lpad((${index} / ${perUnderlying})::text, 3, '0') || '-' || lpad((${index})::text, 6, '0'), ${statement},
       CASE WHEN (a + p) % 3 = 0 THEN 5 + p ELSE -1 - (a * 31 + p * 17) % 20 END, ${known}, ${known}, currval('history_batch_number')
     FROM ${inOrder} CROSS JOIN generate_series(0, ${positionsPerAccount - 1}) p`,
    `INSERT INTO balances (firm_id, account_id, currency, amount, reason, recorded_by, valid, known, batch)
     SELECT $firm, ${id}, 'USD', 1000 * (62 + a % 300), 'opening', 'bench', ${known}, ${known}, currval('history_batch_number')
     FROM ${inOrder}`,
  ];
}
