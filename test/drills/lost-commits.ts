import { AccountStore, BalanceStore, Database, FirmStore, IdempotencyStore } from '@ballast/persistence';
import { Decimal, parseInstant } from '@ballast/domain';
import { RecordBalance } from '@ballast/use-cases';
import { openTestDatabase, withClient } from '../support/postgres';
import { openTcpProxy } from '../support/tcp-proxy';
import { type Drill, requireThat } from './drill';

const now = parseInstant('2026-11-20T21:00:00Z', 'now');

/** Not the `READ COMMITTED` of a BEGIN. */
const commitSent = /COMMIT(?!TED)/;

/** The answer to COMMIT is lost: whoever asked cannot know, and asks again under the same key. */
export const lostCommits: Drill = {
  id: 'FD-05',
  title: 'the answer to COMMIT is lost between Postgres and the service',
  promise: 'the caller is told UNAVAILABLE; the same key again returns the first result, and it took effect once',
  run: async ({ intensity }) => {
    const rounds = intensity === 'full' ? 100 : 5;
    const db = await openTestDatabase();
    const proxy = await openTcpProxy(Number(new URL(db.appUrl).port));
    const url = new URL(db.appUrl);
    url.port = String(proxy.port);
    const database = new Database(() => ({ ...db.options, databaseUrl: url.href }));
    try {
      const firm = await new FirmStore(database).create({ code: 'DRILL', name: 'Drill' });
      const account = { code: 'D-1', name: 'Drill', baseCurrency: 'USD', methodology: 'SPAN' as const };
      await new AccountStore(database).upsertMany({ firmId: firm.id }, [account]);
      const record = new RecordBalance(new IdempotencyStore(database), new AccountStore(database), new BalanceStore(database)); // prettier-ignore
      const principal = { subject: 'drill', firmId: firm.id, roles: ['back-office'] as const };
      let committed = 0;
      for (let round = 1; round <= rounds; round += 1) {
        const command = { idempotencyKey: `drill-${round}`, accountCode: 'D-1', currency: 'USD', amount: new Decimal(round), reason: 'drill', now }; // prettier-ignore
        proxy.onSent((piece) => commitSent.test(piece.toString('latin1')) && proxy.loseAnswers());
        const code = await record.execute(principal, command).then(
          () => 'an answer',
          (failure: { code?: string }) => failure.code,
        );
        requireThat(code === 'UNAVAILABLE', `told ${code} when the answer to COMMIT was lost`);
        proxy.onSent(null);
        proxy.heal();
        committed += await countKeys(db.superuserUrl, command.idempotencyKey);
        const again = await record.execute(principal, command);
        requireThat(
          again.changed && again.amount === String(round),
          `answered ${JSON.stringify(again)} the second time`,
        );
        requireThat((await countKeys(db.superuserUrl, command.idempotencyKey)) === 1, 'the key took effect twice');
      }
      return {
        figures: `${rounds} lost answers, ${committed} of them of commits that had happened; 0 lost, 0 doubled`,
      };
    } finally {
      await database.close();
      await proxy.close();
      await db.close();
    }
  },
};

async function countKeys(superuserUrl: string, key: string): Promise<number> {
  const sql = `SELECT count(*)::integer AS n FROM idempotency_keys WHERE key = $1`;
  return withClient(superuserUrl, async (client) => (await client.query<{ n: number }>(sql, [key])).rows[0]?.n ?? -1);
}
