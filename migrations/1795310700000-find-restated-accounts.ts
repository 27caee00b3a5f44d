import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds whose positions were stated since an instant without reading every statement a firm ever made. */
export class FindRestatedAccounts1795310700000 implements MigrationInterface {
  readonly name = 'FindRestatedAccounts1795310700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX position_statements_by_knowledge ON position_statements (firm_id, known_at, account_id)',
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
