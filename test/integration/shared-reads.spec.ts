import { AccountStore, FirmStore } from '@ballast/persistence';
import type { Principal } from '@ballast/use-cases';
import { type SharedContext, SharedReads } from '../../apps/api/src/hot-path/shared-reads';
import { openFirmAdmission } from '../../apps/api/src/http/firm-admission';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let database: TestDatabase;
let reads: SharedReads;
const firms: string[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  for (const code of ['ONE', 'TWO']) {
    const firm = await new FirmStore(database.database).create({ code, name: code });
    firms.push(firm.id);
    const account = { code: `${code}-1`, name: code, baseCurrency: 'USD', methodology: 'SPAN' as const };
    await new AccountStore(database.database).upsertMany({ firmId: firm.id }, [account]);
  }
  reads = new SharedReads(database.database, openFirmAdmission({ active: 3, queued: 10 }), () => 1_000, { life: 0 });
});
afterAll(() => database?.close());

const limitedTo = '0190d3f0-0000-7000-8000-000000000000';

function principal(firm: 0 | 1, more: Partial<Principal> = {}): Principal {
  return { subject: 'anybody', firmId: firms[firm] as string, roles: ['risk'], ...more };
}

interface Seen {
  readonly context: SharedContext | null;
  readonly codes: readonly string[];
  readonly transaction: string;
}

/** Joins a group and reads in it. */
function ask(of: Principal): Promise<Seen> {
  return new Promise((resolve, reject) => {
    reads.join(
      of,
      async (context) => {
        const read = context?.session.read(async (tx) => {
          const rows = await tx.rows<{ code: string; transaction: string }>(
            `SELECT string_agg(code, ',') AS code, (SELECT virtualxid || ' ' || pid FROM pg_locks
             WHERE pid = pg_backend_pid() AND locktype = 'virtualxid') AS transaction FROM accounts`,
          );
          return rows[0];
        });
        const seen = await read?.catch(reject);
        resolve({ context, codes: seen?.code?.split(',') ?? [], transaction: seen?.transaction ?? '' });
      },
      isThere,
    );
  });
}

const isThere = (): boolean => false;

/** Joins a group of `of` and tells whether it was let in. */
function isLetIn(of: SharedReads, isGone: () => boolean = isThere): Promise<boolean> {
  return new Promise((resolve) => of.join(principal(0), async (context) => resolve(context !== null), isGone));
}

describe('SharedReads', () => {
  it('answers everybody of one scope who asks in the same turn in one transaction', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, (_, index) => ask(principal(0, { subject: `${index}` }))));
    expect(new Set(all.map(({ context }) => context)).size).toBe(1);
    expect(new Set(all.map(({ transaction }) => transaction)).size).toBe(1);
    expect(all.every(({ codes }) => codes.join() === 'ONE-1')).toBe(true);
    expect(all[0]?.context?.now).toBe(1_000);
  });

  it('cuts a crowd into groups of at most 16', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => ask(principal(0))));
    const sizes = new Map<SharedContext | null, number>();
    for (const { context } of all) sizes.set(context, (sizes.get(context) ?? 0) + 1);
    expect([...sizes.values()]).toEqual([16, 16, 8]);
  });

  it('T-09 never lets two scopes share: another firm, other roles, other account limits', async () => {
    const callers = [
      principal(0),
      principal(1),
      principal(0, { roles: ['broker'] }),
      principal(0, { accountIds: [] }),
      principal(0, { accountIds: [limitedTo] }),
      principal(1, { accountIds: [limitedTo] }),
    ];
    const many = Array.from({ length: 90 }, (_, index) => index % callers.length);
    const seen = await Promise.all(many.map((at) => ask(callers[at] as Principal)));
    const contexts = callers.map(
      (_, at) => new Set(seen.filter((__, index) => many[index] === at).map((one) => one.context)),
    );
    expect(contexts.map((own) => own.size)).toEqual(callers.map(() => 1));
    expect(new Set(contexts.flatMap((own) => [...own])).size).toBe(callers.length);
    expect(many.map((at, index) => [at, (seen[index] as Seen).codes.join()])).toEqual(
      many.map((at) => [at, ['ONE-1', 'TWO-1', 'ONE-1', '', '', ''][at]]),
    );
    seen.forEach(({ context }, index) => {
      const { firmId, roles, accountIds } = callers[many[index] as number] as Principal;
      expect(context?.principal).toEqual({ subject: 'several', firmId, roles, ...(accountIds && { accountIds }) });
    });
  });

  it('closes a group before its transaction begins: who asks later is shown what was recorded until then', async () => {
    const accounts = new AccountStore(database.database);
    const added: string[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const early = ask(principal(1));
      // Some turns ask while the early group is forming, some while it is open, some after it.
      for (let wait = 0; wait < turn; wait += 1) await new Promise((resolve) => setImmediate(resolve));
      const code = `TWO-${turn + 2}`;
      await accounts.upsertMany(principal(1), [{ code, name: code, baseCurrency: 'USD', methodology: 'SPAN' }]);
      added.push(code);
      expect((await ask(principal(1))).codes).toEqual(expect.arrayContaining(added));
      await early;
    }
  });

  it('tells everybody when no place is free, and goes on afterwards', async () => {
    const full = new SharedReads(database.database, { enter: async () => 'queue-full' }, () => 0, { life: 0 });
    expect(await Promise.all([isLetIn(full), isLetIn(full)])).toEqual([false, false]);
    expect(await isLetIn(full)).toBe(false);
  });

  it('does no work for callers that are gone, and lets no more than 1,000 wait', async () => {
    const free: (() => void)[] = [];
    const place = () => new Promise<() => void>((resolve) => free.push(() => resolve(() => undefined)));
    const busy = new SharedReads(database.database, { enter: place }, () => 0, { life: 0 });
    const gone = Array.from({ length: 999 }, () => isLetIn(busy, () => true));
    const last = isLetIn(busy);
    expect(await isLetIn(busy)).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    free[0]?.();
    expect(await last).toBe(true);
    expect(new Set(await Promise.all(gone))).toEqual(new Set([false]));
    expect(free).toHaveLength(1);
  });
});
