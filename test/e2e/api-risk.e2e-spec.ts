// Statistical risk of a stored account over GraphQL: from imported prices to figures, refusals without a 5xx.
import { PriceHistoryStore } from '@ballast/persistence';
import { type ApiWorld, openApiWorld } from '../support/api-world';
import { normals, seriesOf } from '../support/price-history';

let world: ApiWorld;

beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

const accountWith = (field: string) => world.ask(`{ account(code: "A-01") { baseCurrency ${field} } }`, {});

describe('statistical risk of an account', () => {
  it('needs imported prices, and then estimates', async () => {
    const field = `valueAtRisk(input: { method: HISTORICAL }) { quality valueAtRisk }`;
    const before = await accountWith(field);
    expect(before.status).toBeLessThan(500);
    expect(before.errors[0]?.extensions.code).toBe('PRICE_MISSING');
    const { data } = await world.ask(
      '{ account(code: "A-01") { positions { edges { node { instrument { underlying } } } } } }',
      {},
    );
    const names = data.account.positions.edges.map(
      ({ node }: { node: { instrument: { underlying: string } } }) => node.instrument.underlying,
    );
    const returns = Object.fromEntries(
      [...new Set<string>(names)].map((name, place) => [name, normals(300, place).map((value) => 0.01 * value)]),
    );
    const store = new PriceHistoryStore(world.database.database);
    await store.record({ firmId: world.firms.alpha }, seriesOf(returns), { source: 'test', recordedBy: 'ada' });
    const after = await accountWith(`
      valueAtRisk(input: { method: FILTERED_HISTORICAL, confidence: 0.99, window: 250 }) {
        quality valueAtRisk expectedShortfall valueAtRiskError interval { low high coverage } diversification currency
        standalone { underlying valueAtRisk } window { from to returns } worst { date loss } warnings }
      breachProbability(input: { horizonDays: 5, steps: 2, paths: 64, replicates: 2 }) {
        quality probability standardError curve { tradingDays probability } timeToBreach { p50 } buffer
        evaluation check { points largestError } warnings }
      recommendedBuffer(input: { window: 250 }) {
        quality currency amount buffer binding { name amount binding } reviewInterval source warnings
        components { name amount binding inputs { name value } explanation } }`);
    expect(after.errors).toEqual([]);
    const { valueAtRisk, breachProbability, recommendedBuffer, baseCurrency } = after.data.account;
    expect(valueAtRisk).toMatchObject({ quality: 'OK', currency: baseCurrency, window: { returns: 250 } });
    expect(valueAtRisk.expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk.valueAtRisk);
    expect(breachProbability.probability).toBeGreaterThanOrEqual(0);
    expect(breachProbability.probability).toBeLessThanOrEqual(1);
    expect(breachProbability.curve).toHaveLength(2);
    expect(['SINGLE', 'PER_UNDERLYING', 'COMBINED']).toContain(breachProbability.evaluation);
    // A buffer that is gone already is simulated no more, and compared with nothing.
    expect(breachProbability.check?.points ?? null).toBe(breachProbability.buffer < 0 ? null : 16);
    const { components, amount, binding } = recommendedBuffer;
    expect(recommendedBuffer).toMatchObject({
      quality: 'OK',
      currency: baseCurrency,
      buffer: breachProbability.buffer,
    });
    expect(components).toHaveLength(7);
    expect(amount).toBe(Math.max(...components.map((component: { amount: number }) => component.amount)));
    expect(amount).toBeGreaterThan(0);
    expect(binding).toEqual({ name: expect.any(String), amount, binding: true });
    expect(recommendedBuffer.reviewInterval).toBeGreaterThanOrEqual(1);
    expect(recommendedBuffer.reviewInterval).toBeLessThanOrEqual(1440);
    const liquidity = components.find(({ name }: { name: string }) => name === 'LIQUIDITY');
    expect(liquidity.explanation).toContainEqual(
      expect.stringMatching(/^no figures of size, charged by bid-ask alone: /),
    );
  }, 60_000);

  it('sizes by the own figures of the firm once another person approved them', async () => {
    const sizing = 'recommendedBuffer(input: { window: 250 }) { source components { name amount } } methodology';
    const liquidityOf = async () => {
      const { data } = await accountWith(sizing);
      const { source, components } = data.account.recommendedBuffer;
      const found = components.find(({ name }: { name: string }) => name === 'LIQUIDITY');
      return { methodology: data.account.methodology, source, amount: found.amount as number };
    };
    const before = await liquidityOf();
    const [risk, admin] = [
      await world.token({ roles: ['risk'] }),
      await world.token({ roles: ['admin'], subject: 'second' }),
    ];
    const own = { liquidity: { optionSpread: 2, otherSpread: 2 } };
    const proposed = await world.ask(
      `mutation ($input: ProposeRiskParametersInput!) { proposeRiskParameters(input: $input) {
        parameterSet { id } userErrors { code message } } }`,
      { input: { idempotencyKey: 'sizing', methodology: before.methodology, name: 'thin market', effectiveFrom: '2020-01-01T00:00:00Z', parameters: JSON.stringify({ sizing: own }) } }, // prettier-ignore
      risk,
    );
    const { parameterSet, userErrors } = proposed.data.proposeRiskParameters;
    expect(userErrors).toEqual([]);
    const approved = await world.ask(
      'mutation ($input: DecideRiskParametersInput!) { approveRiskParameters(input: $input) { userErrors { code message } } }',
      { input: { idempotencyKey: 'sizing-ok', parameterSetId: parameterSet.id } },
      admin,
    );
    expect(approved.data.approveRiskParameters.userErrors).toEqual([]);
    const after = await liquidityOf();
    expect(after.source).toBe(`${before.source}; the firm's own: liquidity optionSpread, otherSpread`);
    expect(after.amount).toBeGreaterThan(before.amount);
  }, 60_000);

  it.each([
    ['a confidence of 2', 'valueAtRisk(input: { confidence: 2 }) { valueAtRisk }'],
    ['too many paths', 'valueAtRisk(input: { paths: 65536, replicates: 64 }) { valueAtRisk }'],
    ['a horizon of 0', 'breachProbability(input: { horizonDays: 0 }) { probability }'],
    ['a sizing window of 1', 'recommendedBuffer(input: { window: 1 }) { amount }'],
    ['a window of 1', 'breachProbability(input: { window: 1 }) { probability }'],
  ])('refuses %s as bad input', async (_, field) => {
    const { status, errors } = await accountWith(field);
    expect(status).toBeLessThan(500);
    expect(['BAD_USER_INPUT', 'INVALID_PARAMETER']).toContain(errors[0]?.extensions.code);
  });
});
