import { gzipSync } from 'node:zlib';
import { type Answer, type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;
let risk: string;
let seen: Answer[] = [];

beforeAll(async () => {
  world = await openApiWorld();
  risk = await world.token({ roles: ['risk'] });
}, 60_000);
afterAll(() => world?.close());

/** Asks, and keeps the answer for the search for leaks at the end. */
async function ask(query: string, variables?: object): Promise<Answer> {
  const answer = await world.ask(query, variables);
  seen.push(answer);
  return answer;
}

async function post(body: RequestInit['body'], headers: Record<string, string> = {}): Promise<Answer> {
  const all = { 'content-type': 'application/json', authorization: `Bearer ${risk}`, ...headers };
  const answer = await world.send({ method: 'POST', headers: all, body: body ?? null });
  seen.push(answer);
  return answer;
}

const codeOf = ({ errors }: Answer): string | undefined => errors[0]?.extensions.code;

const bachelier = `query ($forward: Decimal!) { price(input: { model: BACHELIER, right: CALL, forward: $forward, strike: "1",
  yearsToExpiry: 1, rate: 0, volatility: 10 }) { price } }`;

describe('a Decimal', () => {
  const refused: readonly [string, unknown][] = [
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['-Infinity', '-Infinity'],
    ['empty text', ''],
    ['space before', ' 1'],
    ['space behind', '1 '],
    ['thousands separator', '1,000'],
    ['underscore', '1_000'],
    ['hexadecimal', '0x10'],
    ['binary', '0b11'],
    ['octal', '0o17'],
    ['exponent', '1e5'],
    ['large exponent', '1e400'],
    ['monstrous exponent', '1e9000000000000000'],
    ['60 000 digits', '1'.repeat(60_000)],
    ['60 000 zeros behind the point', `0.${'0'.repeat(60_000)}1`],
    ['plus sign', '+5'],
    ['no integer digit', '.5'],
    ['no fraction digit', '5.'],
    ['Arabic-Indic digits', '١٢٣'],
    ['full-width digits', '１２３'],
    ['unicode minus', '−5'],
    ['leading zeros', '007'],
    ['a JSON number', 0.1],
    ['a large JSON number', 9007199254740993],
    ['true', true],
    ['a list', []],
    ['an object', {}],
    ['an operator object', { $gt: '' }],
    ['null', null],
    ['11 fraction digits', '0.12345678901'],
    ['19 integer digits', '1234567890123456789'],
  ];

  it.each(refused)('is not %s', async (_title, forward) => {
    const answer = await ask(bachelier, { forward });
    expect([answer.status, codeOf(answer), answer.data]).toEqual([400, 'BAD_USER_INPUT', null]);
  });

  it.each([
    ['-0', '-0', '0'],
    ['18 integer and 10 fraction digits', '0.0000000001', '0.0000000001'],
    ['a negative value', '-12.5', '-12.5'],
  ])('may be %s', async (_title, forward, same) => {
    const price = async (text: string) => (await ask(bachelier, { forward: text })).data.price.price as number;
    expect(await price(forward)).toBe(await price(same));
  });

  it.each(['1', '1.5', 'true', 'ENUM', '{a: 1}', '[1]'])('is not the literal %s', async (literal) => {
    const answer = await ask(bachelier.replace('query ($forward: Decimal!)', '').replace('$forward', literal));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it.each([
    ['a number beyond float64', '1e400'],
    ['30 000 nested lists', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['8 000 nested objects', `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`],
  ])('is not %s in raw JSON', async (_title, json) => {
    const answer = await post(`{"query": ${JSON.stringify(bachelier)}, "variables": {"forward": ${json}}}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });
});

describe('an identifier or text', () => {
  const hostile: readonly [string, string][] = [
    ['unknown', '0190d3f0-0000-7000-8000-000000000000'],
    ['no UUID', 'abc'],
    ['a NUL', 'A-01\u0000'],
    ['a bidi override', 'A-\u202e10'],
    ['a lone surrogate', 'A-\ud800'],
    ['a decomposed letter', 'A\u0301-01'],
    ['another hyphen', 'A‑01'],
    ['SQL', "A-01' OR '1'='1"],
    ['more SQL', "'; DROP TABLE accounts; --"],
    ['a path', '../../etc/passwd'],
    ['line breaks', 'A-01\r\nX-Injected: 1'],
    ['markup', '<script>alert(1)</script>'],
    ['a formula', '=HYPERLINK("http://x")'],
    ['an emoji', 'A-🙂'],
    ['a space behind', 'A-01 '],
    ['another case', 'a-01'],
    ['60 000 characters', 'x'.repeat(60_000)],
    ['nothing', ''],
  ];

  it.each(hostile)('that is %s finds nothing and breaks nothing', async (_title, text) => {
    for (const argument of ['id', 'code']) {
      const answer = await ask(
        `query ($text: ${argument === 'id' ? 'ID' : 'String'}) { account(${argument}: $text) { id } }`,
        { text },
      );
      expect(answer.data.account).toBeNull();
      expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(codeOf(answer));
    }
    for (const query of [
      'query ($text: ID!) { instrument(id: $text) { id } }',
      'query ($text: ID) { marketSnapshot(id: $text) { id } }',
      'query ($text: ID!) { marginRun(id: $text) { id } }',
    ]) {
      const answer = await ask(query, { text });
      expect([Object.values(answer.data), ['NOT_FOUND', 'BAD_USER_INPUT'].includes(codeOf(answer) ?? '')]).toEqual([
        [null],
        true,
      ]);
    }
    const search = await ask('query ($text: String) { accounts(filter: { search: $text }) { totalCount } }', { text });
    expect(search.status === 200 || codeOf(search) === 'BAD_USER_INPUT').toBe(true);
  });

  it('of another kind is refused', async () => {
    for (const text of [{ $gt: '' }, ['A-01'], true]) {
      const answer = await ask('query ($text: String) { account(code: $text) { id } }', { text });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
    }
  });

  it('is needed, and one only', async () => {
    for (const query of [
      '{ account { id } }',
      '{ account(id: "a", code: "b") { id } }',
      '{ account(id: null) { id } }',
    ])
      expect(codeOf(await ask(query))).toBe('BAD_USER_INPUT');
  });
});

describe('time', () => {
  const refused = [
    '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '1', '', '2026-01-05', '2026-01-05T10:00:00', '2026-01-05T24:00:00Z',
    '2026-01-05T10:00:60Z', '9999-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '2026-01-05 10:00:00Z',
    '2026-01-05T10:00:00z', '2026-01-05T10:00:00+25:00', 'now', '2026-03-29T02:30:00 Europe/Berlin',
  ]; // prettier-ignore
  const query = 'query ($at: DateTime) { account(code: "A-01") { requirement(asOf: $at) { asOf } } }';

  it.each(refused)('is not %j', async (at) => {
    const answer = await ask(query, { at });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it.each([[1767607511000], [true], [{}]])('is not %j', async (at) => {
    expect(codeOf(await ask(query, { at }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await ask('{ account(code: "A-01") { requirement(asOf: 1767607511) { asOf } } }'))).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('that runs backwards is refused, a hundred years are read in pages', async () => {
    const history =
      'query ($from: DateTime!, $to: DateTime!) { account(code: "A-01") { bufferHistory(from: $from, to: $to, bucket: HOUR) { edges { cursor } } } }';
    const backwards = await ask(history, { from: '2026-12-01T00:00:00Z', to: '2026-11-01T00:00:00Z' });
    expect([backwards.status, codeOf(backwards)]).toEqual([200, 'BAD_USER_INPUT']);
    const century = await ask(history, { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
    expect([century.status, century.errors]).toEqual([200, []]);
  });
});

describe('a page', () => {
  const query =
    'query ($first: Int, $after: String, $orderBy: AccountOrder, $filter: AccountFilter) { accounts(first: $first, after: $after, orderBy: $orderBy, filter: $filter) { edges { cursor } } }';

  it.each([[0], [-1], [2147483648], [1.5], ['5'], [true]])('of %j rows is refused', async (first) => {
    const answer = await ask(query, { first });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('does not run backwards with `last`', async () => {
    expect(codeOf(await ask('{ accounts(first: 1, last: 1) { edges { cursor } } }'))).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('behind a cursor that this list did not give is refused', async () => {
    const cursor: string = (await ask(query, { first: 1 })).data.accounts.edges[0].cursor;
    const raw = Buffer.from(cursor, 'base64url').toString();
    const tampered = [
      '', 'abc', '====', 'x'.repeat(5_000), cursor.slice(2), `${cursor}AAAA`,
      Buffer.from(raw.replace(/"[^"]*"\]$/, '"\' OR 1=1"]')).toString('base64url'),
      Buffer.from('[]').toString('base64url'), Buffer.from('{"__proto__":1}').toString('base64url'),
    ]; // prettier-ignore
    for (const after of tampered)
      expect([after, codeOf(await ask(query, { after }))]).toEqual([after, 'BAD_USER_INPUT']);
    for (const changed of [{ filter: { search: 'A' } }, { orderBy: { field: 'CODE' } }])
      expect(codeOf(await ask(query, { after: cursor, ...changed }))).toBe('BAD_USER_INPUT');
    const positions =
      'query ($after: String) { account(code: "A-01") { positions(after: $after) { edges { cursor } } } }';
    for (const after of [cursor, 'a.b', 'zzzzzzzzzz.abc'])
      expect(codeOf(await ask(positions, { after }))).toBe('BAD_USER_INPUT');
  });
});

describe('a document', () => {
  const texts: readonly [string, string, string][] = [
    ['empty', '', 'BAD_USER_INPUT'],
    ['blank', '   ', 'GRAPHQL_PARSE_FAILED'],
    ['a JSON value', 'null', 'GRAPHQL_PARSE_FAILED'],
    ['a JSON number', '5', 'GRAPHQL_PARSE_FAILED'],
    ['a JSON syntax tree', JSON.stringify({ kind: 'Document', definitions: [] }), 'GRAPHQL_PARSE_FAILED'],
    ['an empty JSON object', '{ }', 'GRAPHQL_PARSE_FAILED'],
    ['cut off', '{ accounts { ', 'GRAPHQL_PARSE_FAILED'],
    ['5000 levels deep', `{ a${'{ a'.repeat(5_000)}${' }'.repeat(5_001)}`, 'QUERY_TOO_COSTLY'],
    ['a list 5000 levels deep', `{ account(id: ${'['.repeat(5_000)}) { id } }`, 'QUERY_TOO_COSTLY'],
    ['an unknown field', '{ secrets }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown enum', '{ account(code: "A-01") { greeks(by: MOON) { key } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown argument', '{ accounts(firm: "BETA") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two operations without a name', '{ __typename } { __typename }', 'QUERY_TOO_COSTLY'],
    ['a subscription', 'subscription { bufferChanged { at } }', 'BAD_USER_INPUT'],
    [
      'an introspection circle',
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a float where an integer belongs', '{ accounts(first: 1.5) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
  ];

  it.each(texts)('that is %s is refused', async (_title, query, code) => {
    const answer = await ask(query);
    expect([answer.status, codeOf(answer), answer.errors.length]).toEqual([400, code, 1]);
  });

  it('may carry odd names', async () => {
    const odd = await ask('query __schema { __proto__: __typename constructor: __typename }');
    expect([odd.status, odd.errors]).toEqual([200, []]);
  });

  it('needs the operation it names, and its variables', async () => {
    const body = (more: object) =>
      JSON.stringify({ query: 'query A($x: Int!) { accounts(first: $x) { totalCount } }', ...more });
    for (const more of [
      { operationName: 'B', variables: { x: 1 } },
      {},
      { variables: { x: null } },
      { variables: { x: 'many' } },
    ])
      expect(codeOf(await post(body(more)))).toBe('BAD_USER_INPUT');
  });
});

describe('a body', () => {
  const query = '{ __typename }';
  const bodies: readonly [string, RequestInit['body'], Record<string, string>?][] = [
    ['empty', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a batch', JSON.stringify([{ query }, { query }])],
    ['text', '"hello"'],
    ['a number', '1'],
    ['null', 'null'],
    ['a query that is a number', '{"query": 5}'],
    ['variables that are a text', JSON.stringify({ query, variables: 'x' })],
    ['variables that are a list', JSON.stringify({ query, variables: [] })],
    ['a prototype', `{"query": "${query}", "__proto__": {"admin": true}}`],
    ['a constructor', `{"query": "${query}", "constructor": {"prototype": {"admin": true}}}`],
    [
      'compressed',
      gzipSync(JSON.stringify({ query: `${query} #${'x'.repeat(1_000_000)}` })),
      { 'content-encoding': 'gzip' },
    ],
    [
      'a hash that is none',
      JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }),
    ],
    ['UTF-16', Buffer.from(JSON.stringify({ query }), 'utf16le')],
    ['variables 20 000 levels deep', `{"query": "${query}", "variables": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ];

  it.each(bodies)('that is %s is refused', async (_title, body, headers = {}) => {
    const answer = await post(body, headers);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('of the right form is taken, also with a key twice and deep variables that nothing asks for', async () => {
    expect((await post(`{"query": "{ nope }", "query": "${query}"}`)).data).toEqual({ __typename: 'Query' });
    const deep = `{"query": "${query}", "variables": {"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
    expect((await post(deep)).status).toBe(200);
  });
});

describe('a contract to price', () => {
  const query = 'query ($input: PriceInput!) { price(input: $input) { price } }';
  const good = {
    model: 'BLACK_SCHOLES',
    right: 'CALL',
    spot: '100',
    strike: '100',
    yearsToExpiry: 1,
    rate: 0,
    volatility: 0.2,
  };
  const refused: readonly [string, object][] = [
    ['no spot', { spot: null }],
    ['spot and forward', { forward: '100' }],
    ['a negative spot', { spot: '-1' }],
    ['a negative strike', { strike: '-1' }],
    ['negative time', { yearsToExpiry: -1 }],
    ['negative volatility', { volatility: -0.2 }],
    ['text for a number', { volatility: '0.2' }],
    ['an unknown model', { model: 'MAGIC' }],
    ['the other right', { right: 'X' }],
    ['a dividend for a forward model', { model: 'BLACK76', spot: null, forward: '1', dividendYield: 0.1 }],
    ['a million steps', { model: 'BINOMIAL_CRR', steps: 1_000_000 }],
    ['an unknown key', { volatilty: 1 }],
  ];

  it.each(refused)('with %s is refused', async (_title, change) => {
    const answer = await ask(query, { input: { ...good, ...change } });
    expect([answer.status, codeOf(answer), answer.data]).toEqual([400, 'BAD_USER_INPUT', null]);
  });
});

describe('a run to start', () => {
  const mutation =
    'mutation ($input: StartMarginRunInput!) { startMarginRun(input: $input) { run { id } userErrors { code field message } } }';

  it.each([
    ['an empty key', { idempotencyKey: '' }],
    ['a key with a NUL', { idempotencyKey: 'a\u0000b' }],
    ['a key of 129 characters', { idempotencyKey: 'k'.repeat(129) }],
    ['a key with space around', { idempotencyKey: ' k' }],
    ['no accounts', { idempotencyKey: 'bad-1', accountCodes: [] }],
    ['an account twice', { idempotencyKey: 'bad-2', accountCodes: ['A-01', 'A-01'] }],
    ['a time that does not exist', { idempotencyKey: 'bad-3', asOf: '2026-02-30T00:00:00Z' }],
    ['no key', {}],
  ])('with %s is refused', async (_title, input) => {
    const answer = await ask(mutation, { input });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it.each([
    [
      'an unknown snapshot',
      { idempotencyKey: 'bad-4', snapshotId: '0190d3f0-0000-7000-8000-000000000000' },
      'snapshotId',
    ],
    ['a snapshot that is no identifier', { idempotencyKey: 'bad-5', snapshotId: '../x' }, 'snapshotId'],
    ['an unknown account', { idempotencyKey: 'bad-6', accountCodes: ['A-01', 'B-01'] }, 'accountCodes'],
    ['a time before any snapshot', { idempotencyKey: 'bad-7', asOf: '2020-01-01T00:00:00Z' }, 'asOf'],
  ])('with %s is told so as data', async (_title, input, field) => {
    const { status, data } = await ask(mutation, { input });
    expect(status).toBe(200);
    expect(data.startMarginRun).toMatchObject({ run: null, userErrors: [{ code: 'NOT_FOUND', field }] });
  });
});

describe('after all of that', () => {
  it('no answer was a defect, and none tells how the service is built', () => {
    expect(seen.length).toBeGreaterThan(200);
    const leaks =
      /\bat (?:[\w.<>]+ \()?(?:\/|node:|file:)|node_modules|\.(?:ts|js):\d|SELECT |INSERT |relation "|constraint|pg_|Postgres|stack|ECONN/;
    for (const { status, text } of seen) {
      expect([status < 500, text.match(leaks)?.[0] ?? null]).toEqual([true, null]);
      expect(text).not.toContain('INTERNAL_SERVER_ERROR');
      expect(text.length).toBeLessThan(20_000);
    }
    seen = [];
  });

  it('nothing was written, and the service is well', async () => {
    const { data } = await world.ask('{ marginRuns { totalCount } accounts { totalCount } }');
    expect(data).toEqual({ marginRuns: { totalCount: 3 }, accounts: { totalCount: 12 } });
    expect(await world.send({ path: '/health/ready' })).toMatchObject({ status: 200 });
  });
});
