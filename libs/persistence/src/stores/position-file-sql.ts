// The set-based form of what PositionStore.record does for one statement; a test holds the two together.

/** Of this transaction: room for the sums of a batch, and statistics just fine enough to tell many rows from few. */
export const planningSettings = `SELECT set_config('work_mem', '64MB', true), set_config('default_statistics_target', '10', true)`;

/** Rows of a file as they were read, in a table of this session: Postgres copies into no table under row level security. */
export const createStagedRows = `
CREATE TEMPORARY TABLE staged_rows (
  line integer NOT NULL, account_code text NOT NULL, instrument_id text NOT NULL,
  quantity numeric NOT NULL, average_price numeric, valid_from timestamptz NOT NULL
) ON COMMIT DROP`;

export const copyStagedRows =
  'COPY staged_rows (line, account_code, instrument_id, quantity, average_price, valid_from) FROM STDIN';

/** $1: how many problems to return. One fault per row, the first that applies. */
export const findStagedFaults = `
WITH faults AS (
  SELECT s.line, s.account_code, s.instrument_id, s.quantity, s.valid_from, i.expiry, i.multiplier,
    CASE WHEN a.account_id IS NULL THEN 'ACCOUNT_UNKNOWN'
         WHEN i.instrument_id IS NULL THEN 'INSTRUMENT_UNKNOWN'
         WHEN i.expiry <= s.valid_from AND s.quantity <> 0 THEN 'SERIES_EXPIRED'
         WHEN i.type <> 'underlying' AND i.multiplier > 1 AND s.quantity <> trunc(s.quantity) THEN 'QUANTITY_FRACTIONAL'
    END AS fault
  FROM staged_rows s
  LEFT JOIN accounts a ON a.code = s.account_code
  LEFT JOIN instruments i ON i.instrument_id = s.instrument_id
)
SELECT line, fault, account_code, instrument_id, quantity, valid_from, expiry, multiplier, (count(*) OVER ())::integer AS total
FROM faults WHERE fault IS NOT NULL ORDER BY line LIMIT $1`;

/** $1: how many problems to return. Every row but the first of those that name one account and instrument. */
export const findStagedRepeats = `
WITH repeated AS (
  SELECT account_code, instrument_id, min(line) AS first_line FROM staged_rows
  GROUP BY account_code, instrument_id HAVING count(*) > 1
)
SELECT s.line, s.account_code, s.instrument_id, r.first_line, (count(*) OVER ())::integer AS total
FROM staged_rows s JOIN repeated r USING (account_code, instrument_id)
WHERE s.line > r.first_line ORDER BY s.line LIMIT $1`;

/** Accounts for which a whole book starts at more than one instant. */
export const findTwoBooks = `
SELECT account_code FROM staged_rows GROUP BY account_code HAVING min(valid_from) <> max(valid_from)
ORDER BY account_code LIMIT $1`;

export const sumStagedRows = `
SELECT count(*)::integer AS rows, coalesce(sum(quantity), 0)::text AS quantity,
  coalesce(sum(quantity) FILTER (WHERE quantity > 0), 0)::text AS long,
  coalesce(sum(quantity) FILTER (WHERE quantity < 0), 0)::text AS short,
  count(DISTINCT account_code)::integer AS accounts
FROM staged_rows`;

export const createStagedStatements = `
CREATE TEMPORARY TABLE staged_statements (
  account_id uuid NOT NULL, account_code text NOT NULL, valid_from timestamptz NOT NULL, statement_id uuid NOT NULL,
  position_count integer NOT NULL, content_hash bytea NOT NULL, batch integer NOT NULL, known_at timestamptz, valid_until timestamptz
) ON COMMIT DROP`;

/** One statement per account and instant. $1 mode, $2 source, $3 rows per batch. */
export const insertStagedStatements = `
INSERT INTO staged_statements (account_id, account_code, valid_from, statement_id, position_count, content_hash, batch)
SELECT a.account_id, s.account_code, s.valid_from, gen_random_uuid(), count(*)::integer,
  sha256(convert_to(
    $1::text || ':' || length($2::text) || ':' || $2::text || extract(epoch FROM s.valid_from) || ';' || string_agg(
      length(s.instrument_id) || ':' || s.instrument_id || trim_scale(s.quantity) || '@' || coalesce(trim_scale(s.average_price)::text, '') || ';',
      '' ORDER BY s.instrument_id COLLATE "C"), 'UTF8')),
  (sum(count(*)) OVER (ORDER BY a.account_id, s.valid_from ROWS UNBOUNDED PRECEDING) / $3::integer)::integer AS batch
FROM staged_rows s JOIN accounts a ON a.code = s.account_code
GROUP BY a.account_id, s.account_code, s.valid_from`;

/** One writer per account at a time, locked in one order so that two files cannot wait for each other. */
export const lockStagedAccounts = `
SELECT count(*)::integer AS accounts FROM (
  SELECT 1 FROM accounts WHERE account_id IN (SELECT account_id FROM staged_statements)
  ORDER BY account_id FOR NO KEY UPDATE
) AS locked`;

/**
 * When each statement becomes known (now, but later than everything known of its account, each of an account later than the
 * one before) and how far it reaches (until the next statement of the whole book). Asked after the accounts are locked.
 */
export const dateStagedStatements = `
WITH known AS (
  SELECT account_id, max(known_at) AS last FROM position_statements
  WHERE account_id IN (SELECT account_id FROM staged_statements) GROUP BY account_id
),
ranked AS MATERIALIZED (
  SELECT t.statement_id, t.account_id, t.valid_from, k.last, k.last IS NOT NULL AND k.last >= clock.now AS is_ahead,
    (row_number() OVER (PARTITION BY t.account_id ORDER BY t.valid_from))::integer AS rank
  FROM staged_statements t CROSS JOIN (SELECT known_instant() AS now) AS clock LEFT JOIN known k USING (account_id)
),
stamps AS MATERIALIZED (
  SELECT is_ahead, known_instants(max(last) FILTER (WHERE is_ahead), max(rank)) AS instants FROM ranked GROUP BY is_ahead
)
UPDATE staged_statements s SET known_at = stamps.instants[r.rank], valid_until = (
    SELECT min(p.valid_from) FROM position_statements p
    WHERE p.account_id = r.account_id AND p.mode = 'REPLACE' AND p.valid_from > r.valid_from)
FROM ranked r JOIN stamps USING (is_ahead) WHERE r.statement_id = s.statement_id`;

/** $1 mode. How the file lies in time to what was delivered before. */
export const compareStagedStatements = `
SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM position_statements p
    WHERE p.account_id = s.account_id AND p.valid_from > s.valid_from))::integer AS "olderThanLast",
  count(*) FILTER (WHERE $1 = 'REPLACE' AND EXISTS (SELECT FROM position_statements p
    WHERE p.account_id = s.account_id AND p.valid_from = s.valid_from AND p.mode = 'REPLACE'
      AND p.content_hash <> s.content_hash))::integer AS overlapping
FROM staged_statements s`;

export const createPlan = `
CREATE TEMPORARY TABLE planned_changes (
  account_id uuid NOT NULL, instrument_id text NOT NULL, statement_id uuid NOT NULL, stated boolean NOT NULL,
  quantity numeric, average_price numeric, valid_from timestamptz NOT NULL, valid_until timestamptz,
  known_at timestamptz NOT NULL, held_version uuid, held_statement uuid, held_quantity numeric, held_average numeric,
  held_from timestamptz, held_until timestamptz
) ON COMMIT DROP`;

export const createBelieved = `
CREATE TEMPORARY TABLE believed_versions (
  account_id uuid NOT NULL, instrument_id text NOT NULL, version_id uuid NOT NULL, statement_id uuid NOT NULL,
  quantity numeric NOT NULL, average_price numeric, held_from timestamptz NOT NULL, held_until timestamptz
) ON COMMIT DROP`;

/** $1 batch. What is believed of the accounts of one batch; a table of its own, so that the planner knows its size. */
export const readBelieved = `
INSERT INTO believed_versions
SELECT p.account_id, p.instrument_id, p.version_id, p.statement_id, p.quantity, p.average_price, lower(p.valid), upper(p.valid)
FROM positions p WHERE upper_inf(p.known)
  AND p.account_id = ANY (ARRAY(SELECT s.account_id FROM staged_statements s WHERE s.batch = $1))`;

/**
 * What one batch of statements changes. $1 mode, $2 batch. A stated quantity meets the version believed at its instant; in
 * a whole book also the versions of instruments it does not name, which it ends. It reaches until the next version of the
 * same instrument, or the next whole book.
 */
export const planBatch = `
WITH statements AS MATERIALIZED (SELECT * FROM staged_statements WHERE batch = $2),
stated AS (
  SELECT t.statement_id, t.account_id, t.valid_from, t.valid_until, t.known_at, s.instrument_id, true AS stated,
    nullif(s.quantity, 0) AS quantity, s.average_price
  FROM statements t JOIN staged_rows s ON s.account_code = t.account_code AND s.valid_from = t.valid_from
  UNION ALL
  SELECT t.statement_id, t.account_id, t.valid_from, t.valid_until, t.known_at, b.instrument_id, false, NULL, NULL
  FROM statements t JOIN believed_versions b ON b.account_id = t.account_id AND b.held_from <= t.valid_from
    AND (b.held_until IS NULL OR b.held_until > t.valid_from)
  WHERE $1 = 'REPLACE' AND NOT EXISTS (SELECT FROM staged_rows s
    WHERE s.account_code = t.account_code AND s.instrument_id = b.instrument_id)
),
later AS (
  SELECT t.statement_id, b.instrument_id, min(b.held_from) AS next_from
  FROM statements t JOIN believed_versions b ON b.account_id = t.account_id AND b.held_from > t.valid_from
  GROUP BY t.statement_id, b.instrument_id
)
INSERT INTO planned_changes
SELECT c.account_id, c.instrument_id, c.statement_id, c.stated, c.quantity, c.average_price, c.valid_from,
  least(c.valid_until, b.held_until, l.next_from), c.known_at, b.version_id, b.statement_id, b.quantity, b.average_price,
  b.held_from, b.held_until
FROM stated c
LEFT JOIN believed_versions b ON b.account_id = c.account_id AND b.instrument_id = c.instrument_id
  AND b.held_from <= c.valid_from AND (b.held_until IS NULL OR b.held_until > c.valid_from)
LEFT JOIN later l ON l.statement_id = c.statement_id AND l.instrument_id = c.instrument_id
WHERE CASE WHEN b.version_id IS NULL THEN c.quantity IS NOT NULL
  ELSE c.quantity IS NULL OR c.quantity <> b.quantity OR c.average_price IS DISTINCT FROM b.average_price
    OR NOT ($1 = 'REPLACE' OR b.held_from = c.valid_from) END`;

/** $1 mode, $2 source, $3 batch. A statement that changes nothing and was delivered before is not recorded again. */
export const insertStatements = `
INSERT INTO position_statements (firm_id, account_id, statement_id, mode, valid_from, known_at, content_hash, source, position_count)
SELECT $4::uuid, s.account_id, s.statement_id, $1, s.valid_from, s.known_at, s.content_hash, $2, s.position_count
FROM staged_statements s WHERE s.batch = $3 AND (
  EXISTS (SELECT FROM planned_changes c WHERE c.statement_id = s.statement_id)
  OR NOT EXISTS (SELECT FROM position_statements p
    WHERE p.account_id = s.account_id AND p.valid_from = s.valid_from AND p.content_hash = s.content_hash))`;

export const closeVersions = `
UPDATE positions p SET known = tstzrange(lower(p.known), c.known_at)
FROM planned_changes c
WHERE p.account_id = c.account_id AND p.instrument_id = c.instrument_id AND p.version_id = c.held_version AND upper_inf(p.known)`;

/** $1 firm. What remains true of a closed version before and after the statement, and what the statement says. */
export const insertVersions = `
INSERT INTO positions (firm_id, account_id, instrument_id, statement_id, quantity, average_price, valid, known)
SELECT $1::uuid, account_id, instrument_id, statement_id, quantity, average_price, tstzrange(valid_from, valid_until), tstzrange(known_at, NULL)
FROM (
  SELECT account_id, instrument_id, statement_id, quantity, average_price, valid_from, valid_until, known_at
  FROM planned_changes WHERE quantity IS NOT NULL
  UNION ALL
  SELECT account_id, instrument_id, held_statement, held_quantity, held_average, held_from, valid_from, known_at
  FROM planned_changes WHERE held_version IS NOT NULL AND held_from < valid_from
  UNION ALL
  SELECT account_id, instrument_id, held_statement, held_quantity, held_average, valid_until, held_until, known_at
  FROM planned_changes WHERE held_version IS NOT NULL AND valid_until IS NOT NULL AND (held_until IS NULL OR valid_until < held_until)
) AS versions
ORDER BY account_id, instrument_id`;

export const countPlan = `
SELECT count(*)::integer AS changed, (count(*) FILTER (WHERE stated))::integer AS "statedChanged" FROM planned_changes`;
