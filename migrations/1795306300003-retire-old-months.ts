import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Retention: whole months of the partitioned tables may be given up, by the owner only, and the chain says that they were. */
export class RetireOldMonths1795306300003 implements MigrationInterface {
  readonly name = 'RetireOldMonths1795306300003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(retirements);
    await runner.query(retire);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const retirements = `
CREATE TABLE history_retirements (
  firm_id uuid NOT NULL,
  table_name text NOT NULL,
  month timestamptz NOT NULL,
  retired_at timestamptz NOT NULL DEFAULT current_instant(),
  retired_by text NOT NULL,
  row_count bigint NOT NULL,
  CONSTRAINT history_retirements_pk PRIMARY KEY (firm_id, table_name, month),
  CONSTRAINT history_retirements_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id)
);
COMMENT ON TABLE history_retirements IS 'Months whose rows were given up under the retention policy; roll-ups and links stay.';
SELECT protect_tenant_table('history_retirements');
SELECT make_append_only('history_retirements', 'UPDATE OR DELETE OR TRUNCATE');
SELECT chain_table('history_retirements');
GRANT SELECT ON history_retirements TO ballast_app;
`;

const retire = `
CREATE FUNCTION retire_month(parent regclass, child regclass, month_start timestamptz, operator text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  firm record;
  found bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = parent AND inhrelid = child) THEN
    RAISE EXCEPTION '% is no partition of %', child, parent USING ERRCODE = 'check_violation';
  END IF;
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    EXECUTE format('SELECT count(*) FROM %s', child) INTO found;
    CONTINUE WHEN found = 0;
    INSERT INTO history_retirements (firm_id, table_name, month, retired_by, row_count)
      VALUES (firm.firm_id, parent::text, month_start, operator, found)
      ON CONFLICT ON CONSTRAINT history_retirements_pk DO NOTHING;
    total := total + found;
  END LOOP;
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, child);
  EXECUTE format('DROP TABLE %s', child);
  RETURN total;
END $$;
REVOKE EXECUTE ON FUNCTION retire_month(regclass, regclass, timestamptz, text) FROM PUBLIC;
`;
