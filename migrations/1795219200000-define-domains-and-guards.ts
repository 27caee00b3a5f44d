import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What every later table leans on: number domains that no NaN or infinity passes (NaN sorts above everything, so
 * `< 'Infinity'` refuses it), the words of the contract, and the guards that make history append-only and tenants
 * invisible to each other.
 */
export class DefineDomainsAndGuards1795219200000 implements MigrationInterface {
  readonly name = 'DefineDomainsAndGuards1795219200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(domains);
    await runner.query(historyGuards);
    await runner.query(tenantGuards);
    await runner.query(rights);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const domains = `
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE DOMAIN finite_numeric AS numeric
  CONSTRAINT finite_numeric_is_finite CHECK (VALUE > '-Infinity' AND VALUE < 'Infinity')
  CONSTRAINT finite_numeric_of_bounded_digits CHECK (abs(VALUE) < 1e26 AND scale(VALUE) <= 20);
CREATE DOMAIN finite_double AS double precision
  CONSTRAINT finite_double_is_finite CHECK (VALUE > '-Infinity' AND VALUE < 'Infinity');
CREATE DOMAIN sha256 AS bytea
  CONSTRAINT sha256_has_32_bytes CHECK (octet_length(VALUE) = 32);
CREATE DOMAIN identifier AS text
  CONSTRAINT identifier_is_plain CHECK (length(VALUE) BETWEEN 1 AND 128 AND VALUE = btrim(VALUE) AND VALUE !~ '[[:cntrl:]]');
CREATE DOMAIN currency_code AS text
  CONSTRAINT currency_code_is_capitals CHECK (VALUE ~ '^[A-Z][A-Z0-9]{2,9}$');
CREATE DOMAIN margin_methodology AS text
  CONSTRAINT margin_methodology_is_known CHECK (VALUE IN ('SPAN', 'TIMS', 'CRYPTO_PM', 'CRYPTO_PMRM', 'SENSITIVITY'));
CREATE DOMAIN data_quality AS text
  CONSTRAINT data_quality_is_known CHECK (VALUE IN ('OK', 'DEGRADED', 'STALE', 'INDETERMINATE', 'HELD'));
CREATE FUNCTION current_instant() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT date_trunc('milliseconds', clock_timestamp()) $$;
COMMENT ON FUNCTION current_instant() IS 'The time now in whole milliseconds, as the application reads instants: a known time that was read back finds its own row.';
CREATE DOMAIN buffer_status AS text
  CONSTRAINT buffer_status_is_known CHECK (VALUE IN ('HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION', 'INDETERMINATE'));
`;

const historyGuards = `
CREATE FUNCTION forbid_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the table is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
COMMENT ON FUNCTION forbid_rewrite() IS 'Stops even the owner from changing history by mistake; a correction is a new row.';

CREATE FUNCTION allow_closing_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known)
     OR to_jsonb(OLD) - 'known' <> to_jsonb(NEW) - 'known' THEN
    RAISE EXCEPTION 'a version of % may only be closed, once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION allow_closing_only() IS 'A version says what was known from when to when; only its end may be written, once.';

CREATE FUNCTION make_append_only(target regclass, forbidden text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER forbid_rewrite BEFORE %s ON %s FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite()', forbidden, target);
END $$;
`;

const tenantGuards = `
CREATE FUNCTION protect_tenant_table(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  same_firm constant text := 'firm_id = (SELECT nullif(current_setting(''app.firm_id'', true), '''')::uuid)';
  scope constant text := '(SELECT nullif(current_setting(''app.account_ids'', true), ''''))';
  visible_account text := scope || ' IS NULL OR account_id = ANY (' || scope || '::uuid[])';
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY same_firm ON %s USING (%s) WITH CHECK (%s)', target, same_firm, same_firm);
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'account_id' AND NOT attisdropped) THEN
    IF NOT (SELECT attnotnull FROM pg_attribute WHERE attrelid = target AND attname = 'account_id') THEN
      visible_account := 'account_id IS NULL OR ' || visible_account;
    END IF;
    EXECUTE format('CREATE POLICY visible_account ON %s AS RESTRICTIVE USING (%s) WITH CHECK (%s)', target, visible_account, visible_account);
  END IF;
END $$;
COMMENT ON FUNCTION protect_tenant_table(regclass) IS
  'Rows are visible only to the firm named by app.firm_id, and where app.account_ids is set only of those accounts. Unset means no row.';

CREATE FUNCTION ensure_month_partitions(from_instant timestamptz, to_instant timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  parent record;
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
      PERFORM public.protect_tenant_table(('public.' || quote_ident(child))::regclass);
      PERFORM public.make_append_only(('public.' || quote_ident(child))::regclass, 'UPDATE OR DELETE OR TRUNCATE');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
COMMENT ON FUNCTION ensure_month_partitions(timestamptz, timestamptz) IS
  'Creates the monthly partitions of every partitioned table that touch the given time; runs as the owner, so the application may ask.';
`;

const rights = `
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ballast_app;
GRANT SELECT ON schema_migrations TO ballast_app;
REVOKE EXECUTE ON FUNCTION current_instant(), forbid_rewrite(), allow_closing_only(), make_append_only(regclass, text),
  protect_tenant_table(regclass), ensure_month_partitions(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_month_partitions(timestamptz, timestamptz), current_instant() TO ballast_app;
`;
