import type { Instant } from '@ballast/domain';
import { type RecordedOutcome, RunOutcomeStore } from '@ballast/persistence';
import { JobQueue, type Principal } from '@ballast/use-cases';
import { type MarginCallDesk, openMarginCallDesk } from '../support/margin-call-desk';
import { cutListeners, openWatches, takeFrom, type Watches } from '../support/open-watches';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at } from '../support/record-samples';

let db: TestDatabase;
let queue: JobQueue;
let watches: Watches;

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 12 });
  queue = new JobQueue(db.database);
  await queue.install();
  watches = openWatches(db.database);
});
afterAll(async () => {
  await watches?.close();
  await queue?.beforeApplicationShutdown();
  await db?.close();
});

const monday = at('2026-12-07T21:00:00Z');
const hours = (count: number): Instant => (monday + count * 3_600_000) as Instant;
const riskOf = ({ scope }: MarginCallDesk): Principal => ({ subject: 'ruth', firmId: scope.firmId, roles: ['risk'] });
const accountOf = ({ accountIds }: MarginCallDesk, account: number): string => accountIds[account] ?? '';

describe('the watch of margin calls', () => {
  it('tells the calls of a run that ends after later calls were told', async () => {
    const desk = await openMarginCallDesk(db, 'OVERLAP');
    const stream = await watches.calls.open(riskOf(desk), {});
    const slow = await desk.openShards(monday);
    await slow.end(0, '900');
    const quick = await desk.run(hours(1), '900', { account: 1 });
    expect(await takeFrom(stream, 1)).toMatchObject([{ accountId: accountOf(desk, 1), raisedRunId: quick }]);
    await slow.end(1, '2000');
    await slow.end(2, '900');
    const told = await takeFrom(stream, 2);
    expect(told.map(({ raisedRunId }) => raisedRunId)).toEqual([slow.runId, slow.runId]);
    expect(new Set(told.map(({ accountId }) => accountId))).toEqual(new Set([accountOf(desk, 0), accountOf(desk, 2)]));
    await stream.return();
  });

  it('tells after a lost connection what was raised meanwhile, and nothing older or twice', async () => {
    const desk = await openMarginCallDesk(db, 'GAP');
    await desk.run(monday, '900');
    await desk.run(hours(1), '2000');
    const stream = await watches.calls.open(riskOf(desk), {});
    await desk.run(hours(2), '900', { account: 1 });
    expect(await takeFrom(stream, 1)).toMatchObject([{ accountId: accountOf(desk, 1), raisedAt: hours(2) }]);
    await cutListeners(db.superuserUrl, () => desk.run(hours(3), '900', { account: 2 }));
    expect(await takeFrom(stream, 1)).toMatchObject([{ accountId: accountOf(desk, 2), raisedAt: hours(3) }]);
    await desk.run(hours(4), '2000', { account: 1 });
    await desk.run(hours(5), '900', { account: 1 });
    expect(await takeFrom(stream, 1)).toMatchObject([{ accountId: accountOf(desk, 1), raisedAt: hours(5) }]);
    await stream.return();
  });

  it('begins after an instant with every call since, however many, then those of runs that ended since', async () => {
    const desk = await openMarginCallDesk(db, 'SINCE');
    await desk.run(monday, '900');
    await desk.run(hours(1), '2000');
    const [first] = (await desk.calls.findPage(desk.scope, { first: 1 })).items;
    const knownAt = first?.node.knownAt as Instant;
    const copies = 1_200;
    await withClient(db.superuserUrl, async (client) => {
      // Copies of the closed call, seven of them learnt of in each millisecond.
      await client.query('SET session_replication_role = replica');
      await client.query(
        `INSERT INTO margin_calls SELECT (jsonb_populate_record(c, jsonb_build_object('call_id', gen_random_uuid(),
           'known_at', c.known_at + interval '1 ms' * (1 + n / 7)))).* FROM margin_calls c, generate_series(0, $2 - 1) AS n
         WHERE c.call_id = $1`,
        [first?.node.id, copies],
      );
    });
    const stream = await watches.calls.open(riskOf(desk), { since: knownAt });
    const told = await takeFrom(stream, copies);
    expect(new Set(told.map(({ id }) => id)).size).toBe(copies);
    expect(told.map((call) => call.knownAt)).toEqual(told.map((call) => call.knownAt).sort((a, b) => a - b));
    await stream.return();

    const other = await openMarginCallDesk(db, 'LATER');
    const slow = await other.openShards(monday);
    await slow.end(0, '900');
    await other.run(hours(1), '900', { account: 1 });
    await slow.end(1, '900');
    await slow.end(2, '2000');
    const calls = (await other.calls.findPage(other.scope, { first: 10 })).items.map(({ node }) => node);
    const since = calls.find(({ accountId }) => accountId === accountOf(other, 1))?.knownAt;
    const again = await watches.calls.open(riskOf(other), { since });
    const raised = await takeFrom(again, 2);
    expect(raised.map(({ accountId }) => accountId)).toContain(accountOf(other, 0));
    await again.return();
  });
});

describe('what ended since an instant', () => {
  it('is found page by page in order of time', async () => {
    const desk = await openMarginCallDesk(db, 'PAGES');
    const outcomes = new RunOutcomeStore(db.database);
    const openedAt = await outcomes.findNow(desk.scope);
    const runIds: string[] = [];
    for (const count of [0, 1, 2, 3]) runIds.push(await desk.run(hours(count), '2000'));
    await desk.openShards(hours(4));
    const pages: RecordedOutcome[] = [];
    for (let after: RecordedOutcome | undefined; ;) {
      const page = await outcomes.findSince(desk.scope, { at: openedAt, after, first: 2 });
      pages.push(...page);
      after = page.at(-1);
      if (after === undefined) break;
    }
    expect(pages.map(({ runId, releasedAt }) => [runId, releasedAt])).toEqual(runIds.map((id) => [id, null]));
    expect(await outcomes.findSince(desk.scope, { at: await outcomes.findNow(desk.scope), first: 2 })).toEqual([]);
  });
});

describe('the watch of buffers', () => {
  it('tells after a lost connection the runs that ended meanwhile, also before it told any and when PARTIAL', async () => {
    const desk = await openMarginCallDesk(db, 'BUFFER');
    const stream = await watches.buffers.open(riskOf(desk), {});
    const partial = await desk.openShards(monday);
    await cutListeners(db.superuserUrl, async () => {
      await partial.end(0, '900');
      await partial.end(1, '2000');
      await partial.giveUp(2);
    });
    const told = await takeFrom(stream, 2);
    expect(told.map(({ runId }) => runId)).toEqual([partial.runId, partial.runId]);
    expect(new Set(told.map(({ accountId }) => accountId))).toEqual(new Set([accountOf(desk, 0), accountOf(desk, 1)]));
    // Nothing came twice, and the runs before the watch did not come at all: the next is that of the next run.
    const next = await desk.run(hours(1), '2000', { account: 2 });
    expect(await takeFrom(stream, 1)).toMatchObject([{ runId: next, accountId: accountOf(desk, 2) }]);
    await stream.return();
  });

  it('begins after a run with what later runs made, also a PARTIAL one', async () => {
    const desk = await openMarginCallDesk(db, 'AFTER');
    const seen = await desk.run(monday, '2000');
    const partial = await desk.openShards(hours(1));
    await partial.end(1, '2000');
    await partial.end(2, '900');
    await partial.giveUp(0);
    const stream = await watches.buffers.open(riskOf(desk), {
      afterRunId: seen,
      accountIds: [accountOf(desk, 0), accountOf(desk, 2)],
    });
    expect(await takeFrom(stream, 1)).toMatchObject([{ runId: partial.runId, accountId: accountOf(desk, 2) }]);
    const next = await desk.run(hours(2), '2000');
    expect(await takeFrom(stream, 1)).toMatchObject([{ runId: next, accountId: accountOf(desk, 0) }]);
    await stream.return();
  });

  it.each(['buffers', 'calls'] as const)('of %s names at most 1,000 accounts', async (kind) => {
    const desk = await openMarginCallDesk(db, `MANY-${kind}`);
    const accountIds = Array.from({ length: 1_001 }, () => accountOf(desk, 0));
    await expect(watches[kind].open(riskOf(desk), { accountIds })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'accountIds',
    });
  });
});
