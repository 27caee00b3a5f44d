import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountStore, FirmStore } from '@ballast/persistence';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { type RunningService, startService } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

const mutation = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) {
  changed balance { currency amount } userErrors { code } } }`;

let database: TestDatabase;
let dataDir: string;
let token: string;
let service: RunningService;

const start = () =>
  startService(['demo'], { ...database.environment, DATA_DIR: dataDir, PORT: '0', RATE_LIMIT_PER_MINUTE: '100000' });

beforeAll(async () => {
  database = await openTestDatabase();
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-kills-'));
  const firm = await new FirmStore(database.database).create({ code: 'KILL', name: 'Kill' });
  const account = { code: 'K-1', name: 'Kill', baseCurrency: 'USD', methodology: 'SPAN' as const };
  await new AccountStore(database.database).upsertMany({ firmId: firm.id }, [account]);
  const principal = { subject: 'desk', firmId: firm.id, roles: ['back-office'] as const };
  token = await signLocalToken(openSigningKey(dataDir), { ...principal, roles: [...principal.roles] }, 1);
  service = await start();
}, 60_000);
afterAll(async () => {
  await service?.kill();
  await database?.close();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

/** Sends an amount under its own key. @returns the answer as it came; null when the service died before it answered */
async function record(amount: number, key = `key-${amount}`): Promise<string | null> {
  const input = { idempotencyKey: key, accountCode: 'K-1', currency: 'USD', amount: `${amount}`, reason: 'drill' };
  try {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: mutation, variables: { input } }),
    });
    return await response.text();
  } catch {
    return null;
  }
}

describe('a service that is killed while it records', () => {
  it('loses nothing it acknowledged, does nothing twice, and knows its keys after each restart', async () => {
    const acknowledged = new Map<number, string>();
    let amount = 0;
    let sent = 0;
    for (let kill = 0; kill < 2; kill += 1) {
      let alive = true;
      const unanswered: number[] = [];
      const clients = Array.from({ length: 4 }, async () => {
        while (alive) {
          const own = (amount += 1);
          const answer = await record(own);
          if (answer === null) unanswered.push(own);
          else acknowledged.set(own, answer);
        }
      });
      await sleep(150 + 170 * kill);
      await service.kill();
      alive = false;
      await Promise.all(clients);
      service = await start();
      for (const own of unanswered) acknowledged.set(own, (await record(own)) as string);
      sent = amount;
    }
    expect(acknowledged.size).toBe(sent);
    expect(sent).toBeGreaterThan(12);
    const good = { changed: true, balance: expect.any(Object) as unknown, userErrors: [] };
    for (const answer of acknowledged.values()) expect(JSON.parse(answer)).toEqual({ data: { recordBalance: good } });
    const sample = [...acknowledged].filter((_, index) => index % Math.ceil(sent / 20) === 0);
    for (const [own, first] of sample) expect(await record(own)).toBe(first);
    expect(JSON.parse((await record(999_999, 'key-1')) as string)).toMatchObject({
      errors: [{ extensions: { code: 'CONFLICT' } }],
    });
    // A later amount cuts the version before it in two; the instant from which an amount holds stays its own.
    const sql = `SELECT amount::integer AS amount, count(DISTINCT lower(valid))::integer AS times FROM balances GROUP BY 1`;
    const { rows } = await withClient(database.superuserUrl, (client) =>
      client.query<{ amount: number; times: number }>(sql),
    );
    expect(new Map(rows.map((row) => [row.amount, row.times]))).toEqual(
      new Map(Array.from({ length: sent }, (_, index) => [index + 1, 1])),
    );
  }, 120_000);
});
