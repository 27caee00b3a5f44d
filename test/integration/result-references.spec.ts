import { MarginRunStore, RequirementStore } from '@ballast/persistence';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { newRun, result } from '../support/record-samples';
import { fillFirm, type SampleFirm, sampleTime } from '../support/sample-firm';

const unknown = '00000000-0000-4000-8000-00000000dead';
let db: TestDatabase;
let firm: SampleFirm;

beforeAll(async () => {
  db = await openTestDatabase();
  firm = await fillFirm(db, 'ALPHA');
}, 30_000);

afterAll(async () => {
  await db?.close();
});

describe('what results refer to', () => {
  it.each(['account', 'account among others', 'parameter set'])(
    'must exist: an unknown %s refuses the whole run',
    async (what) => {
      const { firmId, accountIds } = firm;
      const requirements = new RequirementStore(db.database);
      const [stored] = (await requirements.findLatest({ firmId }, accountIds)).values();
      const run = await new MarginRunStore(db.database).findById({ firmId }, stored?.runId ?? '');
      const accounts = what === 'parameter set' ? accountIds.slice(0, 1) : [unknown];
      if (what === 'account among others') accounts.unshift(...accountIds);
      const parameterSet = what === 'parameter set' ? unknown : (stored?.parameterSetId ?? '');
      const input = newRun({ asOf: sampleTime, snapshotId: run?.snapshotId ?? '', accountCount: accounts.length });
      const write = new MarginRunStore(db.database).record({ firmId }, input, async (sink) => {
        await sink.write(accounts.map((account) => result(account, parameterSet)));
        return { resultHash: 'd'.repeat(64) };
      });
      await expect(write).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
      await expect(write).rejects.toThrow(what === 'parameter set' ? 'parameter_set_fk' : 'account_fk');
    },
  );

  it.each(['requirements', 'buffer_observations'])('is checked for %s: run and time together', async (table) => {
    const time = table === 'requirements' ? 'as_of' : 'at';
    await withClient(db.superuserUrl, async (client) => {
      const copy = (column: string, value: string) => {
        const changes = `jsonb_build_object('${column}', ${value})`;
        return client.query(
          `INSERT INTO ${table} SELECT (jsonb_populate_record(r, ${changes})).* FROM ${table} r WHERE firm_id = $1`,
          [firm.firmId],
        );
      };
      await expect(copy('run_id', `'${unknown}'`)).rejects.toMatchObject({ code: '23503', table });
      await expect(copy(time, `${time} + interval '1 second'`)).rejects.toMatchObject({ code: '23503', table });
    });
  });

  it('can be neither deleted nor renamed', async () => {
    await withClient(db.superuserUrl, async (client) => {
      for (const table of ['accounts', 'margin_runs', 'risk_parameter_sets']) {
        await expect(client.query(`DELETE FROM ${table}`)).rejects.toThrow();
        const { rows } = await client.query<{ column: string }>(
          `SELECT column_name AS "column" FROM information_schema.column_privileges
           WHERE table_name = $1 AND grantee = 'ballast_app' AND privilege_type = 'UPDATE'`,
          [table],
        );
        const keys = rows.filter(({ column }) => /^(firm_id|as_of)$|_id$/.test(column));
        expect([table, keys]).toEqual([table, []]);
      }
    });
  });
});
