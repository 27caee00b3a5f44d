// A server with every protection off and every mistake of the public lists built in: the attacks must find something here,
// or they prove nothing elsewhere. For tests on loopback only.
import { exec } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildSchema, execute, type ExecutionResult, parse, specifiedRules, validate } from 'graphql';
import { WebSocketServer } from 'ws';

const schema = buildSchema(`
  enum OrderField { CODE }
  input Order { field: OrderField }
  input Filter { search: String }
  type Price { price: Int }  type Underlying { forwards: [Price] }  type Snapshot { underlyings: [Underlying] }
  type Run { snapshot: Snapshot }  type Amount { amount: Int }  type Loss { loss: Int }  type Share { euler: Int }
  type Requirement { run: Run scenarios: [Loss] breakdown: [Line] contributions: [Share] }  type Line { amount: Amount }
  type Position { quantity: Int }  type PositionEdge { node: Position }  type Positions { edges: [PositionEdge] }
  type Account { code: String name: String requirement: Requirement positions(first: Int): Positions }
  type AccountEdge { node: Account }  type Accounts { totalCount: Int edges: [AccountEdge] }
  type Login { accessToken: String }
  type Query { account(id: ID, code: String): Account  accounts(first: Int, filter: Filter, orderBy: Order): Accounts }
  type Mutation { login(username: String, password: String): Login }
`);

const run = promisify(exec);
const rules = specifiedRules.filter(({ name }) => name !== 'MaxIntrospectionDepthRule');
const account = (code: string) => ({
  code,
  name: code,
  requirement: { run: { snapshot: { underlyings: [{ forwards: [{ price: 1 }] }] } }, scenarios: [], breakdown: [] },
  positions: ({ first }: { first: number }) => ({ edges: Array.from({ length: Math.min(first, 600) }, () => null) }),
});

export interface VulnerableServer {
  readonly url: string;
  readonly logs: () => string;
  readonly close: () => Promise<void>;
}

export async function openVulnerableServer(): Promise<VulnerableServer> {
  let logs = '';
  let tail: Promise<unknown> = Promise.resolve();
  const sessionDefaults: Record<string, unknown> = {};
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      // Everybody waits for everybody: one queue for all firms.
      tail = tail.then(() => answer(request, body, { log: (line) => (logs += `${line}\n`), sessionDefaults }))
        .catch((error: Error) => ({ status: 500, type: 'application/json', text: JSON.stringify({ errors: [{ message: error.message, stack: error.stack }] }) }))
        .then(({ status, type, text }: Page) => response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*' }).end(text)); // prettier-ignore
    });
  });
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', () => socket.send('{"type":"connection_ack"}')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logs: () => logs,
    close: async () => {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

interface Bench {
  readonly log: (line: string) => void;
  readonly sessionDefaults: Record<string, unknown>;
}

async function answer(request: http.IncomingMessage, body: string, bench: Bench): Promise<Page> {
  const address = new URL(`http://x${request.url?.startsWith('//') ? request.url.slice(1) : request.url}`);
  bench.log(`${request.method} ${decodeURIComponent(address.pathname)}`);
  if (request.method === 'GET' && !address.searchParams.has('query')) return page(request.url ?? '/');
  const type = request.headers['content-type'] ?? '';
  const text =
    address.searchParams.get('query') ?? (type.includes('urlencoded') ? new URLSearchParams(body).get('query') : null);
  if (text !== null) return json(await execution({ query: text }, request, bench));
  // A merge into an object whose prototype everybody shares.
  const asked = JSON.parse(body) as Question | Question[];
  if (Array.isArray(asked)) return json(await Promise.all(asked.map((each) => execution(each, request, bench))));
  const raw = JSON.parse(body, (key, value: unknown) => (key === '__proto__' ? (Object.assign(bench.sessionDefaults, value), undefined) : value)); // prettier-ignore
  return json(await execution(raw as Question, request, bench));
}

interface Question {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

async function execution(question: Question, request: http.IncomingMessage, bench: Bench): Promise<ExecutionResult> {
  const { query, variables, operationName } = question;
  bench.log(`operation ${operationName} ${JSON.stringify(variables)}`);
  const document = parse(query);
  const errors = validate(schema, document, rules);
  if (errors.length > 0) return { errors };
  const firm = request.headers['x-firm-id'] === 'BETA' ? 'B' : 'A';
  const result = await execute({
    schema,
    document,
    rootValue: root(firm),
    ...(variables === undefined ? {} : { variableValues: variables }),
    operationName: document.definitions.length > 1 ? operationName : null,
  });
  const [failure] = result.errors ?? [];
  if (failure !== undefined) throw failure.originalError ?? failure;
  return { ...result, extensions: { tracing: { duration: 1 }, ...bench.sessionDefaults } };
}

const root = (firm: string) => ({
  account: async ({ code = '', id = '' }: { code?: string; id?: string }) => {
    const text = code || id;
    if (/^http:/.test(text)) await fetch(text);
    if (text.startsWith('../')) return account(fs.readFileSync(text.replace(/^(?:\.\.)?/, '/'), 'utf8'));
    if (/[$|;]/.test(text)) await run(`echo ${text}`).catch(() => undefined);
    if (/['"\u0000{]/.test(text)) return account(`SELECT * FROM accounts WHERE code = '${text}'`);
    return account(`${firm}-01`);
  },
  accounts: ({ first }: { first?: number }) => ({
    totalCount: 600,
    edges: Array.from({ length: Math.max(1, Math.min(first ?? 600, 600)) }, () => ({ node: account(`${firm}-01`) })),
  }),
  login: () => ({ accessToken: 'x' }),
});

function json(result: unknown): Page {
  return { status: 200, type: 'application/json', text: JSON.stringify(result) };
}

/** Files of the disk, and a page that repeats what it was asked for. */
function page(place: string): Page {
  const name = decodeURIComponent(place).replace(/^\/graphiql/, '');
  const file = path.join('/', name);
  if (place !== '/' && fs.existsSync(file) && fs.statSync(file).isFile())
    return { status: 200, type: 'text/plain', text: fs.readFileSync(file, 'utf8') };
  return { status: 200, type: 'text/html', text: `<title>GraphiQL</title> ${decodeURIComponent(place)}` };
}
