import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tells runs over every account from runs over some: whoever asks for the latest figures of the firm needs one of the first.
 */
export class MarkRunsOfPartOfAFirm1795309960000 implements MigrationInterface {
  readonly name = 'MarkRunsOfPartOfAFirm1795309960000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE margin_runs ADD COLUMN is_part boolean, ADD CONSTRAINT margin_runs_is_part_or_null CHECK (is_part);
      COMMENT ON COLUMN margin_runs.is_part IS
        'True for a run over some of the accounts of the firm; null for one over all of them.';
      CREATE INDEX margin_runs_latest_of_all ON margin_runs (firm_id, as_of DESC, finished_at DESC)
        WHERE is_part IS NULL AND state = 'COMPLETED';`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
