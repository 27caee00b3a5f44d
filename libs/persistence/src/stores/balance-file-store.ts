import type { Decimal, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { copyLine } from '../copy-line';
import { decimalOf, toNumeric, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import { carryThroughMovements, isOfMovement } from './balance-movements';

/** A row of a balances file that reads well; whether its account exists is not known yet. */
export interface StagedBalance {
  readonly line: number;
  readonly accountCode: string;
  readonly currency: string;
  readonly amount: Decimal;
  readonly valueAt: Instant;
  /**
   * The row said itself when it counts: then an equal balance of an earlier time is recorded again, as every one is that a
   * movement left behind.
   */
  readonly isDated: boolean;
}

/** A row that the record refuses. */
export interface StagedBalanceFault {
  readonly line: number;
  readonly accountCode: string;
  readonly currency: string;
  /** Line of the first row of the account and currency; null when the account is unknown. */
  readonly firstLine: number | null;
}

/** Balances of a file of any length, recorded as `BalanceStore.record` records one; same course as PositionFileStore. */
@Injectable()
export class BalanceFileStore {
  /** Copies rows into a table of this transaction. What the batches throw passes unchanged. */
  async stage(tx: TenantTransaction, batches: AsyncIterable<readonly StagedBalance[]>): Promise<void> {
    await tx.execute(createStagedBalances);
    await tx.copyIn('COPY staged_balances FROM STDIN', toLines(batches));
    await tx.execute('ANALYZE staged_balances');
  }

  /** Rows of unknown accounts and rows named before: the first `limit` in order of the line. */
  async findFaults(
    tx: TenantTransaction,
    limit: number,
  ): Promise<{ readonly faults: readonly StagedBalanceFault[]; readonly total: number }> {
    const rows = await tx.rows<StagedBalanceFault & { readonly total: number }>(findFaults, [limit]);
    return { faults: rows, total: rows[0]?.total ?? 0 };
  }

  /** Sum of the amounts per currency, in order of the currency. */
  async sum(tx: TenantTransaction): Promise<ReadonlyMap<string, Decimal>> {
    const rows = await tx.rows<{ currency: string; amount: string }>(
      'SELECT currency, sum(amount)::text AS amount FROM staged_balances GROUP BY currency ORDER BY currency COLLATE "C"',
    );
    return new Map(rows.map(({ currency, amount }) => [currency, decimalOf(amount)]));
  }

  /** Records the staged rows. @returns how many rows changed something */
  async record(
    tx: TenantTransaction,
    terms: { readonly reason: string; readonly recordedBy: string },
  ): Promise<{ readonly changed: number }> {
    await tx.rows(lockAccounts);
    await tx.execute(createBelieved);
    await tx.execute('ANALYZE believed_balances');
    await tx.execute(createPlan);
    await tx.execute('ANALYZE planned_balances');
    await tx.execute(closeVersions);
    await tx.execute(insertVersions, [tx.firmId, terms.reason, terms.recordedBy]);
    await carryThroughMovements(tx, { sql: changedBeforeOthers, parameters: [] }, terms.recordedBy);
    const [count] = await tx.rows<{ changed: number }>('SELECT count(*)::integer AS changed FROM planned_balances');
    return count ?? { changed: 0 };
  }
}

async function* toLines(batches: AsyncIterable<readonly StagedBalance[]>): AsyncGenerator<string> {
  for await (const batch of batches) {
    let text = '';
    for (const { line, accountCode, currency, amount, valueAt, isDated } of batch) {
      const cells = [line, accountCode, currency, toNumeric(amount, `line ${line}: amount`), toTimestamp(valueAt)];
      text += copyLine([...cells, isDated ? 't' : 'f']);
    }
    if (text !== '') yield text;
  }
}

const createStagedBalances = `
CREATE TEMPORARY TABLE staged_balances (
  line integer NOT NULL, account_code text NOT NULL, currency text NOT NULL, amount numeric NOT NULL,
  value_at timestamptz NOT NULL, is_dated boolean NOT NULL
) ON COMMIT DROP`;

const findFaults = `
WITH numbered AS (
  SELECT s.line, s.account_code, s.currency, min(s.line) OVER (PARTITION BY s.account_code, s.currency) AS first_line,
    a.account_id IS NULL AS unknown
  FROM staged_balances s LEFT JOIN accounts a ON a.code = s.account_code
)
SELECT line, account_code AS "accountCode", currency, CASE WHEN unknown THEN NULL ELSE first_line END AS "firstLine",
  (count(*) OVER ())::integer AS total
FROM numbered WHERE unknown OR line > first_line ORDER BY line LIMIT $1`;

const lockAccounts = `
SELECT count(*)::integer AS accounts FROM (
  SELECT 1 FROM accounts WHERE code IN (SELECT account_code FROM staged_balances) ORDER BY account_id FOR NO KEY UPDATE
) AS locked`;

/** What is believed of the accounts of the file; a table of its own, so that the planner knows its size. */
const createBelieved = `
CREATE TEMPORARY TABLE believed_balances ON COMMIT DROP AS
SELECT account_id, currency::text, version_id, amount::numeric, reason, recorded_by, lower(valid) AS held_from,
  upper(valid) AS held_until
FROM balances WHERE upper_inf(known) AND account_id = ANY (ARRAY(
  SELECT a.account_id FROM accounts a WHERE a.code IN (SELECT account_code FROM staged_balances)))`;

/** What the file changes: a stated amount meets the version believed at its instant and reaches until the next one. */
const createPlan = `
CREATE TEMPORARY TABLE planned_balances ON COMMIT DROP AS
WITH stated AS (
  SELECT a.account_id, s.currency, s.amount, s.value_at, s.is_dated
  FROM staged_balances s JOIN accounts a ON a.code = s.account_code
),
clock AS MATERIALIZED (SELECT known_instant() AS now),
known AS (
  SELECT account_id, max(lower(known)) AS last FROM balances
  WHERE account_id IN (SELECT account_id FROM stated) GROUP BY account_id
),
-- Accounts that were written to at this very instant have one of their own.
ahead AS MATERIALIZED (
  SELECT k.account_id, (known_instants(max(k.last) OVER (), 1))[1] AS known_at FROM known k, clock WHERE k.last >= clock.now
),
later AS (
  SELECT s.account_id, s.currency, min(b.held_from) AS next_from
  FROM stated s JOIN believed_balances b ON b.account_id = s.account_id AND b.currency = s.currency AND b.held_from > s.value_at
  GROUP BY s.account_id, s.currency
)
SELECT s.account_id, s.currency, s.amount, s.value_at AS valid_from,
  least(b.held_until, l.next_from) AS valid_until,
  coalesce(k.known_at, clock.now) AS known_at,
  b.version_id, b.amount AS held_amount, b.reason AS held_reason, b.recorded_by AS held_by, b.held_from, b.held_until
FROM stated s CROSS JOIN clock
LEFT JOIN ahead k USING (account_id)
LEFT JOIN later l ON l.account_id = s.account_id AND l.currency = s.currency
LEFT JOIN believed_balances b ON b.account_id = s.account_id AND b.currency = s.currency AND b.held_from <= s.value_at
  AND (b.held_until IS NULL OR b.held_until > s.value_at)
WHERE b.version_id IS NULL OR b.amount <> s.amount
  OR (b.held_from <> s.value_at AND (s.is_dated OR ${isOfMovement('b.reason')}))`;

const closeVersions = `
UPDATE balances b SET known = tstzrange(lower(b.known), p.known_at)
FROM planned_balances p
WHERE b.account_id = p.account_id AND b.currency = p.currency AND b.version_id = p.version_id AND upper_inf(b.known)`;

/** Of what was changed, what other balances follow. */
const changedBeforeOthers = `SELECT account_id, currency, amount - coalesce(held_amount, 0), valid_until, known_at
  FROM planned_balances WHERE valid_until IS NOT NULL`;

/** $1 firm, $2 reason, $3 recorded by. */
const insertVersions = `
INSERT INTO balances (firm_id, account_id, currency, amount, reason, recorded_by, valid, known)
SELECT $1::uuid, account_id, currency, amount, reason, recorded_by, tstzrange(valid_from, valid_until), tstzrange(known_at, NULL)
FROM (
  SELECT account_id, currency, amount, $2::text AS reason, $3::text AS recorded_by, valid_from, valid_until, known_at
  FROM planned_balances
  UNION ALL
  SELECT account_id, currency, held_amount, held_reason, held_by, held_from, valid_from, known_at
  FROM planned_balances WHERE version_id IS NOT NULL AND held_from < valid_from
  UNION ALL
  SELECT account_id, currency, held_amount, held_reason, held_by, valid_until, held_until, known_at
  FROM planned_balances WHERE version_id IS NOT NULL AND valid_until IS NOT NULL AND (held_until IS NULL OR valid_until < held_until)
) AS versions
ORDER BY account_id, currency`;
