import { type ApiWorld, openApiWorld } from '../support/api-world';
import { withClient } from '../support/postgres';
import { openTcpProxy } from '../support/tcp-proxy';

let world: ApiWorld;
let backOffice: string;

beforeAll(async () => {
  world = await openApiWorld();
  backOffice = await world.token({ roles: ['back-office'] });
}, 60_000);
afterAll(() => world?.close());

const importPositions = `mutation ($input: ImportPositionsInput!) { importPositions(input: $input) {
  account { code positions { edges { node { instrumentId quantity } } } } changed unchanged warnings userErrors { code field message } } }`;
const recordBalance = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) {
  balance { currency amount } changed warnings userErrors { code field message } } }`;
const state = (input: object, token = backOffice) => world.ask(importPositions, { input }, token);
const pay = (input: object, token = backOffice) => world.ask(recordBalance, { input }, token);

const countOf = (table: string) =>
  withClient(world.database.superuserUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`);
    return rows[0]?.count;
  });

describe('importPositions', () => {
  it('replaces the book of an account, and what was held before stays in the history', async () => {
    const before = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const positions = [
      { instrumentId: 'XYZ-2612-110-C', quantity: '-7' },
      { instrumentId: 'XYZ', quantity: '700' },
    ];
    const { data, errors } = await state({ idempotencyKey: 'book-1', accountCode: 'A-03', positions });
    expect(errors).toEqual([]);
    expect(data.importPositions).toMatchObject({ changed: 3, unchanged: 0, userErrors: [] });
    const shown = ({ edges }: { edges: { node: { instrumentId: string; quantity: string } }[] }) =>
      edges.map(({ node }) => `${node.instrumentId} ${node.quantity}`);
    expect(shown(data.importPositions.account.positions)).toEqual(['XYZ 700', 'XYZ-2612-110-C -7']);
    const query = `query ($at: DateTime) { account(code: "A-03") { positions(asOf: $at) { edges { node { instrumentId quantity } } } } }`;
    const then = await world.ask(query, { at: before });
    expect(shown(then.data.account.positions)).toEqual(['XYZ-2612-110-C -5', 'XYZ-2612-90-P -5']);
  });

  it('warns of a time far ahead, again where the answer is repeated', async () => {
    const time = new Date(Date.now() + 60 * 86_400_000).toISOString();
    const ahead = {
      idempotencyKey: 'ahead-1',
      accountCode: 'A-05',
      positions: [{ instrumentId: 'XYZ', quantity: '1' }],
    };
    const stated = async () => (await state({ ...ahead, mode: 'MERGE', asOf: time })).data.importPositions.warnings;
    const warnings = await stated();
    expect(warnings).toEqual([expect.stringMatching(/^asOf lies (59|60) days ahead .* counts only from then on$/)]);
    expect(await stated()).toEqual(warnings);
    const cash = { accountCode: 'A-05', currency: 'USD', amount: '1', reason: 'agreed', valueAt: time };
    const paid = await pay({ idempotencyKey: 'ahead-2', ...cash });
    expect(paid.data.recordBalance.warnings).toEqual([expect.stringContaining('valueAt lies')]);
  });

  it('merges: only the named contracts change', async () => {
    const positions = [{ instrumentId: 'XYZ-2612-90-P', quantity: '0' }];
    const input = { idempotencyKey: 'part-1', accountCode: 'A-04', positions, mode: 'MERGE' };
    const { data } = await state(input);
    expect(data.importPositions).toMatchObject({ changed: 1, unchanged: 0 });
    expect(data.importPositions.account.positions.edges).toHaveLength(1);
  });

  it('says every reason of a refusal with its place, and stores nothing', async () => {
    const counts = await Promise.all(['position_statements', 'positions', 'idempotency_keys'].map(countOf));
    const positions = [
      { instrumentId: 'XYZ', quantity: '1' },
      { instrumentId: 'NONE', quantity: '1' },
      { instrumentId: 'XYZ-2612-110-C', quantity: '1.5' },
      { instrumentId: 'XYZ', quantity: '2' },
    ];
    const { status, data, errors } = await state({ idempotencyKey: 'bad-1', accountCode: 'A-03', positions });
    expect([status, errors]).toEqual([200, []]);
    const { account, changed, userErrors } = data.importPositions;
    expect([account, changed]).toEqual([null, null]);
    expect(userErrors).toEqual([
      { code: 'NOT_FOUND', field: 'positions.1.instrumentId', message: 'no such instrument: NONE' },
      {
        code: 'BAD_USER_INPUT',
        field: 'positions.2.quantity',
        message: 'XYZ-2612-110-C: contracts of 100 units trade whole, got 1.5',
      },
      { code: 'BAD_USER_INPUT', field: 'positions.3.instrumentId', message: 'XYZ is named before, at 0' },
    ]);
    expect(await Promise.all(['position_statements', 'positions', 'idempotency_keys'].map(countOf))).toEqual(counts);
    const unknown = await state({ idempotencyKey: 'bad-2', accountCode: 'B-01', positions: [positions[0]] });
    expect(unknown.data.importPositions.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: 'accountCode' }]);
  });

  it('is for the back office', async () => {
    const input = { idempotencyKey: 'role-1', accountCode: 'A-03', positions: [] };
    for (const role of ['broker', 'risk'] as const) {
      const { errors } = await state(input, await world.token({ roles: [role] }));
      expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});

describe('recordBalance', () => {
  const input = { accountCode: 'A-05', currency: 'USD', amount: '12345.60', reason: 'wire of the client' };

  it('records the balance, once per key', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => pay({ ...input, idempotencyKey: 'cash-1' })));
    for (const { data } of answers)
      expect(data.recordBalance).toEqual({
        balance: { currency: 'USD', amount: '12345.60' },
        changed: true,
        warnings: [],
        userErrors: [],
      });
    const { data } = await world.ask('{ account(code: "A-05") { balances { currency amount } } }');
    expect(data.account.balances).toEqual([{ currency: 'USD', amount: '12345.60' }]);
  });

  it('gives a conflict for another body under the same key', async () => {
    const other = await pay({ ...input, idempotencyKey: 'cash-1', amount: '1' });
    expect([other.status, other.errors[0]?.extensions.code]).toEqual([400, 'CONFLICT']);
  });

  it('gives the first answer after the answer was lost on its way', async () => {
    const proxy = await openTcpProxy(Number(new URL(world.url).port));
    const before = await countOf('balances');
    const send = () =>
      fetch(`http://127.0.0.1:${proxy.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${backOffice}` },
        body: JSON.stringify({
          query: recordBalance,
          variables: { input: { ...input, idempotencyKey: 'lost-1', amount: '777' } },
        }),
      });
    proxy.loseAnswers();
    await expect(send()).rejects.toThrow();
    const after = await countOf('balances');
    expect(after).toBeGreaterThan(before ?? 0);
    proxy.heal();
    const answer = (await (await send()).json()) as { data: { recordBalance: { changed: boolean } } };
    expect(answer.data.recordBalance).toEqual({
      balance: { currency: 'USD', amount: '777.00' },
      changed: true,
      warnings: [],
      userErrors: [],
    });
    expect(await countOf('balances')).toBe(after);
    await proxy.close();
  });

  it('refuses what is no currency and who is no account as data', async () => {
    const unknown = await pay({ ...input, idempotencyKey: 'cash-2', accountCode: 'NOBODY' });
    expect(unknown.data.recordBalance).toMatchObject({ balance: null, userErrors: [{ field: 'accountCode' }] });
    const odd = await pay({ ...input, idempotencyKey: 'cash-3', currency: 'usd' });
    expect(odd.data.recordBalance.userErrors).toMatchObject([{ code: 'INVALID_CURRENCY', field: 'currency' }]);
  });
});
