import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Immutable market snapshots. Prices are exact (`finite_numeric`); rates, yields and volatilities are float64, because
 * that is what the models take and a float64 survives the way here and back bit for bit.
 */
export class CreateMarketSnapshots1795219200002 implements MigrationInterface {
  readonly name = 'CreateMarketSnapshots1795219200002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(snapshots);
    await runner.query(underlyingQuotes);
    await runner.query(instrumentQuotes);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const snapshots = `
CREATE TABLE market_snapshots (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  quality data_quality NOT NULL,
  quality_reasons text[] NOT NULL DEFAULT '{}',
  underlying_count integer NOT NULL,
  instrument_count integer NOT NULL,
  CONSTRAINT market_snapshots_pk PRIMARY KEY (firm_id, snapshot_id),
  CONSTRAINT market_snapshots_as_of_unique UNIQUE (firm_id, snapshot_id, as_of),
  CONSTRAINT market_snapshots_content_unique UNIQUE (firm_id, content_hash),
  CONSTRAINT market_snapshots_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id)
);
CREATE INDEX market_snapshots_by_time ON market_snapshots (firm_id, as_of DESC, known_at DESC);
SELECT protect_tenant_table('market_snapshots');
SELECT make_append_only('market_snapshots', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON market_snapshots TO ballast_app;

CREATE TABLE fx_rates (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  ordinal integer NOT NULL,
  from_currency currency_code NOT NULL,
  to_currency currency_code NOT NULL,
  rate finite_numeric NOT NULL,
  CONSTRAINT fx_rates_pk PRIMARY KEY (firm_id, snapshot_id, ordinal),
  CONSTRAINT fx_rates_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots (firm_id, snapshot_id),
  CONSTRAINT fx_rates_rate_is_positive CHECK (rate > 0)
);
SELECT protect_tenant_table('fx_rates');
SELECT make_append_only('fx_rates', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON fx_rates TO ballast_app;
`;

const underlyingQuotes = `
CREATE TABLE underlying_quotes (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  underlying_id identifier NOT NULL,
  kind text NOT NULL,
  currency currency_code NOT NULL,
  price finite_numeric,
  rate finite_double NOT NULL,
  dividend_yield finite_double NOT NULL,
  quoted_at timestamptz NOT NULL,
  historical_volatility finite_double,
  qualifier text,
  sensitivity_bucket text,
  confidence finite_double,
  stable_price finite_numeric,
  perpetual_price finite_numeric,
  perpetual_confidence finite_double,
  perpetual_unrealised_pnl finite_numeric,
  perpetual_unrealised_funding finite_numeric,
  CONSTRAINT underlying_quotes_pk PRIMARY KEY (firm_id, snapshot_id, underlying_id),
  CONSTRAINT underlying_quotes_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots (firm_id, snapshot_id),
  CONSTRAINT underlying_quotes_underlying_fk FOREIGN KEY (firm_id, underlying_id) REFERENCES underlyings (firm_id, underlying_id)
);
SELECT protect_tenant_table('underlying_quotes');
SELECT make_append_only('underlying_quotes', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON underlying_quotes TO ballast_app;

CREATE TABLE forward_quotes (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  underlying_id identifier NOT NULL,
  expiry timestamptz NOT NULL,
  ordinal integer NOT NULL,
  price finite_numeric NOT NULL,
  rate finite_double,
  confidence finite_double,
  rate_confidence finite_double,
  volatility_confidence finite_double,
  CONSTRAINT forward_quotes_pk PRIMARY KEY (firm_id, snapshot_id, underlying_id, expiry),
  CONSTRAINT forward_quotes_underlying_quote_fk FOREIGN KEY (firm_id, snapshot_id, underlying_id)
    REFERENCES underlying_quotes (firm_id, snapshot_id, underlying_id)
);
SELECT protect_tenant_table('forward_quotes');
SELECT make_append_only('forward_quotes', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON forward_quotes TO ballast_app;
`;

const instrumentQuotes = `
CREATE TABLE instrument_quotes (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  instrument_id identifier NOT NULL,
  bid finite_numeric,
  ask finite_numeric,
  mark finite_numeric,
  implied_volatility finite_double,
  quoted_at timestamptz NOT NULL,
  flags text[] NOT NULL DEFAULT '{}',
  CONSTRAINT instrument_quotes_pk PRIMARY KEY (firm_id, snapshot_id, instrument_id, as_of),
  CONSTRAINT instrument_quotes_snapshot_fk FOREIGN KEY (firm_id, snapshot_id, as_of)
    REFERENCES market_snapshots (firm_id, snapshot_id, as_of),
  CONSTRAINT instrument_quotes_instrument_fk FOREIGN KEY (firm_id, instrument_id) REFERENCES instruments (firm_id, instrument_id)
) PARTITION BY RANGE (as_of);
SELECT protect_tenant_table('instrument_quotes');
SELECT make_append_only('instrument_quotes', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON instrument_quotes TO ballast_app;
`;
