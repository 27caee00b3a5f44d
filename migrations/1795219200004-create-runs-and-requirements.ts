import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parameters, runs, and what a run leaves behind: requirements and buffer history in monthly partitions. */
export class CreateRunsAndRequirements1795219200004 implements MigrationInterface {
  readonly name = 'CreateRunsAndRequirements1795219200004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(parameterSets);
    await runner.query(runs);
    await runner.query(requirements);
    await runner.query(bufferHistory);
    await runner.query(bufferPolicies);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const parameterSets = `
CREATE TABLE risk_parameter_sets (
  firm_id uuid NOT NULL,
  parameter_set_id uuid NOT NULL,
  methodology margin_methodology NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  effective_from timestamptz NOT NULL,
  parameters jsonb NOT NULL,
  canonical_text text NOT NULL,
  content_hash sha256 NOT NULL,
  status text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT current_instant(),
  decided_by text,
  decided_at timestamptz,
  CONSTRAINT risk_parameter_sets_pk PRIMARY KEY (firm_id, parameter_set_id),
  CONSTRAINT risk_parameter_sets_version_unique UNIQUE (firm_id, methodology, version),
  CONSTRAINT risk_parameter_sets_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT risk_parameter_sets_status_is_known CHECK (status IN ('PROPOSED', 'APPROVED', 'REJECTED')),
  CONSTRAINT risk_parameter_sets_needs_two_persons CHECK (decided_by <> proposed_by),
  CONSTRAINT risk_parameter_sets_decision_is_whole CHECK (
    num_nonnulls(decided_by, decided_at) = CASE status WHEN 'PROPOSED' THEN 0 ELSE 2 END)
);
CREATE INDEX risk_parameter_sets_in_effect ON risk_parameter_sets (firm_id, methodology, effective_from DESC) WHERE status = 'APPROVED';
CREATE FUNCTION allow_one_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'PROPOSED' OR to_jsonb(OLD) - '{status,decided_by,decided_at}'::text[] <> to_jsonb(NEW) - '{status,decided_by,decided_at}'::text[] THEN
    RAISE EXCEPTION 'a parameter set is decided once and never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER allow_one_decision BEFORE UPDATE ON risk_parameter_sets FOR EACH ROW EXECUTE FUNCTION allow_one_decision();
REVOKE EXECUTE ON FUNCTION allow_one_decision() FROM PUBLIC;
SELECT protect_tenant_table('risk_parameter_sets');
SELECT make_append_only('risk_parameter_sets', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (status, decided_by, decided_at) ON risk_parameter_sets TO ballast_app;
`;

const runs = `
CREATE TABLE margin_runs (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  snapshot_id uuid NOT NULL,
  positions_at timestamptz NOT NULL,
  known_at timestamptz NOT NULL,
  state text NOT NULL,
  engine_version text NOT NULL,
  requested_by text NOT NULL,
  idempotency_key identifier,
  account_count integer NOT NULL,
  accounts_done integer NOT NULL DEFAULT 0,
  accounts_indeterminate integer NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL DEFAULT current_instant(),
  finished_at timestamptz,
  result_hash sha256,
  failure_reason text,
  CONSTRAINT margin_runs_pk PRIMARY KEY (firm_id, run_id),
  CONSTRAINT margin_runs_as_of_unique UNIQUE (firm_id, run_id, as_of),
  CONSTRAINT margin_runs_idempotency_unique UNIQUE (firm_id, idempotency_key),
  CONSTRAINT margin_runs_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots (firm_id, snapshot_id),
  CONSTRAINT margin_runs_state_is_whole CHECK (
    (state = 'RUNNING' AND num_nonnulls(finished_at, result_hash, failure_reason) = 0)
    OR (state = 'COMPLETED' AND num_nonnulls(finished_at, result_hash) = 2 AND failure_reason IS NULL)
    OR (state = 'FAILED' AND num_nonnulls(finished_at, failure_reason) = 2 AND result_hash IS NULL)),
  CONSTRAINT margin_runs_counts_are_sane CHECK (
    accounts_done BETWEEN 0 AND account_count AND accounts_indeterminate BETWEEN 0 AND accounts_done)
);
CREATE INDEX margin_runs_by_start ON margin_runs (firm_id, started_at DESC, run_id DESC);
CREATE INDEX margin_runs_running ON margin_runs (firm_id, run_id) WHERE state = 'RUNNING';
CREATE FUNCTION allow_running_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'RUNNING' THEN
    RAISE EXCEPTION 'a finished run is never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER allow_running_only BEFORE UPDATE ON margin_runs FOR EACH ROW EXECUTE FUNCTION allow_running_only();
REVOKE EXECUTE ON FUNCTION allow_running_only() FROM PUBLIC;
SELECT protect_tenant_table('margin_runs');
SELECT make_append_only('margin_runs', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (state, accounts_done, accounts_indeterminate, finished_at, result_hash, failure_reason)
  ON margin_runs TO ballast_app;

CREATE TABLE margin_run_parameter_sets (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  methodology margin_methodology NOT NULL,
  parameter_set_id uuid NOT NULL,
  content_hash sha256 NOT NULL,
  CONSTRAINT margin_run_parameter_sets_pk PRIMARY KEY (firm_id, run_id, methodology),
  CONSTRAINT margin_run_parameter_sets_run_fk FOREIGN KEY (firm_id, run_id) REFERENCES margin_runs (firm_id, run_id),
  CONSTRAINT margin_run_parameter_sets_set_fk FOREIGN KEY (firm_id, parameter_set_id)
    REFERENCES risk_parameter_sets (firm_id, parameter_set_id)
);
SELECT protect_tenant_table('margin_run_parameter_sets');
SELECT make_append_only('margin_run_parameter_sets', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON margin_run_parameter_sets TO ballast_app;
`;

/** Trees and vectors are `json`, not `jsonb`: the text stays byte for byte what the engine wrote, so it can be hashed. */
const requirements = `
CREATE TABLE requirements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  methodology margin_methodology NOT NULL,
  parameter_set_id uuid NOT NULL,
  currency currency_code NOT NULL,
  initial_requirement finite_numeric,
  maintenance_requirement finite_numeric,
  net_option_value finite_numeric,
  equity finite_numeric,
  collateral_value finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  excess finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  quality_reasons text[] NOT NULL DEFAULT '{}',
  warnings text[] NOT NULL DEFAULT '{}',
  model json,
  worst_scenario json,
  scenarios json NOT NULL,
  breakdown json NOT NULL,
  contributions json NOT NULL,
  greeks json NOT NULL,
  engine_version text NOT NULL,
  parameter_hash sha256 NOT NULL,
  snapshot_hash sha256 NOT NULL,
  input_hash sha256 NOT NULL,
  result_hash sha256 NOT NULL,
  CONSTRAINT requirements_pk PRIMARY KEY (firm_id, account_id, as_of, run_id),
  CONSTRAINT requirements_run_fk FOREIGN KEY (firm_id, run_id, as_of) REFERENCES margin_runs (firm_id, run_id, as_of),
  CONSTRAINT requirements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT requirements_parameter_set_fk FOREIGN KEY (firm_id, parameter_set_id)
    REFERENCES risk_parameter_sets (firm_id, parameter_set_id),
  CONSTRAINT requirements_are_not_negative CHECK (initial_requirement >= 0 AND maintenance_requirement >= 0),
  CONSTRAINT requirements_amounts_fit_quality CHECK (
    num_nulls(initial_requirement, maintenance_requirement, net_option_value, equity, collateral_value, buffer, excess)
      = CASE quality WHEN 'INDETERMINATE' THEN 7 ELSE 0 END
    AND (buffer_ratio IS NULL) = (maintenance_requirement IS NULL OR maintenance_requirement = 0)
    AND (status = 'INDETERMINATE') = (quality = 'INDETERMINATE'))
) PARTITION BY RANGE (as_of);
CREATE INDEX requirements_by_run ON requirements (firm_id, run_id);
SELECT protect_tenant_table('requirements');
SELECT make_append_only('requirements', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON requirements TO ballast_app;
`;

const amountsFitQuality = `
    num_nulls(equity, maintenance, initial, buffer) = CASE quality WHEN 'INDETERMINATE' THEN 4 ELSE 0 END
    AND (buffer_ratio IS NULL) = (maintenance IS NULL OR maintenance = 0)
    AND (status = 'INDETERMINATE') = (quality = 'INDETERMINATE')`;

const bufferHistory = `
CREATE TABLE buffer_observations (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  at timestamptz NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  currency currency_code NOT NULL,
  equity finite_numeric,
  maintenance finite_numeric,
  initial finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  CONSTRAINT buffer_observations_pk PRIMARY KEY (firm_id, account_id, at, run_id),
  CONSTRAINT buffer_observations_run_fk FOREIGN KEY (firm_id, run_id, at) REFERENCES margin_runs (firm_id, run_id, as_of),
  CONSTRAINT buffer_observations_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT buffer_observations_amounts_fit_quality CHECK (${amountsFitQuality})
) PARTITION BY RANGE (at);
COMMENT ON TABLE buffer_observations IS 'Buffer history. The primary key (firm, account, at, run) is also the keyset of paging.';
SELECT protect_tenant_table('buffer_observations');
SELECT make_append_only('buffer_observations', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON buffer_observations TO ballast_app;

CREATE TABLE latest_buffers (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  at timestamptz NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  currency currency_code NOT NULL,
  equity finite_numeric,
  maintenance finite_numeric,
  initial finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  CONSTRAINT latest_buffers_pk PRIMARY KEY (firm_id, account_id),
  CONSTRAINT latest_buffers_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT latest_buffers_amounts_fit_quality CHECK (${amountsFitQuality})
);
COMMENT ON TABLE latest_buffers IS 'Read model for lists: the newest observation of each account, written in the transaction of its run; can be rebuilt.';
CREATE INDEX latest_buffers_by_ratio ON latest_buffers (firm_id, buffer_ratio, account_id);
SELECT protect_tenant_table('latest_buffers');
GRANT SELECT, INSERT, UPDATE ON latest_buffers TO ballast_app;
`;

const bufferPolicies = `
CREATE TABLE buffer_policies (
  firm_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  account_id uuid,
  effective_from timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  liquidation_multiple finite_numeric NOT NULL,
  margin_call_multiple finite_numeric NOT NULL,
  watch_multiple finite_numeric NOT NULL,
  call_target_multiple finite_numeric NOT NULL,
  release_multiple finite_numeric NOT NULL,
  recorded_by text NOT NULL,
  CONSTRAINT buffer_policies_pk PRIMARY KEY (firm_id, policy_id),
  CONSTRAINT buffer_policies_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT buffer_policies_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT buffer_policies_ladder_descends CHECK (
    0 < liquidation_multiple AND liquidation_multiple <= margin_call_multiple AND margin_call_multiple <= watch_multiple
    AND watch_multiple <= release_multiple AND margin_call_multiple <= call_target_multiple)
);
COMMENT ON TABLE buffer_policies IS 'Dated multiples of the maintenance requirement; account_id null is the policy of the whole firm.';
CREATE INDEX buffer_policies_in_effect ON buffer_policies (firm_id, account_id, effective_from DESC, known_at DESC);
SELECT protect_tenant_table('buffer_policies');
SELECT make_append_only('buffer_policies', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON buffer_policies TO ballast_app;
`;
