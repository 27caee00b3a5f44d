import type { TenantTransaction } from '../tenant';
import type { HistoryBreak } from './history-break';

/** Finds accounts that do not say what the last of their chained versions says. */
export async function compareAccounts(tx: TenantTransaction): Promise<HistoryBreak[]> {
  const rows = await tx.rows<{ id: string; sequence: string | null; has_row: boolean; has_version: boolean }>(
    `SELECT coalesce(a.account_id, v.account_id) AS id, a.account_id IS NOT NULL AS has_row, v.account_id IS NOT NULL AS has_version,
       (SELECT min(sequence) FROM public.history_links l
        WHERE l.table_name = 'account_versions' AND l.part = 'INSERT' AND l.batch = v.batch) AS sequence
     FROM public.accounts a FULL JOIN (SELECT DISTINCT ON (account_id) * FROM public.account_versions ORDER BY account_id, version DESC) v
       ON v.firm_id = a.firm_id AND v.account_id = a.account_id
     WHERE (a.account_id, a.code::text, a.name, a.base_currency::text, a.methodology::text, a.created_at)
       IS DISTINCT FROM (v.account_id, v.code::text, v.name, v.base_currency::text, v.methodology::text, v.created_at)
     ORDER BY 4, 1 LIMIT 100`,
  );
  return rows.map(({ id, sequence, has_row: hasRow, has_version: hasVersion }) => ({
    kind: !hasRow ? 'ROW_MISSING' : hasVersion ? 'ROW_CHANGED' : 'ROW_ADDED',
    sequence: sequence === null ? null : Number(sequence),
    table: 'accounts',
    key: `account_id ${id}`,
    detail: !hasRow
      ? 'its versions are chained, the account is gone'
      : hasVersion
        ? 'it does not say what its last chained version says'
        : 'no chained version vouches for it',
  }));
}
