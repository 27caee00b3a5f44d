import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Puts what figures rest on into the hash chain: contracts, underlyings, accounts, rates and the prices of underlyings.
 * Quotes of contracts are held by the content hash of their snapshot, which is chained since the beginning and covers every
 * one of them; verification computes it anew.
 *
 * An account is the one record whose name and methodology may change in place. Each state it had is a row of
 * `account_versions`, written by a trigger, and that table is chained; verification holds the two together.
 */
export class ChainWhatFiguresRestOn1795310850000 implements MigrationInterface {
  readonly name = 'ChainWhatFiguresRestOn1795310850000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(sealExisting);
    await runner.query(accountVersions);
    for (const table of chained) await runner.query('SELECT chain_table($1::regclass)', [table]);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const chained = [
  'account_versions',
  'underlyings',
  'instruments',
  'underlying_quotes',
  'forward_quotes',
  'fx_rates',
  'file_deliveries',
];

/** Links are appended while the firm is set, and not when the migration commits, when no row of any firm can be written. */
const sealExisting = `
CREATE OR REPLACE FUNCTION seal_existing(target regclass) RETURNS void LANGUAGE plpgsql
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
    IF condition IS NOT NULL THEN
      EXECUTE format('UPDATE %s r SET closing_batch = currval(''history_batch_number'') WHERE closing_batch IS NULL AND NOT (%s)', target, condition);
      EXECUTE seal_statement(target, 'CLOSE', format('(SELECT * FROM %s WHERE closing_batch = currval(''history_batch_number''))', target));
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
  END LOOP;
  PERFORM set_config('app.firm_id', '', true);
  EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', target);
END $$;
`;

const accountVersions = `
CREATE TABLE account_versions (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  version integer NOT NULL,
  code identifier NOT NULL,
  name text NOT NULL,
  base_currency currency_code NOT NULL,
  methodology margin_methodology NOT NULL,
  created_at timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT known_instant(),
  CONSTRAINT account_versions_pk PRIMARY KEY (firm_id, account_id, version),
  CONSTRAINT account_versions_count CHECK (version > 0)
);
COMMENT ON TABLE account_versions IS 'Every state an account had, counted from 1; the last one is the row of accounts. Written by its trigger alone.';
SELECT protect_tenant_table('account_versions');
SELECT make_append_only('account_versions', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT ON account_versions TO ballast_app;

DO $$
DECLARE
  firm record;
BEGIN
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    INSERT INTO account_versions
    SELECT firm_id, account_id, 1, code, name, base_currency, methodology, created_at, public.current_instant() FROM accounts;
  END LOOP;
  PERFORM set_config('app.firm_id', '', true);
END $$;

CREATE FUNCTION note_account_versions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO public.account_versions (firm_id, account_id, version, code, name, base_currency, methodology, created_at)
  SELECT n.firm_id, n.account_id, 1 + coalesce((SELECT max(v.version) FROM public.account_versions v
      WHERE v.firm_id = n.firm_id AND v.account_id = n.account_id), 0),
    n.code, n.name, n.base_currency, n.methodology, n.created_at FROM new_rows n;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION note_account_versions() IS 'Keeps what an account says from now on; its row may change, this one cannot.';
REVOKE EXECUTE ON FUNCTION note_account_versions() FROM PUBLIC;
CREATE TRIGGER note_opening AFTER INSERT ON accounts REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_account_versions();
CREATE TRIGGER note_change AFTER UPDATE ON accounts REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_account_versions();
`;
