import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Database,
  FirmStore,
  HistoryChainStore,
  readHistoryHeads,
  runMigrations,
  type VerificationProgress,
  type VerificationState,
} from '@ballast/persistence';
import { VerifyHistory } from '@ballast/use-cases';
import { Client } from 'pg';
import { fillHistory } from '../support/history-firm';
import { openEmptyDatabase, openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { mulberry, Tamperer, tamperKinds } from '../support/tamper';

/** Tamperings of each kind; the full matrix has 100 of them. */
const tamperRounds = Number(process.env.TAMPER_ROUNDS ?? '30');

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-heads-'));
const historyHeadFile = path.join(folder, 'heads.ndjson');
let db: TestDatabase;
let scope: { firmId: string };
let chain: HistoryChainStore;

beforeAll(async () => {
  db = await openTestDatabase({ historyHeadFile });
  scope = { firmId: (await fillHistory(db, 'ALPHA')).firmId };
  await fillHistory(db, 'OTHER');
  chain = new HistoryChainStore(db.database);
});

afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the hash chain', () => {
  it('verifies from its beginning, and every run left its head outside', async () => {
    const heads = await readHistoryHeads(historyHeadFile, scope.firmId);
    expect(heads).toHaveLength(8);
    const progress: number[] = [];
    const found = await chain.verify(scope, { heads, onProgress: ({ rowsDone }) => progress.push(rowsDone) });
    expect(found).toMatchObject({ breakCount: 0, breaks: [], headsConfirmed: 8, head: heads.at(-1) });
    expect(found.links).toBe(heads.at(-1)?.sequence);
    expect(found.rows).toBeGreaterThan(150);
    expect(progress.at(-1)).toBe(found.rows);
    const lines = readFileSync(historyHeadFile, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(16);
  });

  it('hashes rows the same way in the database and here, for every chained table and both parts', async () => {
    // Were the two texts to differ, every row would be reported; so that none is left out, each table must have rows.
    await withClient(db.superuserUrl, async (client) => {
      const { rows } = await client.query<{ name: string; empty: boolean }>(
        `SELECT table_name AS name, NOT EXISTS (SELECT FROM history_batches b WHERE b.table_name = t.table_name) AS empty
         FROM history_tables t`,
      );
      expect(rows.filter(({ name, empty }) => empty && coreTables.includes(name))).toEqual([]);
      expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(coreTables));
    });
  });

  it('covers every column of a chained table, also one that a later migration adds', async () => {
    const empty = await openEmptyDatabase();
    try {
      await runMigrations(empty.ownerUrl);
      await withClient(empty.ownerUrl, async (client) => {
        await client.query('ALTER TABLE requirements ADD COLUMN later numeric');
        await client.query(`SELECT renew_seals('requirements')`);
        const { rows } = await client.query<{ name: string; covered: boolean }>(
          `SELECT table_name AS name, strpos(pg_get_functiondef(('seal_' || table_name)::regproc),
             CASE WHEN open_condition IS NULL THEN (SELECT expression FROM history_binary(table_name::regclass, 'INSERT'))
               ELSE history_text_of_texts(table_name::regclass, 'INSERT') END) > 0 AS covered FROM history_tables`,
        );
        expect(rows.length).toBeGreaterThan(10);
        expect(rows.filter(({ covered }) => !covered)).toEqual([]);
        const form = `SELECT expression AS text FROM history_binary('requirements', 'INSERT')`;
        expect((await client.query<{ text: string }>(form)).rows[0]?.text).toContain('r.later::numeric');
      });
    } finally {
      await empty.close();
    }
  });

  it('is linear when many transactions write at once', async () => {
    const firms = await Promise.all(['C-1', 'C-2'].map((code) => fillHistory(db, code)));
    for (const { firmId } of firms) {
      const found = await chain.verify({ firmId });
      expect([found.breakCount, found.links > 30]).toEqual([0, true]);
    }
  });

  it('cannot be written by the application', async () => {
    for (const sql of [
      `INSERT INTO history_links SELECT firm_id, sequence + 1000, table_name, part, batch, month, row_count, rows_hash, recorded_at, previous_hash, hash FROM history_links LIMIT 1`,
      `INSERT INTO history_batches SELECT firm_id, table_name, part, batch + 1000, month, row_count, row_hashes FROM history_batches LIMIT 1`,
      `INSERT INTO history_tables VALUES ('x', '{}', NULL)`,
      `SELECT chain_table('positions')`,
      ...['history_links', 'history_batches', 'history_tables'].flatMap((table) => [
        `UPDATE ${table} SET table_name = 'x'`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]),
    ]) {
      await expect(db.database.withTenant(scope, (tx) => tx.execute(sql))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});

const coreTables = [
  'balances',
  'buffer_observations',
  'buffer_policies',
  'margin_run_parameter_sets',
  'margin_runs',
  'market_snapshots',
  'position_statements',
  'positions',
  'requirements',
  'risk_parameter_sets',
];

describe('a verification that is stopped', () => {
  const pieceSize = 5;
  const stopAfter = (rows: number, resume?: VerificationState) => {
    const stop = new AbortController();
    const onProgress = ({ rowsDone }: VerificationProgress): void => {
      if (rowsDone > rows) stop.abort();
    };
    return chain.verify(scope, { pieceSize, signal: stop.signal, onProgress, ...(resume === undefined ? {} : { resume }) }); // prettier-ignore
  };
  const changeBalances = (sign: '+' | '-') =>
    withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(`UPDATE balances SET amount = amount ${sign} 1 WHERE firm_id = $1`, [scope.firmId]);
    });

  it('goes on where it was and compares every row once', async () => {
    const whole = await chain.verify(scope, {});
    expect(await chain.verify(scope, { pieceSize })).toEqual(whole);
    const seen: number[] = [];
    const first = await stopAfter(whole.rows / 2);
    expect(first).toMatchObject({ breakCount: 0, links: whole.links });
    expect(first.rows).toBeLessThan(whole.rows);
    const resume = first.stopped as VerificationState;
    const second = await chain.verify(scope, { pieceSize, resume, onProgress: ({ rowsDone }) => seen.push(rowsDone) });
    expect(second).toEqual(whole);
    // Small tables are compared whole, and again.
    expect(seen[0]).toBeGreaterThan(whole.rows / 4);
  });

  it('keeps what it found before', async () => {
    await changeBalances('+');
    const undisturbed = await chain.verify(scope, { pieceSize });
    const first = await stopAfter(undisturbed.rows * 0.8);
    const second = await chain.verify(scope, { pieceSize, resume: first.stopped as VerificationState });
    await changeBalances('-');
    expect(undisturbed.breakCount).toBeGreaterThan(0);
    expect(first.breakCount).toBe(undisturbed.breakCount);
    expect(second.breaks).toEqual(undisturbed.breaks);
    expect(second.breakCount).toBe(undisturbed.breakCount);
  });

  it('begins anew where the chain is no longer the one it was', async () => {
    const { stopped } = await stopAfter(20);
    const resume = { ...(stopped as VerificationState), head: { sequence: 1, hash: 'f'.repeat(64) } };
    const seen: number[] = [];
    expect(await chain.verify(scope, { pieceSize, resume, onProgress: ({ rowsDone }) => seen.push(rowsDone) })).toEqual(await chain.verify(scope)); // prettier-ignore
    expect(seen[0]).toBe(0);
  });

  it('is kept in a file by the use case, which goes on when asked to', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'ballast-verifications-'));
    const own = new Database(() => ({ ...db.options, historyHeadFile, dataDir }));
    try {
      const useCase = new VerifyHistory(new FirmStore(own), new HistoryChainStore(own), own);
      const stop = new AbortController();
      const verify = async (more: Parameters<VerifyHistory['execute']>[0]) => {
        const found = [];
        for await (const firm of useCase.execute({ firmCode: 'ALPHA', pieceSize, ...more })) found.push(firm);
        return found;
      };
      const onProgress = (_: string, { rowsDone }: VerificationProgress): void => {
        if (rowsDone > 100) stop.abort();
      };
      const [first] = await verify({ signal: stop.signal, onProgress });
      expect(first?.stopped).not.toBeNull();
      const seen: number[] = [];
      const [second] = await verify({ resume: true, onProgress: (_, { rowsDone }) => seen.push(rowsDone) });
      expect(second).toMatchObject({ breakCount: 0, stopped: null, headsConfirmed: 8 });
      expect(seen[0]).toBeGreaterThan(0);
      const anew: number[] = [];
      await verify({ resume: true, onProgress: (_, { rowsDone }) => anew.push(rowsDone) });
      expect(anew[0]).toBe(0);
    } finally {
      await own.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('tampering by somebody with every right', () => {
  let client: Client;
  let tamperer: Tamperer;

  beforeAll(async () => {
    client = new Client({ connectionString: db.superuserUrl });
    await client.connect();
    tamperer = await Tamperer.start(client, mulberry(20261121), scope.firmId);
  });

  afterAll(async () => {
    await client?.end();
  });

  it.each(tamperKinds)(
    `%s: each of ${tamperRounds} is found and named`,
    async (kind) => {
      const heads = await readHistoryHeads(historyHeadFile, scope.firmId);
      const unseen: string[] = [];
      for (let round = 0; round < tamperRounds; round += 1) {
        const done = await tamperer.tamper(kind);
        // In pieces of a few rows every now and then: what they leave out nobody would miss.
        const cut = round % 20 === 0 ? { pieceSize: 3 } : {};
        const { breakCount, breaks } = await chain.verify(scope, { heads, ...cut });
        const first = breaks[0];
        if (breakCount === 0 || first === undefined || first.detail === '') unseen.push(done);
        await tamperer.undo();
      }
      expect(unseen).toEqual([]);
      expect((await chain.verify(scope, { heads })).breakCount).toBe(0);
    },
    180_000,
  );

  it('names table, key and link of a changed row', async () => {
    tamperer.touch('requirements');
    const [row] = (
      await client.query<{ account_id: string; run_id: string; batch: string }>(
        `UPDATE requirements SET buffer = buffer + 0.01 WHERE ctid = (SELECT min(ctid) FROM requirements_y2026m09 WHERE firm_id = $1)
         AND tableoid = 'requirements_y2026m09'::regclass RETURNING account_id, run_id, batch`,
        [scope.firmId],
      )
    ).rows;
    const { breaks, breakCount } = await chain.verify(scope);
    const { rows } = await client.query<{ sequence: string }>(
      `SELECT sequence FROM history_links WHERE table_name = 'requirements' AND batch = $1`,
      [row?.batch],
    );
    expect(breakCount).toBe(1);
    expect(breaks[0]).toMatchObject({
      kind: 'ROW_CHANGED',
      table: 'requirements',
      sequence: Number(rows[0]?.sequence),
      key: expect.stringContaining(`account_id ${row?.account_id}`),
    });
    expect(breaks[0]?.key).toContain(`run_id ${row?.run_id}`);
    await tamperer.undo();
  });

  it('is not fooled by a chain that was computed anew: the head outside tells', async () => {
    tamperer.touch('history_links');
    await client.query(
      `UPDATE history_links l SET hash = sha256(hash::bytea) WHERE firm_id = $1
       AND sequence = (SELECT max(sequence) FROM history_links WHERE firm_id = $1)`,
      [scope.firmId],
    );
    const heads = await readHistoryHeads(historyHeadFile, scope.firmId);
    const found = await chain.verify(scope, { heads });
    expect(found.breaks.map(({ kind }) => kind)).toContain('LINK_BROKEN');
    await tamperer.undo();
  });
});
