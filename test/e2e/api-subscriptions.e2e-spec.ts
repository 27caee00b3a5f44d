import { createClient, type ExecutionResult } from 'graphql-ws';
import WebSocket from 'ws';
import { type ApiWorld, closes, openApiWorld } from '../support/api-world';
import { type RunningService, startService } from '../support/ballast-process';
import { withClient } from '../support/postgres';

let world: ApiWorld;
let risk: string;
const others: RunningService[] = [];

beforeAll(async () => {
  world = await openApiWorld();
  risk = await world.token({ roles: ['risk'] });
}, 60_000);
afterAll(async () => {
  await Promise.all(others.map((service) => service.kill()));
  await world?.close();
});

type Payload = Record<string, { readonly accountId: string; readonly runId: string; readonly status: string }>;
type Message = ExecutionResult<Payload, unknown>;

/** A subscription in the background: what has come so far, and how it ended. */
interface Watched {
  readonly messages: Message[];
  /** Errors or 'complete' or the reason of a closed connection. */
  readonly ended: Promise<unknown>;
  /** Waits until so many messages have come. */
  readonly count: (wanted: number) => Promise<Message[]>;
  readonly stop: () => Promise<void>;
}

function watch(
  query: string,
  options: { token?: string; url?: string; variables?: Record<string, unknown> } = {},
): Watched {
  const { token = risk, url = world.url, variables } = options;
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token === '' ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: true,
  });
  const messages: Message[] = [];
  const waiting: (() => void)[] = [];
  const ended = new Promise<unknown>((resolve) => {
    client.subscribe<Payload>(variables === undefined ? { query } : { query, variables }, {
      next: (message) => {
        messages.push(message as Message);
        for (const wake of waiting) wake();
      },
      error: resolve,
      complete: () => resolve('complete'),
    });
  });
  return {
    messages,
    ended,
    count: async (wanted) => {
      while (messages.length < wanted) await new Promise<void>((resolve) => waiting.push(resolve));
      return messages;
    },
    stop: async () => void (await client.dispose()),
  };
}

/** Starts a run over HTTP. The watches opened before need a moment to be listening. */
async function startRun(key: string, asOf = closes[2], accountCodes?: string[]): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  const mutation = `mutation ($input: StartMarginRunInput!) { startMarginRun(input: $input) { run { id } userErrors { message } } }`;
  const input = { idempotencyKey: key, asOf: new Date(asOf).toISOString(), ...(accountCodes ? { accountCodes } : {}) };
  const { data, errors } = await world.ask(mutation, { input }, risk);
  expect([errors, data.startMarginRun.userErrors]).toEqual([[], []]);
  return data.startMarginRun.run.id as string;
}

const changed = 'subscription { bufferChanged { accountId runId at status buffer { amount currency } } }';
const codesOf = (messages: readonly Message[]) => {
  const codes = new Map([...world.accounts].map(([code, id]) => [id, code]));
  return messages.map(({ data }) => codes.get(data?.['bufferChanged']?.accountId ?? ''));
};
const codeOf = (failure: unknown) =>
  (failure as readonly { extensions?: { code?: string } }[])[0]?.extensions?.code ?? JSON.stringify(failure);

describe('bufferChanged', () => {
  it('tells every account of a run when it ends, and nothing of another firm', async () => {
    const [all, beta] = [
      watch(changed),
      watch(changed, { token: await world.token({ roles: ['risk'], firm: 'beta' }) }),
    ];
    const runId = await startRun('watch-1');
    const messages = await all.count(12);
    expect(codesOf(messages).sort()).toEqual([...world.accounts.keys()].filter((code) => code.startsWith('A')).sort());
    expect(new Set(messages.map(({ data }) => data?.['bufferChanged']?.runId))).toEqual(new Set([runId]));
    expect(beta.messages).toEqual([]);
    await Promise.all([all.stop(), beta.stop()]);
  });

  it('keeps to the accounts asked for, to those of the token, and to the step of the ladder', async () => {
    const id = (code: string) => world.accounts.get(code) ?? '';
    const named = watch('subscription ($ids: [ID!]) { bufferChanged(accountIds: $ids) { accountId } }', {
      variables: { ids: [id('A-02'), id('A-05'), id('B-01')] },
    });
    const limited = watch(changed, { token: await world.token({ roles: ['broker'], accountIds: [id('A-03')] }) });
    const troubled = watch('subscription { bufferChanged(statusAtLeast: LIQUIDATION) { accountId status } }');
    const all = watch(changed);
    await startRun('watch-2');
    await all.count(12);
    expect(codesOf(await named.count(2)).sort()).toEqual(['A-02', 'A-05']);
    expect(codesOf(await limited.count(1))).toEqual(['A-03']);
    await troubled.count(1);
    expect(new Set(troubled.messages.map(({ data }) => data?.['bufferChanged']?.status))).toEqual(
      new Set(['LIQUIDATION']),
    );
    expect(troubled.messages.length).toBeLessThan(12);
    await Promise.all([named, limited, troubled, all].map((each) => each.stop()));
  });

  it('begins after the last run seen, so that a reconnect misses nothing', async () => {
    const first = await startRun('watch-3');
    const live = watch(changed);
    await startRun('watch-4', closes[2], ['A-01', 'A-02']);
    await live.count(2);
    await live.stop();
    const query = 'subscription ($run: ID) { bufferChanged(afterRunId: $run) { accountId runId } }';
    const again = watch(query, { variables: { run: first } });
    expect(codesOf(await again.count(2)).sort()).toEqual(['A-01', 'A-02']);
    await again.stop();
    const unknown = watch(query, { variables: { run: '01900000-0000-7000-8000-000000000000' } });
    expect(codeOf(await unknown.ended)).toBe('NOT_FOUND');
  });

  it('hears of runs of another process, also after its connection to the record was cut', async () => {
    const environment = { ...world.database.environment, DATA_DIR: world.dataDir, PORT: '0' };
    const other = await startService(['demo'], environment);
    others.push(other);
    const watched = watch(changed, { url: other.url });
    await startRun('watch-5');
    await watched.count(12);
    await withClient(world.database.superuserUrl, (client) =>
      client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN ballast_runs'`),
    );
    await startRun('watch-6', closes[2], ['A-07']);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await startRun('watch-7', closes[2], ['A-08']);
    const messages = await watched.count(14);
    expect(codesOf(messages.slice(12))).toEqual(expect.arrayContaining(['A-07', 'A-08']));
    await watched.stop();
    await other.stop();
  }, 30_000);
});

describe('marginCallRaised', () => {
  it('tells the calls known after an instant, then those that runs raise', async () => {
    const query = `subscription ($since: DateTime, $ids: [ID!]) { marginCallRaised(since: $since, accountIds: $ids) {
      accountId state amount { amount currency } runId } }`;
    const callOf = ({ data }: Message) =>
      data?.['marginCallRaised'] as unknown as { accountId: string; runId: string; amount: { amount: string } };
    const id = world.accounts.get('A-11') ?? '';
    const live = watch(query, { variables: { ids: [id] } });
    const balance = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) { changed userErrors { message } } }`;
    const input = {
      accountCode: 'A-11',
      currency: 'USD',
      amount: '-5000',
      reason: 'wire out',
      idempotencyKey: 'call-1',
    };
    const valueAt = new Date(closes[2] - 1_000).toISOString();
    await world.ask(balance, { input: { ...input, valueAt } }, await world.token({ roles: ['back-office'] }));
    const runId = await startRun('call-run-1');
    const [raised] = await live.count(1);
    expect(raised === undefined ? null : callOf(raised)).toMatchObject({ accountId: id, runId });
    await live.stop();
    const again = watch(query, { variables: { since: '2026-01-01T00:00:00Z', ids: [id] } });
    expect((await again.count(1)).map(callOf)).toMatchObject([{ accountId: id, runId }]);
    await again.stop();
  });
});

describe('marginRunProgress', () => {
  it('follows a run to its end and ends with it', async () => {
    const runId = await startRun('progress-1');
    const query = `subscription ($id: ID!) { marginRunProgress(runId: $id) { runId state accountsDone accountsTotal percent accountsPerSecond secondsLeft } }`;
    const watched = watch(query, { variables: { id: runId } });
    expect(await watched.ended).toBe('complete');
    expect(watched.messages.at(-1)?.data?.['marginRunProgress']).toEqual({
      runId,
      state: 'COMPLETED',
      accountsDone: 12,
      accountsTotal: 12,
      percent: 100,
      accountsPerSecond: expect.any(Number) as number,
      secondsLeft: 0,
    });
    const told = watched.messages.at(-1)?.data as unknown as { marginRunProgress: { accountsPerSecond: number } };
    expect(told.marginRunProgress.accountsPerSecond).toBeGreaterThan(0);
    const foreign = watch(query, {
      variables: { id: runId },
      token: await world.token({ roles: ['risk'], firm: 'beta' }),
    });
    expect(codeOf(await foreign.ended)).toBe('NOT_FOUND');
    const broker = watch(query, { variables: { id: runId }, token: await world.token({ roles: ['broker'] }) });
    expect(codeOf(await broker.ended)).toBe('FORBIDDEN');
  });
});

describe('a subscription that is not served', () => {
  it.each([
    ['without a token', ''],
    ['with a token that is none', 'a.b.c'],
  ])('%s: the connection ends', async (_, token) => {
    const refused = watch(changed, { token });
    expect(await refused.ended).not.toBe('complete');
    expect(refused.messages).toEqual([]);
  });

  it.each([
    ['an unknown field', 'subscription { bufferChanged { nothing } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a syntax error', 'subscription { bufferChanged {', 'GRAPHQL_PARSE_FAILED'],
    ['a query', '{ accounts { totalCount } }', 'BAD_USER_INPUT'],
    ['a wrong value', 'subscription { bufferChanged(statusAtLeast: NONE) { at } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too many aliases',
      `subscription { bufferChanged { ${Array.from({ length: 20 }, (_, index) => `a${index}: at`).join(' ')} } }`,
      'QUERY_TOO_COSTLY',
    ],
  ])('%s is refused with a code', async (_, query, code) => {
    expect(codeOf(await watch(query).ended)).toBe(code);
  });

  it('ends with the token', async () => {
    const brief = await world.token({ roles: ['risk'] }, 2 / 3_600);
    const watched = watch(changed, { token: brief });
    expect(codeOf(await watched.ended)).toBe('UNAUTHENTICATED');
  });

  it('leaves nothing behind when its client goes away', async () => {
    const openSessions = () =>
      withClient(world.database.superuserUrl, async (client) => {
        const sql = `SELECT count(*)::integer AS count FROM pg_stat_activity
          WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
        return (await client.query<{ count: number }>(sql)).rows[0]?.count;
      });
    const watched = Array.from({ length: 60 }, () => watch(changed));
    const refused = await Promise.race(watched.map(({ ended }) => ended));
    expect(codeOf(refused)).toBe('RATE_LIMITED');
    await Promise.all(watched.map((each) => each.stop()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = watch(changed);
    await startRun('watch-8', closes[2], ['A-09']);
    expect(codesOf(await again.count(1))).toEqual(['A-09']);
    await again.stop();
    // The clock of the service has a transaction of its own now and then; one that was left behind stays.
    let left = await openSessions();
    for (let turn = 0; turn < 40 && left !== 0; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      left = await openSessions();
    }
    expect(left).toBe(0);
  });
});
