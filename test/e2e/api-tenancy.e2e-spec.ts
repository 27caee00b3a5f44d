import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { type ApiWorld, openApiWorld } from '../support/api-world';
import { withClient } from '../support/postgres';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

/** Queries that take an identifier of something stored: field and argument. A new one must be added to the table below. */
async function fieldsWithIdentifiers(): Promise<string[]> {
  const { data } = await world.ask(getIntrospectionQuery());
  const fields =
    buildClientSchema(data as IntrospectionQuery)
      .getQueryType()
      ?.getFields() ?? {};
  return Object.values(fields)
    .filter(({ args }) => args.some(({ name }) => ['id', 'code', 'runId', 'accountId'].includes(name)))
    .map(({ name }) => name)
    .sort();
}

/** Identifiers of BETA: of its account, snapshot, run and everything else that has one. */
async function identifiersOfBeta(): Promise<{ account: string; snapshot: string; run: string; all: string[] }> {
  return withClient(world.database.superuserUrl, async (client) => {
    const ids = async (table: string, column: string): Promise<string[]> =>
      (
        await client.query<{ id: string }>(`SELECT ${column}::text AS id FROM ${table} WHERE firm_id = $1`, [
          world.firms.beta,
        ])
      ).rows.map(({ id }) => id);
    const [accounts, snapshots, runs, sets] = [
      await ids('accounts', 'account_id'),
      await ids('market_snapshots', 'snapshot_id'),
      await ids('margin_runs', 'run_id'),
      await ids('risk_parameter_sets', 'parameter_set_id'),
    ];
    return {
      account: accounts[0] as string,
      snapshot: snapshots[0] as string,
      run: runs[0] as string,
      all: [...accounts, ...snapshots, ...runs, ...sets, world.firms.beta, 'B-01'],
    };
  });
}

const unknownId = '0190d3f0-0000-7000-8000-000000000000';

async function findDifferentAnswers(): Promise<string[]> {
  const { account, snapshot, run } = await identifiersOfBeta();
  const questions: readonly [string, string, string, string][] = [
    [
      'account by id',
      'query ($x: ID) { account(id: $x) { id name baseCurrency balances { amount } } }',
      account,
      unknownId,
    ],
    ['account by code', 'query ($x: String) { account(code: $x) { id name } }', 'B-01', 'B-77'],
    ['marginRun', 'query ($x: ID!) { marginRun(id: $x) { id state } }', run, unknownId],
    ['marketSnapshot', 'query ($x: ID) { marketSnapshot(id: $x) { id asOf } }', snapshot, unknownId],
  ];
  const different: string[] = [];
  for (const [name, query, foreign, unknown] of questions) {
    const [first, second] = [await world.ask(query, { x: foreign }), await world.ask(query, { x: unknown })];
    expect([name, second.errors[0]?.extensions.code]).toEqual([name, 'NOT_FOUND']);
    if (first.text !== second.text || first.status !== second.status) different.push(name);
  }
  return different;
}

/** Everything a caller of ALPHA can reach in one walk through the edges. */
async function findForeignTexts(): Promise<string[]> {
  const walks = [
    `{ accounts(first: 50) { edges { node { id code name positions(first: 3) { edges { node { instrument { id } quantity } } } balances { amount }
       requirement { id run { id snapshot { id } } parameterSet { id } } } } } }`,
    '{ marginRuns(first: 50) { edges { node { id requestedBy snapshot { id } } } } }',
    `{ accounts(first: 15) { edges { node { code bufferHistory(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", first: 5) { edges { node { runId } } } } } } }`,
    '{ instruments(first: 50) { edges { node { id } } } riskParameterSets { id } marketSnapshot { id } }',
  ];
  const { all } = await identifiersOfBeta();
  const found = new Set<string>();
  for (const walk of walks) {
    const answer = await world.ask(walk);
    expect(answer.errors).toEqual([]);
    for (const text of all) if (answer.text.includes(text)) found.add(text);
  }
  return [...found];
}

describe('one firm asks for what is another’s', () => {
  it('T-04 knows every query that takes an identifier', async () => {
    expect((await fieldsWithIdentifiers()).filter((name) => !known.has(name))).toEqual([]);
  });

  it('T-04 gets the answer that an unknown identifier gets, byte for byte', async () => {
    expect(await findDifferentAnswers()).toEqual([]);
  });

  it('T-05 reaches nothing of it through any edge', async () => {
    expect(await findForeignTexts()).toEqual([]);
  });

  it('T-04, T-05 both checks fire when a table is open', async () => {
    const superuser = (sql: string) => withClient(world.database.superuserUrl, (client) => client.query(sql));
    await superuser('ALTER TABLE accounts DISABLE ROW LEVEL SECURITY');
    try {
      expect(await findDifferentAnswers()).toEqual(['account by id', 'account by code']);
      expect(await findForeignTexts()).toEqual(expect.arrayContaining(['B-01', world.accounts.get('B-01')]));
    } finally {
      await superuser('ALTER TABLE accounts ENABLE ROW LEVEL SECURITY');
    }
    expect(await findDifferentAnswers()).toEqual([]);
  });
});

/**
 * Fields of the table above; `instrument`, whose identifiers are the exchange's and the same for every firm; and
 * `reconciliation`, of which this world has none: its tables stand in the walk over every tenant table (tenancy.spec.ts).
 */
const known = new Set(['account', 'marginRun', 'marketSnapshot', 'instrument', 'reconciliation']);
