import type { TenantTransaction } from '../tenant';

/** A life-cycle event after holdings that were to be corrected. */
export interface LaterAction {
  readonly eventId: string;
  readonly type: string;
  readonly at: Date;
  readonly accountCode: string;
  /** What is held, or the asset that is pledged. */
  readonly instrumentId: string;
}

/** What to do about it, in words. */
export function describeLaterAction({ eventId, type, at, accountCode, instrumentId }: LaterAction): string {
  const when = at.toISOString();
  return (
    `corrects ${instrumentId} of ${accountCode} before ${type} ${eventId} of ${when}, which keeps what it made of the quantity of ` +
    `then: reverse that event, state the correction from its own date and again from ${when}, and apply the event again under a new name`
  );
}

/** Columns of a LaterAction, of event e. */
const actionColumns = (accountCode: string, instrumentId: string): string =>
  `e.event_id AS "eventId", e.type, e.effective_at AS at, ${accountCode} AS "accountCode", ${instrumentId} AS "instrumentId"`;

/** Events e after which a holding of the share is another number, or another share. */
const changesShares = `e.type IN ('split', 'symbol-change', 'merger')`;

const isInForce = 'NOT EXISTS (SELECT FROM lifecycle_events r WHERE r.firm_id = e.firm_id AND r.reverses = e.event_id)';

/**
 * Finds the first corporate action in force that stands after a time stated in the staged file of this transaction, on the
 * underlying of what was changed up to it or beyond: what it made of the quantity of then is not changed with it. Asked once
 * versions are written.
 */
export async function findActionAfterPositions(tx: TenantTransaction): Promise<LaterAction | null> {
  const [any] = await tx.rows<{ found: boolean }>(hasActionAfterPositions);
  if (any?.found !== true) return null;
  const [found] = await tx.rows<LaterAction>(actionAfterPositions);
  return found ?? null;
}

/** Most files need not look further. */
const hasActionAfterPositions = `
SELECT EXISTS (SELECT FROM lifecycle_events e WHERE ${changesShares}
  AND e.effective_at > (SELECT min(valid_from) FROM staged_statements)) AS found`;

const actionAfterPositions = `
SELECT ${actionColumns('s.account_code', 'p.instrument_id')}
FROM staged_statements s
JOIN positions p ON p.account_id = s.account_id AND (p.statement_id = s.statement_id OR upper(p.known) = s.known_at)
JOIN instruments i ON i.firm_id = p.firm_id AND i.instrument_id = p.instrument_id
JOIN lifecycle_events e ON e.firm_id = i.firm_id AND e.underlying_id = i.underlying_id AND e.effective_at > s.valid_from
WHERE ${changesShares} AND (upper_inf(p.valid) OR upper(p.valid) >= e.effective_at) AND ${isInForce}
ORDER BY e.effective_at, e.event_id, s.account_code, p.instrument_id LIMIT 1`;

/**
 * Finds the first event in force that stands after a statement of collateral, on what the statement changed up to it or
 * beyond: a corporate action on the share, or whatever changed the pledge. What it made of the pledge of then is not changed
 * with it.
 */
export async function findActionAfterPledges(
  tx: TenantTransaction,
  statement: { readonly accountId: string; readonly statementId: string },
): Promise<LaterAction | null> {
  const [found] = await tx.rows<LaterAction>(actionAfterPledges, [statement.accountId, statement.statementId]);
  return found ?? null;
}

const actionAfterPledges = `
WITH statement AS (
  SELECT firm_id, account_id, valid_from, known_at FROM collateral_statements WHERE account_id = $1 AND statement_id = $2
),
stated AS (
  SELECT asset, quantity, price, upper(valid) AS until FROM collateral_holdings
  WHERE account_id = $1 AND statement_id = $2 AND upper_inf(known)
),
closed AS (
  SELECT h.asset, h.quantity, h.price, upper(h.valid) AS until FROM collateral_holdings h JOIN statement s USING (account_id)
  WHERE upper(h.known) = s.known_at
),
touched AS (
  SELECT asset, CASE WHEN n.quantity IS NULL THEN c.until ELSE n.until END AS until FROM stated n FULL JOIN closed c USING (asset)
  WHERE (n.quantity, n.price) IS DISTINCT FROM (c.quantity, c.price)
)
SELECT ${actionColumns('a.code', 't.asset')}
FROM statement s JOIN accounts a USING (firm_id, account_id) CROSS JOIN touched t
JOIN lifecycle_events e ON e.firm_id = s.firm_id AND e.effective_at > s.valid_from AND (t.until IS NULL OR t.until >= e.effective_at)
WHERE e.type <> 'reversal' AND (
    ${changesShares} AND (e.underlying_id = t.asset OR EXISTS (SELECT FROM instruments i
      WHERE i.firm_id = e.firm_id AND i.instrument_id = t.asset AND i.type = 'underlying' AND i.underlying_id = e.underlying_id))
    OR EXISTS (SELECT FROM lifecycle_effects f WHERE f.firm_id = e.firm_id AND f.account_id = s.account_id
      AND f.event_id = e.event_id AND f.asset = t.asset))
  AND ${isInForce}
ORDER BY e.effective_at, e.event_id, t.asset LIMIT 1`;
