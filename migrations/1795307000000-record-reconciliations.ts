import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comparisons of runs with statements of other houses, what disagreed, and who settled it. */
export class RecordReconciliations1795307000000 implements MigrationInterface {
  readonly name = 'RecordReconciliations1795307000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const table of ['reconciliations', 'reconciliation_breaks', 'break_resolutions'])
      await runner.query('SELECT chain_table($1::regclass)', [table]);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const tables = `
CREATE TABLE reconciliations (
  firm_id uuid NOT NULL,
  reconciliation_id uuid NOT NULL,
  run_id uuid NOT NULL,
  run_as_of timestamptz NOT NULL,
  request_hash sha256 NOT NULL,
  statement_name text NOT NULL,
  statement_sha256 sha256 NOT NULL,
  statement_format text NOT NULL,
  statement_date date,
  covers_firm boolean NOT NULL,
  tolerances json NOT NULL,
  warnings text[] NOT NULL DEFAULT '{}',
  account_count integer NOT NULL,
  matched_count integer NOT NULL,
  break_count integer NOT NULL,
  engine_version text NOT NULL,
  started_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT reconciliations_pk PRIMARY KEY (firm_id, reconciliation_id),
  CONSTRAINT reconciliations_done_once UNIQUE (firm_id, request_hash),
  CONSTRAINT reconciliations_run_fk FOREIGN KEY (firm_id, run_id, run_as_of) REFERENCES margin_runs (firm_id, run_id, as_of),
  CONSTRAINT reconciliations_format_is_known CHECK (statement_format IN ('csv', 'activity-xml')),
  CONSTRAINT reconciliations_counts_are_sane CHECK (account_count >= 0 AND matched_count >= 0 AND break_count >= 0)
);
COMMENT ON TABLE reconciliations IS 'One comparison of a run with a statement; the request hash covers run, bytes of the statement, tolerances and scope.';
CREATE INDEX reconciliations_by_run ON reconciliations (firm_id, run_id);
SELECT protect_tenant_table('reconciliations');
SELECT make_append_only('reconciliations', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON reconciliations TO ballast_app;

CREATE TABLE reconciliation_breaks (
  firm_id uuid NOT NULL,
  reconciliation_id uuid NOT NULL,
  ordinal integer NOT NULL,
  account_id uuid,
  account_code identifier NOT NULL,
  kind text NOT NULL,
  item text NOT NULL,
  ours finite_numeric,
  theirs finite_numeric,
  difference finite_numeric,
  currency currency_code,
  cause json NOT NULL,
  CONSTRAINT reconciliation_breaks_pk PRIMARY KEY (firm_id, reconciliation_id, ordinal),
  CONSTRAINT reconciliation_breaks_reconciliation_fk FOREIGN KEY (firm_id, reconciliation_id)
    REFERENCES reconciliations (firm_id, reconciliation_id),
  CONSTRAINT reconciliation_breaks_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT reconciliation_breaks_ordinal_counts CHECK (ordinal > 0)
);
COMMENT ON TABLE reconciliation_breaks IS 'What disagreed, with its traced cause; account_id is null for a code that the firm does not have.';
SELECT protect_tenant_table('reconciliation_breaks');
SELECT make_append_only('reconciliation_breaks', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON reconciliation_breaks TO ballast_app;

CREATE TABLE break_resolutions (
  firm_id uuid NOT NULL,
  reconciliation_id uuid NOT NULL,
  ordinal integer NOT NULL,
  step integer NOT NULL,
  account_id uuid,
  action text NOT NULL,
  note text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT break_resolutions_pk PRIMARY KEY (firm_id, reconciliation_id, ordinal, step),
  CONSTRAINT break_resolutions_break_fk FOREIGN KEY (firm_id, reconciliation_id, ordinal)
    REFERENCES reconciliation_breaks (firm_id, reconciliation_id, ordinal),
  CONSTRAINT break_resolutions_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT break_resolutions_action_is_known CHECK (action IN ('PROPOSE', 'CONFIRM', 'REJECT')),
  CONSTRAINT break_resolutions_steps_count CHECK (step > 0),
  CONSTRAINT break_resolutions_are_explained CHECK (length(btrim(note)) > 0 AND length(btrim(recorded_by)) > 0)
);
COMMENT ON TABLE break_resolutions IS 'How a break was settled: proposed by one person, confirmed or rejected by another. A break is settled when its last step is CONFIRM.';
SELECT protect_tenant_table('break_resolutions');
SELECT make_append_only('break_resolutions', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON break_resolutions TO ballast_app;
`;
