// Watches, margin calls and history of an account whose rows are of both kinds: explained ones of runs over the firm, lean ones
// of moves of prices and of shards.
import { type Instant, parseInstant } from '@ballast/domain';
import {
  AccountStore,
  BufferHistoryStore,
  MarginCallStore,
  type MarginRun,
  RequirementStore,
} from '@ballast/persistence';
import { openWatches, takeFrom } from '../support/open-watches';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openReplay } from '../support/run-engine';
import { openStreamDesk, priceLine, type StreamDesk, streamStart, untilTold } from '../support/stream-desk';

let db: TestDatabase;
let desk: StreamDesk;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = await openStreamDesk(db);
});
afterAll(async () => {
  await desk?.engine.close();
  await db?.close();
});

const execute = (more: { readonly asOf?: Instant; readonly shardSize?: number } = {}): Promise<MarginRun> =>
  desk.runMargin.execute({ ...desk.scope, requestedBy: 'test', ...more });

async function stateCash(amount: number): Promise<void> {
  const chunks = (async function* () {
    yield new TextEncoder().encode(`account,currency,amount\nCALLS,USD,${amount}\n`);
  })();
  const valueAt = parseInstant('2026-01-02T00:00:00Z', 'valueAt');
  await desk.desk.importBalances.execute({ ...desk.context, valueAt }, { name: 'balances.csv', chunks });
}

async function move(price: string, seconds: number): Promise<string> {
  const { of } = await desk.follow([
    { lines: [priceLine('X', price, seconds)], seconds, after: untilTold('evaluated', 1) },
  ]);
  return of('evaluated')[0]?.runId ?? '';
}

it('tells of runs of both kinds alike, and has their calls and observations in one list each', async () => {
  const calls = new MarginCallStore(db.database);
  const accountId = desk.ids.get('CALLS') ?? '';
  const watches = openWatches(db.database);
  const principal = { subject: 'ruth', ...desk.scope, roles: ['risk'] as const };
  const buffers = await watches.buffers.open(principal, { accountIds: [accountId] });
  const raised = await watches.calls.open(principal, {});

  /** What the watch says next: it is asked at once, as it tells of an account's newest figures alone. */
  const next = async () => (await takeFrom(buffers, 1)).map(({ runId, status }) => [runId, status])[0];

  const whole = await execute();
  expect(await next()).toEqual([whole.id, 'HEALTHY']);
  await stateCash(14_000);
  const moved = await move('100.5', 5);
  expect(await next()).toEqual([moved, 'MARGIN_CALL']);
  const [first] = await takeFrom(raised, 1);
  expect(first).toMatchObject({ accountId, raisedRunId: moved });
  const inShards = await execute({ shardSize: 1 });
  expect(await next()).toEqual([inShards.id, 'MARGIN_CALL']);
  const open = await calls.findPage(desk.scope, { first: 10, filter: { accountIds: [accountId] } });
  expect(open.items.map(({ node }) => [node.id, node.state])).toEqual([[first?.id, 'RAISED']]);

  await stateCash(100_000);
  const explained = await execute();
  expect(await next()).toEqual([explained.id, 'HEALTHY']);
  expect((await calls.findById(desk.scope, first?.id ?? ''))?.state).toBe('CLOSED');
  await stateCash(14_000);
  const again = await execute({ shardSize: 2 });
  expect(await next()).toEqual([again.id, 'MARGIN_CALL']);
  const [second] = await takeFrom(raised, 1);
  expect(second).toMatchObject({ accountId, state: 'RAISED', raisedRunId: again.id });
  await Promise.all([buffers.return(), raised.return()]);
  await watches.close();

  // History holds each run once, whichever table has its row; the list of accounts has the newest.
  const history = new BufferHistoryStore(db.database);
  const period = { accountId, from: streamStart, to: (streamStart + 3_600_000) as Instant, bucket: 'RAW' as const };
  const { items } = await history.findPage(desk.scope, { ...period, first: 100 });
  const { items: runs } = await desk.runs.findPage(desk.scope, { first: 100 });
  expect(items.map(({ node }) => node.runId).sort()).toEqual(runs.map(({ node }) => node.id).sort());
  expect(await history.count(desk.scope, period)).toBe(5);
  const requirements = new RequirementStore(db.database);
  for (const { node } of items) {
    const [stored] = await requirements.findByRun(desk.scope, node.runId, [accountId]);
    expect([stored?.buffer, stored?.status, stored?.asOf]).toEqual([node.buffer, node.status, node.at]);
    expect(await openReplay(db.database).execute({ ...desk.scope, runId: node.runId })).toMatchObject({
      differences: [],
    });
  }
  const listed = await new AccountStore(db.database).findPage(desk.scope, {
    ...{ first: 1, orderBy: { field: 'BUFFER_RATIO', direction: 'ASC' } },
  });
  expect(listed.items.map(({ node }) => node.id)).toEqual([accountId]);
}, 30_000);
