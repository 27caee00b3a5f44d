import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the accounts that hold a contract without reading everybody's positions: after a move of one price only its holders
 * are evaluated again.
 */
export class FindHoldersByContract1795310400001 implements MigrationInterface {
  readonly name = 'FindHoldersByContract1795310400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX positions_by_contract ON positions (firm_id, instrument_id, account_id)');
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
