import { type ApiWorld, openApiWorld } from '../support/api-world';
import { withClient } from '../support/postgres';

let world: ApiWorld;
let risk: string;

beforeAll(async () => {
  world = await openApiWorld();
  risk = await world.token({ roles: ['risk'] });
}, 60_000);
afterAll(() => world?.close());

const publish = (input: object, token = risk) =>
  world.ask(
    `mutation ($input: PublishMarketSnapshotInput!) { publishMarketSnapshot(input: $input) {
      snapshot { id asOf source quality qualityReasons underlyingCount instrumentCount contentHash
        underlyings { underlyingId price } quotes(first: 10) { edges { node { instrumentId bid ask impliedVolatility openInterest volume flags } } } }
      isNew frozen userErrors { code field message } } }`,
    { input },
    token,
  );

const xyz = { underlyingId: 'XYZ', kind: 'EQUITY', currency: 'USD', price: '93.5', rate: 0.04, dividendYield: 0 };
const call = { instrumentId: 'XYZ-2612-110-C', bid: '1.10', ask: '1.20', mark: '1.15', impliedVolatility: 0.31 };
const put = { instrumentId: 'XYZ-2612-90-P', bid: '2.10', ask: '2.20', mark: '2.15', impliedVolatility: 0.33, openInterest: '1200.5', volume: '0' }; // prettier-ignore
const market = { asOf: '2026-11-19T21:00:00Z', source: 'closing feed', underlyings: [xyz], quotes: [call, put] };

const rowCounts = () =>
  withClient(world.database.superuserUrl, async (client) => {
    const tables = ['market_snapshots', 'instrument_quotes', 'underlyings', 'idempotency_keys'];
    const sums = tables.map((table) => `(SELECT count(*) FROM ${table})::text`).join(` || ' ' || `);
    const { rows } = await client.query<{ counts: string }>(`SELECT ${sums} AS counts`);
    return rows[0]?.counts;
  });

describe('publishMarketSnapshot', () => {
  it('stores a market on which a run then evaluates the firm', async () => {
    const { data, errors } = await publish({ idempotencyKey: 'market-1', ...market });
    expect(errors).toEqual([]);
    const { snapshot, ...rest } = data.publishMarketSnapshot;
    expect(rest).toEqual({ isNew: true, frozen: false, userErrors: [] });
    expect(snapshot).toMatchObject({ asOf: '2026-11-19T21:00:00.000Z', source: 'closing feed', underlyingCount: 1 });
    expect(snapshot.underlyings).toEqual([{ underlyingId: 'XYZ', price: '93.5' }]);
    const quotes = snapshot.quotes.edges.map(({ node }: { node: object }) => node);
    expect(quotes).toMatchObject([
      {
        instrumentId: 'XYZ-2612-110-C',
        bid: '1.1',
        ask: '1.2',
        impliedVolatility: 0.31,
        openInterest: null,
        volume: null,
      },
      {
        instrumentId: 'XYZ-2612-90-P',
        bid: '2.1',
        ask: '2.2',
        impliedVolatility: 0.33,
        openInterest: '1200.5',
        volume: '0',
      },
    ]);
    const run = await world.ask(
      'mutation ($input: StartMarginRunInput!) { startMarginRun(input: $input) { run { id } userErrors { message } } }',
      { input: { idempotencyKey: 'run-1', snapshotId: snapshot.id, asOf: market.asOf } },
    );
    expect(run.data.startMarginRun.userErrors).toEqual([]);
    const runId = run.data.startMarginRun.run.id as string;
    for (let tries = 0; tries < 100; tries += 1) {
      const { data: seen } = await world.ask('query ($id: ID!) { marginRun(id: $id) { state } }', { id: runId });
      if (seen.marginRun.state === 'COMPLETED') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { data: after } = await world.ask(
      '{ account(code: "A-03") { requirement { asOf netOptionValue { amount } run { id snapshot { id } } } } }',
    );
    // Five short calls and puts at their marks, 1.15 and 2.15, of 100 units each.
    expect(after.account.requirement).toEqual({
      asOf: '2026-11-19T21:00:00.000Z',
      netOptionValue: { amount: '-1650.00' },
      run: { id: runId, snapshot: { id: snapshot.id } },
    });
  });

  it('gives the first answer to a repeat, and a conflict to another body under its key', async () => {
    const first = await publish({ idempotencyKey: 'market-1', ...market });
    expect(first.data.publishMarketSnapshot).toMatchObject({ isNew: true, userErrors: [] });
    const other = await publish({ idempotencyKey: 'market-1', ...market, quotes: [call] });
    expect([other.status, other.errors[0]?.extensions.code]).toEqual([400, 'CONFLICT']);
    const same = await publish({ idempotencyKey: 'market-2', ...market });
    expect(same.data.publishMarketSnapshot).toMatchObject({
      isNew: false,
      snapshot: { id: first.data.publishMarketSnapshot.snapshot.id },
    });
  });

  it('lets the guard mark what it finds', async () => {
    const crossed = { ...call, bid: '1.40', ask: '1.20' };
    const later = { ...market, asOf: '2026-11-19T21:05:00Z', quotes: [crossed, put] };
    const { data } = await publish({ idempotencyKey: 'market-3', ...later });
    const { snapshot } = data.publishMarketSnapshot;
    expect(snapshot.quality).toBe('DEGRADED');
    expect(snapshot.quotes.edges[0].node.flags).toContain('Q_CROSSED');
  });

  const refused: readonly [string, object, { code: string; field: string }[]][] = [
    [
      'an unknown contract',
      { quotes: [call, { instrumentId: 'NONE', mark: '1' }] },
      [{ code: 'NOT_FOUND', field: 'quotes.1.instrumentId' }],
    ],
    ['a contract named twice', { quotes: [call, call] }, [{ code: 'BAD_USER_INPUT', field: 'quotes.1.instrumentId' }]],
    [
      'a contract whose underlying is not stated',
      { underlyings: [{ ...xyz, underlyingId: 'ABC' }] },
      [
        { code: 'BAD_USER_INPUT', field: 'quotes.0.instrumentId' },
        { code: 'BAD_USER_INPUT', field: 'quotes.1.instrumentId' },
      ],
    ],
    [
      'a quote after the expiry',
      { asOf: '2026-11-19T21:00:00Z', quotes: [{ ...call, quotedAt: '2026-12-18T21:00:00Z' }] },
      [
        { code: 'BAD_USER_INPUT', field: 'quotes.0.instrumentId' },
        { code: 'BAD_USER_INPUT', field: 'quotes.0.quotedAt' },
      ],
    ],
    [
      'a share below zero, a rate in percent and a yield in percent',
      { underlyings: [{ ...xyz, price: '-1', rate: 4, dividendYield: 2 }] },
      [
        { code: 'BAD_USER_INPUT', field: 'underlyings.0.price' },
        { code: 'BAD_USER_INPUT', field: 'underlyings.0.rate' },
        { code: 'BAD_USER_INPUT', field: 'underlyings.0.dividendYield' },
      ],
    ],
    [
      'another kind than the known one',
      { underlyings: [{ ...xyz, kind: 'FUTURE' }] },
      [{ code: 'BAD_USER_INPUT', field: 'underlyings.0.underlyingId' }],
    ],
    [
      'a negative volatility',
      { quotes: [{ ...call, impliedVolatility: -0.2 }] },
      [{ code: 'BAD_USER_INPUT', field: 'quotes.0.impliedVolatility' }],
    ],
    [
      'fewer than no contracts open or traded',
      { quotes: [{ ...call, openInterest: '-1', volume: '-0.5' }] },
      [
        { code: 'BAD_USER_INPUT', field: 'quotes.0.openInterest' },
        { code: 'BAD_USER_INPUT', field: 'quotes.0.volume' },
      ],
    ],
    [
      'no currency',
      { underlyings: [{ ...xyz, currency: 'usd' }] },
      [{ code: 'INVALID_CURRENCY', field: 'underlyings.0.currency' }],
    ],
    [
      'an exchange rate of zero',
      { fx: [{ from: 'EUR', to: 'USD', rate: '0' }] },
      [{ code: 'BAD_USER_INPUT', field: 'fx.0.rate' }],
    ],
  ];

  it.each(refused)('refuses %s as data, and stores nothing', async (what, change, expected) => {
    const before = await rowCounts();
    const { status, data, errors } = await publish({ idempotencyKey: `bad ${what}`, ...market, ...change });
    expect([status, errors]).toEqual([200, []]);
    expect(data.publishMarketSnapshot.snapshot).toBeNull();
    expect(
      data.publishMarketSnapshot.userErrors.map(({ code, field }: { code: string; field: string }) => ({
        code,
        field,
      })),
    ).toEqual(expected);
    expect(await rowCounts()).toBe(before);
  });

  it.each([
    ['a future instant', { asOf: '2999-01-01T00:00:00Z' }],
    ['no underlying', { underlyings: [], quotes: [] }],
    ['a source of two lines', { source: 'a\nb' }],
    ['no key', { idempotencyKey: '' }],
    ['a price that is no number', { underlyings: [{ ...xyz, price: 'NaN' }] }],
  ])('refuses %s as an error', async (what, change) => {
    const before = await rowCounts();
    const { status, errors } = await publish({ idempotencyKey: `worse ${what}`, ...market, ...change });
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(await rowCounts()).toBe(before);
  });

  it('is for the risk role of the whole firm', async () => {
    const tokens = [
      await world.token({ roles: ['broker'] }),
      await world.token({ roles: ['back-office'] }),
      await world.token({ roles: ['risk'], accountIds: [world.accounts.get('A-01') ?? ''] }),
    ];
    for (const token of tokens) {
      const { errors } = await publish({ idempotencyKey: 'role', ...market }, token);
      expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});
