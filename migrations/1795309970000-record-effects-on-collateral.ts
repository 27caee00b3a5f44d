import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a life-cycle event say what it did to pledged assets: how many before and after, and their full terms. */
export class RecordEffectsOnCollateral1795309970000 implements MigrationInterface {
  readonly name = 'RecordEffectsOnCollateral1795309970000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lifecycle_effects
        ADD COLUMN asset identifier,
        ADD COLUMN pledge_before json,
        ADD COLUMN pledge_after json,
        DROP CONSTRAINT lifecycle_effects_say_one_thing,
        ADD CONSTRAINT lifecycle_effects_say_one_thing CHECK (
          num_nonnulls(instrument_id, asset, currency, note) = 1
          AND (num_nonnulls(instrument_id, asset) = 1) = (num_nonnulls(quantity_before, quantity_after) = 2)
          AND (instrument_id IS NOT NULL OR num_nonnulls(average_price_before, average_price_after) = 0)
          AND (asset IS NOT NULL) = (num_nonnulls(pledge_before, pledge_after) > 0)
          AND (currency IS NOT NULL) = (amount IS NOT NULL));
      COMMENT ON COLUMN lifecycle_effects.asset IS 'Pledged asset that the event changed; quantity 0 where it was or is not pledged.';
      COMMENT ON COLUMN lifecycle_effects.pledge_before IS 'The pledged holding with all its terms before the event; amounts are strings of plain digits.';
      COMMENT ON COLUMN lifecycle_effects.pledge_after IS 'The pledged holding with all its terms after the event; amounts are strings of plain digits.';`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
