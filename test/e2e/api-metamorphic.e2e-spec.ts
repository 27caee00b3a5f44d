import { type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

describe('metamorphic invariants of the API', () => {
  it('MT-08 aliases, fragments, variables and an operation name ask for the same data', async () => {
    const fields = 'code requirement { maintenance { amount } status worstScenario { index loss } }';
    const plain = (await world.ask(`{ account(code: "A-02") { ${fields} } }`)).data.account;
    expect(plain.requirement.maintenance.amount).toMatch(/^\d/);
    const forms: readonly [string, object?][] = [
      [`{ x: account(code: "A-02") { ${fields} } }`],
      [`{ x: account(code: "A-02") { ...F } } fragment F on Account { ${fields} }`],
      [`{ x: account(code: "A-02") { ... on Account { ${fields} } } }`],
      [`query Named($c: String = "A-02") { x: account(code: $c) { ${fields} } }`],
      [`query ($c: String) { x: account(code: $c) { ${fields} } }`, { c: 'A-02' }],
      [`query ($id: ID) { x: account(id: $id) { ${fields} } }`, { id: world.accounts.get('A-02') }],
    ];
    for (const [query, variables] of forms) {
      // Asked three times: a document that is remembered must answer like a new one.
      for (let time = 0; time < 3; time += 1) expect((await world.ask(query, variables)).data.x).toEqual(plain);
    }
  });

  it('MT-09 pages of one row make the list that one page makes', async () => {
    const query = `query ($first: Int, $after: String) { accounts(first: $first, after: $after) {
      edges { node { code requirement { maintenance { amount } } } } pageInfo { hasNextPage endCursor } } }`;
    const whole = (await world.ask(query, { first: 500 })).data.accounts;
    expect(whole.edges).toHaveLength(12);
    for (const first of [1, 5]) {
      const edges: unknown[] = [];
      let after: string | null = null;
      for (let more = true; more;) {
        const { data } = await world.ask(query, { first, after });
        edges.push(...data.accounts.edges);
        more = data.accounts.pageInfo.hasNextPage as boolean;
        after = data.accounts.pageInfo.endCursor as string;
      }
      expect(edges).toEqual(whole.edges);
    }
  });
});
