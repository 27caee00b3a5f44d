import { Decimal } from '@ballast/domain';
import { type ApiWorld, closes, openApiWorld } from '../support/api-world';

let world: ApiWorld;

beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

const figures =
  '{ quality initial { amount currency } maintenance { amount } equity { amount } buffer { amount } excess { amount } bufferRatio status worstScenario { index loss } greeks { underlying delta } }';

describe('Account.whatIf', () => {
  const ask = (input: string, token?: string) =>
    world.ask(
      `{ account(code: "A-01") { positions { edges { node { instrumentId quantity } } }
         requirement { maintenance { amount } equity { amount } buffer { amount } }
         whatIf(input: ${input}) { before ${figures} after ${figures}
           change { equity { amount } buffer { amount } maintenance { amount } } affordableQuantity
           trades { instrumentId quantity price cash { amount currency } } settled { instrumentId } } } }`,
      {},
      token,
    );

  it('starts from what the account holds and shows a deposit', async () => {
    const { data, errors } = await ask('{ cash: [{ currency: "USD", amount: "1000.50" }] }');
    expect(errors).toEqual([]);
    const { whatIf, requirement } = data.account;
    expect(whatIf.before).toMatchObject({
      quality: 'OK',
      maintenance: requirement.maintenance,
      equity: requirement.equity,
    });
    expect(whatIf.change).toEqual({
      equity: { amount: '1000.50' },
      buffer: { amount: '1000.50' },
      maintenance: { amount: '0.00' },
    });
    expect(whatIf.affordableQuantity).toBeNull();
  });

  it('closes a position, moves the market, and says what is affordable', async () => {
    const before = await ask('{}');
    const { instrumentId, quantity } = before.data.account.positions.edges[0].node;
    const opposite = quantity.startsWith('-') ? quantity.slice(1) : `-${quantity}`;
    const input = `{ trades: [{ instrumentId: "${instrumentId}", quantity: "${opposite}" }], shifts: { spot: -0.05, volatility: 0.1, days: 1 } }`;
    const { data, errors } = await ask(input);
    expect(errors).toEqual([]);
    expect(data.account.whatIf.trades).toMatchObject([{ instrumentId, quantity: opposite }]);
    expect(data.account.whatIf.after.maintenance.amount).toMatch(/^\d+\.\d{2}$/);
    expect(data.account.whatIf.affordableQuantity).not.toBeUndefined();
  });

  it.each([
    ['a contract that is not listed', '{ trades: [{ instrumentId: "NOPE", quantity: "1" }] }', 'NOT_FOUND'],
    ['an impossible move', '{ shifts: { spot: -3 } }', 'BAD_USER_INPUT'],
    ['a currency that is none', '{ cash: [{ currency: "dollars", amount: "1" }] }', 'BAD_USER_INPUT'],
    ['an unknown underlying', '{ shifts: { underlyings: [{ underlying: "NOPE", spot: 0.1 }] } }', 'BAD_USER_INPUT'],
  ])('refuses %s without a 5xx', async (_, input, code) => {
    const { status, errors } = await ask(input);
    expect([status, errors[0]?.extensions.code]).toEqual([200, code]);
  });

  it('is for brokers and risk, not for back-office', async () => {
    expect((await ask('{}', await world.token({ roles: ['broker'] }))).errors).toEqual([]);
    const refused = await ask('{}', await world.token({ roles: ['back-office'] }));
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('Account.liquidationLevels and restoration', () => {
  it('finds levels at which a what-if leaves a buffer of 0', async () => {
    const { data, errors } = await world.ask(`{ account(code: "A-01") {
      liquidationLevels { underlying currency price lower upper points { price move shortfall jump } }
      marketLevels(betas: []) { prices { lower { move } upper { move } } volatility { upper { move } } } } }`);
    expect(errors).toEqual([]);
    const levels = data.account.liquidationLevels;
    expect(levels.length).toBeGreaterThan(0);
    for (const { underlying, points } of levels)
      for (const { move, jump } of points.filter(({ move }: { move: number }) => move > -1)) {
        const shift = `{ shifts: { underlyings: [{ underlying: "${underlying}", spot: ${move} }] } }`;
        const { data: moved } = await world.ask(
          `{ account(code: "A-01") { whatIf(input: ${shift}) { after { buffer { amount } } } } }`,
        );
        if (!jump) expect(Math.abs(Number(moved.account.whatIf.after.buffer.amount))).toBeLessThanOrEqual(0.03);
      }
  }, 30_000);

  it.each([
    [
      'an unknown beta',
      'marketLevels(betas: [{ underlying: "NOPE", beta: 2 }]) { prices { lower { move } } }',
      'NOPE is no underlying',
    ],
    [
      'a beta twice',
      'marketLevels(betas: [{ underlying: "U", beta: 2 }, { underlying: "U", beta: 1 }]) { prices { lower { move } } }',
      'U is named twice',
    ],
    [
      'an unknown volatility',
      'breachProbability(input: { volatilities: [{ underlying: "NOPE", volatility: 2 }] }) { probability }',
      'NOPE is no underlying',
    ],
  ])('refuses %s', async (_, field, message) => {
    const { errors } = await world.ask(`{ account(code: "A-01") { ${field} } }`);
    expect(errors[0]?.message).toContain(message);
  });

  it('plans the way back of every account that is short', async () => {
    const { data, errors } = await world.ask(`{ accounts(first: 5) { edges { node { code
      restoration(input: { target: CALL, halfSpread: 0.01, feePerContract: "1.00" }) {
        target level { amount } deposit { amount } trades { instrumentId quantity } cost { amount } costLowerBound { amount } optimal
        after { equity { amount } initial { amount } maintenance { amount } } } } } } }`);
    expect(errors).toEqual([]);
    for (const { node } of data.accounts.edges) {
      const { level, deposit, trades, after } = node.restoration;
      expect(Number(deposit.amount)).toBeGreaterThanOrEqual(0);
      if (trades !== null && trades.length > 0) {
        const target = Math.max(Number(after.initial.amount), 1.2 * Number(after.maintenance.amount));
        expect(Number(after.equity.amount)).toBeGreaterThanOrEqual(target);
      }
      expect(level.amount).toMatch(/^\d+\.\d{2}$/);
    }
  }, 30_000);

  it('counts as costly: too many at once are refused before they run', async () => {
    const { errors } = await world.ask('{ accounts(first: 50) { edges { node { liquidationLevels { lower } } } } }');
    expect(errors[0]?.extensions.code).toBe('QUERY_TOO_COSTLY');
  });
});

describe('Account.attribution', () => {
  const [start, , end] = closes.map((close) => new Date(close + 3_600_000).toISOString());
  const effects = 'initial { amount } maintenance { amount } equity { amount } buffer { amount }';
  const ask = (from = start, to = end, token?: string) =>
    world.ask(
      `{ account(code: "A-01") {
        before: requirement(asOf: "${from}") { maintenance { amount } equity { amount } run { id } }
        after: requirement(asOf: "${to}") { maintenance { amount } equity { amount } }
        attribution(from: "${from}", to: "${to}") { from { runId asOf } to { asOf figures { equity { amount } } } change { ${effects} }
          factors { factor ${effects} byUnderlying { underlying ${effects} } } byUnderlying { underlying ${effects} } } } }`,
      {},
      token,
    );
  type Row = Record<'initial' | 'maintenance' | 'equity' | 'buffer', { amount: string }>;
  const sumOf = (rows: Row[], key: keyof Row) =>
    rows.reduce((sum, row) => sum.plus(row[key].amount), new Decimal(0)).toFixed(2);

  it('explains the difference of two stored runs to the last digit, by cause and by underlying', async () => {
    const { data, errors } = await ask();
    expect(errors).toEqual([]);
    const { before, after, attribution } = data.account;
    expect(attribution.from.runId).toBe(before.run.id);
    for (const figure of ['maintenance', 'equity'] as const)
      expect(attribution.change[figure].amount).toBe(
        new Decimal(after[figure].amount).minus(before[figure].amount).toFixed(2),
      );
    expect(attribution.factors.map(({ factor }: { factor: string }) => factor)).toHaveLength(7);
    for (const key of ['initial', 'maintenance', 'equity', 'buffer'] as const) {
      expect(sumOf(attribution.factors, key)).toBe(attribution.change[key].amount);
      expect(sumOf(attribution.byUnderlying, key)).toBe(attribution.change[key].amount);
      for (const factor of attribution.factors) expect(sumOf(factor.byUnderlying, key)).toBe(factor[key].amount);
    }
    const price = attribution.factors.find(({ factor }: { factor: string }) => factor === 'PRICE');
    expect(Number(price.equity.amount)).not.toBe(0);
  }, 30_000);

  it('is for a broker about its accounts, and for nobody about another', async () => {
    const account = world.accounts.get('A-01') as string;
    const other = world.accounts.get('A-02') as string;
    expect((await ask(start, end, await world.token({ roles: ['broker'], accountIds: [account] }))).errors).toEqual([]);
    const hidden = await ask(start, end, await world.token({ roles: ['broker'], accountIds: [other] }));
    expect(hidden.data.account).toBeNull();
  });

  it.each([
    ['a period that ends before it starts', end, start, 'BAD_USER_INPUT'],
    ['a time before the first run', '2020-01-01T00:00:00Z', end, 'NOT_FOUND'],
  ])('refuses %s', async (_, from, to, code) => {
    const { status, errors } = await ask(from, to);
    expect([status, errors[0]?.extensions.code]).toEqual([200, code]);
  });
});

describe('a heavy analysis', () => {
  it('lets others be answered while it runs', async () => {
    const order: string[] = [];
    const question =
      '{ account(code: "A-01") { liquidationLevels { lower } marketLevels { volatility { lower { move } } } } }';
    const heavy = world.ask(question).then(({ errors }) => order.push(`levels, ${errors.length} errors`));
    const { status } = await world.send({ path: '/health/live' });
    order.push(`live ${status}`);
    await heavy;
    expect(order).toEqual(['live 200', 'levels, 0 errors']);
  }, 30_000);
});

describe('Account.stress', () => {
  const ask = (input: string, fields: string, token?: string) =>
    world.ask(`{ account(code: "A-01") { stress(input: ${input}) { ${fields} } } }`, {}, token);

  it('shows an account under the library and under a scenario of the caller, as a what-if does', async () => {
    const { data, errors } = await ask(
      '{ scenarios: ["1987-10-19", "correlation-flip"], custom: [{ name: "half", spot: -0.05, volatility: 0.2 }] }',
      'libraryVersion before { equity { amount } } largestLoss { name } scenarios { name origin sources state profit { amount } uncoveredLoss { amount } after { equity { amount } maintenance { amount } status } moves { underlying assetClass price stressedPrice spot } unmoved }',
    );
    expect(errors).toEqual([]);
    const { scenarios } = data.account.stress;
    expect(scenarios.map(({ name }: { name: string }) => name)).toEqual(['1987-10-19', 'correlation-flip', 'half']);
    const { data: moved } = await world.ask(
      '{ account(code: "A-01") { whatIf(input: { shifts: { spot: -0.05, volatility: 0.2 } }) { after { equity { amount } maintenance { amount } status } } } }',
    );
    expect(scenarios[2].after).toEqual(moved.account.whatIf.after);
    expect(scenarios[0].moves.length).toBeGreaterThan(0);
  }, 30_000);

  it('finds the nearest move that exhausts the buffer', async () => {
    const { data, errors } = await ask(
      '{ scenarios: ["2018-02-05"], reverse: { horizonDays: 5, budget: 60 } }',
      'reverse { state horizonDays factors { underlying volatility source } smallest { settled evaluations point { norm mahalanobis status buffer { amount } moves { underlying move deviations price } } } parallel { down { norm } up { norm } } }',
    );
    expect(errors).toEqual([]);
    expect(data.account.stress.reverse.state).toMatch(/SEARCHED|BREACHED/);
  }, 30_000);

  it.each([
    ['an unknown name', '{ scenarios: ["1929"] }', 'BAD_USER_INPUT'],
    ['an unknown kind', '{ custom: [{ name: "x", kinds: [{ kind: "tulips", spot: 1 }] }] }', 'BAD_USER_INPUT'],
    [
      'a name twice',
      '{ custom: [{ name: "x", betas: [{ underlying: "U", beta: 1 }, { underlying: "U", beta: 2 }] }] }',
      'BAD_USER_INPUT',
    ],
    ['a budget without end', '{ reverse: { budget: 100000 } }', 'BAD_USER_INPUT'],
    ['a beta of nobody', '{ reverse: { betas: [{ underlying: "NOPE", beta: 1 }] } }', 'BAD_USER_INPUT'],
    ['a class of nobody', '{ assetClasses: [{ underlying: "NOPE", assetClass: FX }] }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, input, code) => {
    const { errors } = await ask(input, 'libraryVersion');
    expect(errors[0]?.extensions.code).toBe(code);
  });

  it('is for brokers and risk, not for back-office', async () => {
    const refused = await ask('{}', 'libraryVersion', await world.token({ roles: ['back-office'] }));
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});
