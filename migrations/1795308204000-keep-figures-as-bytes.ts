import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Figures, scenario vectors and Greeks of a requirement as bytes. Runs over many accounts keep those alone: what explains
 * them is recomputed from the recorded inputs when somebody asks. Rows written before keep their texts and have no bytes.
 */
export class KeepFiguresAsBytes1795308204000 implements MigrationInterface {
  readonly name = 'KeepFiguresAsBytes1795308204000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE requirements ADD COLUMN figures bytea;
      ALTER TABLE requirements ALTER COLUMN scenarios DROP NOT NULL, ALTER COLUMN breakdown DROP NOT NULL,
        ALTER COLUMN contributions DROP NOT NULL, ALTER COLUMN greeks DROP NOT NULL;
      ALTER TABLE requirements ADD CONSTRAINT requirements_are_explained_or_recomputable
        CHECK (num_nulls(scenarios, breakdown, contributions, greeks) = CASE WHEN breakdown IS NULL THEN 4 ELSE 0 END
          AND (breakdown IS NOT NULL OR figures IS NOT NULL));
      COMMENT ON COLUMN requirements.figures IS
        'Unrounded figures, losses per scenario and Greeks as bytes; the result hash covers them. Null in rows written before they were kept.';
      COMMENT ON COLUMN requirements.breakdown IS
        'Explanation of the figures; null together with scenarios, contributions and greeks where it is recomputed when asked for.';`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
