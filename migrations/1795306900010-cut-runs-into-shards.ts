import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs over many accounts are cut into shards; a shard's results are committed together with the row that ends it. */
export class CutRunsIntoShards1795306900010 implements MigrationInterface {
  readonly name = 'CutRunsIntoShards1795306900010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(runs);
    await runner.query(shards);
    for (const table of ['margin_run_shards', 'margin_run_shard_ends'])
      await runner.query('SELECT chain_table($1::regclass)', [table]);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const runs = `
ALTER TABLE margin_runs ADD COLUMN shard_count integer,
  ADD CONSTRAINT margin_runs_shard_count_is_sane CHECK (shard_count BETWEEN 1 AND account_count),
  DROP CONSTRAINT margin_runs_state_is_whole,
  ADD CONSTRAINT margin_runs_state_is_whole CHECK (
    (state = 'RUNNING' AND num_nonnulls(finished_at, result_hash, failure_reason) = 0)
    OR (state = 'COMPLETED' AND num_nonnulls(finished_at, result_hash) = 2 AND failure_reason IS NULL)
    OR (state = 'PARTIAL' AND num_nonnulls(finished_at, result_hash, failure_reason) = 3 AND shard_count IS NOT NULL)
    OR (state = 'FAILED' AND num_nonnulls(finished_at, failure_reason) = 2 AND result_hash IS NULL));
COMMENT ON COLUMN margin_runs.shard_count IS 'Shards the run was cut into; null for a run whose results were committed in one transaction.';
`;

const shards = `
CREATE TABLE margin_run_shards (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  shard integer NOT NULL,
  account_ids uuid[] NOT NULL,
  methodologies text[] NOT NULL,
  CONSTRAINT margin_run_shards_pk PRIMARY KEY (firm_id, run_id, shard),
  CONSTRAINT margin_run_shards_run_fk FOREIGN KEY (firm_id, run_id) REFERENCES margin_runs (firm_id, run_id),
  CONSTRAINT margin_run_shards_are_not_empty CHECK (shard >= 1 AND cardinality(account_ids) > 0
    AND cardinality(methodologies) = cardinality(account_ids))
);
COMMENT ON TABLE margin_run_shards IS 'Which accounts a shard of a run evaluates, by which methodology, in order of their identifier; cut when the run is opened.';
SELECT protect_tenant_table('margin_run_shards');
SELECT make_append_only('margin_run_shards', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON margin_run_shards TO ballast_app;

CREATE TABLE margin_run_shard_ends (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  shard integer NOT NULL,
  outcome text NOT NULL,
  accounts_done integer NOT NULL,
  accounts_indeterminate integer NOT NULL,
  accounts_degraded integer NOT NULL,
  accounts_held integer NOT NULL,
  worker text NOT NULL,
  reason text,
  ended_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT margin_run_shard_ends_pk PRIMARY KEY (firm_id, run_id, shard),
  CONSTRAINT margin_run_shard_ends_shard_fk FOREIGN KEY (firm_id, run_id, shard)
    REFERENCES margin_run_shards (firm_id, run_id, shard),
  CONSTRAINT margin_run_shard_ends_outcome_is_known CHECK (outcome IN ('DONE', 'DEAD')),
  CONSTRAINT margin_run_shard_ends_dead_has_reason CHECK ((outcome = 'DEAD') = (reason IS NOT NULL)
    AND (outcome = 'DONE' OR accounts_done = 0)),
  CONSTRAINT margin_run_shard_ends_counts_are_sane CHECK (accounts_indeterminate >= 0 AND accounts_degraded >= 0 AND accounts_held >= 0
    AND accounts_indeterminate + accounts_degraded + accounts_held <= accounts_done)
);
COMMENT ON TABLE margin_run_shard_ends IS
  'How a shard ended, at most once: DONE is committed with its results, DEAD says why it has none. A repeated delivery finds the row and does nothing.';
SELECT protect_tenant_table('margin_run_shard_ends');
SELECT make_append_only('margin_run_shard_ends', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON margin_run_shard_ends TO ballast_app;
`;
