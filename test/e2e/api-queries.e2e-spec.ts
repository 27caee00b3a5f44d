import { Client } from 'pg';
import { type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;

beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

/** Counts the statements the service sends while it answers. */
async function countStatements(query: string, variables: object = {}): Promise<number> {
  const original = Client.prototype.query;
  let count = 0;
  Client.prototype.query = function counted(this: Client, ...parameters: unknown[]) {
    const [first] = parameters;
    const text = typeof first === 'string' ? first : ((first as { readonly text?: string })?.text ?? '');
    // The service's worker sets up its queue and asks for jobs in the background; its words are in small letters.
    if (!/graphile_worker|^(?:begin|commit|select pg_notify)/.test(text)) count += 1;
    return (original as (...words: unknown[]) => unknown).apply(this, parameters);
  } as typeof original;
  try {
    const answer = await world.ask(query, variables);
    expect(answer.errors).toEqual([]);
    // The transaction is given back after the answer; its COMMIT counts too.
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    Client.prototype.query = original;
  }
  return count;
}

describe('account', () => {
  it('shows what an account must hold, what it has, and why', async () => {
    const { status, data, errors } = await world.ask(`{ account(code: "A-01") {
      id code name baseCurrency methodology
      requirement {
        id asOf ageMs quality qualityReasons warnings methodology status bufferRatio
        initial { amount currency } maintenance { amount } netOptionValue { amount } equity { amount }
        collateralValue { amount } buffer { amount } excess { amount }
        worstScenario { index group label loss } scenarios { index loss }
        breakdown { id parentId kind amount { amount currency } basis } contributions { instrumentId euler increment }
        parameterSet { methodology version status } run { id state accountsTotal accountsDone resultHash snapshot { asOf } }
      } } }`);
    expect([status, errors]).toEqual([200, []]);
    const { account } = data;
    const { requirement } = account;
    expect(account).toMatchObject({
      id: world.accounts.get('A-01'),
      code: 'A-01',
      baseCurrency: 'USD',
      methodology: 'SPAN',
    });
    expect(requirement).toMatchObject({ asOf: '2026-11-18T21:00:00.000Z', quality: 'OK', qualityReasons: [] });
    expect(requirement.scenarios).toHaveLength(16);
    const worst = requirement.scenarios.reduce((a: { loss: number }, b: { loss: number }) => (b.loss > a.loss ? b : a));
    expect(requirement.worstScenario.index).toBe(worst.index);
    expect(requirement.initial.amount).toMatch(/^\d+\.\d{2}$/);
    expect(Number(requirement.buffer.amount)).toBeCloseTo(
      Number(requirement.equity.amount) - Number(requirement.maintenance.amount),
      9,
    );
    expect(Number(requirement.netOptionValue.amount)).toBeLessThan(0);
    expect(requirement.run).toMatchObject({ state: 'COMPLETED', accountsTotal: 12, accountsDone: 12 });
    expect(requirement.parameterSet).toMatchObject({ methodology: 'SPAN', status: 'APPROVED' });
    const top = requirement.breakdown.filter((node: { parentId: string | null }) => node.parentId === null);
    expect(top.length).toBeGreaterThan(0);
    const shares = requirement.contributions.reduce((sum: number, { euler }: { euler: number }) => sum + euler, 0);
    expect(shares).toBeCloseTo(Number(requirement.maintenance.amount), 1);
  });

  it('reads a requirement as it was known at an earlier instant', async () => {
    const query = `query ($at: DateTime) { account(code: "A-01") { requirement(asOf: $at) { asOf } } }`;
    const asOf = async (at: string | null) => (await world.ask(query, { at })).data.account.requirement?.asOf ?? null;
    expect(await asOf('2026-11-17T21:00:00Z')).toBe('2026-11-17T21:00:00.000Z');
    expect(await asOf('2026-11-17T20:59:59.999Z')).toBe('2026-11-16T21:00:00.000Z');
    expect(await asOf('2026-11-17T22:00:00+01:00')).toBe('2026-11-17T21:00:00.000Z');
    expect(await asOf('2026-11-01T00:00:00Z')).toBeNull();
    expect(await asOf(null)).toBe('2026-11-18T21:00:00.000Z');
  });

  it('filters the scenarios by what was scanned', async () => {
    const query = `query ($of: ID) { account(code: "A-01") { requirement { scenarios(underlying: $of) { index } } } }`;
    const count = async (of: string | null) =>
      (await world.ask(query, { of })).data.account.requirement.scenarios.length;
    expect(await count('XYZ')).toBe(16);
    expect(await count('NOPE')).toBe(0);
  });

  it('sums Greeks by underlying, expiry and contract to the same total', async () => {
    const { data, errors } = await world.ask(`{ account(code: "A-01") {
      u: greeks { key underlying expiry delta gamma vega theta rho deltaCash gammaCash }
      e: greeks(by: EXPIRY) { key delta expiry } i: greeks(by: INSTRUMENT) { key delta vega } } }`);
    expect(errors).toEqual([]);
    const { u, e, i } = data.account;
    expect(u.map(({ key }: { key: string }) => key)).toEqual(['XYZ']);
    expect(e).toMatchObject([{ key: 'XYZ 2026-12-18', expiry: '2026-12-18T21:00:00.000Z', delta: u[0].delta }]);
    expect(i.map(({ key }: { key: string }) => key)).toEqual(['XYZ-2612-110-C', 'XYZ-2612-90-P']);
    expect(i[0].delta + i[1].delta).toBeCloseTo(u[0].delta, 9);
    expect(u[0].vega).toBeLessThan(0);
    expect(u[0].deltaCash).toBeCloseTo(u[0].delta * 92, 6);
    expect(u[0].gammaCash).toBeCloseTo(u[0].gamma * 92 * 92, 4);
  });

  it('shows an account without positions and cash as data, not as an error', async () => {
    const { data, errors } = await world.ask(
      `{ account(code: "A-12") { positions { edges { cursor } pageInfo { hasNextPage endCursor } } greeks { key }
         balances { currency amount } requirement { status maintenance { amount } bufferRatio contributions { euler } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.account).toEqual({
      positions: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } },
      greeks: [],
      balances: [{ currency: 'USD', amount: '12000.00' }],
      requirement: { status: 'HEALTHY', maintenance: { amount: '0.00' }, bufferRatio: null, contributions: [] },
    });
  });
});

describe('lists', () => {
  const list = `query ($first: Int, $after: String, $orderBy: AccountOrder, $filter: AccountFilter) {
    accounts(first: $first, after: $after, orderBy: $orderBy, filter: $filter) {
      totalCount edges { cursor node { code requirement { bufferRatio } } } pageInfo { hasNextPage endCursor hasPreviousPage } } }`;

  async function readAll(first: number, orderBy?: object): Promise<string[]> {
    const codes: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 50; page += 1) {
      const { data, errors } = await world.ask(list, { first, after, ...(orderBy === undefined ? {} : { orderBy }) });
      expect(errors).toEqual([]);
      codes.push(...data.accounts.edges.map(({ node }: { node: { code: string } }) => node.code));
      if (!data.accounts.pageInfo.hasNextPage) return codes;
      after = data.accounts.pageInfo.endCursor;
    }
    throw new Error('the list does not end');
  }

  it('show the account nearest to trouble first, and accounts without a ratio last', async () => {
    const { data } = await world.ask(`{ accounts { totalCount edges { node { code requirement { bufferRatio } } } } }`);
    const nodes = data.accounts.edges.map(({ node }: { node: { code: string } }) => node);
    expect(data.accounts.totalCount).toBe(12);
    expect(nodes[0].code).toBe('A-01');
    expect(nodes.at(-1)).toEqual({ code: 'A-12', requirement: { bufferRatio: null } });
    const ratios = nodes
      .slice(0, -1)
      .map((node: { requirement: { bufferRatio: string } }) => Number(node.requirement.bufferRatio));
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
  });

  it.each([
    ['by default', undefined],
    ['by ratio, largest first', { field: 'BUFFER_RATIO', direction: 'DESC' }],
    ['by code, largest first', { field: 'CODE', direction: 'DESC' }],
  ])('are the same with pages of 1, 5 and 500, %s', async (_title, orderBy) => {
    const whole = await readAll(500, orderBy);
    expect(whole).toHaveLength(12);
    expect(await readAll(1, orderBy)).toEqual(whole);
    expect(await readAll(5, orderBy)).toEqual(whole);
  });

  it('keep accounts without a ratio last in both directions', async () => {
    expect((await readAll(500, { field: 'BUFFER_RATIO', direction: 'DESC' })).at(-1)).toBe('A-12');
  });

  it('take a page of a million as one of 500', async () => {
    const { data } = await world.ask('{ instruments(first: 1000000) { edges { node { id } } } }');
    expect(data.instruments.edges).toHaveLength(7);
  });

  it('filter, and count under the same filter', async () => {
    const { data } = await world.ask(list, { first: 2, filter: { search: 'a-1' }, orderBy: { field: 'CODE' } });
    expect(data.accounts.totalCount).toBe(3);
    expect(data.accounts.edges.map(({ node }: { node: { code: string } }) => node.code)).toEqual(['A-10', 'A-11']);
  });

  it('count only when asked', async () => {
    const page = (more: string) => countStatements(`{ accounts(first: 5) { ${more} edges { node { code } } } }`);
    expect((await page('totalCount')) - (await page(''))).toBe(1);
  });

  it('page positions at the moment of the first page, whatever the clock does', async () => {
    const query = `query ($after: String) { account(code: "A-02") { positions(first: 1, after: $after) {
      totalCount edges { node { instrumentId quantity averagePrice instrument { id strike right expiry expiryDate } } } pageInfo { hasNextPage endCursor } } } }`;
    const first = (await world.ask(query)).data.account.positions;
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(first.totalCount).toBe(2);
    const second = (await world.ask(query, { after: first.pageInfo.endCursor })).data.account.positions;
    const held = [...first.edges, ...second.edges].map(({ node }: { node: object }) => node);
    expect(held).toMatchObject([
      {
        instrumentId: 'XYZ-2612-110-C',
        quantity: '-5',
        instrument: { strike: '110', right: 'CALL', expiryDate: '2026-12-18' },
      },
      { instrumentId: 'XYZ-2612-90-P', quantity: '-5', instrument: { strike: '90', right: 'PUT' } },
    ]);
    expect([second.pageInfo.hasNextPage, second.totalCount]).toEqual([false, 2]);
  });

  it('read buffer history raw and by bucket, in pages', async () => {
    const query = `query ($bucket: HistoryBucket, $first: Int, $after: String) { account(code: "A-03") {
      bufferHistory(from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z", bucket: $bucket, first: $first, after: $after) {
        totalCount edges { node { at status quality runId equity { amount } maintenance { amount } initial { amount } buffer { amount } bufferRatio } }
        pageInfo { hasNextPage endCursor } } } }`;
    const page = async (variables: object) => (await world.ask(query, variables)).data.account.bufferHistory;
    const raw = await page({});
    expect(raw.edges.map(({ node }: { node: { at: string } }) => node.at.slice(0, 10))).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
    ]);
    for (const bucket of ['DAY', 'HOUR'])
      expect(await page({ bucket })).toMatchObject({ edges: raw.edges, totalCount: 3 });
    const one = await page({ first: 1 });
    expect([raw.totalCount, one.totalCount]).toEqual([3, 3]);
    const rest = await page({ first: 5, after: one.pageInfo.endCursor });
    expect([...one.edges, ...rest.edges]).toEqual(raw.edges);
  });
});

describe('market, runs and parameters', () => {
  it('show the latest snapshot with its quotes', async () => {
    const { data, errors } =
      await world.ask(`{ marketSnapshot { id asOf contentHash quality underlyingCount instrumentCount source
      underlyings { underlyingId kind price currency rate dividendYield forwards { price } } fx { rate }
      quotes(first: 3) { totalCount edges { node { instrumentId bid mark impliedVolatility flags } } pageInfo { hasNextPage } }
      ofXyz: quotes(underlying: "XYZ", first: 1) { totalCount } ofNone: quotes(underlying: "NONE") { totalCount } } }`);
    expect(errors).toEqual([]);
    expect(data.marketSnapshot).toMatchObject({
      ofXyz: { totalCount: 7 },
      ofNone: { totalCount: 0 },
      asOf: '2026-11-18T21:00:00.000Z',
      instrumentCount: 7,
      underlyings: [{ underlyingId: 'XYZ', kind: 'EQUITY', price: '92', rate: 0.04 }],
      quotes: {
        totalCount: 7,
        edges: [{ node: { instrumentId: 'XYZ', mark: '92' } }, {}, {}],
        pageInfo: { hasNextPage: true },
      },
    });
    const again = await world.ask('query ($id: ID) { marketSnapshot(id: $id) { id contentHash } }', {
      id: data.marketSnapshot.id,
    });
    expect(again.data.marketSnapshot.contentHash).toBe(data.marketSnapshot.contentHash);
  });

  it('list runs, latest first', async () => {
    const { data, errors } =
      await world.ask(`{ marginRuns(first: 2) { totalCount edges { node { id asOf state requestedBy
      accountsTotal accountsIndeterminate engineVersion failureReason startedAt finishedAt parameterSets { methodology } } }
      pageInfo { hasNextPage } } riskParameterSets(methodology: SPAN) { id name contentHash parameters { key value } } }`);
    expect(errors).toEqual([]);
    expect(data.marginRuns).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(data.marginRuns.edges[0].node).toMatchObject({ asOf: '2026-11-18T21:00:00.000Z', state: 'COMPLETED' });
    expect(data.riskParameterSets).toHaveLength(1);
  });
});

describe('price', () => {
  it('prices one contract without any account', async () => {
    const { data, errors } =
      await world.ask(`{ price(input: { model: BLACK_SCHOLES, right: CALL, spot: "100", strike: "100",
      yearsToExpiry: 1, rate: 0, volatility: 0.2 }) { price delta gamma vega theta rho dividendRho vanna } }`);
    expect(errors).toEqual([]);
    expect(data.price.price).toBeCloseTo(7.965567455405804, 13);
  });

  it('reads a literal Decimal as a Decimal every time, from the first execution to the fifth', async () => {
    const literal = `{ price(input: { model: BLACK76, right: PUT, forward: "101.5", strike: "99.25", yearsToExpiry: 0.5,
      rate: 0.03, volatility: 0.25 }) { price } }`;
    const prices = new Set<number>();
    for (let turn = 0; turn < 5; turn += 1) {
      const { status, data } = await world.ask(literal);
      expect(status).toBe(200);
      prices.add(data.price.price);
    }
    expect([...prices]).toHaveLength(1);
    expect([...prices][0]).toBeGreaterThan(0);
  });
});

describe('statements per operation', () => {
  const fields = `code requirement { asOf status equity { amount } maintenance { amount } buffer { amount } bufferRatio
    worstScenario { loss } scenarios { loss } breakdown { kind amount { amount } } parameterSet { name } run { id snapshot { asOf } } }
    balances { amount } bufferPolicy { watchMultiple } greeks { key delta }`;
  const operations: readonly [string, string][] = [
    ['account', '{ account(code: "A-01") { code } }'],
    [
      'account with requirement and scenarios',
      '{ account(code: "A-01") { code requirement { status scenarios { loss } } } }',
    ],
    ['accounts, 1 row with everything', `{ accounts(first: 1) { edges { node { ${fields} } } } }`],
    ['accounts, 12 rows with everything', `{ accounts(first: 12) { edges { node { ${fields} } } } }`],
    [
      'accounts, 50 with requirement',
      '{ accounts { edges { node { code requirement { status buffer { amount } } } } } }',
    ],
    [
      'positions with terms',
      '{ account(code: "A-01") { positions { edges { node { quantity instrument { strike } } } } } }',
    ],
    ['marginRuns', '{ marginRuns { edges { node { id state } } } }'],
  ];

  it('does not grow with the rows of a list', async () => {
    const counts = new Map<string, number>();
    for (const [name, query] of operations) counts.set(name, await countStatements(query));
    process.stdout.write(`statements per operation: ${JSON.stringify(Object.fromEntries(counts), null, 1)}\n`);
    // One statement finds the firm's cadence, which decides what is STALE. Accounts without a ratio follow in a statement of
    // their own; requirements and scenarios that were not read lately take one each. That is all.
    const one = counts.get('accounts, 1 row with everything') ?? 0;
    expect(counts.get('accounts, 12 rows with everything')).toBeLessThanOrEqual(one + 5);
    expect(counts.get('accounts, 50 with requirement')).toBeLessThanOrEqual(8);
  });
});
