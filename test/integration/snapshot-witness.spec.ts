import { isDeepStrictEqual } from 'node:util';
import { AccountStore, Database, FirmStore, SnapshotWitness, type TenantTransaction } from '@ballast/persistence';
import type { Client } from 'pg';
import { openTcpProxy } from '../support/tcp-proxy';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

let database: TestDatabase;
let witness: SnapshotWitness;
let firmId: string;
beforeAll(async () => {
  database = await openTestDatabase();
  firmId = (await new FirmStore(database.database).create({ code: 'ONE', name: 'One' })).id;
  witness = new SnapshotWitness(database.database);
  await standing(witness);
});
afterAll(async () => {
  await witness?.onModuleDestroy();
  await database?.close();
});

async function standing(of: SnapshotWitness, otherThan = 0): Promise<number> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (of.life !== 0 && of.life !== otherThan && (await of.ask()) !== null) return of.life;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the witness does not stand');
}

const addAccount = (code: string) =>
  new AccountStore(database.database).upsertMany({ firmId }, [
    { code, name: code, baseCurrency: 'USD', methodology: 'SPAN' },
  ]);
const readOnly = { isolation: 'REPEATABLE READ', readOnly: true } as const;
const readMoment = (work: (tx: TenantTransaction) => Promise<unknown> = async () => undefined) =>
  database.database.withTenant(
    { firmId },
    async (tx) => {
      await work(tx);
      return tx.moment;
    },
    readOnly,
  );

/** Tests of other files commit on the same server: what has to be equal must be so once in fifty attempts. */
async function unlessOthersCommit(attempt: () => Promise<unknown[][]>): Promise<void> {
  for (let tries = 0; tries < 49; tries += 1)
    if ((await attempt()).every(([one, other]) => isDeepStrictEqual(one, other))) return;
  for (const [one, other] of await attempt()) expect(one).toEqual(other);
}

describe('SnapshotWitness', () => {
  it('says the same while nobody writes, in the words of the transactions that read', async () => {
    await unlessOthersCommit(async () => {
      const first = await witness.ask();
      expect(first?.text).toMatch(/^\d+:\d+:[\d,]* [\d.]+$/);
      const again = await witness.ask();
      const read = await readMoment((tx) => tx.rows('SELECT * FROM accounts'));
      return [again, { ...first, text: read }, await witness.ask()].map((moment) => [moment, first]);
    });
  });

  it('says something else after every commit and rollback of somebody who wrote, however many run', async () => {
    await withClient(database.superuserUrl, async (early) => {
      await early.query('BEGIN');
      await early.query(`UPDATE firms SET name = 'early'`);
      const texts = new Set([(await witness.ask())?.text]);
      for (let turn = 0; turn < 30; turn += 1) {
        if (turn % 3 === 0)
          await database.database.withTenant({ firmId }, (tx) => tx.rows(`SELECT pg_notify('x', '')`));
        else await addAccount(`A-${turn}`);
        texts.add((await witness.ask())?.text);
        texts.add(await readMoment().then(String));
      }
      await early.query('ROLLBACK');
      texts.add((await witness.ask())?.text);
      expect(texts.size).toBeGreaterThanOrEqual(32);
    });
  });

  it('keeps the moment of a transaction while others write', async () => {
    let added = 0;
    await unlessOthersCommit(async () => {
      let later: string | undefined;
      const before = (await witness.ask())?.text;
      const moment = await readMoment(async () => {
        await addAccount(`B-${(added += 1)}`);
        later = (await witness.ask())?.text;
      });
      expect(later).not.toBe(before);
      return [[moment, before]];
    });
  });

  it('tells no moment of a transaction that may write, or that sees several', async () => {
    const plain = await database.database.withTenant({ firmId }, async (tx) => tx.moment, {
      isolation: 'REPEATABLE READ',
    });
    expect(plain).toBeNull();
    const several = database.database.withTenant({ firmId }, async (tx) => tx.moment, { readOnly: true });
    await expect(several).rejects.toThrow('only one moment');
    const writing = readMoment((tx) => tx.rows(`UPDATE accounts SET name = 'x'`));
    await expect(writing).rejects.toThrow('25006');
  });

  it('answers a crowd with one statement that begins after the last of them asked', async () => {
    const crowd = Array.from({ length: 50 }, () => witness.ask());
    expect(new Set(crowd).size).toBe(1);
    await crowd[0];
    const running = witness.ask();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(witness.ask()).not.toBe(running);
    await running;
  });

  it('begins another life when its connection ends, and says nothing until it stands', async () => {
    const life = await standing(witness);
    await withClient(database.superuserUrl, (client) =>
      client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'ballast witness' AND datname = current_database()`),
    );
    expect(await witness.ask()).toBeNull();
    expect(await standing(witness, life)).toBe(life + 1);
  });

  it('leaves no connection behind when a slow server does not answer in time', async () => {
    const url = new URL(database.environment['DATABASE_URL'] as string);
    const proxy = await openTcpProxy(Number(url.port));
    url.port = String(proxy.port);
    const through = new Database(() => ({ ...database.database.settings, databaseUrl: url.href }));
    await through.withTenant({ firmId }, (tx) => tx.rows('SELECT 1'));
    const own = new SnapshotWitness(through);
    proxy.delay(600);
    const count = (client: Client) =>
      client
        .query<{ n: number }>(
          `SELECT count(*)::integer AS n FROM pg_stat_activity WHERE application_name = 'ballast witness' AND datname = current_database()`,
        )
        .then(({ rows }) => rows[0]?.n ?? -1);
    await withClient(database.superuserUrl, async (client) => {
      const before = await count(client);
      expect(own.life).toBe(0);
      for (let tries = 0; tries < 100 && (await count(client)) === before; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await count(client)).toBe(before + 1);
      for (let tries = 0; tries < 100 && (await count(client)) > before; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await count(client)).toBe(before);
      expect(own.life).toBe(0);
    });
    await own.onModuleDestroy();
    await proxy.close();
    await through.close();
  });

  it('gives up a connection that falls silent', async () => {
    const url = new URL(database.environment['DATABASE_URL'] as string);
    const proxy = await openTcpProxy(Number(url.port));
    url.port = String(proxy.port);
    const through = new Database(() => ({ ...database.database.settings, databaseUrl: url.href }));
    const own = new SnapshotWitness(through);
    await standing(own);
    proxy.halfOpen();
    expect(await own.ask()).toBeNull();
    expect(own.life).toBe(0);
    await own.onModuleDestroy();
    await proxy.close();
    await through.close();
  });
});
