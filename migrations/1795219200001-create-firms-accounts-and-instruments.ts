import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tenants, their accounts, and their contracts. Contracts belong to a firm: what one firm imports never shows in
 * another, and two firms may use one name for different terms.
 */
export class CreateFirmsAccountsAndInstruments1795219200001 implements MigrationInterface {
  readonly name = 'CreateFirmsAccountsAndInstruments1795219200001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(firms);
    await runner.query(accounts);
    await runner.query(instruments);
    await runner.query(requests);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const firms = `
CREATE TABLE firms (
  firm_id uuid CONSTRAINT firms_pk PRIMARY KEY,
  code identifier NOT NULL CONSTRAINT firms_code_unique UNIQUE,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT current_instant()
);
COMMENT ON TABLE firms IS 'Tenants. A tenant sees its own row only; the process lists them through firm_directory().';
SELECT protect_tenant_table('firms');
CREATE POLICY directory_of_owner ON firms FOR SELECT TO CURRENT_USER USING (true);
GRANT SELECT, INSERT ON firms TO ballast_app;
SELECT make_append_only('firms', 'DELETE OR TRUNCATE');

CREATE FUNCTION firm_directory() RETURNS TABLE (firm_id uuid, code text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT f.firm_id, f.code, f.name FROM public.firms f ORDER BY f.code
$$;
COMMENT ON FUNCTION firm_directory() IS 'The one door through row level security: which firms exist, for command lines and workers.';
REVOKE EXECUTE ON FUNCTION firm_directory() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION firm_directory() TO ballast_app;
`;

const accounts = `
CREATE TABLE accounts (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  code identifier NOT NULL,
  name text NOT NULL,
  base_currency currency_code NOT NULL,
  methodology margin_methodology NOT NULL,
  created_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT accounts_pk PRIMARY KEY (firm_id, account_id),
  CONSTRAINT accounts_code_unique UNIQUE (firm_id, code),
  CONSTRAINT accounts_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id)
);
SELECT protect_tenant_table('accounts');
SELECT make_append_only('accounts', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (name, methodology) ON accounts TO ballast_app;
`;

const instruments = `
CREATE TABLE underlyings (
  firm_id uuid NOT NULL,
  underlying_id identifier NOT NULL,
  kind text NOT NULL,
  currency currency_code NOT NULL,
  created_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT underlyings_pk PRIMARY KEY (firm_id, underlying_id),
  CONSTRAINT underlyings_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT underlyings_kind_is_known CHECK (kind IN
    ('equity', 'narrow-index', 'broad-index', 'high-cap-index', 'fx', 'future', 'crypto', 'other'))
);
SELECT protect_tenant_table('underlyings');
SELECT make_append_only('underlyings', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON underlyings TO ballast_app;

CREATE TABLE instruments (
  firm_id uuid NOT NULL,
  instrument_id identifier NOT NULL,
  underlying_id identifier NOT NULL,
  type text NOT NULL,
  multiplier finite_numeric NOT NULL,
  currency currency_code NOT NULL,
  settlement text NOT NULL,
  option_right text,
  strike finite_numeric,
  expiry timestamptz,
  exercise text,
  premium_style text,
  created_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT instruments_pk PRIMARY KEY (firm_id, instrument_id),
  CONSTRAINT instruments_underlying_fk FOREIGN KEY (firm_id, underlying_id) REFERENCES underlyings (firm_id, underlying_id),
  CONSTRAINT instruments_type_is_known CHECK (type IN ('option', 'future', 'perpetual', 'underlying')),
  CONSTRAINT instruments_multiplier_is_positive CHECK (multiplier > 0),
  CONSTRAINT instruments_settlement_is_known CHECK (settlement IN ('linear', 'inverse')),
  CONSTRAINT instruments_right_is_known CHECK (option_right IN ('call', 'put')),
  CONSTRAINT instruments_exercise_is_known CHECK (exercise IN ('european', 'american')),
  CONSTRAINT instruments_premium_style_is_known CHECK (premium_style IN ('equity', 'futures')),
  CONSTRAINT instruments_terms_fit_type CHECK (
    num_nonnulls(option_right, strike, exercise, premium_style) = CASE type WHEN 'option' THEN 4 ELSE 0 END
    AND (expiry IS NOT NULL) = (type IN ('option', 'future')))
);
CREATE INDEX instruments_by_underlying ON instruments (firm_id, underlying_id, expiry, instrument_id);
SELECT protect_tenant_table('instruments');
SELECT make_append_only('instruments', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON instruments TO ballast_app;
`;

const requests = `
CREATE TABLE idempotency_keys (
  firm_id uuid NOT NULL,
  operation text NOT NULL,
  key identifier NOT NULL,
  request_hash sha256 NOT NULL,
  response json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT idempotency_keys_pk PRIMARY KEY (firm_id, operation, key),
  CONSTRAINT idempotency_keys_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id)
);
SELECT protect_tenant_table('idempotency_keys');
SELECT make_append_only('idempotency_keys', 'UPDATE OR TRUNCATE');
GRANT SELECT, INSERT ON idempotency_keys TO ballast_app;
`;
