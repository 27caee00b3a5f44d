import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { fillFirm } from '../support/api-world';
import { openTestDatabase } from '../support/postgres';
import { describeMachine } from './machine';

const accountQuery = `{ account(code: "B-07") { code name requirement { asOf ageMs quality status bufferRatio
  initial { amount currency } maintenance { amount } equity { amount } buffer { amount } worstScenario { label loss }
  scenarios { index group label loss } } } }`;
const listQuery = `{ accounts(first: 50) { edges { cursor node { code name requirement { asOf quality status bufferRatio
  initial { amount currency } maintenance { amount } equity { amount } buffer { amount } } } }
  pageInfo { hasNextPage endCursor } } }`;

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly query: string;
  readonly token?: string;
}

interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

interface Child {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Seconds of each measurement, and how often all contestants take turns. */
interface Plan {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** Minutes of steady load on the list, to see whether memory grows. */
  readonly soakMinutes: number;
}

/** Starts a compiled module in a process of its own and waits for its READY line. */
async function startProcess(script: string, environment: NodeJS.ProcessEnv): Promise<Child> {
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '-e', script], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^READY (\S+)/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before READY`)));
  });
  return { url, process: child };
}

async function load(contestant: Contestant, plan: Plan): Promise<Measured> {
  const { name, url, query, token } = contestant;
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    connections: plan.connections,
    duration: plan.seconds,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  const { requests, latency, non2xx, errors } = result;
  return { name, perSecond: requests.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors };
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const database = await openTestDatabase();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-bench-'));
  const children: Child[] = [];
  try {
    const { firmId } = await fillFirm(database, 'BENCH', 500);
    const token = await signLocalToken(openSigningKey(dataDir), { subject: 'bench', firmId, roles: ['risk'] }, 4);
    const built = path.resolve(__dirname, '../..');
    const serve = `require(${JSON.stringify(path.join(built, 'apps/api/src/serve.js'))}).serve({ demo: true })`;
    const service = await startProcess(serve, {
      ...database.environment,
      DATA_DIR: dataDir,
      PORT: '0',
      POOL_MAX: '10',
      RATE_LIMIT_PER_MINUTE: '1000000000',
    });
    const hello = await startProcess(`require(${JSON.stringify(path.join(built, 'test/bench/hello-server.js'))})`, {});
    children.push(service, hello);
    const contestants: Contestant[] = [
      { name: 'hello', url: hello.url, query: '{ hello }' },
      { name: 'account with requirement and scenarios', url: service.url, query: accountQuery, token },
      { name: 'list of 50 accounts with requirement', url: service.url, query: listQuery, token },
    ];
    for (const contestant of contestants) await load(contestant, { ...plan, seconds: 2 });
    const measured: Measured[] = [];
    for (let round = 0; round < plan.rounds; round += 1)
      for (const contestant of contestants) measured.push(await load(contestant, plan));
    print(contestants, measured);
    await printState(service);
    if (plan.soakMinutes > 0) await soak(contestants[2] as Contestant, service, plan);
  } finally {
    for (const child of children) child.process.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((resolve) => child.process.once('exit', resolve))));
    await database.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

function planOf(words: readonly string[]): Plan {
  const number = (name: string, fallback: number) => {
    const at = words.indexOf(`--${name}`);
    return at < 0 ? fallback : Number(words[at + 1]);
  };
  return {
    seconds: number('seconds', 6),
    rounds: number('rounds', 3),
    connections: number('connections', 20),
    soakMinutes: number('soak', 0),
  };
}

function print(contestants: readonly Contestant[], measured: readonly Measured[]): void {
  const best = (name: string) => {
    const own = measured.filter((each) => each.name === name).sort((a, b) => a.perSecond - b.perSecond);
    return own[Math.floor(own.length / 2)] as Measured;
  };
  const yardstick = best('hello').perSecond;
  const lines = contestants.map(({ name }) => {
    const { perSecond, p50, p99, failed } = best(name);
    return `| ${name} | ${perSecond.toFixed(0)} | ${(perSecond / yardstick).toFixed(3)} | ${p50} | ${p99} | ${failed} |`;
  });
  process.stdout.write(
    [
      describeMachine(),
      '',
      '| operation | per second (median round) | × hello | p50 [ms] | p99 [ms] | failed |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...lines,
      '',
    ].join('\n'),
  );
}

async function readState({ url }: Child): Promise<{ readonly lagP99Ms: number; readonly residentMb: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
  return {
    lagP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
    residentMb: value('process_resident_memory_bytes') / 2 ** 20,
  };
}

async function printState(service: Child): Promise<void> {
  const { lagP99Ms, residentMb } = await readState(service);
  process.stdout.write(
    `event-loop lag p99 ${lagP99Ms.toFixed(1)} ms, resident memory ${residentMb.toFixed(0)} MB after the load\n`,
  );
}

async function soak(contestant: Contestant, service: Child, plan: Plan): Promise<void> {
  const readings: string[] = [];
  for (let minute = 1; minute <= plan.soakMinutes; minute += 1) {
    const { perSecond, p99, failed } = await load(contestant, { ...plan, seconds: 60 });
    const { residentMb } = await readState(service);
    const reading = `minute ${minute}: ${perSecond.toFixed(0)}/s, p99 ${p99} ms, ${failed} failed, ${residentMb.toFixed(0)} MB`;
    readings.push(reading);
    process.stdout.write(`${reading}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
