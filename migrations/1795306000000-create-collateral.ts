import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pledged collateral as bitemporal versions, haircut schedules as dated whole versions, exchange-rate haircuts of the
 * buffer policy, and the explanation of equity beside each requirement.
 */
export class CreateCollateral1795306000000 implements MigrationInterface {
  readonly name = 'CreateCollateral1795306000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(holdings);
    await runner.query(schedules);
    await runner.query(explanation);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const holdings = `
CREATE TABLE collateral_statements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  mode text NOT NULL,
  valid_from timestamptz NOT NULL,
  known_at timestamptz NOT NULL,
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  holding_count integer NOT NULL,
  CONSTRAINT collateral_statements_pk PRIMARY KEY (firm_id, account_id, statement_id),
  CONSTRAINT collateral_statements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT collateral_statements_mode_is_known CHECK (mode IN ('REPLACE', 'MERGE'))
);
COMMENT ON TABLE collateral_statements IS 'What was delivered: one row per import of one account, so that a later correction knows how far it reaches.';
CREATE INDEX collateral_statements_by_time ON collateral_statements (firm_id, account_id, valid_from, known_at);
SELECT protect_tenant_table('collateral_statements');
SELECT make_append_only('collateral_statements', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON collateral_statements TO ballast_app;

CREATE TABLE collateral_holdings (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  asset identifier NOT NULL,
  version_id uuid NOT NULL DEFAULT gen_random_uuid(),
  statement_id uuid NOT NULL,
  kind text NOT NULL,
  asset_class identifier NOT NULL,
  rating identifier,
  maturity date,
  schedule identifier NOT NULL,
  quantity finite_numeric NOT NULL,
  price finite_numeric,
  currency currency_code,
  valid tstzrange NOT NULL,
  known tstzrange NOT NULL,
  CONSTRAINT collateral_holdings_pk PRIMARY KEY (firm_id, account_id, asset, version_id),
  CONSTRAINT collateral_holdings_statement_fk FOREIGN KEY (firm_id, account_id, statement_id)
    REFERENCES collateral_statements (firm_id, account_id, statement_id),
  CONSTRAINT collateral_holdings_kind_is_known CHECK (kind IN ('security', 'coin', 'commodity', 'other')),
  CONSTRAINT collateral_holdings_quantity_is_positive CHECK (quantity > 0),
  CONSTRAINT collateral_holdings_price_is_whole CHECK ((price IS NULL) = (currency IS NULL) AND price >= 0),
  CONSTRAINT collateral_holdings_valid_is_half_open CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  CONSTRAINT collateral_holdings_known_is_half_open CHECK (NOT isempty(known) AND NOT lower_inf(known) AND lower_inc(known) AND NOT upper_inc(known)),
  CONSTRAINT collateral_holdings_versions_do_not_overlap EXCLUDE USING gist
    (firm_id WITH =, account_id WITH =, asset WITH =, valid WITH &&, known WITH &&)
);
COMMENT ON TABLE collateral_holdings IS 'Versions of what an account pledged: held during valid, believed during known.';
CREATE INDEX collateral_holdings_open ON collateral_holdings (firm_id, account_id, asset) WHERE upper_inf(known);
CREATE TRIGGER allow_closing_only BEFORE UPDATE ON collateral_holdings FOR EACH ROW EXECUTE FUNCTION allow_closing_only();
SELECT protect_tenant_table('collateral_holdings');
SELECT make_append_only('collateral_holdings', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (known) ON collateral_holdings TO ballast_app;
`;

/** A version is one document: rules of a schedule only make sense together, and are read together. */
const schedules = `
CREATE TABLE haircut_schedules (
  firm_id uuid NOT NULL,
  schedule_id uuid NOT NULL,
  name identifier NOT NULL,
  effective_from timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  rules json NOT NULL,
  limits json NOT NULL,
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  CONSTRAINT haircut_schedules_pk PRIMARY KEY (firm_id, schedule_id),
  CONSTRAINT haircut_schedules_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id)
);
COMMENT ON TABLE haircut_schedules IS 'Dated versions of haircut schedules; of two for one date the one known last holds.';
CREATE INDEX haircut_schedules_in_effect ON haircut_schedules (firm_id, name, effective_from DESC, known_at DESC);
SELECT protect_tenant_table('haircut_schedules');
SELECT make_append_only('haircut_schedules', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON haircut_schedules TO ballast_app;
`;

const explanation = `
ALTER TABLE buffer_policies ADD COLUMN fx_haircuts json NOT NULL DEFAULT '{}';
COMMENT ON COLUMN buffer_policies.fx_haircuts IS 'Fraction by which a foreign currency is valued worse, by currency code, as decimal strings.';
ALTER TABLE requirements
  ADD COLUMN computed_status buffer_status,
  ADD COLUMN leverage finite_numeric,
  ADD COLUMN equity_components json NOT NULL DEFAULT '[]',
  ADD COLUMN collateral json NOT NULL DEFAULT '[]';
COMMENT ON COLUMN requirements.computed_status IS 'Status by the figures alone; differs from status where bad data kept the account on its step. Null: the same.';
COMMENT ON COLUMN requirements.leverage IS 'Gross market exposure / equity; null when equity is not positive or unknown.';
`;
