import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { type ServiceProcess, startServer, startServiceProcess } from '../bench/service-process';
import { fillFirm } from '../support/api-world';
import { dearestQueries } from '../support/attacks/dearest-queries';
import { openTestDatabase } from '../support/postgres';
import { type Drill, requireThat } from './drill';

/** Sent as numbers; each would take seconds or fill the memory of a service that computed with it. */
const bombs: readonly string[] = [
  '1e400',
  '1e9000000000000000',
  '-1e-9000000000000000',
  '9'.repeat(60_000),
  `0.${'0'.repeat(60_000)}1`,
  `1${'0'.repeat(30_000)}.${'0'.repeat(30_000)}`,
  // Larger than a request may be.
  '9'.repeat(200_000),
];

interface Bounds {
  readonly rounds: number;
  /** Copies of each question that are asked at once. */
  readonly copies: number;
  /** Most that the service may be late besides what the machine makes every process wait [ms]. */
  readonly lagMs: number;
  readonly healthMs: number;
  /** Whether each question has to be answered at least once, which takes a machine that is not busy with others. */
  readonly answersAll: boolean;
}

/** What is asked for within the drill, and what became of it. */
interface Asked {
  readonly what: string;
  readonly status: number;
  readonly code: string | undefined;
}

/** The dearest accepted queries and numbers made to be slow, all at once, while somebody asks for health. */
export const blockedLoops: Drill = {
  id: 'FD-13',
  title: 'the dearest accepted queries and Decimal bombs, all at once',
  promise:
    'the event loop is late by less than 200 ms (p99), health answers within 1 s, every bomb is refused by its name',
  run: async ({ intensity }) => {
    // How late a quick drill may be says only that nothing computes on the event loop for seconds.
    const full = { rounds: 5, copies: 10, lagMs: 200, healthMs: 1_000, answersAll: true };
    const bounds: Bounds =
      intensity === 'full' ? full : { rounds: 1, copies: 2, lagMs: 1_000, healthMs: 3_000, answersAll: false };
    const database = await openTestDatabase();
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-lag-'));
    const children: ServiceProcess[] = [];
    try {
      const { firmId } = await fillFirm(database, 'LAG', intensity === 'full' ? 500 : 40);
      const environment = { ...database.environment, DATA_DIR: dataDir, PORT: '0', RATE_LIMIT_PER_MINUTE: '1000000' };
      const service = await startServiceProcess(environment);
      children.push(service);
      const yardstick = await startServer(idleLoop, {});
      children.push(yardstick);
      const roles = ['risk', 'back-office'] as const;
      const token = await signLocalToken(openSigningKey(dataDir), { subject: 'drill', firmId, roles }, 1);
      return { figures: await hold(service, yardstick, token, bounds) };
    } finally {
      for (const { process } of children) process.kill('SIGKILL');
      await database.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

/** A process that does nothing but tell how late its own event loop was, which on a busy machine is late as well. */
const idleLoop = `const lag = require('perf_hooks').monitorEventLoopDelay({ resolution: 10 });
lag.enable();
require('http').createServer((_, answer) => {
  answer.end(JSON.stringify({ p99: lag.percentile(99) / 1e6, max: lag.max / 1e6 }));
  lag.reset();
}).listen(0, '127.0.0.1', function () { console.log('READY http://127.0.0.1:' + this.address().port); });`;

async function hold(service: ServiceProcess, yardstick: ServiceProcess, token: string, bounds: Bounds) {
  // Both begin a new window.
  await Promise.all([lagOf(service), idleLagOf(yardstick)]);
  const asked: Asked[] = [];
  const health: number[] = [];
  const under = { isOn: true };
  for (const { status, code } of await Promise.all(throwBombs(service, token)))
    requireThat(code === 'BAD_USER_INPUT', `a bomb was answered with ${status} ${code}`);
  const looking = lookAtHealth(service, health, under);
  try {
    for (let round = 0; round < bounds.rounds; round += 1) {
      const dear = Object.entries(dearestQueries).flatMap(([what, query]) =>
        Array.from({ length: bounds.copies }, (_, copy) =>
          ask(service, token, { what, query: `${query} # ${round}/${copy}` }),
        ),
      );
      asked.push(...(await Promise.all([...dear, ...throwBombs(service, token)])));
    }
  } finally {
    under.isOn = false;
  }
  await looking;
  const [own, idle] = await Promise.all([lagOf(service), idleLagOf(yardstick)]);
  const slowest = Math.max(...health);
  requireAnswers(asked, bounds);
  const late = `late by ${own.toFixed(0)} ms (p99), an idle process beside it by ${idle.p99.toFixed(0)} ms`;
  requireThat(own - idle.p99 < bounds.lagMs, `the event loop was ${late}`);
  requireThat(slowest - idle.max < bounds.healthMs, `health took ${slowest.toFixed(0)} ms`);
  const refused = asked.filter(({ what }) => what === 'bomb').length;
  const answered = asked.filter(({ what, code }) => what !== 'bomb' && code === undefined).length;
  return `${asked.length - refused} dear queries (${answered} answered, the others refused as too busy), ${refused} bombs refused; event loop ${late}; slowest of ${health.length} health answers ${slowest.toFixed(0)} ms`;
}

function requireAnswers(asked: readonly Asked[], { answersAll }: Bounds): void {
  for (const { what, status, code } of asked) {
    const isRefused = code === 'UNAVAILABLE' || (what === 'bomb' && code === 'BAD_USER_INPUT');
    requireThat(isRefused || (what !== 'bomb' && code === undefined), `${what}: ${status} ${code}`);
  }
  const answered = new Set(asked.filter(({ code }) => code === undefined).map(({ what }) => what));
  requireThat(answered.size > 0, 'nothing was answered');
  for (const what of answersAll ? Object.keys(dearestQueries) : [])
    requireThat(answered.has(what), `${what}: never answered`);
}

/** Every bomb where a price and where an amount is expected. */
function throwBombs(service: ServiceProcess, token: string): Promise<Asked>[] {
  return bombs.flatMap((number) => [
    ask(service, token, { what: 'bomb', query: priceOf, variables: { spot: number } }),
    ask(service, token, { what: 'bomb', query: record, variables: { input: inputOf(number) } }),
  ]);
}

async function lookAtHealth(service: ServiceProcess, took: number[], under: { readonly isOn: boolean }): Promise<void> {
  while (under.isOn) {
    const began = performance.now();
    const { status } = await fetch(`${service.url}/health/live`);
    requireThat(status === 200, `health answered ${status}`);
    took.push(performance.now() - began);
    await sleep(50);
  }
}

const priceOf = `query ($spot: Decimal!) { price(input: { model: BLACK_SCHOLES, right: PUT, spot: $spot, strike: "100",
  yearsToExpiry: 1, rate: 0.05, volatility: 0.2 }) { price } }`;
const record = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) { changed userErrors { code } } }`;

function inputOf(amount: string) {
  return { idempotencyKey: 'bomb', accountCode: 'L-01', currency: 'USD', amount, reason: 'drill' };
}

async function ask(
  { url }: ServiceProcess,
  token: string,
  { what, query, variables = {} }: { readonly what: string; readonly query: string; readonly variables?: object },
): Promise<Asked> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    readonly data?: { readonly recordBalance?: { readonly userErrors: readonly { readonly code: string }[] } | null };
    readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  };
  const code = errors?.[0]?.extensions.code ?? data?.recordBalance?.userErrors[0]?.code;
  return { what, status: response.status, code };
}

/** All but one percent of the delays of the service's event loop since the last reading were shorter [ms]. */
async function lagOf({ url }: ServiceProcess): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(page)?.[1]) * 1_000;
}

async function idleLagOf({ url }: ServiceProcess): Promise<{ readonly p99: number; readonly max: number }> {
  return (await (await fetch(url)).json()) as { p99: number; max: number };
}
