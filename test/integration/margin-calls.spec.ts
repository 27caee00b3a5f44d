import { payMarginCall, publishedMarginCallTerms } from '@ballast/buffer';
import { Decimal, formatInstant, type Instant } from '@ballast/domain';
import { FirmControlsStore, HistoryChainStore, MarginCallStore, type StoredMarginCall } from '@ballast/persistence';
import { AdvanceMarginCalls, MarginCallTermsReader } from '@ballast/use-cases';
import { fileOf } from '../support/import-desk';
import { openLifecycleDesk } from '../support/lifecycle-desk';
import { type MarginCallDesk, openMarginCallDesk } from '../support/margin-call-desk';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at } from '../support/record-samples';

let db: TestDatabase;
beforeAll(async () => (db = await openTestDatabase({ poolSize: 24 })));
afterAll(() => db?.close());

const monday = at('2026-12-07T21:00:00Z');
const hours = (count: number): Instant => (monday + count * 3_600_000) as Instant;
const callsOf = async ({ calls, scope }: MarginCallDesk): Promise<readonly StoredMarginCall[]> =>
  (await calls.findPage(scope, { first: 100 })).items.map(({ node }) => node);
const only = async (desk: MarginCallDesk): Promise<StoredMarginCall> => {
  const [call, ...others] = await callsOf(desk);
  expect(others).toEqual([]);
  return call as StoredMarginCall;
};
const stepsOf = async ({ calls, scope }: MarginCallDesk, callId: string): Promise<readonly string[]> =>
  ((await calls.findEvents(scope, [callId])).get(callId) ?? []).map(
    ({ number, kind, stateAfter, amount, outstanding }) =>
      `${number} ${kind} ${stateAfter} ${amount.toFixed()}/${outstanding.toFixed()}`,
  );
/** Records a payment as the use case does: lock, decide, write. */
const pay = (desk: MarginCallDesk, callId: string, amount: string, receivedAt: Instant): Promise<void> =>
  db.database.withTenant(desk.scope, async (tx) => {
    const call = await desk.calls.lock(tx, callId);
    if (call === null) throw new Error('no call');
    const credited = new Decimal(amount);
    const payment = { amount: credited, currency: 'USD', credited, receivedAt };
    const act = { actor: 'bo', at: receivedAt, payment, terms: publishedMarginCallTerms };
    await desk.calls.append(tx, [payMarginCall(call, act)]);
  });

it('names open calls that a change of the calendar would move, and leaves their deadlines', async () => {
  const desk = await openMarginCallDesk(db, 'CALENDAR');
  await desk.run(monday, '900');
  const raised = await only(desk);
  const { amendCalendar, movedCalls } = openLifecycleDesk(db);
  const amend = (date: string) => {
    const row = `calendar,date,change,name\nUS-EQUITY-OPTIONS,${date},holiday,Day of mourning\n`;
    return amendCalendar.execute({ ...desk.scope, recordedBy: 'ann', at: monday }, fileOf('c.csv', row));
  };
  const since = () => db.database.withTenant(desk.scope, (tx) => movedCalls.findSince(tx, [raised.id]));
  expect((await amend('2026-12-24')).calls).toEqual([]);
  expect(await since()).toEqual([]);
  const { calls } = await amend('2026-12-08');
  expect(
    calls.map(({ call, deadlines }) => [call.id, formatInstant(call.dueAt), formatInstant(deadlines.dueAt)]),
  ).toEqual([[raised.id, '2026-12-08T21:00:00.000Z', '2026-12-09T21:00:00.000Z']]);
  expect((await since()).map(({ deadlines }) => deadlines)).toEqual([calls[0]?.deadlines]);
  expect((await amend('2026-12-08')).calls).toEqual([]);
  expect(await only(desk)).toEqual(raised);
});

describe('a run and the calls it causes', () => {
  it('raises, follows, and releases a call, each step in the record', async () => {
    const desk = await openMarginCallDesk(db, 'LIFE');
    const runId = await desk.run(monday, '900');
    const raised = await only(desk);
    expect(raised).toMatchObject({ state: 'RAISED', raisedRunId: runId, raisedAt: monday, currency: 'USD' });
    expect([raised.amount.toFixed(), formatInstant(raised.dueAt)]).toEqual(['300', '2026-12-08T21:00:00.000Z']);
    await desk.run(hours(1), '850.5');
    await desk.run(hours(2), '1250');
    await desk.run(hours(3), '1300.01');
    expect(await stepsOf(desk, raised.id)).toEqual([
      '1 RAISED RAISED 300/300',
      '2 AMOUNT_UPDATED RAISED 349.5/349.5',
      '3 AMOUNT_UPDATED MET 0/0',
      '4 CLOSED CLOSED 0/0',
    ]);
    expect(await only(desk)).toMatchObject({ state: 'CLOSED', closeReason: 'RELEASED', closedAt: hours(3) });
    expect((await desk.calls.findRaisedByRun(desk.scope, runId)).map(({ id }) => id)).toEqual([raised.id]);
    const since = { at: (raised.knownAt - 1) as Instant, first: 10 };
    expect((await desk.calls.findRaisedSince(desk.scope, since)).map(({ id }) => id)).toEqual([raised.id]);
    expect(await desk.calls.findRaisedSince(desk.scope, { ...since, at: raised.knownAt })).toEqual([]);
  });

  it('takes no step by bad data, by an older run, or for an account in order', async () => {
    const desk = await openMarginCallDesk(db, 'QUIET');
    await desk.run(monday, '900', { quality: 'DEGRADED' });
    await desk.run(hours(1), '900', { quality: 'STALE' });
    await desk.run(hours(2), '1250', { status: 'WATCH' });
    await desk.run(hours(1.5), '900');
    expect(await callsOf(desk)).toEqual([]);
    await desk.run(hours(3), '900');
    await desk.run(hours(4), '5000', { quality: 'DEGRADED' });
    expect(await only(desk)).toMatchObject({ state: 'RAISED', evaluatedAt: hours(3) });
  });

  it('says which accounts are late at a time, as it was known then', async () => {
    const desk = await openMarginCallDesk(db, 'LATE');
    await desk.run(monday, '900');
    const { dueAt, knownAt, id } = await only(desk);
    const late = (asOf: Instant, known?: Instant) =>
      desk.calls.findOverdueAccounts(desk.scope, desk.accountIds, { asOf, knownAt: known }).then((set) => [...set]);
    expect(await late(dueAt)).toEqual([]);
    expect(await late((dueAt + 1) as Instant)).toEqual([desk.accountIds[0]]);
    expect(await late((dueAt + 1) as Instant, (knownAt - 1_000) as Instant)).toEqual([]);
    await pay(desk, id, '300', hours(1));
    expect(await late((dueAt + 1) as Instant)).toEqual([]);
  });

  it('is not doubled by 20 runs at once', async () => {
    const desk = await openMarginCallDesk(db, 'RUNS');
    await Promise.all(Array.from({ length: 20 }, (_, index) => desk.run(monday, String(900 - index))));
    const call = await only(desk);
    const steps = await stepsOf(desk, call.id);
    expect(steps.filter((step) => step.includes('RAISED RAISED'))).toHaveLength(1);
    expect(steps).toHaveLength(20);
  }, 30_000);

  it('loses no payment of 20 that race 20 runs', async () => {
    const desk = await openMarginCallDesk(db, 'RACE');
    await desk.run(monday, '900');
    const { id } = await only(desk);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => [
        pay(desk, id, '1.25', hours(1)),
        desk.run(monday, String(880 - index)),
      ]).flat(),
    );
    const call = await only(desk);
    expect(call.paid.toFixed()).toBe('25');
    expect(call.state).toBe('PARTLY_MET');
    expect(call.unreflected.toFixed()).toBe('25');
    expect(call.outstanding.toFixed()).toBe(call.amount.minus(25).toFixed());
  }, 30_000);
});

describe('the clock of the service', () => {
  const clockOf = (database: TestDatabase['database']) =>
    new AdvanceMarginCalls(
      database,
      new MarginCallStore(database),
      new MarginCallTermsReader(new FirmControlsStore(database)),
    );

  it('makes a call overdue after its due time and escalates it later, once each, however many clocks run', async () => {
    const desk = await openMarginCallDesk(db, 'CLOCK');
    await desk.run(monday, '900');
    await desk.run(monday, '800', { account: 1 });
    const calls = await callsOf(desk);
    const [dueAt, escalatesAt] = [calls[0]?.dueAt as Instant, calls[0]?.escalatesAt as Instant];
    const { firmId } = desk.scope;
    expect(await clockOf(db.database).execute(firmId, dueAt)).toEqual({ overdue: 0, escalated: 0 });
    const total = async (at: Instant) => {
      const moved = await Promise.all(Array.from({ length: 8 }, () => clockOf(db.database).execute(firmId, at)));
      return [moved.reduce((sum, one) => sum + one.overdue, 0), moved.reduce((sum, one) => sum + one.escalated, 0)];
    };
    expect(await total((dueAt + 1) as Instant)).toEqual([2, 0]);
    expect(await total((escalatesAt + 1) as Instant)).toEqual([0, 2]);
    expect(await total((escalatesAt + 2) as Instant)).toEqual([0, 0]);
    for (const { id, state } of await callsOf(desk)) {
      expect(state).toBe('ESCALATED');
      const kinds = (await stepsOf(desk, id)).map((step) => step.split(' ')[1]);
      expect(kinds).toEqual(['RAISED', 'OVERDUE', 'ESCALATED']);
    }
  }, 30_000);

  it('and a payment that meets the call at the same moment: met or late first, never both lost', async () => {
    const desk = await openMarginCallDesk(db, 'MEET');
    await desk.run(monday, '900');
    const call = await only(desk);
    const late = (call.dueAt + 1) as Instant;
    await Promise.all([
      pay(desk, call.id, call.outstanding.toFixed(), call.dueAt),
      ...Array.from({ length: 4 }, () => clockOf(db.database).execute(desk.scope.firmId, late)),
    ]);
    const after = await only(desk);
    expect(after.paid.toFixed()).toBe(call.outstanding.toFixed());
    const kinds = (await stepsOf(desk, call.id)).map((step) => step.split(' ')[1]);
    expect(kinds.filter((kind) => kind === 'OVERDUE').length).toBeLessThanOrEqual(1);
    expect(kinds.filter((kind) => !['RAISED', 'OVERDUE'].includes(kind ?? ''))).toHaveLength(1);
    expect(await clockOf(db.database).execute(desk.scope.firmId, (call.escalatesAt + 1) as Instant)).toEqual({
      overdue: 0,
      escalated: 0,
    });
  }, 30_000);
});

describe('the record of calls', () => {
  it('refuses a second open call, a rewritten event and a changed identity', async () => {
    const desk = await openMarginCallDesk(db, 'GUARD');
    await desk.run(monday, '900');
    await desk.run(monday, '900', { account: 1 });
    await withClient(db.appUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [desk.scope.firmId]);
      await expect(client.query(`UPDATE margin_call_events SET amount = 0`)).rejects.toThrow('permission denied');
      await expect(client.query(`UPDATE margin_calls SET due_at = now()`)).rejects.toThrow('permission denied');
      await expect(client.query(`DELETE FROM margin_calls`)).rejects.toThrow('permission denied');
    });
    await withClient(db.ownerUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [desk.scope.firmId]);
      await expect(client.query(`UPDATE margin_call_events SET amount = 0`)).rejects.toThrow('append-only');
      const copy = `INSERT INTO margin_calls SELECT (jsonb_populate_record(c, '{"call_id": "00000000-0000-7000-8000-000000000001"}')).*
        FROM margin_calls c LIMIT 1`;
      await expect(client.query(copy)).rejects.toThrow('margin_calls_one_open');
    });
  });

  it('keeps a closed call as it was closed: no other value, no further event, none dated before its end, no deletion', async () => {
    const desk = await openMarginCallDesk(db, 'CLOSED');
    await desk.run(monday, '900');
    await desk.run(hours(1), '2000');
    const closed = await only(desk);
    expect(closed.state).toBe('CLOSED');
    const eventAt = (number: number, at: Instant) =>
      `INSERT INTO margin_call_events SELECT (jsonb_populate_record(e, jsonb_build_object('event_number', ${number},
         'kind', 'ACKNOWLEDGED', 'state_before', 'RAISED', 'state_after', 'ACKNOWLEDGED', 'at', '${formatInstant(at)}'))).*
       FROM margin_call_events e WHERE e.call_id = '${closed.id}' AND e.event_number = 1`;
    const rewrites: readonly (readonly [string, string])[] = [
      [`UPDATE margin_calls SET amount = amount + 1 WHERE call_id = '${closed.id}'`, 'stays as it was closed'],
      [`UPDATE margin_calls SET note = 'later' WHERE call_id = '${closed.id}'`, 'stays as it was closed'],
      [
        `UPDATE margin_calls SET state = 'RAISED', closed_at = NULL, close_reason = NULL WHERE call_id = '${closed.id}'`,
        'stays as it was closed',
      ],
      [eventAt(9, hours(2)), 'takes no further event'],
      [eventAt(9, monday), 'takes no further event'],
      [`DELETE FROM margin_calls WHERE call_id = '${closed.id}'`, 'permission denied|append-only'],
      [`UPDATE margin_call_events SET at = at - interval '1 day'`, 'permission denied|append-only'],
      [`DELETE FROM margin_call_events WHERE call_id = '${closed.id}'`, 'permission denied|append-only'],
    ];
    for (const url of [db.appUrl, db.ownerUrl])
      await withClient(url, async (client) => {
        await client.query(`SELECT set_config('app.firm_id', $1, false)`, [desk.scope.firmId]);
        for (const [sql, refusal] of rewrites) {
          const attempt = client.query(sql);
          await expect(attempt).rejects.toMatchObject({ code: '42501' });
          await expect(attempt).rejects.toThrow(new RegExp(refusal));
        }
      });
    await expect(pay(desk, closed.id, '10', hours(2))).rejects.toThrow();
    expect(await only(desk)).toEqual(closed);
    expect(await new HistoryChainStore(db.database).verify(desk.scope, { heads: [] })).toMatchObject({ breakCount: 0 });
  });

  it('shows a firm its own calls, and a limited token its own accounts', async () => {
    const desk = await openMarginCallDesk(db, 'OWN');
    const other = await openMarginCallDesk(db, 'FOREIGN');
    await desk.run(monday, '900');
    await desk.run(monday, '800', { account: 1 });
    await other.run(monday, '900');
    const limited = { ...desk.scope, accountIds: [desk.accountIds[1] as string] };
    expect(await desk.calls.count(desk.scope, { open: true })).toBe(2);
    expect(await desk.calls.count(desk.scope, { states: ['MET'] })).toBe(0);
    expect((await desk.calls.findPage(limited, { first: 5 })).items.map(({ node }) => node.accountId)).toEqual(
      limited.accountIds,
    );
    const [foreign] = await callsOf(other);
    expect(await desk.calls.findById(desk.scope, foreign?.id ?? '')).toBeNull();
    const page = await desk.calls.findPage(desk.scope, { first: 1 });
    const rest = await desk.calls.findPage(desk.scope, { first: 5, after: page.items[0]?.cursor });
    expect([page.hasNextPage, rest.items.length, rest.hasNextPage]).toEqual([true, 1, false]);
    await expect(
      desk.calls.findPage(desk.scope, { first: 1, after: page.items[0]?.cursor, filter: { open: true } }),
    ).rejects.toThrow('not a cursor');
  });

  it('is part of the hash chain: steps at once, the call when it is closed', async () => {
    const desk = await openMarginCallDesk(db, 'CHAIN');
    const chain = new HistoryChainStore(db.database);
    await desk.run(monday, '900');
    await desk.run(hours(1), '2000');
    expect(await chain.verify(desk.scope, { heads: [] })).toMatchObject({ breakCount: 0 });
    const { id } = await only(desk);
    await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(`UPDATE margin_call_events SET amount = amount + 1 WHERE call_id = $1 AND event_number = 1`, [
        id,
      ]);
      await client.query(`UPDATE margin_calls SET paid = 5 WHERE call_id = $1`, [id]);
    });
    const { breaks } = await chain.verify(desk.scope, { heads: [] });
    expect(breaks.map(({ kind, table }) => `${kind} ${table}`).sort()).toEqual([
      'ROW_CHANGED margin_call_events',
      'ROW_CHANGED margin_calls',
    ]);
  });
});
