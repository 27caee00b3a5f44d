import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Statistics are kept of the columns that statements choose and order rows by, and no longer of amounts, hashes and documents:
 * a run writes as many rows as there are accounts, autovacuum looks at thirty thousand of them in the midst of it, and most of
 * what that took went into columns that no plan asks about.
 */
export class SampleWhatPlansNeed1795311000000 implements MigrationInterface {
  readonly name = 'SampleWhatPlansNeed1795311000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(unasked);
    await runner.query(partitions);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const unasked = `
DO $$
DECLARE
  target record;
  unasked text;
BEGIN
  FOR target IN
    SELECT c.oid::regclass AS name, p.columns FROM (VALUES
      ('requirements'::regclass, string_to_array('parameter_set_id currency initial_requirement maintenance_requirement '
        'net_option_value equity collateral_value buffer buffer_ratio excess quality_reasons warnings model worst_scenario '
        'scenarios breakdown contributions greeks engine_version parameter_hash snapshot_hash input_hash result_hash leverage '
        'equity_components collateral previous_status figures', ' ')),
      ('buffer_observations', string_to_array('currency equity maintenance initial buffer buffer_ratio', ' ')),
      ('buffer_rollup_backlog', string_to_array('account_ids', ' ')),
      ('latest_buffers', string_to_array('known_at equity maintenance initial buffer', ' '))) AS p (parent, columns)
    JOIN pg_class c ON c.oid = p.parent OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = p.parent)
  LOOP
    FOREACH unasked IN ARRAY target.columns LOOP
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', target.name, unasked);
    END LOOP;
  END LOOP;
END $$;`;

const partitions = `
CREATE OR REPLACE FUNCTION ensure_month_partitions(from_instant timestamptz, to_instant timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  parent record;
  unasked name;
  month timestamptz;
  child text;
  made integer := 0;
BEGIN
  IF from_instant IS NULL OR to_instant IS NULL OR to_instant < from_instant OR to_instant - from_instant > interval '20 years' THEN
    RAISE EXCEPTION 'partitions from % to % are refused', from_instant, to_instant USING ERRCODE = 'check_violation';
  END IF;
  FOR parent IN
    SELECT oid, relname FROM pg_class WHERE relkind = 'p' AND relnamespace = 'public'::regnamespace ORDER BY relname
  LOOP
    FOR month IN SELECT generate_series(date_trunc('month', from_instant), to_instant, '1 month') LOOP
      child := parent.relname || to_char(month, '"_y"YYYY"m"MM');
      CONTINUE WHEN to_regclass('public.' || quote_ident(child)) IS NOT NULL;
      PERFORM pg_advisory_xact_lock(4702111234509);
      -- Not to_regclass again: its answer may be remembered from before the wait for the lock.
      CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = child AND relnamespace = 'public'::regnamespace);
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', child, parent.relname);
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent.relname, child, month, month + interval '1 month');
      FOR unasked IN SELECT attname FROM pg_attribute
        WHERE attrelid = parent.oid AND attnum > 0 AND NOT attisdropped AND attstattarget = 0
      LOOP
        EXECUTE format('ALTER TABLE public.%I ALTER COLUMN %I SET STATISTICS 0', child, unasked);
      END LOOP;
      PERFORM public.protect_tenant_table(('public.' || quote_ident(child))::regclass);
      PERFORM public.make_append_only(('public.' || quote_ident(child))::regclass, 'UPDATE OR DELETE OR TRUNCATE');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;`;
