import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells contracts that settle to a special opening quotation from those that settle on the close. */
export class TellSettlementSessions1795309970001 implements MigrationInterface {
  readonly name = 'TellSettlementSessions1795309970001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE instruments ADD COLUMN settlement_session text
        CONSTRAINT instruments_settlement_session_is_known CHECK (settlement_session = 'am');
      COMMENT ON COLUMN instruments.settlement_session IS
        'am: settled to the special opening quotation of the expiry day; null: to the price at the expiry.';`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
