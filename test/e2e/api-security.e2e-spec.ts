import http from 'node:http';
import { getIntrospectionQuery } from 'graphql';
import { type Answer, type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;
let risk: string;

beforeAll(async () => {
  world = await openApiWorld();
  risk = await world.token({ roles: ['risk'] });
}, 60_000);
afterAll(() => world?.close());

const codeOf = ({ errors }: Answer): string | undefined => errors[0]?.extensions.code;
const json = { 'content-type': 'application/json' };

describe('authentication', () => {
  const query = JSON.stringify({ query: '{ accounts { totalCount } }' });

  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['no token', { authorization: 'Bearer ' }],
    ['nonsense', { authorization: 'Bearer abc' }],
    ['a token of 20 000 characters', { authorization: `Bearer ${'a'.repeat(20_000)}` }],
  ])('answers 401 to %s', async (_title, headers: Record<string, string>) => {
    const answer = await world.send({ method: 'POST', headers: { ...json, ...headers }, body: query });
    expect(answer.text.includes('accounts')).toBe(false);
    // Node itself refuses headers beyond 16 kB before the service sees them.
    expect([401, 431]).toContain(answer.status);
    if (answer.status === 401) expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });

  it('answers 401 to two Authorization headers', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = http.request(`${world.url}/graphql`, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.setHeader('content-type', 'application/json');
      request.setHeader('authorization', [`Bearer ${risk}`, `Bearer ${risk}`]);
      request.end(query);
    });
    expect(status).toBe(401);
  });

  it('accepts its own token', async () => {
    expect(await world.ask('{ accounts { totalCount } }')).toMatchObject({ status: 200 });
  });
});

describe('roles', () => {
  const operations: readonly [string, string, readonly string[]][] = [
    ['accounts', '{ accounts { totalCount } }', ['broker', 'risk', 'back-office', 'admin']],
    ['account', '{ account(code: "A-01") { requirement { run { id } } } }', ['broker', 'risk', 'back-office', 'admin']],
    ['instruments', '{ instruments { totalCount } }', ['broker', 'risk', 'back-office', 'admin']],
    ['marketSnapshot', '{ marketSnapshot { id } }', ['broker', 'risk', 'back-office', 'admin']],
    ['riskParameterSets', '{ riskParameterSets { id } }', ['broker', 'risk', 'back-office', 'admin']],
    ['marginRuns', '{ marginRuns { totalCount } }', ['risk', 'back-office', 'admin']],
    ['marginRun', '{ marginRun(id: "0190d3f0-0000-7000-8000-000000000000") { id } }', ['risk', 'back-office', 'admin']],
    [
      'price',
      '{ price(input: { model: BLACK_SCHOLES, right: PUT, spot: "1", strike: "1", yearsToExpiry: 1, rate: 0, volatility: 1 }) { price } }',
      ['broker', 'risk', 'admin'],
    ],
    [
      'startMarginRun',
      'mutation { startMarginRun(input: { idempotencyKey: "roles", accountCodes: ["A-01"] }) { run { id } } }',
      ['risk', 'admin'],
    ],
  ];

  it.each(operations)('may ask %s exactly as the contract says', async (_name, query, allowed) => {
    for (const role of ['broker', 'risk', 'back-office', 'admin'] as const) {
      const answer = await world.ask(query, {}, await world.token({ roles: [role] }));
      expect([role, codeOf(answer) === 'FORBIDDEN']).toEqual([role, !allowed.includes(role)]);
    }
    const nobody = await world.ask(query, {}, await world.token({ roles: [] }));
    expect(codeOf(nobody)).toBe('FORBIDDEN');
  });
});

describe('one firm', () => {
  const edges = `{ id code positions { edges { node { quantity } } } balances { amount } greeks { key }
    requirement { id run { id } } bufferHistory(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z") { edges { node { at } } } }`;

  it('does not see accounts of another, and cannot tell them from accounts that do not exist', async () => {
    const query = `query ($id: ID, $code: String) { account(id: $id, code: $code) ${edges} }`;
    const foreign = await world.ask(query, { id: world.accounts.get('B-01') });
    const unknown = await world.ask(query, { id: '0190d3f0-0000-7000-8000-000000000000' });
    const foreignCode = await world.ask(query, { code: 'B-01' });
    expect(foreign.text).toBe(unknown.text);
    expect(foreignCode.text).toBe(unknown.text);
    expect([foreign.status, foreign.data.account, codeOf(foreign)]).toEqual([200, null, 'NOT_FOUND']);
  });

  it('does not see runs and snapshots of another', async () => {
    const beta = await world.token({ roles: ['risk'], firm: 'beta' });
    const own = await world.ask('{ marketSnapshot { id } marginRuns { edges { node { id } } } }', {}, beta);
    const run = own.data.marginRuns.edges[0].node.id;
    const query =
      'query ($run: ID!, $snapshot: ID) { marginRun(id: $run) { id } marketSnapshot(id: $snapshot) { id } }';
    expect((await world.ask(query, { run, snapshot: own.data.marketSnapshot.id }, beta)).errors).toEqual([]);
    const foreign = await world.ask(query, { run, snapshot: own.data.marketSnapshot.id });
    expect(foreign.data).toEqual({ marginRun: null, marketSnapshot: null });
    expect(foreign.errors.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  it('cannot use the cursor of another', async () => {
    const query = 'query ($after: String) { accounts(first: 1, after: $after) { pageInfo { endCursor } } }';
    const cursor = (await world.ask(query)).data.accounts.pageInfo.endCursor;
    const beta = await world.token({ roles: ['risk'], firm: 'beta' });
    expect(codeOf(await world.ask(query, { after: cursor }, beta))).toBe('BAD_USER_INPUT');
  });

  it('holds when requests of two firms interleave on few connections', async () => {
    const beta = await world.token({ roles: ['risk'], firm: 'beta' });
    const query = '{ accounts(first: 50) { edges { node { code requirement { id } } } } }';
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) => world.ask(query, {}, index % 2 === 0 ? risk : beta)),
    );
    answers.forEach(({ data, errors }, index) => {
      expect(errors).toEqual([]);
      const codes: string[] = data.accounts.edges.map(({ node }: { node: { code: string } }) => node.code[0]);
      expect(new Set(codes)).toEqual(new Set([index % 2 === 0 ? 'A' : 'B']));
    });
  });

  it('shows a token that names accounts those only, through every edge', async () => {
    const accountIds = [world.accounts.get('A-02') ?? ''];
    const limited = await world.token({ roles: ['broker'], accountIds });
    const list = await world.ask('{ accounts { totalCount edges { node { code requirement { id } } } } }', {}, limited);
    expect(list.data.accounts).toMatchObject({ totalCount: 1, edges: [{ node: { code: 'A-02' } }] });
    const query = `query ($code: String) { account(code: $code) ${edges} }`;
    expect(codeOf(await world.ask(query, { code: 'A-01' }, limited))).toBe('NOT_FOUND');
    expect((await world.ask(query, { code: 'A-02' }, limited)).data.account.positions.edges).toHaveLength(2);
    const admin = await world.token({ roles: ['admin'], accountIds });
    const run = 'mutation { startMarginRun(input: { idempotencyKey: "limited" }) { run { id } } }';
    expect(codeOf(await world.ask(run, {}, admin))).toBe('FORBIDDEN');
  });
});

describe('limits', () => {
  const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ');

  it.each([
    ['16 aliases', `{ ${aliases(16)} }`, 'QUERY_TOO_COSTLY'],
    ['101 aliases', `{ ${aliases(101)} }`, 'QUERY_TOO_COSTLY'],
    [
      '9 levels',
      '{ accounts { edges { node { requirement { run { snapshot { underlyings { forwards { price } } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    ['10 directives', `{ __typename ${'@include(if: true) '.repeat(10)} }`, 'QUERY_TOO_COSTLY'],
    [
      '9 fields with a directive',
      `{ ${Array.from({ length: 9 }, () => '__typename @include(if: true)').join(' ')} }`,
      'QUERY_TOO_COSTLY',
    ],
    ['500 times the same field', `{ ${'__typename '.repeat(500)} }`, 'QUERY_TOO_COSTLY'],
    ['more than 1000 words', `{ ${'__typename '.repeat(1200)} }`, 'QUERY_TOO_COSTLY'],
    [
      'a circle of fragments',
      'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['two operations', 'query A { __typename } query B { __typename }', 'QUERY_TOO_COSTLY'],
    [
      '500 histories of 500 rows',
      '{ accounts(first: 500) { edges { node { bufferHistory(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z") { edges { node { at } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'positions of everybody',
      '{ accounts(first: 500) { edges { node { positions(first: 500) { edges { node { quantity } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
  ])('refuse %s', async (_title, query, code) => {
    const answer = await world.ask(query);
    expect([answer.status, codeOf(answer), answer.errors.length]).toEqual([400, code, 1]);
  });

  it('count fragments where they are spread, without walking them twice', async () => {
    const layers = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(
      ' ',
    );
    const answer = await world.ask(`{ ...F0 } ${layers} fragment F30 on Query { a: __typename }`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'QUERY_TOO_COSTLY']);
  });

  it('count page sizes that come as variables', async () => {
    const query = `query ($a: Int, $b: Int) { accounts(first: $a) { edges { node { positions(first: $b) { edges { node { quantity } } } } } } }`;
    expect((await world.ask(query, { a: 2, b: 2 })).errors).toEqual([]);
    expect(codeOf(await world.ask(query, { a: 500, b: 99_999_999 }))).toBe('QUERY_TOO_COSTLY');
    expect((await world.ask(query, { a: 2, b: 2 })).errors).toEqual([]);
  });

  it('count the steps of trees, also where the whole input is a variable', async () => {
    const query = (count: number) =>
      `query ($input: PriceInput!) { ${Array.from({ length: count }, (_, n) => `p${n}: price(input: $input) { price }`).join(' ')} }`;
    const input = {
      model: 'BINOMIAL_CRR',
      right: 'PUT',
      spot: '1',
      strike: '1',
      yearsToExpiry: 1,
      rate: 0,
      volatility: 0.2,
    };
    expect((await world.ask(query(2), { input: { ...input, steps: 100 } })).errors).toEqual([]);
    expect(codeOf(await world.ask(query(2), { input: { ...input, steps: 5_000 } }))).toBe('QUERY_TOO_COSTLY');
    expect((await world.ask(query(1), { input: { ...input, steps: 5_000 } })).errors).toEqual([]);
    expect(codeOf(await world.ask(query(1), { input: { ...input, steps: 5_001 } }))).toBe('BAD_USER_INPUT');
  });

  it('leave room for the standard introspection query', async () => {
    expect((await world.ask(getIntrospectionQuery())).data.__schema.queryType.name).toBe('Query');
  });

  it('refuse a body beyond 100 kB and answer the next request', async () => {
    const body = JSON.stringify({ query: `{ __typename } #${'x'.repeat(200_000)}` });
    const headers = { ...json, authorization: `Bearer ${risk}` };
    expect(await world.send({ method: 'POST', headers, body })).toMatchObject({ status: 413 });
    expect((await world.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

describe('the transport', () => {
  const send = (init: RequestInit, headers: Record<string, string> = {}) =>
    world.send({ ...init, headers: { authorization: `Bearer ${risk}`, ...headers } });
  const body = JSON.stringify({ query: '{ __typename }' });

  it.each([
    ['a GET', 405, { method: 'GET' }, {}],
    ['a PUT', 405, { method: 'PUT', body }, json],
    [
      'a form',
      415,
      { method: 'POST', body: 'query={__typename}' },
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['plain text', 415, { method: 'POST', body }, { 'content-type': 'text/plain' }],
    ['bare GraphQL', 415, { method: 'POST', body: '{ __typename }' }, { 'content-type': 'application/graphql' }],
    ['UTF-16', 415, { method: 'POST', body }, { 'content-type': 'application/json; charset=utf-16' }],
    ['UTF-7', 415, { method: 'POST', body }, { 'content-type': 'application/json; charset=utf-7' }],
    ['no type', 415, { method: 'POST' }, {}],
  ])('refuses %s', async (_title, status, init, headers: Record<string, string>) => {
    const answer = await send(init, headers);
    expect([answer.status, codeOf(answer)]).toEqual([status, 'BAD_USER_INPUT']);
  });

  it('tells browsers to keep nothing and to guess nothing', async () => {
    const response = await fetch(`${world.url}/graphql`, { method: 'POST' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  it('answers health checks without a token', async () => {
    expect(await world.send({ path: '/health/live' })).toMatchObject({ status: 200 });
    expect(await world.send({ path: '/health/ready' })).toMatchObject({ status: 200 });
  });

  it('answers 404 without telling how it is built', async () => {
    const answer = await world.send({ path: '/nothing/../etc/passwd' });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/node_modules|at .*\.js/);
    expect(answer.text).not.toContain(process.cwd());
  });
});

describe('GraphiQL', () => {
  it('comes with everything it loads from this process, and loads nothing from elsewhere', async () => {
    const page = await fetch(`${world.url}/graphiql`);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded).toHaveLength(7);
    for (const address of loaded) {
      expect(address).toMatch(/^\/graphiql\//);
      const asset = await fetch(`${world.url}${address}`);
      const text = await asset.text();
      expect([address, asset.status, text.length > 100]).toEqual([address, 200, true]);
    }
    expect(html).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('opens with operations that the schema answers', async () => {
    const script = await (await fetch(`${world.url}/graphiql/examples.js`)).text();
    const context: { ballastExamples?: { query: string; variables?: string }[] } = {};
    new Function('window', script)(context);
    const examples = context.ballastExamples ?? [];
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const { query, variables } of examples) {
      const text = (variables ?? '{}').replace(/DEEP-001|MM-001/, 'A-01');
      const { status, errors } = await world.ask(query, JSON.parse(text) as object);
      expect([query.split('\n')[0], status, errors]).toEqual([query.split('\n')[0], 200, []]);
    }
  });
});
