import type { Database } from '../database';
import type { TenantScope, TenantTransaction } from '../tenant';
import { appendHistoryHeads, historyHeadFile } from './history-head-file';
import type { HistoryHead } from './history-link';

/** The newest link of the firm of a transaction; null when nothing was recorded yet. */
export async function findHistoryHead(tx: TenantTransaction): Promise<HistoryHead | null> {
  const [row] = await tx.rows<{ code: string; sequence: string; hash: Buffer; at: Date }>(
    `SELECT f.code, l.sequence, l.hash, l.recorded_at AS at FROM public.history_links l
     JOIN public.firms f ON f.firm_id = l.firm_id ORDER BY l.sequence DESC LIMIT 1`,
  );
  if (row === undefined) return null;
  const { code: firmCode, sequence, hash, at } = row;
  const recordedAt = at.toISOString();
  return { firmId: tx.firmId, firmCode, sequence: Number(sequence), hash: hash.toString('hex'), recordedAt };
}

/**
 * Writes the head of a firm's chain to the head file, outside the database, where whoever rewrites the database does not
 * reach it. Called after a commit, so what fails here is told and costs no result.
 */
export async function keepHistoryHead(database: Database, scope: TenantScope): Promise<void> {
  const { settings } = database;
  const file = historyHeadFile(settings);
  try {
    const head = await database.withTenant({ firmId: scope.firmId }, findHistoryHead);
    if (head === null || (await appendHistoryHeads(file, [head]))) return;
    settings.onEvent?.(`the head of the history chain is kept nowhere: ${file} has no folder; set HISTORY_HEAD_FILE`);
  } catch (failure) {
    settings.onEvent?.(`the head of the history chain could not be written to ${file}`, failure);
  }
}
