import { withClient } from './postgres';

/**
 * Lets rows say when they became known, as only the opening of a firm may: for tests that need to know to the millisecond
 * when what was learnt. That the database decides it otherwise is shown in known-times.spec.ts.
 */
export async function letKnownTimesBeStated(superuserUrl: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const { rows } = await client.query<{ sql: string }>(`
      SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS sql FROM pg_trigger
      WHERE tgname IN ('limit_known_insert', 'limit_known_update') AND tgparentid = 0`);
    await client.query(rows.map(({ sql }) => sql).join(';'));
  });
}
