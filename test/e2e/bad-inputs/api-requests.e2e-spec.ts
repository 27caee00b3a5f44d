// Items 51–95 of the list of bad inputs over HTTP: times, pages, documents, bodies and tokens (docs/bad-inputs.md).
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { openSigningKey } from '../../../apps/api/src/authentication/signing-key';
import {
  type ApiBadInput,
  apiTitleOf,
  type Counter,
  openCounter,
  proveApiBadInput,
  proveNothingLeaked,
} from '../../support/api-bad-inputs';
import type { Answer } from '../../support/api-world';

let counter: Counter;
beforeAll(async () => {
  counter = await openCounter();
}, 60_000);
afterAll(() => counter?.close());

const code = 'BAD_USER_INPUT';
const costly = 'QUERY_TOO_COSTLY';

const requirement = 'query ($at: DateTime) { account(code: "A-01") { requirement(asOf: $at) { asOf } } }';
const history = `query ($from: DateTime!, $to: DateTime!) { account(code: "A-01") {
  bufferHistory(from: $from, to: $to, bucket: DAY) { pageInfo { hasNextPage } edges { node { at } } } } }`;
const time = (item: number, at: unknown): readonly ApiBadInput[] => [
  { item, what: `asOf ${JSON.stringify(at)}`, send: ({ ask }) => ask(requirement, { at }), code },
  { item, what: `valueAt ${JSON.stringify(at)}`, send: ({ pay }) => pay({ valueAt: at }), code },
];

const times: readonly ApiBadInput[] = [
  ...time(51, '2026-02-30T00:00:00Z'),
  ...time(52, '2026-13-01T00:00:00Z'),
  ...time(53, '1'),
  ...time(54, 1767607511000),
  ...time(55, '2026-01-05T10:00:00'),
  ...time(56, '2026-01-05T24:00:00Z'),
  ...time(57, '2026-01-05T10:00:60Z'),
  ...time(58, '9999-01-01T00:00:00Z'),
  ...time(59, '0001-01-01T00:00:00Z'),
  ...time(59, '-000001-01-01T00:00:00Z'),
  {
    item: 60,
    what: 'a range that runs backwards',
    send: ({ ask }) => ask(history, { from: '2026-12-01T00:00:00Z', to: '2026-11-01T00:00:00Z' }),
    code,
    status: 200,
  },
  {
    item: 61,
    what: 'a range of a hundred years, read in pages',
    send: ({ ask }) => ask(history, { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }),
    accepted: { account: { bufferHistory: { pageInfo: { hasNextPage: false } } } },
  },
  {
    item: 62,
    what: 'a read as of an instant to come gives the latest',
    send: ({ ask }) => ask(requirement, { at: '2099-01-01T00:00:00Z' }),
    accepted: { account: { requirement: { asOf: '2026-11-18T21:00:00.000Z' } } },
  },
  {
    item: 63,
    what: 'knownAt before the first record: nothing was known',
    send: ({ ask }) =>
      ask(
        `{ account(code: "A-01") { requirement(asOf: "2026-11-18T21:00:00Z", knownAt: "2000-01-01T00:00:00Z") { asOf } } }`,
      ),
    accepted: { account: { requirement: null } },
  },
  {
    item: 62,
    what: 'a balance decades ahead',
    send: ({ pay }) => pay({ valueAt: '2126-01-01T00:00:00Z' }),
    refusal: code,
  },
  ...time(64, '2026-03-29T02:30:00 Europe/Berlin'),
];

const accounts = `query ($first: Int, $after: String, $filter: AccountFilter) {
  accounts(first: $first, after: $after, filter: $filter) { edges { cursor } } }`;
const cursorOf = async ({ world }: Counter, token?: string): Promise<string> =>
  (await world.ask(accounts, { first: 1 }, token)).data.accounts.edges[0].cursor as string;
const page = (item: number, first: unknown): ApiBadInput => ({
  item,
  what: `first ${JSON.stringify(first)}`,
  send: ({ ask }) => ask(accounts, { first }),
  code,
});

const pages: readonly ApiBadInput[] = [
  page(65, 0),
  page(66, -1),
  page(67, 2_147_483_648),
  page(68, 1.5),
  ...[
    (cursor: string) => `${cursor}AAAA`,
    (cursor: string) => cursor.slice(2),
    () => 'abc',
    () => 'x'.repeat(5_000),
  ].map((tamper, index): ApiBadInput => ({
    item: 69,
    what: `a tampered cursor, way ${index + 1}`,
    send: async (desk) => desk.ask(accounts, { after: tamper(await cursorOf(desk)) }),
    code,
  })),
  {
    item: 70,
    what: 'a cursor of another firm',
    send: async (desk) => {
      const beta = await desk.world.token({ roles: ['risk'], firm: 'beta' });
      return desk.ask(accounts, { after: await cursorOf(desk, beta) });
    },
    code,
  },
  {
    item: 71,
    what: 'a cursor under another filter',
    send: async (desk) => desk.ask(accounts, { after: await cursorOf(desk), filter: { search: 'A' } }),
    code,
  },
  {
    item: 72,
    what: 'first and last',
    send: ({ ask }) => ask('{ accounts(first: 1, last: 1) { edges { cursor } } }'),
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
];

const document = (item: number, what: string, query: string, expected: string): ApiBadInput => ({
  item,
  what,
  send: ({ ask }) => ask(query),
  code: expected,
});
const body = JSON.stringify({ query: '{ __typename }' });
const hash = 'ab'.repeat(32);

const documents: readonly ApiBadInput[] = [
  { item: 73, what: 'an empty body', send: ({ post }) => post(''), code },
  { item: 73, what: 'an empty document', send: ({ ask }) => ask(''), code },
  { item: 74, what: 'a body that is no JSON', send: ({ post }) => post('{"query":'), code },
  { item: 75, what: 'a body that is a list', send: ({ post }) => post(`[${body}]`), code },
  { item: 76, what: 'text/plain', send: ({ post }) => post(body, { 'content-type': 'text/plain' }), code, status: 415 },
  {
    item: 77,
    what: 'a form',
    send: ({ post }) => post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }),
    code,
    status: 415,
  },
  ...['utf-7', 'utf-16'].map((charset): ApiBadInput => ({
    item: 78,
    what: charset,
    send: ({ post }) => post(body, { 'content-type': `application/json; charset=${charset}` }),
    code,
    status: 415,
  })),
  { item: 78, what: 'UTF-16 that calls itself UTF-8', send: ({ post }) => post(Buffer.from(body, 'utf16le')), code },
  { item: 79, what: 'a document of 2 MB', send: ({ ask }) => ask(`{ ${'x '.repeat(1_000_000)} }`), code, status: 413 },
  document(80, 'a selection 5 000 levels deep', `{ a${'{ a'.repeat(5_000)}${' }'.repeat(5_001)}`, costly),
  document(81, 'a list literal 5 000 levels deep', `{ account(id: ${'['.repeat(5_000)}) { id } }`, costly),
  {
    item: 82,
    what: 'variables 45 000 levels deep',
    send: ({ post }) =>
      post(
        `{"query": ${JSON.stringify(requirement)}, "variables": {"at": ${'['.repeat(45_000)}${']'.repeat(45_000)}}}`,
      ),
    code,
  },
  {
    item: 82,
    what: 'variables 100 000 levels deep',
    send: ({ post }) => post(`{"query": "{ __typename }", "variables": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    code,
    status: 413,
  },
  document(83, '101 aliases', `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: __typename`).join(' ')} }`, costly),
  document(84, '500 times the same field', `{ ${'__typename '.repeat(500)} }`, costly),
  document(85, '60 directives', `{ __typename ${'@include(if: true) '.repeat(60)} }`, costly),
  document(
    86,
    'a circle of fragments',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    'GRAPHQL_VALIDATION_FAILED',
  ),
  {
    item: 87,
    what: 'an operation named __schema is judged by what it asks for',
    send: ({ ask }) => ask('query __schema { __typename }'),
    accepted: { __typename: 'Query' },
  },
  {
    item: 88,
    what: 'pages of 99 999 999 by variable',
    send: ({ ask }) =>
      ask('query ($n: Int) { accounts(first: $n) { edges { node { positions(first: $n) { edges { cursor } } } } } }', {
        n: 99_999_999,
      }),
    code: costly,
  },
  document(89, 'two operations without a name', '{ __typename } { __typename }', costly),
  {
    item: 90,
    what: 'a mutation over GET',
    send: async ({ world, seen }) => {
      const authorization = `Bearer ${await world.token({ roles: ['admin'] })}`;
      const path = `/graphql?query=${encodeURIComponent('mutation { startMarginRun(input: { idempotencyKey: "get" }) { run { id } } }')}`;
      const answer = await world.send({ method: 'GET', path, headers: { authorization } });
      seen.push(answer);
      return answer;
    },
    code,
    status: 405,
  },
  {
    item: 91,
    what: 'an unknown hash',
    send: ({ post }) => post(JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })),
    code: 'PERSISTED_QUERY_NOT_FOUND',
  },
  {
    item: 92,
    what: 'a hash of another text',
    send: ({ post }) =>
      post(
        JSON.stringify({ query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
      ),
    code,
  },
  {
    item: 93,
    what: 'a compressed body',
    send: ({ post }) =>
      post(gzipSync(JSON.stringify({ query: `{ __typename } #${'x'.repeat(50_000_000)}` })), {
        'content-encoding': 'gzip',
      }),
    code,
  },
];

const localToken = async ({ world }: Counter, change: { audience?: string; expires?: number }): Promise<string> =>
  new SignJWT({ firm_id: world.firms.alpha, roles: ['admin'] })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('eve')
    .setIssuer('ballast:local')
    .setAudience(change.audience ?? 'ballast')
    .setExpirationTime(Math.floor(Date.now() / 1_000) + (change.expires ?? 600))
    .sign(openSigningKey(world.dataDir).privateKey);

function twoHeaders({ world, seen }: Counter, tokens: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${world.url}/graphql`, { method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const answer = {
          status: response.statusCode ?? 0,
          text,
          data: null,
          ...(JSON.parse(text) as Pick<Answer, 'errors'>),
        };
        seen.push(answer);
        resolve(answer);
      });
    });
    request.on('error', reject);
    request.setHeader('content-type', 'application/json');
    request.setHeader(
      'authorization',
      tokens.map((token) => `Bearer ${token}`),
    );
    request.end(body);
  });
}

const unauthenticated = { code: 'UNAUTHENTICATED', status: 401 };
const tokens: readonly ApiBadInput[] = [
  { item: 94, what: 'no token', send: ({ post }) => post(body, { authorization: '' }), ...unauthenticated },
  {
    item: 94,
    what: 'an expired token',
    send: async (desk) => desk.ask('{ __typename }', {}, await localToken(desk, { expires: -120 })),
    ...unauthenticated,
  },
  {
    item: 94,
    what: 'a token for another audience',
    send: async (desk) => desk.ask('{ __typename }', {}, await localToken(desk, { audience: 'other' })),
    ...unauthenticated,
  },
  {
    item: 94,
    what: 'the same token without a fault',
    send: async (desk) => desk.ask('{ __typename }', {}, await localToken(desk, {})),
    accepted: { __typename: 'Query' },
  },
  {
    item: 95,
    what: 'two Authorization headers',
    send: async (desk) => twoHeaders(desk, [await localToken(desk, {}), await localToken(desk, {})]),
    ...unauthenticated,
  },
];

const all = [...times, ...pages, ...documents, ...tokens];

describe('times, pages, documents and tokens', () => {
  it.each(all.map((input) => [apiTitleOf(input), input] as const))('%s', (_title, input) =>
    proveApiBadInput(counter, input),
  );

  it('cover 51 to 95', () => {
    const items = new Set(all.map(({ item }) => item));
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 45 }, (_, index) => index + 51));
  });

  it('leave no word about the inside in any answer', () => proveNothingLeaked(counter));
});
