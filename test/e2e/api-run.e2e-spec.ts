import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { type ApiWorld, fillFirm, openApiWorld } from '../support/api-world';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

const mutation = `mutation ($input: StartMarginRunInput!) { startMarginRun(input: $input) {
  run { id state asOf accountsTotal } userErrors { code field message } } }`;

describe('startMarginRun', () => {
  let world: ApiWorld;

  beforeAll(async () => {
    world = await openApiWorld();
  }, 60_000);
  afterAll(() => world?.close());

  const start = (input: object) => world.ask(mutation, { input });

  async function finished(id: string): Promise<{ state: string; accountsDone: number; resultHash: string }> {
    for (let turn = 0; turn < 100; turn += 1) {
      const query = 'query ($id: ID!) { marginRun(id: $id) { state accountsDone resultHash } }';
      const { data } = await world.ask(query, { id });
      if (data.marginRun.state !== 'RUNNING') return data.marginRun;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the run does not end');
  }

  it('opens a run, whose results become visible when it is complete', async () => {
    const { data, errors } = await start({ idempotencyKey: 'desk-1' });
    expect(errors).toEqual([]);
    expect(data.startMarginRun).toMatchObject({
      run: { asOf: '2026-11-18T21:00:00.000Z', accountsTotal: 12 },
      userErrors: [],
    });
    const { id } = data.startMarginRun.run;
    expect(await finished(id)).toMatchObject({ state: 'COMPLETED', accountsDone: 12 });
    const account = await world.ask('{ account(code: "A-01") { requirement { run { id } } } }');
    expect(account.data.account.requirement.run.id).toBe(id);
  });

  it('gives the same run for the same key, and a conflict for another request under it', async () => {
    const input = { idempotencyKey: 'desk-2', accountCodes: ['A-01', 'A-02'], asOf: '2026-11-17T21:00:00Z' };
    const together = await Promise.all([start(input), start(input), start(input)]);
    const again = await start(input);
    const ids = [...together, again].map(({ data }) => data.startMarginRun.run.id as string);
    expect(new Set(ids).size).toBe(1);
    expect(await finished(ids[0] ?? '')).toMatchObject({ state: 'COMPLETED', accountsDone: 2 });
    const other = await start({ ...input, accountCodes: ['A-01'] });
    expect([other.status, other.errors[0]?.extensions.code]).toEqual([400, 'CONFLICT']);
  });

  it('of the future is refused: it would stay the latest of the firm for good', async () => {
    const { status, errors } = await start({ idempotencyKey: 'desk-3', asOf: '2099-01-01T00:00:00Z' });
    expect([status, errors[0]?.extensions]).toEqual([400, { code: 'BAD_USER_INPUT', field: 'asOf' }]);
    const { data } = await world.ask('{ marginRuns(first: 1) { edges { node { asOf } } } }');
    expect(data.marginRuns.edges[0].node.asOf).toBe('2026-11-17T21:00:00.000Z');
  });

  it('finds the same figures for the same inputs', async () => {
    const asOf = '2026-11-16T21:00:00Z';
    const hashes = new Set<string>();
    for (const idempotencyKey of ['same-1', 'same-2']) {
      const { data } = await start({ idempotencyKey, asOf });
      hashes.add((await finished(data.startMarginRun.run.id)).resultHash);
    }
    expect(hashes.size).toBe(1);
  });
});

describe('a service that is killed', () => {
  const entry = path.resolve(__dirname, '../../dist/apps/api/src/serve.js');
  let database: TestDatabase;
  let dataDir: string;
  let token: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    database = await openTestDatabase();
    dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-kill-'));
    const { firmId } = await fillFirm(database, 'GAMMA', 80, []);
    token = await signLocalToken(openSigningKey(dataDir), { subject: 'tester', firmId, roles: ['risk'] }, 1);
  }, 120_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database?.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  });

  /** Starts the built service in a process of its own. */
  async function startProcess(): Promise<{ child: ChildProcess; url: string; readyMs: number }> {
    const began = performance.now();
    const script = `require(${JSON.stringify(entry)}).serve({ demo: true })`;
    const environment = { ...process.env, ...database.environment, DATA_DIR: dataDir, PORT: '0' };
    const child = spawn(process.execPath, ['-e', script], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = /^READY (\S+)/.exec(line);
        if (ready?.[1] !== undefined) resolve(ready[1]);
      });
      child.once('exit', (code) => reject(new Error(`ended with ${code} before READY`)));
    });
    return { child, url, readyMs: performance.now() - began };
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests state the shape
  async function ask(url: string, query: string, variables: object = {}): Promise<any> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query, variables });
    return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
  }

  const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  it('in the middle of a run leaves no half-written run, and is ready again at once', async () => {
    const runs: string[] = [];
    const readyTimes: number[] = [];
    for (const delay of [0, 5, 20, 60]) {
      const { child, url, readyMs } = await startProcess();
      readyTimes.push(readyMs);
      const answer = await ask(url, mutation, { input: { idempotencyKey: `kill-${delay}` } });
      runs.push(answer.data.startMarginRun.run.id as string);
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      await ended(child);
    }
    const { child, url } = await startProcess();
    const states = new Map<string, string>();
    for (const id of runs) {
      const { data } = await ask(
        url,
        'query ($id: ID!) { marginRun(id: $id) { state failureReason accountsTotal accountsDone } }',
        { id },
      );
      const { state, accountsDone, accountsTotal } = data.marginRun;
      expect(['COMPLETED', 'FAILED']).toContain(state);
      if (state === 'COMPLETED') expect(accountsDone).toBe(accountsTotal);
      states.set(id, state);
    }
    const written = await withClient(database.superuserUrl, async (client) => {
      const sql =
        'SELECT run_id, count(*)::integer AS count FROM requirements WHERE run_id = ANY ($1::uuid[]) GROUP BY 1';
      return (await client.query<{ run_id: string; count: number }>(sql, [runs])).rows;
    });
    const complete = runs.filter((id) => states.get(id) === 'COMPLETED');
    expect(new Map(written.map(({ run_id, count }) => [run_id, count]))).toEqual(
      new Map(complete.map((id) => [id, 80])),
    );
    expect([...states.values()]).toContain('FAILED');
    // The key of a killed run still names that run, and the firm can be evaluated again.
    const repeated = await ask(url, mutation, { input: { idempotencyKey: 'kill-0' } });
    expect(repeated.data.startMarginRun.run.id).toBe(runs[0]);
    const fresh = await ask(url, mutation, { input: { idempotencyKey: 'after' } });
    expect(fresh.data.startMarginRun.userErrors).toEqual([]);
    process.stdout.write(
      `ready after a kill: ${readyTimes.map((time) => `${(time / 1000).toFixed(1)} s`).join(', ')}\n`,
    );
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
  }, 90_000);

  it('by SIGTERM answers what it has begun, and ends with exit code 0', async () => {
    const { child, url } = await startProcess();
    const query = '{ accounts(first: 80) { edges { node { code requirement { scenarios { loss } } } } } }';
    const answers = Array.from({ length: 8 }, () => ask(url, query));
    await new Promise((resolve) => setTimeout(resolve, 30));
    child.kill('SIGTERM');
    const code = ended(child);
    for (const { data, errors } of await Promise.all(answers)) {
      expect(errors).toBeUndefined();
      expect(data.accounts.edges).toHaveLength(80);
    }
    expect(await code).toBe(0);
  }, 30_000);
});
