import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Bitemporal versions: `valid` is when a quantity was held, `known` is when we believed it. A correction closes `known`
 * of the old version and adds new ones; two beliefs about one moment can never be open together (EXCLUDE).
 */
export class CreatePositionsAndBalances1795219200003 implements MigrationInterface {
  readonly name = 'CreatePositionsAndBalances1795219200003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(positions);
    await runner.query(balances);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const positions = `
CREATE TABLE position_statements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  mode text NOT NULL,
  valid_from timestamptz NOT NULL,
  known_at timestamptz NOT NULL,
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  position_count integer NOT NULL,
  CONSTRAINT position_statements_pk PRIMARY KEY (firm_id, account_id, statement_id),
  CONSTRAINT position_statements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT position_statements_mode_is_known CHECK (mode IN ('REPLACE', 'MERGE'))
);
COMMENT ON TABLE position_statements IS 'What was delivered: one row per import of one account, so that a later correction knows how far it reaches.';
CREATE INDEX position_statements_by_time ON position_statements (firm_id, account_id, valid_from, known_at);
SELECT protect_tenant_table('position_statements');
SELECT make_append_only('position_statements', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON position_statements TO ballast_app;

CREATE TABLE positions (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  instrument_id identifier NOT NULL,
  version_id uuid NOT NULL DEFAULT gen_random_uuid(),
  statement_id uuid NOT NULL,
  quantity finite_numeric NOT NULL,
  average_price finite_numeric,
  valid tstzrange NOT NULL,
  known tstzrange NOT NULL,
  CONSTRAINT positions_pk PRIMARY KEY (firm_id, account_id, instrument_id, version_id),
  CONSTRAINT positions_statement_fk FOREIGN KEY (firm_id, account_id, statement_id)
    REFERENCES position_statements (firm_id, account_id, statement_id),
  CONSTRAINT positions_instrument_fk FOREIGN KEY (firm_id, instrument_id) REFERENCES instruments (firm_id, instrument_id),
  CONSTRAINT positions_quantity_is_not_zero CHECK (quantity <> 0),
  CONSTRAINT positions_valid_is_half_open CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  CONSTRAINT positions_known_is_half_open CHECK (NOT isempty(known) AND NOT lower_inf(known) AND lower_inc(known) AND NOT upper_inc(known)),
  CONSTRAINT positions_versions_do_not_overlap EXCLUDE USING gist
    (firm_id WITH =, account_id WITH =, instrument_id WITH =, valid WITH &&, known WITH &&)
);
CREATE INDEX positions_open ON positions (firm_id, account_id, instrument_id) WHERE upper_inf(known);
CREATE TRIGGER allow_closing_only BEFORE UPDATE ON positions FOR EACH ROW EXECUTE FUNCTION allow_closing_only();
SELECT protect_tenant_table('positions');
SELECT make_append_only('positions', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (known) ON positions TO ballast_app;
`;

const balances = `
CREATE TABLE balances (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  currency currency_code NOT NULL,
  version_id uuid NOT NULL DEFAULT gen_random_uuid(),
  amount finite_numeric NOT NULL,
  reason text NOT NULL,
  recorded_by text NOT NULL,
  valid tstzrange NOT NULL,
  known tstzrange NOT NULL,
  CONSTRAINT balances_pk PRIMARY KEY (firm_id, account_id, currency, version_id),
  CONSTRAINT balances_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT balances_valid_is_half_open CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  CONSTRAINT balances_known_is_half_open CHECK (NOT isempty(known) AND NOT lower_inf(known) AND lower_inc(known) AND NOT upper_inc(known)),
  CONSTRAINT balances_versions_do_not_overlap EXCLUDE USING gist
    (firm_id WITH =, account_id WITH =, currency WITH =, valid WITH &&, known WITH &&)
);
CREATE INDEX balances_open ON balances (firm_id, account_id, currency) WHERE upper_inf(known);
CREATE TRIGGER allow_closing_only BEFORE UPDATE ON balances FOR EACH ROW EXECUTE FUNCTION allow_closing_only();
SELECT protect_tenant_table('balances');
SELECT make_append_only('balances', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (known) ON balances TO ballast_app;
`;
