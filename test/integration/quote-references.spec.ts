import { newId } from '@ballast/persistence';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { fillFirm, sampleTime } from '../support/sample-firm';

let db: TestDatabase;
let alpha: string;
let beta: string;
let snapshotOf: ReadonlyMap<string, string>;

/** A quote of the sample firms' contract in a month that has a partition. */
const asOf = new Date(sampleTime).toISOString();

beforeAll(async () => {
  db = await openTestDatabase();
  [alpha, beta] = [(await fillFirm(db, 'ALPHA')).firmId, (await fillFirm(db, 'BETA')).firmId];
  snapshotOf = await withClient(db.superuserUrl, async (client) => {
    // Contracts that only one of the firms lists, and that have no quote yet.
    for (const [firm, id] of [
      [alpha, 'A-ONLY'],
      [alpha, 'A-OTHER'],
      [beta, 'B-ONLY'],
    ] as const) {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [firm]);
      // prettier-ignore
      await client.query(
        `INSERT INTO instruments (firm_id, instrument_id, underlying_id, type, multiplier, currency, settlement)
         VALUES ($1, $2, 'XYZ', 'underlying', 1, 'USD', 'linear')`,
        [firm, id],
      );
    }
    const { rows } = await client.query<{ firm: string; id: string }>(
      'SELECT firm_id AS firm, snapshot_id AS id FROM market_snapshots',
    );
    return new Map(rows.map(({ firm, id }) => [firm, id]));
  });
});

afterAll(async () => {
  await db?.close();
});

interface Quote {
  readonly snapshotId?: string | undefined;
  readonly at?: string;
  readonly instrumentId: string;
}

/** Inserts quotes as the application does, in one statement, as firm ALPHA. @returns how many were stored */
function insert(quotes: readonly Quote[]): Promise<number> {
  return db.database.withTenant({ firmId: alpha }, (tx) =>
    tx.execute(
      `INSERT INTO instrument_quotes (firm_id, snapshot_id, as_of, instrument_id, quoted_at)
       SELECT $1::uuid, s::uuid, a::timestamptz, i, a::timestamptz FROM unnest($2::text[], $3::text[], $4::text[]) AS q (s, a, i)`,
      [
        alpha,
        quotes.map(({ snapshotId }) => snapshotId ?? snapshotOf.get(alpha)),
        quotes.map(({ at }) => at ?? asOf),
        quotes.map(({ instrumentId }) => instrumentId),
      ],
    ),
  );
}

describe('quotes refer to what the firm has', () => {
  const refusal = (constraint: string): object => ({
    code: 'REFERENCE_MISSING',
    cause: expect.objectContaining({ code: '23503', constraint, table: 'instrument_quotes' }) as unknown,
  });

  it('and are stored when snapshot, time and contract exist', async () => {
    expect(await insert([{ instrumentId: 'A-ONLY' }])).toBe(1);
    expect(await insert([])).toBe(0);
  });

  it('never to an unknown contract, nor to one of another firm, wherever it stands in the statement', async () => {
    for (const instrumentId of ['NOBODY', 'B-ONLY']) {
      for (const quotes of [[{ instrumentId }], [{ instrumentId: 'A-OTHER' }, { instrumentId }]]) {
        await expect(insert(quotes)).rejects.toMatchObject(refusal('instrument_quotes_instrument_fk'));
      }
    }
    expect(await insert([{ instrumentId: 'A-OTHER' }])).toBe(1);
  });

  it('never to an unknown snapshot, to one of another firm, or to one of another time', async () => {
    const later = new Date(sampleTime + 1).toISOString();
    const wrong = [{ snapshotId: newId() }, { snapshotId: snapshotOf.get(beta) }, { at: later }];
    for (const quote of wrong) {
      const attempt = insert([{ ...quote, instrumentId: 'A-ONLY' }]);
      await expect(attempt).rejects.toMatchObject(refusal('instrument_quotes_snapshot_fk'));
    }
  });

  it('also when a role writes them that row level security does not stop', async () => {
    const attempt = withClient(db.superuserUrl, (client) =>
      client.query(
        `INSERT INTO instrument_quotes (firm_id, snapshot_id, as_of, instrument_id, quoted_at)
         VALUES ($1, $2, $3, 'NOBODY', $3)`,
        [alpha, snapshotOf.get(alpha), asOf],
      ),
    );
    await expect(attempt).rejects.toMatchObject({ code: '23503', constraint: 'instrument_quotes_instrument_fk' });
  });

  it('and the application reaches no partition past the table that checks them', async () => {
    const reachable = await withClient(db.superuserUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits
         WHERE inhparent = 'instrument_quotes'::regclass AND has_table_privilege('ballast_app', inhrelid, 'INSERT, UPDATE, DELETE')`,
      );
      return rows;
    });
    expect(reachable).toEqual([]);
  });
});
