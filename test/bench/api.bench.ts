import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { closes, fillFirm } from '../support/api-world';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { type Contestant, type Load, putLoad } from './api-load';
import { describeMachine } from './machine';
import { processorSeconds, processorSecondsOf } from './processor-time';
import { readHeap, type ServiceProcess, startServer, startServiceProcess } from './service-process';

const accountQuery = `query Account($code: String!) { account(code: $code) { code name requirement {
  asOf ageMs quality status bufferRatio initial { amount currency } maintenance { amount } equity { amount }
  buffer { amount } worstScenario { label loss } scenarios { index group label loss } } } }`;
const listQuery = `query List($after: String) { accounts(first: 50, after: $after) { edges { cursor node { code name
  requirement { asOf quality status bufferRatio initial { amount currency } maintenance { amount } equity { amount }
  buffer { amount } } } } pageInfo { hasNextPage endCursor } } }`;

/** Time between two commits of the writer [ms]. */
const writePause = 100;

/** Seconds of each measurement, and how often all contestants take turns. */
interface Plan {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** Accounts of the firm that is asked about; every one of them is asked for. */
  readonly accounts: number;
  /** Requests per second of the steady load; as fast as they are answered when 0. */
  readonly rate: number;
  /** Minutes of steady load, to see whether memory grows. */
  readonly minutes: number;
  /** Only contestants whose name holds this. */
  readonly only: string;
}

interface Question extends Contestant {
  /** Whether somebody else commits all the time meanwhile. */
  readonly isDisturbed?: boolean;
}

interface Measured extends Load {
  readonly name: string;
  /** Processor time per answer [µs]; null where the system does not tell. */
  readonly serverMicros: number | null;
  readonly databaseMicros: number | null;
  /** Transactions of the database per answer. */
  readonly transactions: number;
  /** Longest delay of the event loop but for the worst percent [ms]; null for the yardstick, which does not tell. */
  readonly lagP99Ms: number | null;
}

interface Arena {
  readonly service: ServiceProcess;
  readonly database: TestDatabase;
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const database = await openTestDatabase();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-bench-'));
  const children: ServiceProcess[] = [];
  try {
    const { firmId, accounts } = await fillFirm(database, 'BENCH', plan.accounts, closes.slice(-1));
    const token = await signLocalToken(openSigningKey(dataDir), { subject: 'bench', firmId, roles: ['risk'] }, 4);
    const service = await startServiceProcess({
      ...database.environment,
      DATA_DIR: dataDir,
      PORT: '0',
      POOL_MAX: '10',
      RATE_LIMIT_PER_MINUTE: '1000000000',
    });
    children.push(service);
    const built = path.resolve(__dirname, 'hello-server.js');
    const hello = await startServer(`require(${JSON.stringify(built)})`, {});
    children.push(hello);
    const arena = { service, database };
    const contestants = await contestantsOf({ hello, service, token, codes: [...accounts.keys()] });
    const chosen = contestants.filter(({ name }) => name === 'hello' || name.includes(plan.only));
    for (const contestant of chosen) await warmUp(contestant, plan);
    const measured: Measured[] = [];
    for (let round = 0; round < plan.rounds; round += 1)
      for (const contestant of chosen)
        measured.push(await measure(contestant, contestant.name === 'hello' ? hello : service, arena, plan));
    print(chosen, measured);
    process.stdout.write(`resident memory ${(await readState(service)).residentMb.toFixed(0)} MB after the load\n`);
    if (plan.minutes > 0) await watchMemory(chosen.slice(1), service, plan);
  } finally {
    for (const child of children) child.process.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((resolve) => child.process.once('exit', resolve))));
    await database.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

function planOf(words: readonly string[]): Plan {
  const word = (name: string) => (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1] : undefined);
  const number = (name: string, fallback: number) => Number(word(name) ?? fallback);
  return {
    seconds: number('seconds', 6),
    rounds: number('rounds', 3),
    connections: number('connections', 20),
    accounts: number('accounts', 500),
    rate: number('rate', 0),
    minutes: number('minutes', 0),
    only: word('only') ?? '',
  };
}

/** The yardstick, every account of the firm by its code, and every page of its list. */
async function contestantsOf(from: {
  readonly hello: ServiceProcess;
  readonly service: ServiceProcess;
  readonly token: string;
  readonly codes: readonly string[];
}): Promise<Question[]> {
  const { hello, service, token, codes } = from;
  const pages = [null as string | null];
  for (;;) {
    const { pageInfo } = (await ask(service, token, listQuery, { after: pages.at(-1) })).accounts;
    if (!pageInfo.hasNextPage) break;
    pages.push(pageInfo.endCursor);
  }
  const bodies = (query: string, each: readonly object[]) =>
    each.map((variables) => JSON.stringify({ query, variables }));
  const { url } = service;
  const accounts = {
    name: `account with requirement and 16 scenarios, ${codes.length} different ones`,
    ...{ url, token, bodies: bodies(accountQuery, codes.map((code) => ({ code }))) }, // prettier-ignore
  };
  const lists = {
    name: `list of 50 accounts with requirement, ${pages.length} different pages`,
    ...{ url, token, bodies: bodies(listQuery, pages.map((after) => ({ after }))) }, // prettier-ignore
  };
  return [
    { name: 'hello', url: hello.url, bodies: [JSON.stringify({ query: '{ hello }' })] },
    ...[accounts, lists].flatMap((each) => [
      { ...each, name: `${each.name}, asked again` },
      { ...each, name: `${each.name}, asked again, a commit every ${writePause} ms`, isDisturbed: true },
      { ...each, name: `${each.name}, each answer for the first time`, isUnique: true },
    ]),
  ];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is that of the query
async function ask({ url }: ServiceProcess, token: string, query: string, variables: object): Promise<any> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(`the operation of the bench fails: ${JSON.stringify(errors)}`);
  return data;
}

/** Asks until the engine has compiled what is hot; on a busy machine that takes its time. */
async function warmUp(contestant: Contestant, plan: Plan): Promise<void> {
  let answered = 0;
  for (let turn = 0; turn < 8 && answered < 5_000; turn += 1)
    answered += (await putLoad(contestant, { connections: plan.connections, seconds: 2 })).answered;
}

async function measure(
  contestant: Question,
  server: ServiceProcess,
  { service, database }: Arena,
  plan: Plan,
): Promise<Measured> {
  const pid = server.process.pid as number;
  const before = { server: processorSeconds(pid), database: await readDatabase(database) };
  // Each reading of the page begins a new window of the event-loop figures.
  if (server === service) await readState(service);
  const writer = contestant.isDisturbed === true ? startWriter(database) : null;
  const load = await putLoad(contestant, { connections: plan.connections, seconds: plan.seconds });
  await writer?.stop();
  const after = { server: processorSeconds(pid), database: await readDatabase(database) };
  const perAnswer = (from: number | null, to: number | null) =>
    from === null || to === null ? null : ((to - from) / load.answered) * 1e6;
  return {
    ...load,
    name: contestant.name,
    serverMicros: perAnswer(before.server, after.server),
    databaseMicros: server === service ? perAnswer(before.database.seconds, after.database.seconds) : null,
    transactions: (after.database.transactions - before.database.transactions) / load.answered,
    lagP99Ms: server === service ? (await readState(service)).lagP99Ms : null,
  };
}

/** Commits a change of the firm's own row again and again, as somebody who loads something else does. */
function startWriter({ superuserUrl }: TestDatabase): { readonly stop: () => Promise<void> } {
  let isOver = false;
  const work = withClient(superuserUrl, async (client) => {
    while (!isOver) {
      await client.query(`UPDATE firms SET name = name`);
      await new Promise((resolve) => setTimeout(resolve, writePause));
    }
  });
  return {
    stop: () => {
      isOver = true;
      return work;
    },
  };
}

/** Processor time of the connections of the service, and transactions so far. */
function readDatabase({ superuserUrl, name }: TestDatabase): Promise<{ seconds: number | null; transactions: number }> {
  return withClient(superuserUrl, async (client) => {
    // The counters of a connection arrive within a second of its last transaction.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const sql = `SELECT array_agg(pid) AS pids, (SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = $1) AS count
      FROM pg_stat_activity WHERE datname = $1 AND application_name IN ('ballast', 'ballast witness')`;
    const [row] = (await client.query<{ pids: number[] | null; count: number }>(sql, [name])).rows;
    return { seconds: processorSecondsOf(row?.pids ?? []), transactions: row?.count ?? 0 };
  });
}

function print(contestants: readonly Contestant[], measured: readonly Measured[]): void {
  const median = (name: string) => {
    const own = measured.filter((each) => each.name === name).sort((a, b) => a.perSecond - b.perSecond);
    return own[Math.floor(own.length / 2)] as Measured;
  };
  const yardstick = median('hello').perSecond;
  const shown = (value: number | null, digits = 0) => (value === null ? '–' : value.toFixed(digits));
  const lines = contestants.map(({ name }) => {
    const { perSecond, p50, p99, failed, ...rest } = median(name);
    const rate = `${perSecond.toFixed(0)} | ${(perSecond / yardstick).toFixed(3)} | ${p50} | ${p99}`;
    const cost = `${shown(rest.lagP99Ms, 1)} | ${shown(rest.serverMicros)} | ${shown(rest.databaseMicros)}`;
    return `| ${name} | ${rate} | ${cost} | ${name === 'hello' ? '–' : rest.transactions.toFixed(3)} | ${failed} |`;
  });
  const head = [
    'operation',
    'per second (median round)',
    '× hello',
    'p50 [ms]',
    'p99 [ms]',
    'event-loop lag p99 [ms]',
    'server CPU [µs]',
    'Postgres CPU [µs]',
    'transactions',
    'failed',
  ];
  const ruler = `| --- |${' ---: |'.repeat(head.length - 1)}`;
  process.stdout.write([describeMachine(), '', `| ${head.join(' | ')} |`, ruler, ...lines, ''].join('\n'));
}

async function readState({ url }: ServiceProcess): Promise<{ readonly lagP99Ms: number; readonly residentMb: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
  return {
    lagP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
    residentMb: value('process_resident_memory_bytes') / 2 ** 20,
  };
}

/** Takes turns between the operations within every minute, and tells the memory at every minute. */
async function watchMemory(contestants: readonly Contestant[], service: ServiceProcess, plan: Plan): Promise<void> {
  const turn = 60 / Math.max(1, contestants.length);
  for (let minute = 1; minute <= plan.minutes; minute += 1) {
    const loads: Load[] = [];
    for (const contestant of contestants) loads.push(await putLoad(contestant, { ...plan, seconds: turn }));
    const answered = loads.reduce((sum, load) => sum + load.answered, 0);
    const failed = loads.reduce((sum, load) => sum + load.failed, 0);
    const { residentMb } = await readState(service);
    const heapMb = (await readHeap(service)) / 2 ** 20;
    const memory = `${residentMb.toFixed(0)} MB resident, heap ${heapMb.toFixed(1)} MB after a full collection`;
    process.stdout.write(`minute ${minute}: ${answered} answered, ${failed} failed, ${memory}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
