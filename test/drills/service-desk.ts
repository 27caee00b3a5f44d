import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountStore, EmbeddedPostgres, FirmStore, Database, persistenceOptionsFromEnv } from '@ballast/persistence';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { type RunningApi, serve } from '../../apps/api/src/serve';
import { withClient } from '../support/postgres';
import { requireThat } from './drill';

/** A service on a durable embedded server of its own, and a client that records cash until it is acknowledged. */
export interface ServiceDesk {
  readonly superuserUrl: string;
  /** Folder of the server's data, as the server sees it. */
  readonly serverFolder: string;
  /** Kills the server as a machine that loses power would; whoever uses it starts it again. */
  readonly killServer: () => void;
  /** Records the next amount under a key of its own. @returns whether it was acknowledged */
  readonly record: (amount: number) => Promise<boolean>;
  /** Sends the same request again until it is acknowledged. @returns how long that took [ms] */
  readonly insist: (amount: number, limitMs: number) => Promise<number>;
  /** Requires that every acknowledged amount became known exactly once. */
  readonly requireDurable: () => Promise<void>;
  readonly acknowledged: () => number;
  readonly close: () => Promise<void>;
}

const mutation = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) { changed userErrors { code } } }`;
/** Longest wait for one answer [ms]: a client that hears nothing asks again. */
const answerLimitMs = 8_000;

/** @param parent  existing folder for the data; a temporary one when absent */
export async function openServiceDesk(parent = os.tmpdir()): Promise<ServiceDesk> {
  const dataDir = fs.mkdtempSync(path.join(parent, 'ballast-drill-'));
  fs.chmodSync(dataDir, 0o755);
  // The drill's own use of the server, for looking at what is there; the service has another.
  const server = await EmbeddedPostgres.acquire({ dataDir });
  const environment = {
    DATA_DIR: dataDir,
    PORT: '0',
    POOL_MAX: '4',
    LOG_LEVEL: process.env['DRILL_LOG'] ?? 'silent',
    WORKER_CONCURRENCY: '0',
  };
  const database = new Database(() => persistenceOptionsFromEnv(environment));
  await database.connect();
  const firm = await new FirmStore(database).create({ code: 'DRILL', name: 'Drill' });
  const account = { code: 'D-1', name: 'Drill', baseCurrency: 'USD', methodology: 'SPAN' as const };
  await new AccountStore(database).upsertMany({ firmId: firm.id }, [account]);
  await database.close();
  const api: RunningApi = await serve({ demo: false, environment, print: () => undefined });
  const principal = { subject: 'drill', firmId: firm.id, roles: ['back-office'] as const };
  const token = await signLocalToken(openSigningKey(dataDir), principal, 24);
  const acknowledged = new Set<number>();
  const record = async (amount: number): Promise<boolean> => {
    const input = { idempotencyKey: `drill-${amount}`, accountCode: 'D-1', currency: 'USD', amount: String(amount), reason: 'drill' }; // prettier-ignore
    try {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: mutation, variables: { input } }),
        signal: AbortSignal.timeout(answerLimitMs),
      });
      const answer = (await response.json()) as Answer;
      if (response.status === 200 && answer.data?.recordBalance?.changed === true) acknowledged.add(amount);
      else requireThat(answer.errors?.[0]?.extensions.code === 'UNAVAILABLE', `answered ${JSON.stringify(answer)}`);
    } catch (failure) {
      if ((failure as Error).name !== 'TimeoutError') throw failure;
    }
    return acknowledged.has(amount);
  };
  return {
    superuserUrl: server.urlOf('superuser', 'ballast'),
    serverFolder: fs.realpathSync(server.folder),
    killServer: () => process.kill(serverPid(server.folder), 'SIGKILL'),
    record,
    insist: async (amount, limitMs) => {
      const started = performance.now();
      while (!(await record(amount))) {
        const waited = performance.now() - started;
        requireThat(waited < limitMs, `no acknowledgement within ${limitMs / 1_000} s`);
        await sleep(50);
      }
      return performance.now() - started;
    },
    requireDurable: () => requireDurable(server.urlOf('superuser', 'ballast'), acknowledged),
    acknowledged: () => acknowledged.size,
    close: async () => {
      await api.close();
      await server.release();
      const folder = path.join(dataDir, 'postgres');
      if (fs.existsSync(folder)) fs.rmSync(fs.realpathSync(folder), { recursive: true, force: true });
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

interface Answer {
  readonly data?: { readonly recordBalance: { readonly changed: boolean } | null } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

function serverPid(folder: string): number {
  return Number(fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function requireDurable(superuserUrl: string, acknowledged: ReadonlySet<number>): Promise<void> {
  const sql = `SELECT amount::integer AS amount, count(DISTINCT lower(known))::integer AS times FROM balances GROUP BY 1`;
  const { rows } = await withClient(superuserUrl, (client) => client.query<{ amount: number; times: number }>(sql));
  const times = new Map(rows.map((row) => [row.amount, row.times]));
  const lost = [...acknowledged].filter((amount) => !times.has(amount));
  requireThat(lost.length === 0, `acknowledged and gone: ${lost.join(', ')}`);
  const keys = `SELECT count(*)::integer AS n, count(DISTINCT key)::integer AS keys FROM idempotency_keys`;
  const found = await withClient(superuserUrl, (client) => client.query<{ n: number; keys: number }>(keys));
  requireThat(found.rows[0]?.n === found.rows[0]?.keys, 'a key took effect twice');
}
