// Attacks beyond the public lists: limits by another way in, hostile documents and bodies, transport, noisy neighbours.
import net from 'node:net';
import { WebSocket } from 'ws';
import { ask, type Attack, hasData, leak, repeat, send, type Target } from './target';

const found = (is: boolean, what: string): string | null => (is ? what : null);
const own = (name: string, check: Attack['check']): Attack => ({ list: 'own', name, check });
const list = (first: string, head = '') => `query ${head} { accounts(first: ${first}) { edges { node { code } } } }`;
const rowsOf = (body: { data?: { accounts?: { edges?: unknown[] } } }): number =>
  body?.data?.accounts?.edges?.length ?? 0;

/** A page that must be refused, or cut to 500 rows. */
async function pageOf(target: Target, query: string, variables: object = {}): Promise<string | null> {
  const { body, status } = await ask(target, query, { variables });
  if (status >= 500) return `answers ${status}`;
  return found(rowsOf(body) > 500, `${rowsOf(body)} rows in one page`);
}

/** A hostile input that must be told by a typed 4xx without a word about the inside. */
async function mustBeTyped(target: Target, body: NonNullable<RequestInit['body']>): Promise<string | null> {
  const reply = await send(target, { method: 'POST', body }).catch(() => null);
  if (reply === null) return 'the connection broke';
  if (reply.status >= 500) return `answers ${reply.status}`;
  return leak.exec(reply.text)?.[0] ?? null;
}

const question = (query: string, variables?: string): string =>
  `{"query": ${JSON.stringify(query)}${variables === undefined ? '' : `, "variables": ${variables}`}}`;
const nested = (depth: number, [open, close]: readonly [string, string]) => open.repeat(depth) + close.repeat(depth);

const heavy = `{ accounts(first: 50) { edges { node { code requirement { scenarios { loss } breakdown { amount { amount } }
  contributions { euler } } positions(first: 20) { edges { node { quantity } } } } } } }`;

async function flood(target: Target): Promise<string | null> {
  let answered = 0;
  const others = Array.from({ length: 60 }, () => ask(target, heavy).then(() => (answered += 1)));
  const authorization = `Bearer ${target.otherToken}`;
  const { status } = await ask(target, '{ accounts { totalCount } }', {}, { authorization });
  const before = answered;
  await Promise.all(others);
  if (status !== 200) return `another firm was answered ${status}`;
  return found(before === others.length, 'another firm waited for all of them');
}

async function guessIdentifiers(target: Target): Promise<string | null> {
  const guess = (n: number) => `a${n}: account(id: "0190d3f0-0000-7000-8000-${String(n).padStart(12, '0')}") { code }`;
  const headers = { authorization: `Bearer ${target.spareToken}` };
  for (let turn = 0; turn < 100; turn += 1) {
    const { status, text } = await ask(target, `{ ${repeat(15, (index) => guess(turn * 15 + index))} }`, {}, headers);
    if (status === 429 && text.includes('RATE_LIMITED')) return null;
  }
  return '1500 identifiers tried within the allowance of a minute';
}

/** Whether a connection that sends its headers byte by byte is still open after twelve seconds. */
export function slowLoris(target: Target): Promise<string | null> {
  const { hostname, port } = new URL(target.url);
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    let sent = 0;
    const trickle = setInterval(() => socket.write(`x-${(sent += 1)}: y\r\n`), 500);
    const end = (outcome: string | null) => {
      clearInterval(trickle);
      clearTimeout(limit);
      socket.destroy();
      resolve(outcome);
    };
    const limit = setTimeout(() => end('the connection is held open'), 13_000);
    socket.on('close', () => end(null));
    socket.resume();
  });
}

function openSocket(target: Target): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(target.url.replace('http', 'ws') + '/graphql', 'graphql-transport-ws');
    const end = (outcome: string | null) => {
      clearTimeout(limit);
      resolve(outcome);
      socket.terminate();
    };
    const limit = setTimeout(() => end(null), 3_000);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: {} })));
    socket.on('message', (data: Buffer) => {
      if (data.toString().includes('connection_ack')) end('a connection without a token is acknowledged');
    });
    socket.on('error', () => end(null));
    socket.on('close', () => end(null));
  });
}

async function methodMatrix(target: Target): Promise<string | null> {
  const body = JSON.stringify({ query: '{ __typename }' });
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    if (hasData(await send(target, { method, body }))) return `${method} is executed`;
  for (const type of [
    'text/plain',
    'application/graphql',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'text/json',
  ])
    // prettier-ignore
    if (hasData(await send(target, { method: 'POST', body, headers: { 'content-type': type } }))) return `${type} is read`;
  return null;
}

const pages: readonly Attack[] = [
  own('page of 1e9 by literal', (target) => pageOf(target, list('1000000000'))),
  own('page by variable', (target) => pageOf(target, list('$n', '($n: Int)'), { n: 99_999_999 })),
  own('page by default value', (target) => pageOf(target, list('$n', '($n: Int = 99999999)'))),
  ...['0', '-1'].map((size) =>
    own(`page of ${size}`, async (target) => found(hasData(await ask(target, list(size))), 'accepted')),
  ),
];

const documents: readonly Attack[] = [
  own('aliases in a fragment that is spread 20 times', async (target) => {
    const spreads = '{ ...F '.repeat(1) + '...F '.repeat(19);
    const query = `query ${spreads}} fragment F on Query { a: __typename }`;
    return found(hasData(await ask(target, query)), 'not counted where it is spread');
  }),
  own('operation and fragment named __schema', async (target) => {
    const query = 'query __schema { ...__schema } fragment __schema on Query { __schema { types { name } } }';
    return found(hasData(await ask(target, query)), 'reads the schema');
  }),
  own('several operations in a document', async (target) => {
    const query = 'query A { __typename } query B { __typename }';
    return found(hasData(await ask(target, query, { operationName: 'A' })), 'accepted');
  }),
  own('selection 5 000 levels deep', (target) => mustBeTyped(target, question(nested(5_000, ['{ a', ' }'])))),
  own('list literal 20 000 levels deep', (target) =>
    mustBeTyped(target, question(`{ account(code: ${nested(20_000, ['[', ']'])}) { code } }`)),
  ),
  own('variable 45 000 levels deep', (target) =>
    mustBeTyped(
      target,
      question('query ($x: String) { account(code: $x) { code } }', `{"x": ${nested(45_000, ['[', ']'])}}`),
    ),
  ),
  own('1 000 variables', async (target) => {
    const query = `query (${repeat(1_000, (n) => `$v${n}: Int`)}) { __typename }`;
    const { body } = await ask(target, query);
    return found(body?.data != null || (body?.errors ?? []).length > 1, 'every one of them was looked at');
  }),
  own('names of 10 kB', async (target) => {
    const { text } = await ask(target, `{ ${'n'.repeat(10_000)} }`);
    return found(text.length > 5_000, 'the name comes back at full length');
  }),
  own('null for a value that is required', (target) =>
    mustBeTyped(target, question('query ($n: Int!) { accounts(first: $n) { totalCount } }', '{"n": null}')),
  ),
  own('unknown enumeration value', async (target) => {
    const { status, text } = await ask(target, '{ accounts(orderBy: { field: MOON }) { totalCount } }');
    return found(status !== 400 || /did you mean/i.test(text), `answers ${status}, or names what it would have taken`);
  }),
  own('NUL and bidi controls in an identifier', (target) =>
    mustBeTyped(target, question('query ($x: ID) { account(id: $x) { code } }', '{"x": "A\\u0000\\u202e01"}')),
  ),
];

const transport: readonly Attack[] = [
  own('prototype in the body', async (target) => {
    await send(target, { method: 'POST', body: '{"query": "{ __typename }", "__proto__": {"isAdmin": true}}' });
    const { text } = await ask(target, '{ __typename }');
    return found(text.includes('isAdmin'), 'the next request carries it');
  }),
  own('body that begins with a byte order mark', (target) => mustBeTyped(target, '\uFEFF{"query": "{ __typename }"}')),
  own('methods and character sets', methodMatrix),
  own('tenant by header', async (target) => {
    const spoof = { 'x-firm-id': 'BETA', 'x-tenant': 'BETA', 'x-forwarded-user': 'admin' };
    const { text } = await ask(target, '{ accounts(first: 1) { edges { node { code } } } }', {}, spoof);
    return found(text.includes('B-01'), 'the accounts of another firm');
  }),
  own('cross-origin request', async (target) => {
    const response = await fetch(`${target.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    return found(response.headers.get('access-control-allow-origin') !== null, 'foreign pages may read answers');
  }),
  own('headers sent byte by byte', slowLoris),
  own('socket without a token', openSocket),
];

const neighbours: readonly Attack[] = [
  own('60 heavy requests at once', flood),
  own('identifiers guessed 15 at a time', guessIdentifiers),
];

export const ownAttacks: readonly Attack[] = [...pages, ...documents, ...transport, ...neighbours];
