import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes history cheaper to write. A seal turns each value into text once, and not once for its length and once more for
 * itself; the text, and so every hash, stays the same. The newest buffers ask for their accounts once per statement.
 */
export class SealEachValueOnce1795310400000 implements MigrationInterface {
  readonly name = 'SealEachValueOnce1795310400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(parts);
    await runner.query(text);
    await runner.query(sealing);
    await runner.query(newestBuffers);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const parts = `
CREATE FUNCTION history_parts(target regclass, part text) RETURNS TABLE (name text, place smallint, value text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH registered AS (SELECT closing_columns AS closing FROM public.history_tables WHERE table_name = target::text),
  key_columns AS (
    SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = target AND i.indisprimary)
  SELECT a.attname::text, a.attnum,
    CASE WHEN history_parts.part = 'INSERT' AND a.attname = ANY (r.closing) THEN 'lower(r.' || quote_ident(a.attname) || ')::text'
         ELSE 'r.' || quote_ident(a.attname) || '::text' END
  FROM pg_attribute a CROSS JOIN registered r
  WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('batch', 'closing_batch')
    AND CASE history_parts.part
          WHEN 'INSERT' THEN a.attname <> ALL (r.closing) OR a.atttypid = 'tstzrange'::regtype
          WHEN 'CLOSE' THEN a.attname = ANY (r.closing) OR a.attname IN (SELECT attname FROM key_columns)
          ELSE a.attname IN (SELECT attname FROM key_columns WHERE attname <> 'firm_id') END
$$;
COMMENT ON FUNCTION history_parts(regclass, text) IS
  'Values of row r of a table as its canonical text has them: part INSERT as written, CLOSE what closing adds, KEY its key.';
REVOKE EXECUTE ON FUNCTION history_parts(regclass, text) FROM PUBLIC;
`;

const text = `
CREATE OR REPLACE FUNCTION history_text(target regclass, part text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT 'concat(' || string_agg(format('%L || octet_length(%s)::text || %L || %s', name || ':', value, ':', value), ', '
    ORDER BY name COLLATE "C") || ')' FROM public.history_parts(target, history_text.part)
$$;
CREATE FUNCTION history_text_of_texts(target regclass, part text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT 'concat(' || string_agg(format('%L || octet_length(t.c%s)::text || %L || t.c%s', name || ':', place, ':', place), ', '
    ORDER BY name COLLATE "C") || ')' FROM public.history_parts(target, history_text_of_texts.part)
$$;
COMMENT ON FUNCTION history_text_of_texts(regclass, text) IS
  'The same as history_text, over a row t whose column c7 is the text of the seventh column, and so on.';
REVOKE EXECUTE ON FUNCTION history_text_of_texts(regclass, text) FROM PUBLIC;
`;

/** OFFSET 0 keeps the planner from putting the casts back where they were. */
const sealing = `
CREATE OR REPLACE FUNCTION seal_statement(target regclass, part text, source text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT format($sql$INSERT INTO public.history_batches
  SELECT firm_id, %L, %L, batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, %s AS key, sha256(convert_to(%s, 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.%I AS batch, %s AS month, %s FROM %s r WHERE r.%I IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;$sql$,
    target::text, seal_statement.part, public.history_text_of_texts(target, 'KEY'),
    public.history_text_of_texts(target, seal_statement.part), stamp.name, month.expression,
    (SELECT string_agg(DISTINCT format('%s AS c%s', value, place), ', ') FROM (
       SELECT place, value FROM public.history_parts(target, seal_statement.part)
       UNION ALL SELECT k.place, k.value FROM public.history_parts(target, 'KEY') k
       WHERE k.place NOT IN (SELECT p.place FROM public.history_parts(target, seal_statement.part) p)) AS every),
    seal_statement.source, stamp.name)
  FROM (SELECT CASE seal_statement.part WHEN 'CLOSE' THEN 'closing_batch' ELSE 'batch' END AS name) AS stamp,
    (SELECT coalesce(
       (SELECT format('date_trunc(%L, r.%I)', 'month', a.attname) FROM pg_partitioned_table p
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = target),
       quote_literal('-infinity') || '::timestamptz') AS expression) AS month
$$;
`;

const newestBuffers = `
ALTER TABLE latest_buffers DROP CONSTRAINT latest_buffers_account_fk;
CREATE FUNCTION check_newest_buffer_accounts() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  broken text;
BEGIN
  SELECT n.account_id INTO broken FROM new_rows n
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.firm_id = n.firm_id AND a.account_id = n.account_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no account %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'latest_buffers_account_fk', TABLE = 'latest_buffers';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_newest_buffer_accounts() IS
  'Refuses newest buffers of unknown accounts, which can be neither renamed nor deleted.';
REVOKE EXECUTE ON FUNCTION check_newest_buffer_accounts() FROM PUBLIC;
CREATE TRIGGER check_accounts AFTER INSERT ON latest_buffers REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_newest_buffer_accounts();
`;
