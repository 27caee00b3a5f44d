import { type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;
beforeAll(async () => (world = await openApiWorld()), 60_000);
afterAll(() => world?.close());

const fields = `id accountId state dueAt deadlinesByCalendarOfNow { dueAt escalatesAt } amount { amount currency } outstanding { amount } paid { amount }
  waiver { proposedBy approvedBy } account { code } events { number kind actor stateAfter payment { amount } }`;
const list = `query ($filter: MarginCallFilter, $first: Int, $after: String) { marginCalls(filter: $filter, first: $first, after: $after) {
  totalCount edges { node { ${fields} } } pageInfo { hasNextPage endCursor } } }`;
const mutation = (name: string, type: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { marginCall { ${fields} } userErrors { code field message } } }`;
const acknowledge = mutation('acknowledgeMarginCall', 'AcknowledgeMarginCallInput');
const pay = mutation('recordMarginCallPayment', 'RecordMarginCallPaymentInput');
const waive = mutation('waiveMarginCall', 'WaiveMarginCallInput');

interface Call {
  readonly id: string;
  readonly accountId: string;
  readonly state: string;
  readonly deadlinesByCalendarOfNow: unknown;
  readonly outstanding: { readonly amount: string };
  readonly account: { readonly code: string };
  readonly events: readonly { readonly kind: string }[];
}
const openCalls = async (): Promise<readonly Call[]> => {
  const { data, errors } = await world.ask(list, { filter: { open: true }, first: 50 });
  expect(errors).toEqual([]);
  return data.marginCalls.edges.map(({ node }: { node: Call }) => node);
};
let counter = 0;
const key = (): string => `key-${(counter += 1)}`;

describe('margin calls', () => {
  it('are there after the runs, one open per account, with their steps', async () => {
    const calls = await openCalls();
    expect(calls.length).toBeGreaterThan(3);
    expect(new Set(calls.map(({ accountId }) => accountId)).size).toBe(calls.length);
    for (const { events, deadlinesByCalendarOfNow: moved } of calls)
      expect([events[0]?.kind, moved]).toEqual(['RAISED', null]);
    const one = calls[0] as Call;
    const { data } = await world.ask(
      'query ($code: String!) { account(code: $code) { marginCalls { edges { node { id state } } } } }',
      { code: one.account.code },
    );
    expect(data.account.marginCalls.edges.map(({ node }: { node: Call }) => node.id)).toContain(one.id);
    const page = await world.ask(list, { first: 1 });
    const next = await world.ask(list, { first: 1, after: page.data.marginCalls.pageInfo.endCursor });
    expect(next.data.marginCalls.edges[0].node.id).not.toBe(page.data.marginCalls.edges[0].node.id);
    expect(page.data.marginCalls.totalCount).toBeGreaterThanOrEqual(calls.length);
  });

  it('are acknowledged once per key, by those who may', async () => {
    const [call] = await openCalls();
    const input = { idempotencyKey: key(), callId: call?.id, note: 'client called back' };
    const first = await world.ask(acknowledge, { input });
    expect(first.data.acknowledgeMarginCall.userErrors).toEqual([]);
    const again = await world.ask(acknowledge, { input });
    const steps = (events: readonly { kind: string }[]) => events.filter(({ kind }) => kind === 'ACKNOWLEDGED');
    expect(steps(again.data.acknowledgeMarginCall.marginCall.events)).toHaveLength(1);
    const other = await world.ask(acknowledge, { input: { ...input, idempotencyKey: key() } });
    expect(other.data.acknowledgeMarginCall).toMatchObject({ marginCall: null, userErrors: [{ code: 'CONFLICT' }] });
    const changed = await world.ask(acknowledge, { input: { ...input, note: 'other' } });
    expect(changed.errors[0]?.extensions.code).toBe('CONFLICT');
    const broker = await world.ask(acknowledge, { input }, await world.token({ roles: ['broker'] }));
    expect(broker.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const foreign = await world.ask(acknowledge, { input }, await world.token({ firm: 'beta', roles: ['risk'] }));
    expect(foreign.data.acknowledgeMarginCall.userErrors[0].code).toBe('NOT_FOUND');
  });

  it('take payments, which become cash of the account', async () => {
    const [call] = await openCalls();
    if (call === undefined) throw new Error('no call');
    const office = await world.token({ roles: ['back-office'] });
    const cashOf = async (): Promise<number> => {
      const answer = await world.ask(
        'query ($code: String!) { account(code: $code) { balances { amount currency } } }',
        { code: call.account.code },
      );
      return Number(JSON.stringify(answer.data).match(/"amount":"(-?[\d.]+)"/)?.[1]);
    };
    const before = await cashOf();
    const input = { callId: call.id, currency: 'USD', amount: '10.25', receivedAt: '2026-11-20T10:00:00Z' };
    const twenty = Array.from({ length: 20 }, () => ({ ...input, idempotencyKey: key() }));
    const paid = await Promise.all(twenty.map((each) => world.ask(pay, { input: each }, office)));
    expect(paid.flatMap(({ data }) => data.recordMarginCallPayment.userErrors)).toEqual([]);
    const after = (await openCalls()).find(({ id }) => id === call.id) as Call;
    expect(after).toMatchObject({ paid: { amount: '205.00' } });
    expect(Number(call.outstanding.amount) - Number(after.outstanding.amount)).toBeCloseTo(205, 8);
    expect((await cashOf()) - before).toBeCloseTo(205, 8);
    const refused = async (changes: object, bearer = office) =>
      world.ask(pay, { input: { ...input, idempotencyKey: key(), ...changes } }, bearer);
    expect((await refused({ amount: '0' })).data.recordMarginCallPayment.userErrors[0].field).toBe('amount');
    expect((await refused({ currency: 'CHF' })).data.recordMarginCallPayment.userErrors[0].code).toBe('FX_MISSING');
    expect(
      (await refused({ receivedAt: '2026-01-01T00:00:00Z' })).data.recordMarginCallPayment.userErrors[0].field,
    ).toBe('receivedAt');
    expect((await refused({ receivedAt: '2099-01-01T00:00:00Z' })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const risk = await refused({}, await world.token({ roles: ['risk'] }));
    expect(risk.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('are waived by two people, and by no more than two', async () => {
    const call = (await openCalls()).at(-1) as Call;
    const second = await world.token({ roles: ['admin'], subject: 'second' } as Parameters<ApiWorld['token']>[0]);
    const ask = (bearer?: string) =>
      world.ask(
        waive,
        { input: { callId: call.id, reason: 'wire confirmed by phone', idempotencyKey: key() } },
        bearer,
      );
    expect((await ask()).data.waiveMarginCall.marginCall.waiver).toEqual({ proposedBy: 'tester', approvedBy: null });
    expect((await ask()).data.waiveMarginCall.userErrors[0].code).toBe('SECOND_PERSON_REQUIRED');
    const office = await world.token({ roles: ['back-office'] });
    const payment = { callId: call.id, currency: 'USD', amount: '1', receivedAt: '2026-11-20T10:00:00Z' };
    const [approved, ...paid] = await Promise.all([
      ask(second),
      ...Array.from({ length: 20 }, () => world.ask(pay, { input: { ...payment, idempotencyKey: key() } }, office)),
    ]);
    expect(approved?.data.waiveMarginCall.marginCall).toMatchObject({
      state: 'WAIVED',
      outstanding: { amount: '0.00' },
    });
    // Whoever came after the waiver is told so, and nothing of their money is booked.
    const codes = paid.map(({ data }) => data.recordMarginCallPayment.userErrors[0]?.code ?? 'PAID');
    const now = (await openCalls()).find(({ id }) => id === call.id) as Call;
    expect(new Set([...codes, 'PAID', 'CONFLICT'])).toEqual(new Set(['PAID', 'CONFLICT']));
    expect(now).toMatchObject({
      state: 'WAIVED',
      paid: { amount: `${codes.filter((code) => code === 'PAID').length}.00` },
    });
    expect((await ask(second)).data.waiveMarginCall.userErrors[0].code).toBe('CONFLICT');
  });
});
