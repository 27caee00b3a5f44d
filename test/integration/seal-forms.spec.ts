import { HistoryChainStore, MarginRunStore } from '@ballast/persistence';
import { fillHistory } from '../support/history-firm';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at, newRun, result } from '../support/record-samples';

let db: TestDatabase;
let scope: { firmId: string };
let accountIds: readonly string[];
let chain: HistoryChainStore;

/** Runs sealed as text, then in binary form, then in binary form with one column more, all in one month of one firm. */
const times = ['2026-10-17T21:00:00Z', '2026-10-20T21:00:00Z', '2026-10-21T21:00:00Z'];

beforeAll(async () => {
  db = await openTestDatabase();
  await asOwner(
    `SELECT define_seal('seal_' || table_name, seal_statement_as_text(table_name::regclass, 'INSERT', 'new_rows'))
     FROM history_tables WHERE open_condition IS NULL`,
  );
  const firm = await fillHistory(db, 'ALPHA');
  scope = { firmId: firm.firmId };
  accountIds = firm.accountIds;
  await asOwner('SELECT renew_seals(table_name::regclass) FROM history_tables');
  await record(times[1] as string);
  await asOwner(`ALTER TABLE requirements ADD COLUMN later numeric; SELECT renew_seals('requirements')`);
  await record(times[2] as string);
  chain = new HistoryChainStore(db.database);
}, 30_000);

afterAll(async () => {
  await db?.close();
});

async function asOwner(sql: string): Promise<void> {
  await withClient(db.ownerUrl, (client) => client.query(sql));
}

/** One more run of the firm, like its newest one. */
async function record(time: string): Promise<void> {
  const [known] = await db.database.withTenant(scope, (tx) =>
    tx.rows<{ snapshot_id: string; parameter_set_id: string }>(
      'SELECT snapshot_id, parameter_set_id FROM margin_runs JOIN requirements USING (firm_id, run_id) ORDER BY margin_runs.as_of DESC LIMIT 1',
    ),
  );
  const { snapshot_id: snapshotId, parameter_set_id: parameterSetId } = known as NonNullable<typeof known>;
  const run = newRun({ asOf: at(time), snapshotId, accountCount: accountIds.length });
  await new MarginRunStore(db.database).record(scope, run, async (sink) => {
    await sink.write(accountIds.map((id) => result(id, parameterSetId, '77.25')));
    return { resultHash: 'a'.repeat(64) };
  });
}

describe('rows sealed in one form and in the other', () => {
  it('are verified together', async () => {
    const forms = await db.database.withTenant(scope, (tx) =>
      tx.rows<{ form: number | null }>(
        `SELECT DISTINCT binary_columns AS form FROM history_batches WHERE table_name = 'requirements' AND month = '2026-10-01' ORDER BY 1`,
      ),
    );
    const [first, second, third] = forms.map(({ form }) => form);
    expect([second, third]).toEqual([(first as number) + 1, null]);
    expect((await chain.verify(scope)).breaks).toEqual([]);
  });

  it.each(times.flatMap((time) => ['later = 1', 'equity = equity + 1'].map((change) => [time, change])))(
    'tell of %s that %s was set',
    async (time, change) => {
      const where = `firm_id = '${scope.firmId}' AND as_of = '${time}' AND account_id = '${accountIds[0]}'`;
      const set = (sql: string) =>
        withClient(db.superuserUrl, (client) => client.query(`SET session_replication_role = replica; ${sql}`));
      await set(`CREATE TABLE kept AS SELECT * FROM requirements WHERE ${where}`);
      await set(`UPDATE requirements SET ${change} WHERE ${where}`);
      const { breaks } = await chain.verify(scope);
      await set(
        `DELETE FROM requirements WHERE ${where}; INSERT INTO requirements SELECT * FROM kept; DROP TABLE kept`,
      );
      expect(breaks).toMatchObject([{ kind: 'ROW_CHANGED', table: 'requirements' }]);
      expect(breaks[0]?.key).toContain(accountIds[0]);
      expect((await chain.verify(scope)).breaks).toEqual([]);
    },
  );

  it('tell a batch whose form was changed', async () => {
    const [row] = await db.database.withTenant(scope, (tx) =>
      tx.rows<{ batch: string; form: number }>(
        `SELECT batch, binary_columns AS form FROM history_batches WHERE table_name = 'buffer_observations' ORDER BY binary_columns LIMIT 1`,
      ),
    );
    const change = (form: number | null) =>
      withClient(db.superuserUrl, (client) =>
        client.query(`SET session_replication_role = replica;
          UPDATE history_batches SET binary_columns = ${form} WHERE batch = ${row?.batch}`),
      );
    const form = row?.form as number;
    for (const other of [null, -1, form - 1]) {
      await change(other);
      const { breaks } = await chain.verify(scope);
      expect([other, breaks[0]]).toMatchObject([other, { kind: 'ROW_CHANGED', table: 'buffer_observations' }]);
    }
    // A number beyond the columns there are leaves none of them out.
    for (const other of [form, 30_000]) {
      await change(other);
      expect([other, (await chain.verify(scope)).breaks]).toEqual([other, []]);
    }
  });
});
