import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which files a firm delivered, so that a file of a known name with other content is noticed. */
export class CreateFileDeliveries1795306400000 implements MigrationInterface {
  readonly name = 'CreateFileDeliveries1795306400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE file_deliveries (
  firm_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  sha256 sha256 NOT NULL,
  row_count integer NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT file_deliveries_pk PRIMARY KEY (firm_id, delivery_id),
  CONSTRAINT file_deliveries_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT file_deliveries_kind_is_known CHECK (kind IN ('positions', 'balances')),
  CONSTRAINT file_deliveries_rows_are_counted CHECK (row_count > 0)
);
COMMENT ON TABLE file_deliveries IS 'One row per file that stored something: what came under which name, from whom, when.';
CREATE INDEX file_deliveries_by_name ON file_deliveries (firm_id, kind, file_name, known_at DESC);
SELECT protect_tenant_table('file_deliveries');
SELECT make_append_only('file_deliveries', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON file_deliveries TO ballast_app;
`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
