import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the hash chain of history cover pledged collateral and haircut schedules. */
export class ChainCollateral1795306900000 implements MigrationInterface {
  readonly name = 'ChainCollateral1795306900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SELECT chain_table('collateral_statements')`);
    await runner.query(`SELECT chain_table('collateral_holdings', '{known}', 'upper_inf(r.known)')`);
    await runner.query(`SELECT chain_table('haircut_schedules')`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
