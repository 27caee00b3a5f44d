import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A move of one price rewrites the newest buffer of every holder, several times a minute, in a table of one row per account:
 * old versions soon outnumber the rows, and every look-up walks past them (10,000 holders: 0.6 s of 2 s after 30 moves). So
 * they are swept when there are as many as a move or two leaves, and not by a share of the table.
 */
export class KeepNewestBuffersLean1795310800000 implements MigrationInterface {
  readonly name = 'KeepNewestBuffersLean1795310800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['latest_buffers', 'margin_calls'])
      await runner.query(`ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
