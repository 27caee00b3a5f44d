import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Writes the links of what a firm gives up while the transaction is that firm's. They were written at its end, when the last firm was
 * the one that row level security showed, so that no month could be given up where two firms had rows in it.
 */
export class LinkRetirementsOfEachFirm1795311220000 implements MigrationInterface {
  readonly name = 'LinkRetirementsOfEachFirm1795311220000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(rewrite);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const before = 'total := total + found;';
const after = `${before}
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;`;

const rewrite = `DO $$
DECLARE
  body constant text := pg_get_functiondef('retire_month(regclass, regclass, timestamptz, text)'::regprocedure);
BEGIN
  IF strpos(body, '${before}') = 0 THEN RAISE EXCEPTION 'retire_month does not add up'; END IF;
  EXECUTE replace(body, '${before}', '${after}');
END $$`;
