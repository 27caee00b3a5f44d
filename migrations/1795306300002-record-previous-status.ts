import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The status that decided a requirement's hysteresis is an input like any other: recorded, so that a replay has it. */
export class RecordPreviousStatus1795306300002 implements MigrationInterface {
  readonly name = 'RecordPreviousStatus1795306300002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE requirements ADD COLUMN previous_status buffer_status;
      COMMENT ON COLUMN requirements.previous_status IS 'Status of the account before this run; null when there was none.';`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
