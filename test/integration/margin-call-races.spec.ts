import { Decimal, type Instant } from '@ballast/domain';
import {
  BalanceStore,
  BufferPolicyStore,
  FirmControlsStore,
  HistoryChainStore,
  IdempotencyStore,
  MarginCallStore,
  MarketSnapshotStore,
} from '@ballast/persistence';
import {
  AcknowledgeMarginCall,
  ChangeMarginCall,
  MarginCallTermsReader,
  PaymentStores,
  RecordMarginCallPayment,
  type Role,
  WaiveMarginCall,
} from '@ballast/use-cases';
import { type MarginCallDesk, openMarginCallDesk } from '../support/margin-call-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { at } from '../support/record-samples';

let db: TestDatabase;
beforeAll(async () => (db = await openTestDatabase({ poolSize: 8 })));
afterAll(() => db?.close());

const monday = at('2026-12-07T21:00:00Z');
const hours = (count: number): Instant => (monday + count * 3_600_000) as Instant;
/** Who comes first is left to the server: every race is run on each account of a desk. */
const accounts = [0, 1, 2] as const;

interface Race {
  readonly desk: MarginCallDesk;
  readonly callId: string;
  readonly account: number;
  readonly acknowledge: () => Promise<unknown>;
  readonly pay: (amount: string) => Promise<unknown>;
  readonly waive: (subject: string) => Promise<unknown>;
}

/** Firms whose chain is verified when their races are over: it takes longer than they do. */
const raced: MarginCallDesk[] = [];
afterEach(async () => {
  for (const { scope } of raced.splice(0)) {
    const { breakCount, rows } = await new HistoryChainStore(db.database).verify(scope, { heads: [] });
    expect(rows).toBeGreaterThan(0);
    expect(breakCount).toBe(0);
  }
});

/** A desk with one call of 300 USD on each account. */
async function openRaces(code: string): Promise<readonly Race[]> {
  const { database } = db;
  const desk = await openMarginCallDesk(db, code);
  raced.push(desk);
  const calls = new MarginCallStore(database);
  const change = new ChangeMarginCall(new IdempotencyStore(database), calls);
  const terms = new MarginCallTermsReader(new FirmControlsStore(database));
  const stores = new PaymentStores(
    calls,
    new BalanceStore(database),
    new MarketSnapshotStore(database),
    new BufferPolicyStore(database),
  );
  const as = (subject: string, role: Role) => ({ subject, roles: [role], firmId: desk.scope.firmId });
  let keys = 0;
  const base = (callId: string) => ({ idempotencyKey: `${code}-${(keys += 1)}`, callId, now: hours(2) });
  for (const account of accounts) await desk.run(monday, '900', { account });
  const raised = (await calls.findPage(desk.scope, { first: 10 })).items.map(({ node }) => node);
  return accounts.map((account) => {
    const callId = raised.find(({ accountId }) => accountId === desk.accountIds[account])?.id ?? '';
    return {
      desk,
      callId,
      account,
      acknowledge: () =>
        new AcknowledgeMarginCall(change).execute(as('ann', 'risk'), { ...base(callId), note: 'told the client' }),
      pay: (amount) =>
        new RecordMarginCallPayment(change, terms, stores).execute(as('bo', 'back-office'), {
          ...base(callId),
          amount: new Decimal(amount),
          currency: 'USD',
          receivedAt: hours(1),
        }),
      waive: (subject) =>
        new WaiveMarginCall(change, terms).execute(as(subject, 'risk'), { ...base(callId), reason: 'known client' }),
    };
  });
}

/** Codes of what was refused, in the order of the acts; null = done. */
async function outcomesOf(acts: readonly Promise<unknown>[]): Promise<readonly (string | null)[]> {
  const settled = await Promise.allSettled(acts);
  return settled.map((one) => (one.status === 'fulfilled' ? null : ((one.reason as { code?: string }).code ?? 'none')));
}

/** Kinds of the steps of a call after it was raised; their numbers follow one another. */
async function stepsOf({ desk, callId, account }: Race): Promise<readonly string[]> {
  const events = (await desk.calls.findEvents(desk.scope, [callId])).get(callId) ?? [];
  expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]?.kind).toBe('RAISED');
  const page = await desk.calls.findPage(desk.scope, { first: 10 });
  const open = page.items.filter(({ node }) => node.accountId === desk.accountIds[account] && node.closedAt === null);
  expect(open.map(({ node }) => node.id)).toEqual([callId]);
  return events.slice(1).map(({ kind }) => kind);
}

const stateOf = async ({ desk, callId }: Race) => (await desk.calls.findById(desk.scope, callId))?.state;

describe('two acts on one margin call at once', () => {
  it('acknowledged and paid in full: met either way, acknowledged once or refused', async () => {
    for (const race of await openRaces('ACKPAY')) {
      const [acknowledged, paid] = await outcomesOf([race.acknowledge(), race.pay('300')]);
      expect(paid).toBeNull();
      expect([null, 'CONFLICT']).toContain(acknowledged);
      const steps = await stepsOf(race);
      expect(steps).toEqual(acknowledged === null ? ['ACKNOWLEDGED', 'PAYMENT_RECORDED'] : ['PAYMENT_RECORDED']);
      expect(await stateOf(race)).toBe('MET');
    }
  });

  it('paid in full while a waiver is approved: exactly one of the two', async () => {
    for (const race of await openRaces('WAIVEPAY')) {
      await race.waive('ann');
      const outcomes = await outcomesOf([race.waive('bob'), race.pay('300')]);
      expect([...outcomes].sort()).toEqual(['CONFLICT', null]);
      const waived = outcomes[0] === null;
      expect(await stepsOf(race)).toEqual(['WAIVER_PROPOSED', waived ? 'WAIVED' : 'PAYMENT_RECORDED']);
      expect(await stateOf(race)).toBe(waived ? 'WAIVED' : 'MET');
    }
  });

  it('waived by two people: one proposes, the other approves, whoever comes first', async () => {
    for (const race of await openRaces('WAIVERS')) {
      expect(await outcomesOf([race.waive('ann'), race.waive('bob')])).toEqual([null, null]);
      expect(await stepsOf(race)).toEqual(['WAIVER_PROPOSED', 'WAIVED']);
      const call = await race.desk.calls.findById(race.desk.scope, race.callId);
      expect([call?.waiver?.proposedBy, call?.waiver?.approvedBy].sort()).toEqual(['ann', 'bob']);
    }
  });

  it('waived twice by one person: proposed once, never approved by the proposer', async () => {
    for (const race of await openRaces('ALONE')) {
      const outcomes = await outcomesOf([race.waive('ann'), race.waive('ann')]);
      expect([...outcomes].sort()).toEqual(['SECOND_PERSON_REQUIRED', null]);
      expect(await stepsOf(race)).toEqual(['WAIVER_PROPOSED']);
      expect(await stateOf(race)).toBe('RAISED');
    }
  });

  it('approved by two others: waived once', async () => {
    for (const race of await openRaces('APPROVERS')) {
      await race.waive('ann');
      expect([...(await outcomesOf([race.waive('bob'), race.waive('cid')]))].sort()).toEqual(['CONFLICT', null]);
      expect(await stepsOf(race)).toEqual(['WAIVER_PROPOSED', 'WAIVED']);
    }
  });

  it('met by a run while it is acknowledged: each step once', async () => {
    for (const race of await openRaces('RUNACK')) {
      const run = race.desk.run(hours(3), '1250', { account: race.account });
      const [acknowledged, ran] = await outcomesOf([race.acknowledge(), run]);
      expect(ran).toBeNull();
      expect([null, 'CONFLICT']).toContain(acknowledged);
      const steps = await stepsOf(race);
      expect(steps).toEqual(acknowledged === null ? ['ACKNOWLEDGED', 'AMOUNT_UPDATED'] : ['AMOUNT_UPDATED']);
      expect(await stateOf(race)).toBe('MET');
    }
  });
});
