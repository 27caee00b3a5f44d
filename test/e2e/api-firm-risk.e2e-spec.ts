// The risk of a firm over GraphQL: it is the sum of what each account says of itself, and only of the caller's firm.
import { Decimal } from '@ballast/domain';
import { type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;

beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

const money = '{ amount currency }';
const figures = `runId asOf ageMs quality qualityReasons currency libraryVersion accounts accountsExcluded breaches
  equity ${money} collateralValue ${money} initial ${money} maintenance ${money}
  greeks { key underlying expiry delta gamma vega theta rho deltaCash gammaCash }
  scenarios { name sources figures { what verification source moves } accounts accountsRefused loss ${money} grossLoss ${money} lossOverCollateral ${money}
    lossOverRequirement ${money} stressedEquity ${money} breaches newBreaches deficits
    topAccounts { code loss ${money} stressedEquity ${money} stressedBuffer ${money} lossOverCollateral ${money} status } }
  worstScenario { name }
  byUnderlying { basis herfindahl effectiveNames names total ${money} largest { name amount ${money} net ${money} share } }
  byAccount { basis herfindahl names largest { name share } }`;

interface Amount {
  readonly amount: string;
}
interface AccountNode {
  readonly code: string;
  readonly requirement: Readonly<Record<'equity' | 'maintenance' | 'initial' | 'buffer', Amount>>;
  readonly greeks: readonly Readonly<Record<'delta' | 'vega', number>>[];
}
interface Outcome {
  readonly profit: Amount;
  readonly uncoveredLoss: Amount;
  readonly after: { readonly equity: Amount; readonly buffer: Amount };
}
const sum = (amounts: readonly Amount[]) =>
  amounts.reduce((total, { amount }) => total.plus(amount), new Decimal(0)).toFixed(2);

describe('firmRisk', () => {
  it('adds up what every account says of itself', async () => {
    const { data, errors } = await world.ask(`{ firmRisk(top: 3) { ${figures} } }`);
    expect(errors).toEqual([]);
    const risk = data.firmRisk;
    expect(risk).toMatchObject({ currency: 'USD', accounts: 12, accountsExcluded: 0 });
    const accounts = await world.ask(
      `{ accounts(first: 12, orderBy: { field: CODE, direction: ASC }) { edges { node {
        code requirement { equity { amount } maintenance { amount } initial { amount } buffer { amount } } greeks { delta vega } } } } }`,
    );
    const nodes: readonly AccountNode[] = accounts.data.accounts.edges.map(({ node }: { node: AccountNode }) => node);
    expect(risk.equity.amount).toBe(sum(nodes.map(({ requirement }) => requirement.equity)));
    expect(risk.maintenance.amount).toBe(sum(nodes.map(({ requirement }) => requirement.maintenance)));
    expect(risk.initial.amount).toBe(sum(nodes.map(({ requirement }) => requirement.initial)));
    expect(risk.breaches).toBe(nodes.filter(({ requirement }) => Number(requirement.buffer.amount) < 0).length);
    const own = nodes.flatMap(({ greeks }) => greeks);
    expect(risk.greeks).toHaveLength(1);
    for (const name of ['delta', 'vega'] as const)
      expect(risk.greeks[0][name]).toBeCloseTo(
        own.reduce((total, row) => total + row[name], 0),
        6,
      );

    for (const code of ['1987-10-19', 'correlation-flip']) {
      const outcomes: Outcome[] = [];
      for (const { code: account } of nodes) {
        const answer = await world.ask(
          `{ account(code: "${account}") { stress(input: { scenarios: ["${code}"] }) { scenarios {
            profit { amount } uncoveredLoss { amount } after { equity { amount } buffer { amount } } } } } }`,
        );
        outcomes.push(answer.data.account.stress.scenarios[0]);
      }
      const scenario = risk.scenarios.find(({ name }: { name: string }) => name === code);
      expect(scenario.loss.amount).toBe(new Decimal(sum(outcomes.map(({ profit }) => profit))).negated().toFixed(2));
      expect(scenario.lossOverCollateral.amount).toBe(sum(outcomes.map(({ uncoveredLoss }) => uncoveredLoss)));
      expect(scenario.stressedEquity.amount).toBe(sum(outcomes.map(({ after }) => after.equity)));
      expect(scenario.breaches).toBe(outcomes.filter(({ after }) => Number(after.buffer.amount) < 0).length);
      expect(scenario.topAccounts).toHaveLength(3);
    }
    expect(risk.byUnderlying).toMatchObject({ herfindahl: 1, names: 1 });
    // Eleven accounts hold the same book, the twelfth nothing.
    expect(risk.byAccount.names).toBe(11);
    expect(risk.byAccount.herfindahl).toBeCloseTo(1 / 11, 12);
  }, 60_000);

  it('takes scenarios, grouping, currency and rows', async () => {
    const { data, errors } = await world.ask(
      `{ firmRisk(by: EXPIRY, scenarios: ["2020-03"], currency: "USD", top: 0) {
        greeks { key expiry } scenarios { name topAccounts { code } } worstScenario { name } byAccount { largest { name } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.firmRisk).toEqual({
      greeks: [{ key: 'XYZ 2026-12-18', expiry: '2026-12-18T21:00:00.000Z' }],
      scenarios: [{ name: '2020-03', topAccounts: [] }],
      worstScenario: { name: '2020-03' },
      byAccount: { largest: [] },
    });
  });

  it('leaves out, with its reason, what no rate leads to', async () => {
    const { data } = await world.ask(
      '{ firmRisk(currency: "EUR") { quality accounts accountsExcluded qualityReasons } }',
    );
    expect(data.firmRisk).toMatchObject({ quality: 'INDETERMINATE', accounts: 12, accountsExcluded: 12 });
    expect(data.firmRisk.qualityReasons.join()).toContain('A-01: no exchange rate from USD to EUR');
  });

  it.each([
    ['an unknown scenario', '{ firmRisk(scenarios: ["1929"]) { accounts } }', 'BAD_USER_INPUT'],
    ['51 rows', '{ firmRisk(top: 51) { accounts } }', 'BAD_USER_INPUT'],
    ['no currency', '{ firmRisk(currency: "dollars") { accounts } }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, query, code) => {
    const { status, errors } = await world.ask(query);
    expect(status).toBeLessThan(500);
    expect(errors[0]?.extensions.code).toBe(code);
  });

  it('is for those who read the firm: risk and back office, not brokers', async () => {
    const statuses: Record<string, string> = {};
    for (const role of ['risk', 'back-office', 'broker', 'admin'] as const) {
      const { errors } = await world.ask('{ firmRisk { accounts } }', {}, await world.token({ roles: [role] }));
      statuses[role] = errors[0]?.extensions.code ?? 'OK';
    }
    expect(statuses).toEqual({ risk: 'OK', 'back-office': 'OK', admin: 'OK', broker: 'FORBIDDEN' });
  });

  it('T-04 knows nothing of another firm', async () => {
    const bearer = await world.token({ roles: ['risk'], firm: 'beta' });
    const { data, text } = await world.ask(`{ firmRisk { ${figures} } }`, {}, bearer);
    expect(data.firmRisk.accounts).toBe(1);
    expect(text).toContain('B-01');
    expect(text).not.toContain('A-0');
  });
});
