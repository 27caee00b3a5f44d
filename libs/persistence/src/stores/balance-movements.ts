import { toColumns } from '../row-values';
import type { TenantTransaction } from '../tenant';

/** Begins the reason of every balance that a movement left behind. */
export const movementReasons = { event: 'life-cycle event', payment: 'payment on margin call' } as const;

interface CarriedVersion {
  readonly account_id: string;
  readonly currency: string;
  readonly amount: string;
  readonly reason: string;
  readonly valid_from: Date;
  readonly valid_until: Date | null;
  readonly known_at: Date;
}

/**
 * Carries a change of balances through the movements behind it: a life-cycle event or a payment added an amount to what was
 * held, so what it left changes by the same difference, up to the first balance that was stated as such.
 *
 * @param changes.sql  yields account_id, currency, difference (new − old), after (the end of what was stated), known_at; one
 *                     row per account and currency
 */
export async function carryThroughMovements(
  tx: TenantTransaction,
  changes: { readonly sql: string; readonly parameters: readonly unknown[] },
  recordedBy: string,
): Promise<void> {
  const carried = await tx.rows<CarriedVersion>(closeCarried(changes.sql), changes.parameters);
  if (carried.length === 0) return;
  const columns = toColumns(
    carried.map((row) => [
      ...[row.account_id, row.currency, row.amount, row.reason],
      ...[row.valid_from, row.valid_until, row.known_at],
    ]),
    7,
  );
  await tx.execute(insertCarried, [tx.firmId, recordedBy, ...columns]);
}

/** Condition on a reason. */
export const isOfMovement = (reason: string): string =>
  `(${Object.values(movementReasons)
    .map((words) => `${reason} LIKE '${words} %'`)
    .join(' OR ')})`;

/** What a movement was added to at the very instant of a stated balance still says what there was then. */
const closeCarried = (changes: string) => `
WITH changed AS MATERIALIZED (SELECT * FROM (${changes}) AS c (account_id, currency, difference, after, known_at) WHERE difference <> 0),
behind AS (
  SELECT b.account_id, b.currency, b.version_id, c.difference, c.known_at,
    bool_and(${isOfMovement('b.reason')} AND NOT EXISTS (
      SELECT FROM balances s WHERE s.firm_id = b.firm_id AND s.account_id = b.account_id AND s.currency = b.currency
        AND lower(s.valid) = lower(b.valid) AND NOT ${isOfMovement('s.reason')}) AND (
      EXISTS (SELECT FROM lifecycle_effects f WHERE f.firm_id = b.firm_id AND f.account_id = b.account_id
        AND f.effective_at = lower(b.valid) AND f.currency = b.currency)
      OR EXISTS (SELECT FROM margin_call_events p WHERE p.firm_id = b.firm_id AND p.account_id = b.account_id
        AND p.payment_received_at = lower(b.valid) AND p.payment_currency = b.currency)))
      OVER (PARTITION BY b.account_id, b.currency ORDER BY lower(b.valid)) AS moved
  FROM changed c JOIN balances b ON b.account_id = c.account_id AND b.currency = c.currency
  WHERE upper_inf(b.known) AND lower(b.valid) >= c.after
)
UPDATE balances b SET known = tstzrange(lower(b.known), k.known_at) FROM behind k
WHERE k.moved AND b.account_id = k.account_id AND b.currency = k.currency AND b.version_id = k.version_id AND upper_inf(b.known)
RETURNING b.account_id, b.currency, (b.amount + k.difference)::text AS amount, b.reason, lower(b.valid) AS valid_from,
  upper(b.valid) AS valid_until, k.known_at`;

/** $1 firm, $2 recorded by. */
const insertCarried = `
INSERT INTO balances (firm_id, account_id, currency, amount, reason, recorded_by, valid, known)
SELECT $1::uuid, v.account_id, v.currency, v.amount, v.reason, $2, tstzrange(v.valid_from, v.valid_until), tstzrange(v.known_at, NULL)
FROM unnest($3::uuid[], $4::text[], $5::numeric[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
  AS v (account_id, currency, amount, reason, valid_from, valid_until, known_at)
ORDER BY v.account_id, v.currency`;
