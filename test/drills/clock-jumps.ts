import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BalanceStore } from '@ballast/persistence';
import { Decimal, parseInstant } from '@ballast/domain';
import { letKnownTimesBeStated } from '../support/known-times';
import { withClient } from '../support/postgres';
import { type Drill, requireThat } from './drill';
import { openRunDesk } from './run-desk';

const hourMs = 3_600_000;

/** Loaded before a program: its wall clock is off, and jumps by the same again after a second; timers are left alone. */
function clockScript(offsetMs: number): string {
  return `const real = Date.now.bind(Date), Real = Date, start = process.hrtime.bigint();
const shift = () => ${offsetMs} * (process.hrtime.bigint() - start > 1000000000n ? 2 : 1);
globalThis.Date = class extends Real { constructor(...words) { if (words.length === 0) super(real() + shift()); else super(...words); }
  static now() { return real() + shift(); } };`;
}

/** Workers whose clocks are an hour wrong, ahead and behind, and jump by another hour while they work. */
export const clockJumps: Drill = {
  id: 'FD-09',
  title: 'worker clocks one hour ahead and behind, then jumping by another hour',
  promise: 'the same hash; nobody counts as dead for its clock; later knowledge never lies before earlier',
  run: async ({ intensity, threads }) => {
    const rounds = intensity === 'full' ? 5 : 1;
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ballast-clock-'));
    const desk = await openRunDesk({ threads });
    try {
      const environments = [hourMs, -hourMs].map((offset) => {
        const file = path.join(folder, `clock${offset}.cjs`);
        writeFileSync(file, clockScript(offset));
        return { NODE_OPTIONS: `--require ${file}` };
      });
      const workers = await Promise.all(environments.map((environment) => desk.startWorker(environment)));
      for (let round = 0; round < rounds; round += 1) {
        const run = await desk.openRun(3);
        await desk.requireSame(await desk.finish(run.id));
        await sleep(1_100);
      }
      requireThat(
        workers.every(({ process }) => process.exitCode === null),
        'a worker with a wrong clock ended',
      );
      await requireOrderedKnowledge(desk.db.database, desk.firmId, desk.db.superuserUrl);
      return { figures: `${rounds} runs by two workers whose clocks were 2 to 4 hours apart` };
    } finally {
      await desk.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** What becomes known later is later, also where the clock of the database itself stands still or steps back. */
async function requireOrderedKnowledge(
  database: ConstructorParameters<typeof BalanceStore>[0],
  firmId: string,
  superuserUrl: string,
): Promise<void> {
  const sql = 'SELECT account_id AS id FROM accounts ORDER BY account_id LIMIT 1';
  const accountId = await withClient(superuserUrl, async (client) => {
    return (await client.query<{ id: string }>(sql)).rows[0]?.id ?? '';
  });
  const balances = new BalanceStore(database);
  const valueAt = parseInstant('2026-11-10T00:00:00Z', 'valueAt');
  const fact = { accountId, currency: 'USD', valueAt, reason: 'drill', recordedBy: 'drill' };
  // As a clock that was an hour ahead would have left it, links and all.
  await letKnownTimesBeStated(superuserUrl);
  const ahead = Math.ceil(Date.now() / hourMs + 1) * hourMs;
  await balances.record({ firmId }, { ...fact, amount: new Decimal(1), knownAt: ahead as typeof valueAt });
  for (const amount of [2, 3]) await balances.record({ firmId }, { ...fact, amount: new Decimal(amount) });
  const rows = await withClient(superuserUrl, async (client) => {
    const versions = `SELECT amount::text, lower(known) AS since FROM balances WHERE account_id = $1 AND currency = 'USD'
      AND valid @> $2::timestamptz ORDER BY lower(known)`;
    return (await client.query<{ amount: string; since: Date }>(versions, [accountId, '2026-11-11T00:00:00Z'])).rows;
  });
  const last = rows.slice(-3).map(({ amount }) => Number(amount));
  requireThat(String(last) === '1,2,3', `what was said last is not what is known last: ${last.join(', ')}`);
}
