import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what ended since an instant without reading every run and every confirmation a firm ever had. */
const findRunOutcomesByTime = `
CREATE INDEX margin_runs_by_end ON margin_runs (firm_id, finished_at, run_id) WHERE state IN ('COMPLETED', 'PARTIAL');
CREATE INDEX requirement_releases_by_time ON requirement_releases (firm_id, confirmed_at, run_id);
`;

export class FindRunOutcomesByTime1795309950000 implements MigrationInterface {
  readonly name = 'FindRunOutcomesByTime1795309950000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(findRunOutcomesByTime);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
