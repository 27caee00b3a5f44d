import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Held requirements and who released them, dated controls, impact of proposed parameters, events of market feeds. */
export class GuardFigures1795306200000 implements MigrationInterface {
  readonly name = 'GuardFigures1795306200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(runCounts);
    await runner.query(releases);
    await runner.query(controls);
    await runner.query(impacts);
    await runner.query(feeds);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const runCounts = `
ALTER TABLE margin_runs ADD COLUMN accounts_degraded integer NOT NULL DEFAULT 0, ADD COLUMN accounts_held integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT margin_runs_guard_counts_are_sane CHECK (accounts_degraded >= 0 AND accounts_held >= 0
    AND accounts_degraded + accounts_held + accounts_indeterminate <= accounts_done);
GRANT UPDATE (accounts_degraded, accounts_held) ON margin_runs TO ballast_app;
ALTER TABLE underlying_quotes ADD COLUMN flags text[] NOT NULL DEFAULT '{}';
`;

const releases = `
CREATE TABLE held_requirements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  released_run_id uuid NOT NULL,
  released_as_of timestamptz NOT NULL,
  released_initial finite_numeric NOT NULL,
  released_maintenance finite_numeric NOT NULL,
  status_on_release buffer_status NOT NULL,
  quality_on_release data_quality NOT NULL,
  CONSTRAINT held_requirements_pk PRIMARY KEY (firm_id, account_id, as_of, run_id),
  CONSTRAINT held_requirements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT held_requirements_run_fk FOREIGN KEY (firm_id, run_id, as_of) REFERENCES margin_runs (firm_id, run_id, as_of),
  CONSTRAINT held_requirements_released_run_fk FOREIGN KEY (firm_id, released_run_id, released_as_of)
    REFERENCES margin_runs (firm_id, run_id, as_of),
  CONSTRAINT held_requirements_quality_can_be_released CHECK (quality_on_release IN ('OK', 'DEGRADED')),
  CONSTRAINT held_requirements_are_not_negative CHECK (released_initial >= 0 AND released_maintenance >= 0)
);
COMMENT ON TABLE held_requirements IS 'Requirements that moved too far: what stays in effect until a person confirms the new figure, and what it becomes then.';
CREATE INDEX held_requirements_by_run ON held_requirements (firm_id, run_id);
SELECT protect_tenant_table('held_requirements');
SELECT make_append_only('held_requirements', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON held_requirements TO ballast_app;

CREATE TABLE requirement_releases (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  run_id uuid NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT current_instant(),
  reason text NOT NULL,
  CONSTRAINT requirement_releases_pk PRIMARY KEY (firm_id, account_id, as_of, run_id),
  CONSTRAINT requirement_releases_held_fk FOREIGN KEY (firm_id, account_id, as_of, run_id)
    REFERENCES held_requirements (firm_id, account_id, as_of, run_id),
  CONSTRAINT requirement_releases_are_explained CHECK (length(btrim(confirmed_by)) > 0 AND length(btrim(reason)) > 0)
);
COMMENT ON TABLE requirement_releases IS 'Confirmations of held requirements by a person; readers compose them, no requirement is rewritten.';
SELECT protect_tenant_table('requirement_releases');
SELECT make_append_only('requirement_releases', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON requirement_releases TO ballast_app;
`;

const controls = `
CREATE TABLE firm_controls (
  firm_id uuid NOT NULL,
  control_id uuid NOT NULL,
  effective_from timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  canonical_text text NOT NULL,
  recorded_by text NOT NULL,
  CONSTRAINT firm_controls_pk PRIMARY KEY (firm_id, control_id),
  CONSTRAINT firm_controls_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id)
);
COMMENT ON TABLE firm_controls IS 'Dated limits of a firm on its own figures (release gate, cadence): the overrides of the published set as JSON.';
CREATE INDEX firm_controls_in_effect ON firm_controls (firm_id, effective_from DESC, known_at DESC);
SELECT protect_tenant_table('firm_controls');
SELECT make_append_only('firm_controls', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON firm_controls TO ballast_app;
`;

const impacts = `
CREATE TABLE parameter_impacts (
  firm_id uuid NOT NULL,
  parameter_set_id uuid NOT NULL,
  computed_at timestamptz NOT NULL DEFAULT current_instant(),
  snapshot_id uuid,
  as_of timestamptz,
  positions_at timestamptz,
  replaced_set_id uuid,
  account_count integer NOT NULL,
  totals json NOT NULL,
  CONSTRAINT parameter_impacts_pk PRIMARY KEY (firm_id, parameter_set_id),
  CONSTRAINT parameter_impacts_set_fk FOREIGN KEY (firm_id, parameter_set_id)
    REFERENCES risk_parameter_sets (firm_id, parameter_set_id),
  CONSTRAINT parameter_impacts_replaced_fk FOREIGN KEY (firm_id, replaced_set_id)
    REFERENCES risk_parameter_sets (firm_id, parameter_set_id),
  CONSTRAINT parameter_impacts_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots (firm_id, snapshot_id)
);
COMMENT ON TABLE parameter_impacts IS 'What a proposed parameter set would do to every account, computed once when it is proposed.';
SELECT protect_tenant_table('parameter_impacts');
SELECT make_append_only('parameter_impacts', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON parameter_impacts TO ballast_app;

CREATE TABLE parameter_impact_rows (
  firm_id uuid NOT NULL,
  parameter_set_id uuid NOT NULL,
  account_id uuid NOT NULL,
  ordinal integer NOT NULL,
  methodology margin_methodology NOT NULL,
  currency currency_code NOT NULL,
  initial_before finite_numeric,
  initial_after finite_numeric,
  maintenance_before finite_numeric,
  maintenance_after finite_numeric,
  status_before buffer_status NOT NULL,
  status_after buffer_status NOT NULL,
  quality_before data_quality NOT NULL,
  quality_after data_quality NOT NULL,
  reasons text[] NOT NULL DEFAULT '{}',
  CONSTRAINT parameter_impact_rows_pk PRIMARY KEY (firm_id, parameter_set_id, account_id),
  CONSTRAINT parameter_impact_rows_ordinal_unique UNIQUE (firm_id, parameter_set_id, ordinal, account_id),
  CONSTRAINT parameter_impact_rows_impact_fk FOREIGN KEY (firm_id, parameter_set_id)
    REFERENCES parameter_impacts (firm_id, parameter_set_id),
  CONSTRAINT parameter_impact_rows_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id)
);
COMMENT ON TABLE parameter_impact_rows IS 'One account of an impact report; ordinal 1 is the largest move.';
SELECT protect_tenant_table('parameter_impact_rows');
SELECT make_append_only('parameter_impact_rows', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON parameter_impact_rows TO ballast_app;
`;

const feeds = `
CREATE TABLE feed_events (
  firm_id uuid NOT NULL,
  event_id uuid NOT NULL,
  feed identifier NOT NULL,
  ordinal integer NOT NULL,
  at timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  kind text NOT NULL,
  snapshot_id uuid,
  reasons text[] NOT NULL DEFAULT '{}',
  state json NOT NULL,
  CONSTRAINT feed_events_pk PRIMARY KEY (firm_id, event_id),
  CONSTRAINT feed_events_ordinal_unique UNIQUE (firm_id, feed, ordinal),
  CONSTRAINT feed_events_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT feed_events_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots (firm_id, snapshot_id),
  CONSTRAINT feed_events_kind_is_known CHECK (kind IN ('ACCEPTED', 'TRIPPED', 'FROZEN', 'CLEAN', 'RECOVERED'))
);
COMMENT ON TABLE feed_events IS 'What became of each snapshot of a feed; the state after the last event decides whether the feed is believed.';
CREATE INDEX feed_events_by_snapshot ON feed_events (firm_id, snapshot_id);
SELECT protect_tenant_table('feed_events');
SELECT make_append_only('feed_events', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON feed_events TO ballast_app;
`;
