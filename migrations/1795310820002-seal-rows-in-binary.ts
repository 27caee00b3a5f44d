import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Seals of tables whose rows are never closed hash the binary form of a row instead of its text, which takes a third of the
 * time. A batch says how many columns, from the first, its hashes cover in binary form; further ones, added later, are
 * covered as text, which is empty while they are NULL. Batches of before stay as they are: all of their columns are text.
 */
export class SealRowsInBinary1795310820002 implements MigrationInterface {
  readonly name = 'SealRowsInBinary1795310820002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(form);
    await runner.query(binary);
    await runner.query(sealing);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const form = `
ALTER TABLE history_batches ADD COLUMN binary_columns smallint;
COMMENT ON COLUMN history_batches.binary_columns IS
  'How many columns of the table, in its order and without batch, are hashed in binary form; NULL: all as text, in order of their names.';
`;

/**
 * record_send writes the type of each value as its number, which is the same in every database for built-in types alone:
 * domains go by their base type, everything else by its text.
 */
const binary = `
CREATE FUNCTION history_binary(target regclass, part text) RETURNS TABLE (expression text, columns smallint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT 'record_send(ROW(' || string_agg(format('r.%I::%s', a.attname,
      CASE WHEN base.oid < 16384 AND base.typelem < 16384 THEN format_type(base.oid, NULL) ELSE 'text' END), ', ' ORDER BY a.attnum) || '))',
    count(*)::smallint
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type base ON base.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
  WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('batch', 'closing_batch')
    AND (history_binary.part = 'INSERT' OR a.attname <> 'firm_id' AND EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = target AND i.indisprimary AND a.attnum = ANY (i.indkey)))
$$;
COMMENT ON FUNCTION history_binary(regclass, text) IS
  'Binary form of row r of a table, part INSERT all of it, KEY its key within the firm, and how many columns that are.';
REVOKE EXECUTE ON FUNCTION history_binary(regclass, text) FROM PUBLIC;
`;

const sealing = `
CREATE FUNCTION seal_statement_as_text(target regclass, part text, source text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT format($sql$INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, %L, %L, batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, %s AS key, sha256(convert_to(%s, 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.%I AS batch, %s AS month, %s FROM %s r WHERE r.%I IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;$sql$,
    target::text, seal_statement_as_text.part, public.history_text_of_texts(target, 'KEY'),
    public.history_text_of_texts(target, seal_statement_as_text.part), stamp.name, month.expression,
    (SELECT string_agg(DISTINCT format('%s AS c%s', value, place), ', ') FROM (
       SELECT place, value FROM public.history_parts(target, seal_statement_as_text.part)
       UNION ALL SELECT k.place, k.value FROM public.history_parts(target, 'KEY') k
       WHERE k.place NOT IN (SELECT p.place FROM public.history_parts(target, seal_statement_as_text.part) p)) AS every),
    seal_statement_as_text.source, stamp.name)
  FROM (SELECT CASE seal_statement_as_text.part WHEN 'CLOSE' THEN 'closing_batch' ELSE 'batch' END AS name) AS stamp,
    (SELECT coalesce(
       (SELECT format('date_trunc(%L, r.%I)', 'month', a.attname) FROM pg_partitioned_table p
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = target),
       quote_literal('-infinity') || '::timestamptz') AS expression) AS month
$$;
REVOKE EXECUTE ON FUNCTION seal_statement_as_text(regclass, text, text) FROM PUBLIC;
CREATE OR REPLACE FUNCTION seal_statement(target regclass, part text, source text) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  whole record;
  key record;
  month text;
BEGIN
  IF EXISTS (SELECT FROM public.history_tables WHERE table_name = target::text AND open_condition IS NOT NULL) THEN
    RETURN public.seal_statement_as_text(target, part, source);
  END IF;
  SELECT * INTO whole FROM public.history_binary(target, 'INSERT');
  SELECT * INTO key FROM public.history_binary(target, 'KEY');
  SELECT format('date_trunc(%L, r.%I)', 'month', a.attname) INTO month FROM pg_partitioned_table p
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = target;
  RETURN format($sql$INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, %L, 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), %s
  FROM (SELECT r.firm_id, r.batch, %s AS month, %s AS place, sha256(%s) AS hash FROM %s r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month;$sql$,
    target::text, whole.columns, coalesce(month, quote_literal('-infinity') || '::timestamptz'), key.expression, whole.expression, source);
END $$;

CREATE OR REPLACE FUNCTION define_seal(name text, body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
    'SET search_path = pg_catalog, public, pg_temp SET timezone = %L SET datestyle = %L SET bytea_output = %L '
    'SET extra_float_digits = 1 SET client_encoding = %L AS %L', name, 'UTC', 'ISO, YMD', 'hex', 'UTF8', concat('BEGIN ', body, ' RETURN NULL; END'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION %I() FROM PUBLIC', name);
END $$;
`;
