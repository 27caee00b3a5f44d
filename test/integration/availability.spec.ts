import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import {
  AccountStore,
  Database,
  FirmStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  PersistenceModule,
  persistenceOptionsFromEnv,
  RequirementStore,
  RiskParameterStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account, at, option, snapshot } from '../support/record-samples';

let db: TestDatabase;
let firmId: string;

beforeAll(async () => {
  db = await openTestDatabase();
  firmId = (await new FirmStore(db.database).create({ code: 'ALPHA', name: 'Alpha' })).id;
  await new AccountStore(db.database).upsertMany({ firmId }, [account('A-1')]);
});

afterAll(async () => {
  await db?.close();
});

describe('a lost connection', () => {
  it('is a typed refusal for the transaction it hits, and the next one works', async () => {
    const broken = db.database.withTenant({ firmId }, async (tx) => {
      const [row] = await tx.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await withClient(db.superuserUrl, (client) => client.query('SELECT pg_terminate_backend($1)', [row?.pid]));
      return tx.rows('SELECT 1');
    });
    await expect(broken).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await new AccountStore(db.database).findAll({ firmId })).toHaveLength(1);
  });

  it('of every idle connection does not end the process', async () => {
    const store = new AccountStore(db.database);
    await Promise.all(Array.from({ length: 4 }, () => store.findAll({ firmId })));
    const ended = await withClient(db.superuserUrl, async (client) => {
      const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'ballast'`;
      return (await client.query(sql, [db.name])).rowCount;
    });
    expect(ended).toBeGreaterThan(0);
    await sleep(50);
    expect(await store.findAll({ firmId })).toHaveLength(1);
  });
});

describe('a process that is killed in the middle of a run', () => {
  it('leaves a run that is RUNNING while nobody looks, then FAILED, and not one result', async () => {
    const { database } = db;
    const scope = { firmId };
    const instruments = new InstrumentStore(database);
    await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
    await instruments.upsertMany(scope, [option(100)]);
    const market = {
      snapshot: snapshot(at('2026-11-20T21:00:00Z'), [option(100)]),
      source: 'test',
      quality: 'OK' as const,
    };
    const snapshotId = (await new MarketSnapshotStore(database).insert(scope, market)).header.id;
    const set = {
      methodology: 'SPAN' as const,
      name: 'd',
      effectiveFrom: at('2026-01-01T00:00:00Z'),
      parameters: {},
      proposedBy: 'ann',
    };
    const parameterSetId = (await new RiskParameterStore(database).propose(scope, set)).id;
    const ids = (await new AccountStore(database).findAll(scope)).map(({ id }) => id);
    const files = ['run-typescript.cjs', 'run-and-hang.ts'].map((name) => path.resolve(__dirname, '../support', name));
    const child = spawn(process.execPath, [...files, firmId, snapshotId, parameterSetId, ...ids], {
      env: { ...process.env, DATABASE_URL: db.appUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const runId = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
    );
    const runs = new MarginRunStore(database);
    expect(await runs.failAbandoned(scope)).toEqual([]);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    for (let abandoned: string[] = []; abandoned.length === 0; await sleep(20))
      abandoned = await runs.failAbandoned(scope);
    expect(await runs.findById(scope, runId)).toMatchObject({ state: 'FAILED', resultHash: null });
    expect(await new RequirementStore(database).findLatest(scope, ids)).toEqual(new Map());
    expect((await runs.findPage(scope, { first: 10 })).items).toHaveLength(1);
  });
});

describe('limits', () => {
  it('an exhausted pool answers UNAVAILABLE within the wait, and recovers', async () => {
    const database = new Database(() => ({ ...db.options, poolSize: 1, poolWaitMs: 200 }));
    await database.connect();
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const holder = database.withTenant({ firmId }, () => gate);
    await sleep(20);
    await expect(database.withTenant({ firmId }, (tx) => tx.rows('SELECT 1'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    letGo();
    await holder;
    expect(await database.isReachable()).toBe(true);
    await database.close();
  });

  it('closing takes its connection from whoever waits for an answer', async () => {
    const database = new Database(() => db.options);
    await database.connect();
    const waiting = database.withTenant({ firmId }, (tx) => tx.rows('SELECT pg_sleep(25)'));
    const told = waiting.then(
      () => 'an answer',
      (failure: { code?: string }) => failure.code,
    );
    await sleep(50);
    await database.close();
    expect(await told).toBe('UNAVAILABLE');
  }, 30_000);

  it('a statement that takes too long is broken off', async () => {
    const slow = db.database.withTenant({ firmId }, (tx) => tx.rows('SELECT pg_sleep(5)'), { statementTimeoutMs: 50 });
    await expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('a transaction may stand idle as long as its work says, a minute where it says nothing', async () => {
    const limits: unknown[] = [];
    const ask = async (tx: TenantTransaction): Promise<unknown> =>
      limits.push((await tx.rows<{ idle: string }>(`SELECT current_setting('${idle}') AS idle`))[0]?.idle);
    const idle = 'idle_in_transaction_session_timeout';
    await db.database.withTenant({ firmId }, ask, { idleTimeoutMs: 600_000 });
    await db.database.withTenant({ firmId }, ask);
    expect(limits).toEqual(['10min', '1min']);
    const late = db.database.withTenant({ firmId }, async (tx) => [await sleep(500), await ask(tx)], {
      idleTimeoutMs: 20,
    });
    await expect(late).rejects.toMatchObject({ code: expect.any(String) as string });
    expect(limits).toHaveLength(2);
  });
});

describe('the Nest module', () => {
  it('starts nothing until a store is used, migrates at the first use, and stops the server with the application', async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-module-'));
    fs.chmodSync(dataDir, 0o755);
    const module = PersistenceModule.register(persistenceOptionsFromEnv({ DATA_DIR: dataDir, POOL_MAX: '2' }));
    const app = await NestFactory.createApplicationContext(module, { logger: false });
    expect(fs.readdirSync(dataDir)).toEqual([]);
    const firms = app.get(FirmStore);
    const [created] = await Promise.all([firms.create({ code: 'A', name: 'A' }), firms.findAll()]);
    expect(await firms.findAll()).toEqual([created]);
    expect(fs.existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(true);
    await app.close();
    expect(fs.existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    await expect(firms.findAll()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    fs.rmSync(dataDir, { recursive: true });
  });

  it('heals when its server is killed: no restart, nothing committed is lost', async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-module-'));
    fs.chmodSync(dataDir, 0o755);
    const events: string[] = [];
    const onEvent = (message: string): unknown => events.push(message);
    const database = new Database(() => ({ ...persistenceOptionsFromEnv({ DATA_DIR: dataDir }), onEvent }));
    const firms = new FirmStore(database);
    const acknowledged: string[] = [];
    for (let index = 0; index < 20; index += 1)
      acknowledged.push((await firms.create({ code: `F-${index}`, name: 'x' })).code);
    const pid = Number(fs.readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    // A backend may answer once more before it notices that its server is gone, so wait for the word and not for an answer.
    while (!events.includes('embedded Postgres recovered')) await sleep(50);
    while (!(await database.isReachable())) await sleep(50);
    const found = (await firms.findAll()).map(({ code }) => code);
    expect(found.sort()).toEqual(acknowledged.sort());
    await database.close();
    fs.rmSync(dataDir, { recursive: true });
  }, 30_000);

  it('reads its options strictly, naming the variable', () => {
    for (const [name, value] of Object.entries({
      DATABASE_URL: 'mysql://x',
      MIGRATION_DATABASE_URL: 'postgres//x',
      POOL_MAX: '0',
      POOL_WAIT_MS: '1e3',
      STATEMENT_TIMEOUT_MS: '-5',
    })) {
      expect(() => persistenceOptionsFromEnv({ [name]: value })).toThrow(name);
    }
    expect(persistenceOptionsFromEnv({})).toMatchObject({ dataDir: path.resolve('.ballast'), poolSize: 10 });
  });
});
