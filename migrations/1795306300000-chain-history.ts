import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The hash chain of history. Every statement that writes a chained table leaves one batch: the SHA-256 of each row in
 * order of its key. When the transaction commits, each batch becomes a link of its firm's chain, under a lock taken last
 * of all, so the chain is linear and nobody waits on it while holding anything another writer needs.
 */
export class ChainHistory1795306300000 implements MigrationInterface {
  readonly name = 'ChainHistory1795306300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(links);
    await runner.query(canonicalRows);
    await runner.query(sealing);
    await runner.query(chainTable);
    for (const [table, closing, open] of chained) {
      await runner.query('SELECT chain_table($1::regclass, $2::text[], $3)', [table, closing, open]);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const tables = `
CREATE SEQUENCE history_batch_number;
COMMENT ON SEQUENCE history_batch_number IS 'Names the statement that wrote a row of a chained table.';
GRANT USAGE ON SEQUENCE history_batch_number TO ballast_app;

CREATE TABLE history_tables (
  table_name text CONSTRAINT history_tables_pk PRIMARY KEY,
  closing_columns text[] NOT NULL,
  open_condition text,
  CONSTRAINT history_tables_closing_has_condition CHECK ((cardinality(closing_columns) = 0) = (open_condition IS NULL))
);
COMMENT ON TABLE history_tables IS 'Chained tables; closing columns are written once more when a row is closed, open_condition tells rows that are not.';
GRANT SELECT ON history_tables TO ballast_app;

CREATE TABLE history_batches (
  firm_id uuid NOT NULL,
  table_name text NOT NULL,
  part text NOT NULL,
  batch bigint NOT NULL,
  month timestamptz NOT NULL,
  row_count integer NOT NULL,
  row_hashes bytea NOT NULL,
  CONSTRAINT history_batches_pk PRIMARY KEY (firm_id, table_name, part, batch, month),
  CONSTRAINT history_batches_part_is_known CHECK (part IN ('INSERT', 'CLOSE')),
  CONSTRAINT history_batches_hashes_are_whole CHECK (octet_length(row_hashes) = 32 * row_count AND row_count > 0)
);
COMMENT ON TABLE history_batches IS 'Row hashes of one statement on one chained table, in order of the key; month is the partition, -infinity where there is none.';
ALTER TABLE history_batches ALTER COLUMN row_hashes SET STORAGE EXTERNAL;
SELECT protect_tenant_table('history_batches');
SELECT make_append_only('history_batches', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT ON history_batches TO ballast_app;

CREATE TABLE history_links (
  firm_id uuid NOT NULL,
  sequence bigint NOT NULL,
  table_name text NOT NULL,
  part text NOT NULL,
  batch bigint NOT NULL,
  month timestamptz NOT NULL,
  row_count integer NOT NULL,
  rows_hash sha256 NOT NULL,
  recorded_at timestamptz NOT NULL,
  previous_hash sha256 NOT NULL,
  hash sha256 NOT NULL,
  CONSTRAINT history_links_pk PRIMARY KEY (firm_id, sequence)
);
COMMENT ON TABLE history_links IS 'The chain of a firm: hash = SHA-256(previous hash, header, rows hash), one link per batch in order of commit.';
SELECT protect_tenant_table('history_links');
SELECT make_append_only('history_links', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT ON history_links TO ballast_app;
`;

/** `name:length:value` for every value, so that no two contents share a canonical text; NULL is left out. */
const links = `
CREATE FUNCTION append_history_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  last record;
  link public.history_links;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.firm_id::text, 3));
  SELECT sequence, hash INTO last FROM public.history_links WHERE firm_id = NEW.firm_id ORDER BY sequence DESC LIMIT 1;
  link.firm_id := NEW.firm_id;
  link.sequence := coalesce(last.sequence, 0) + 1;
  link.table_name := NEW.table_name;
  link.part := NEW.part;
  link.batch := NEW.batch;
  link.month := NEW.month;
  link.row_count := NEW.row_count;
  link.rows_hash := sha256(NEW.row_hashes);
  link.recorded_at := public.current_instant();
  link.previous_hash := coalesce(last.hash, sha256(convert_to('ballast history ' || NEW.firm_id, 'UTF8')));
  link.hash := sha256(link.previous_hash::bytea || convert_to(concat_ws('|', link.firm_id, link.sequence, link.table_name,
    link.part, link.batch, coalesce(extract(epoch FROM nullif(link.month, '-infinity'))::bigint::text, '-'), link.row_count,
    (extract(epoch FROM link.recorded_at) * 1000)::bigint), 'UTF8') || link.rows_hash::bytea);
  INSERT INTO public.history_links VALUES (link.*);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER append_link AFTER INSERT ON history_batches DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION append_history_link();

CREATE FUNCTION begin_history_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM nextval('public.history_batch_number');
  RETURN NULL;
END $$;

CREATE FUNCTION mark_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.closing_batch := currval('public.history_batch_number');
  RETURN NEW;
END $$;
`;

const canonicalRows = `
CREATE FUNCTION history_text(target regclass, part text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  WITH registered AS (SELECT closing_columns AS closing FROM public.history_tables WHERE table_name = target::text),
  key_columns AS (
    SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = target AND i.indisprimary),
  parts AS (
    SELECT a.attname AS name,
      CASE WHEN history_text.part = 'INSERT' AND a.attname = ANY (r.closing) THEN 'lower(r.' || quote_ident(a.attname) || ')::text'
           ELSE 'r.' || quote_ident(a.attname) || '::text' END AS value
    FROM pg_attribute a CROSS JOIN registered r
    WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('batch', 'closing_batch')
      AND CASE history_text.part
            WHEN 'INSERT' THEN a.attname <> ALL (r.closing) OR a.atttypid = 'tstzrange'::regtype
            WHEN 'CLOSE' THEN a.attname = ANY (r.closing) OR a.attname IN (SELECT attname FROM key_columns)
            ELSE a.attname IN (SELECT attname FROM key_columns WHERE attname <> 'firm_id') END)
  SELECT 'concat(' || string_agg(format('%L || octet_length(%s)::text || %L || %s', name || ':', value, ':', value), ', '
    ORDER BY name COLLATE "C") || ')' FROM parts
$$;
COMMENT ON FUNCTION history_text(regclass, text) IS
  'Expression of the canonical text of row r of a table: part INSERT as it was written, CLOSE what closing adds, KEY its key.';
`;

const sealing = `
CREATE FUNCTION seal_statement(target regclass, part text, source text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT format($sql$INSERT INTO public.history_batches
  SELECT firm_id, %L, %L, batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT r.firm_id, r.%I AS batch, %s AS month, %s AS key, sha256(convert_to(%s, 'UTF8')) AS hash
        FROM %s r WHERE r.%I IS NOT NULL) AS hashed GROUP BY firm_id, batch, month;$sql$,
    target::text, seal_statement.part, stamp.name, month.expression, public.history_text(target, 'KEY'),
    public.history_text(target, seal_statement.part), seal_statement.source, stamp.name)
  FROM (SELECT CASE seal_statement.part WHEN 'CLOSE' THEN 'closing_batch' ELSE 'batch' END AS name) AS stamp,
    (SELECT coalesce(
       (SELECT format('date_trunc(%L, r.%I)', 'month', a.attname) FROM pg_partitioned_table p
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = target),
       quote_literal('-infinity') || '::timestamptz') AS expression) AS month
$$;

CREATE FUNCTION define_seal(name text, body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
    'SET search_path = pg_catalog, public, pg_temp SET timezone = %L SET datestyle = %L SET bytea_output = %L '
    'SET extra_float_digits = 1 AS %L', name, 'UTC', 'ISO, YMD', 'hex', concat('BEGIN ', body, ' RETURN NULL; END'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION %I() FROM PUBLIC', name);
END $$;

CREATE FUNCTION renew_seals(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  seal_closing text := '';
BEGIN
  IF EXISTS (SELECT FROM history_tables WHERE table_name = target::text AND open_condition IS NOT NULL) THEN
    seal_closing := seal_statement(target, 'CLOSE', 'new_rows');
    PERFORM define_seal('seal_' || target || '_closing', seal_closing);
  END IF;
  PERFORM define_seal('seal_' || target, seal_statement(target, 'INSERT', 'new_rows') || seal_closing);
END $$;
COMMENT ON FUNCTION renew_seals(regclass) IS 'Lets the seals of a chained table cover the columns it has now; called after every migration.';

CREATE FUNCTION seal_existing(target regclass) RETURNS void LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET bytea_output = 'hex' SET extra_float_digits = 1 AS $$
DECLARE
  firm record;
  condition text;
BEGIN
  SELECT open_condition INTO condition FROM history_tables WHERE table_name = target::text;
  EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', target);
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    PERFORM nextval('history_batch_number');
    EXECUTE format('UPDATE %s r SET batch = currval(''history_batch_number'') WHERE batch IS NULL', target);
    EXECUTE seal_statement(target, 'INSERT', format('(SELECT * FROM %s WHERE batch = currval(''history_batch_number''))', target));
    CONTINUE WHEN condition IS NULL;
    EXECUTE format('UPDATE %s r SET closing_batch = currval(''history_batch_number'') WHERE closing_batch IS NULL AND NOT (%s)', target, condition);
    EXECUTE seal_statement(target, 'CLOSE', format('(SELECT * FROM %s WHERE closing_batch = currval(''history_batch_number''))', target));
  END LOOP;
  PERFORM set_config('app.firm_id', '', true);
  EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', target);
END $$;
`;

const chainTable = `
CREATE FUNCTION chain_table(target regclass, closing text[] DEFAULT '{}', open_condition text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  name constant text := target::text;
  closable constant boolean := open_condition IS NOT NULL;
BEGIN
  INSERT INTO history_tables VALUES (name, closing, open_condition)
    ON CONFLICT ON CONSTRAINT history_tables_pk
    DO UPDATE SET closing_columns = excluded.closing_columns, open_condition = excluded.open_condition;
  EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS batch bigint', name);
  IF closable THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS closing_batch bigint', name);
  END IF;
  PERFORM renew_seals(target);
  PERFORM seal_existing(target);
  EXECUTE format('ALTER TABLE %s ALTER COLUMN batch SET DEFAULT currval(''history_batch_number''), ALTER COLUMN batch SET NOT NULL', name);
  EXECUTE format('CREATE OR REPLACE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch()', name);
  EXECUTE format('CREATE OR REPLACE TRIGGER seal_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, 'seal_' || name);
  IF NOT closable THEN RETURN; END IF;
  EXECUTE format('CREATE OR REPLACE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON %s FOR EACH ROW '
    'WHEN (NEW.closing_batch IS NULL AND NOT (%s)) EXECUTE FUNCTION mark_closing()', name, replace(open_condition, 'r.', 'NEW.'));
  EXECUTE format('CREATE OR REPLACE TRIGGER seal_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, 'seal_' || name || '_closing');
END $$;
COMMENT ON FUNCTION chain_table(regclass, text[], text) IS
  'Puts a table into the hash chain. A column added later must allow NULL and have no default; its seals are renewed by themselves.';
REVOKE EXECUTE ON FUNCTION append_history_link(), begin_history_batch(), mark_closing(), history_text(regclass, text),
  seal_statement(regclass, text, text), define_seal(text, text), renew_seals(regclass), seal_existing(regclass), chain_table(regclass, text[], text) FROM PUBLIC;
`;

const runClosing = [
  'state',
  'accounts_done',
  'accounts_indeterminate',
  'accounts_degraded',
  'accounts_held',
  'finished_at',
  'result_hash',
  'failure_reason',
];

/** Table, columns written when a row is closed, and the condition under which a row is not closed yet. */
const chained: readonly (readonly [string, readonly string[], string | null])[] = [
  ['margin_runs', runClosing, `r.state = 'RUNNING'`],
  ['margin_run_parameter_sets', [], null],
  ['requirements', [], null],
  ['buffer_observations', [], null],
  ['position_statements', [], null],
  ['positions', ['known'], 'upper_inf(r.known)'],
  ['balances', ['known'], 'upper_inf(r.known)'],
  ['risk_parameter_sets', ['status', 'decided_by', 'decided_at'], `r.status = 'PROPOSED'`],
  ['buffer_policies', [], null],
  ['market_snapshots', [], null],
  ['held_requirements', [], null],
  ['requirement_releases', [], null],
  ['firm_controls', [], null],
  ['parameter_impacts', [], null],
  ['parameter_impact_rows', [], null],
  ['feed_events', [], null],
];
