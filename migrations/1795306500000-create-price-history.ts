import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Daily prices of symbols, from which value at risk and breach probability take volatility and correlation. */
export class CreatePriceHistory1795306500000 implements MigrationInterface {
  readonly name = 'CreatePriceHistory1795306500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE price_history (
  firm_id uuid NOT NULL,
  symbol identifier NOT NULL,
  price_date date NOT NULL,
  revision integer NOT NULL,
  price finite_double NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT price_history_pk PRIMARY KEY (firm_id, symbol, price_date, revision),
  CONSTRAINT price_history_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT price_history_price_is_above_zero CHECK (price > 0),
  CONSTRAINT price_history_revision_counts_from_one CHECK (revision > 0)
);
COMMENT ON TABLE price_history IS 'Daily prices per symbol; a corrected price is a further revision, the highest one holds.';
SELECT protect_tenant_table('price_history');
SELECT make_append_only('price_history', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON price_history TO ballast_app;
`);
    await runner.query(`SELECT chain_table('price_history')`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
