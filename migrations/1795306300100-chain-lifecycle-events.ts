import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Puts life-cycle events, what they did, and the changes of calendars into the hash chain. */
export class ChainLifecycleEvents1795306300100 implements MigrationInterface {
  readonly name = 'ChainLifecycleEvents1795306300100';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['lifecycle_events', 'lifecycle_effects', 'calendar_changes']) {
      await runner.query('SELECT chain_table($1::regclass)', [table]);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
