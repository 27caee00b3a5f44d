import fs from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { fillFirm } from '../support/api-world';
import { type RunningService, startService } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openTcpBalancer } from '../support/tcp-balancer';

let database: TestDatabase;
let dataDir: string;
let token: string;
const services: RunningService[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-operations-'));
  const { firmId } = await fillFirm(database, 'OPS', 12);
  token = await signLocalToken(openSigningKey(dataDir), { subject: 'tester', firmId, roles: ['risk'] }, 1);
}, 60_000);
afterAll(async () => {
  await Promise.all(services.map((service) => service.kill()));
  await database?.close();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

async function start(extra: Record<string, string> = {}): Promise<RunningService> {
  const environment = { ...database.environment, DATA_DIR: dataDir, PORT: '0', ...extra };
  const service = await startService(['demo'], environment);
  services.push(service);
  return service;
}

const list = '{ accounts { edges { node { code requirement { status } } } } }';
const one = 'query Mine { account(code: "O-01") { code requirement { status scenarios { loss } } } }';

/** The value of a sample whose line begins with `name`. */
function sample(page: string, name: string): number {
  const line = page.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no sample ${name}`);
  return Number(line.slice(name.length + 1));
}

describe('figures for operators', () => {
  it('tell requests by root field, the pool, and how every firm stands', async () => {
    const service = await start();
    await service.query(one, {}, token);
    await service.query(list, {}, token);
    await fetch(`${service.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    const page = await (await fetch(`${service.url}/metrics`)).text();
    expect(sample(page, 'ballast_request_seconds_count{operation="query account",outcome="answered"}')).toBe(1);
    expect(sample(page, 'ballast_request_seconds_count{operation="query accounts",outcome="answered"}')).toBe(1);
    expect(sample(page, 'ballast_request_seconds_count{operation="none",outcome="refused"}')).toBe(1);
    expect(sample(page, 'ballast_database_up')).toBe(1);
    expect(sample(page, 'ballast_database_connections{state="waiting"}')).toBe(0);
    const statuses = ['HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION', 'INDETERMINATE'];
    const counted = statuses.map((status) => {
      const name = `ballast_accounts{firm="OPS",status="${status}"}`;
      return page.includes(`${name} `) ? sample(page, name) : 0;
    });
    expect(counted.reduce((left, right) => left + right)).toBe(12);
    const age = sample(page, 'ballast_run_age_seconds{firm="OPS"}');
    expect(age).toBeGreaterThan((Date.now() - Date.parse('2026-11-18T21:00:00Z')) / 1_000 - 60);
    expect(sample(page, 'ballast_run_accounts_indeterminate{firm="OPS"}')).toBe(0);
    expect(sample(page, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    const ready = await (await fetch(`${service.url}/health/ready`)).json();
    expect(ready).toMatchObject({ status: 'ok', asOf: '2026-11-18T21:00:00.000Z', ageMs: expect.any(Number) });
    expect(await service.stop()).toBe(0);
  });

  it('are kept from strangers: by address without a token, by the token with one', async () => {
    const open = await start();
    const forwarded = await fetch(`${open.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(forwarded.status).toBe(404);
    const closed = await start({ METRICS_TOKEN: 'scrape-me-if-you-can' });
    const ask = (authorization?: string) =>
      fetch(`${closed.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    expect((await ask()).status).toBe(404);
    expect((await ask('Bearer scrape-me-if-you-cannot')).status).toBe(404);
    expect((await ask('Bearer scrape-me-if-you-can')).status).toBe(200);
    await Promise.all([open.stop(), closed.stop()]);
  });
});

describe('the log', () => {
  it('has one line of JSON per request, without tokens, variables or line breaks of a client', async () => {
    const service = await start({ LOG_LEVEL: 'info' });
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-request-id': 'front-end-0001',
        'user-agent': 'x\\nforged',
      },
      body: JSON.stringify({
        query: 'query Forged($code: String!) { account(code: $code) { code } }',
        variables: { code: 'O-01\n{"level":"error","message":"forged"}' },
      }),
    });
    expect(response.headers.get('x-request-id')).toBe('front-end-0001');
    await service.stop();
    const lines = service
      .printed()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const answered = entries.filter(({ message }) => message === 'answered');
    expect(answered).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        message: 'answered',
        requestId: 'front-end-0001',
        operation: 'query account',
        status: 200,
        milliseconds: expect.any(Number),
        firmId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        subject: 'tester',
      },
    ]);
    expect(lines.join('\n')).not.toContain(token);
    expect(lines.join('\n')).not.toContain('forged');
  });
});

describe('traces', () => {
  it('go to the configured collector: request and transaction, below the span of the caller', async () => {
    const bodies: string[] = [];
    const collector = createServer((request: IncomingMessage, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const service = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      },
      body: JSON.stringify({ query: one }),
    });
    expect(await service.stop()).toBe(0);
    await new Promise((resolve) => collector.close(resolve));
    const spans = bodies
      .flatMap((body) => (JSON.parse(body) as Export).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans: each }) => each)
      .filter((span) => span.traceId === traceId);
    const request = spans.find(({ name }) => name === 'query account');
    const transaction = spans.find(({ name }) => name === 'postgres transaction');
    expect(request).toMatchObject({ parentSpanId: '00f067aa0ba902b7' });
    expect(transaction?.parentSpanId).toBe(request?.spanId);
  });

  it('do not hold up a service whose collector is away', async () => {
    const service = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await service.query(one, {}, token);
    expect(await service.stop()).toBe(0);
  });
});

interface Export {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly { name: string; traceId: string; spanId: string; parentSpanId?: string }[];
    }[];
  }[];
}

describe('a rolling restart under load', () => {
  it('fails no request', async () => {
    const portOf = ({ url }: RunningService) => Number(new URL(url).port);
    const old = [await start(), await start()];
    const balancer = await openTcpBalancer(old.map(portOf));
    let stopped = false;
    const statuses = new Map<number | string, number>();
    const client = async () => {
      while (!stopped) {
        const status = await fetch(`${balancer.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query: list }),
        }).then(
          async (response) => ((await response.json()) as { errors?: unknown }).errors ?? response.status,
          (error: Error) => `${error.message}: ${String(error.cause)}`,
        );
        const key = typeof status === 'number' ? status : JSON.stringify(status);
        statuses.set(key, (statuses.get(key) ?? 0) + 1);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    const serving = [...old];
    for (const leaving of old) {
      const fresh = await start();
      serving.push(fresh);
      const staying = serving.filter((service) => service !== leaving);
      serving.splice(0, serving.length, ...staying);
      balancer.use(staying.map(portOf));
      expect(await leaving.stop()).toBe(0);
    }
    stopped = true;
    await Promise.all(clients);
    await balancer.close();
    expect([...statuses.keys()]).toEqual([200]);
    expect(statuses.get(200)).toBeGreaterThan(20);
  }, 60_000);
});
