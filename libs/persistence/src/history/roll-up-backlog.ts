import type { Database } from '../database';
import type { TenantContext } from '../tenant';

/** Observations rolled up in one transaction, about; each holds the roll-ups of its accounts until it commits. */
const observationsAtOnce = 20_000;
const statementTimeoutMs = 600_000;

/**
 * Rolls up what statements of many observations left for later, so that nobody has to compute it while reading.
 *
 * @param context  a whole firm; a context of some accounts is refused
 * @returns how many observations were rolled up; 0 also where somebody else is at it
 */
export async function rollUpBacklog(database: Database, context: TenantContext): Promise<number> {
  for (let total = 0; ;) {
    const [row] = await database.withTenant(
      context,
      (tx) => tx.rows<{ done: number }>('SELECT roll_up_backlog($1::integer) AS done', [observationsAtOnce]),
      { statementTimeoutMs },
    );
    const done = row?.done ?? 0;
    if (done === 0) return total;
    total += done;
  }
}

/** The same for every firm. */
export async function rollUpBacklogs(database: Database): Promise<number> {
  let total = 0;
  for (const { firm_id: firmId } of await database.rowsWithoutTenant<{ firm_id: string }>(
    'SELECT firm_id FROM firm_directory()',
  ))
    total += await rollUpBacklog(database, { firmId });
  return total;
}
