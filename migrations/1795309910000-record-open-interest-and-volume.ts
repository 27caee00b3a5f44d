import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps how many contracts are open and how many trade with a quote; null is not known, for what is stored and what comes. */
export class RecordOpenInterestAndVolume1795309910000 implements MigrationInterface {
  readonly name = 'RecordOpenInterestAndVolume1795309910000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE instrument_quotes
  ADD COLUMN open_interest finite_numeric CONSTRAINT instrument_quotes_open_interest_is_a_count CHECK (open_interest >= 0),
  ADD COLUMN volume finite_numeric CONSTRAINT instrument_quotes_volume_is_a_count CHECK (volume >= 0);
`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
