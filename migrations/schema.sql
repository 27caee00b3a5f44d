-- The schema after all migrations, listed from the catalogs by `node dist/migrations/write-schema.js`.

CREATE DOMAIN buffer_status AS text
  CONSTRAINT buffer_status_is_known CHECK ((VALUE = ANY (ARRAY['HEALTHY'::text, 'WATCH'::text, 'MARGIN_CALL'::text, 'LIQUIDATION'::text, 'INDETERMINATE'::text])));

CREATE DOMAIN currency_code AS text
  CONSTRAINT currency_code_is_capitals CHECK ((VALUE ~ '^[A-Z][A-Z0-9]{2,9}$'::text));

CREATE DOMAIN data_quality AS text
  CONSTRAINT data_quality_is_known CHECK ((VALUE = ANY (ARRAY['OK'::text, 'DEGRADED'::text, 'STALE'::text, 'INDETERMINATE'::text, 'HELD'::text])));

CREATE DOMAIN finite_double AS double precision
  CONSTRAINT finite_double_is_finite CHECK (((VALUE > '-Infinity'::double precision) AND (VALUE < 'Infinity'::double precision)));

CREATE DOMAIN finite_numeric AS numeric
  CONSTRAINT finite_numeric_is_finite CHECK (((VALUE > '-Infinity'::numeric) AND (VALUE < 'Infinity'::numeric)))
  CONSTRAINT finite_numeric_of_bounded_digits CHECK (((abs(VALUE) < '100000000000000000000000000'::numeric) AND (scale(VALUE) <= 20)));

CREATE DOMAIN identifier AS text
  CONSTRAINT identifier_is_plain CHECK ((((length(VALUE) >= 1) AND (length(VALUE) <= 128)) AND (VALUE = btrim(VALUE)) AND (VALUE !~ '[[:cntrl:]]'::text)));

CREATE DOMAIN margin_call_state AS text
  CONSTRAINT margin_call_state_is_known CHECK ((VALUE = ANY (ARRAY['RAISED'::text, 'ACKNOWLEDGED'::text, 'PARTLY_MET'::text, 'MET'::text, 'OVERDUE'::text, 'ESCALATED'::text, 'WAIVED'::text, 'CLOSED'::text])));

CREATE DOMAIN margin_methodology AS text
  CONSTRAINT margin_methodology_is_known CHECK ((VALUE = ANY (ARRAY['SPAN'::text, 'TIMS'::text, 'CRYPTO_PM'::text, 'CRYPTO_PMRM'::text, 'SENSITIVITY'::text])));

CREATE DOMAIN sha256 AS bytea
  CONSTRAINT sha256_has_32_bytes CHECK ((octet_length(VALUE) = 32));

CREATE TABLE account_versions (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  version integer NOT NULL,
  code identifier NOT NULL,
  name text NOT NULL,
  base_currency currency_code NOT NULL,
  methodology margin_methodology NOT NULL,
  created_at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT account_versions_pk PRIMARY KEY (firm_id, account_id, version),
  CONSTRAINT account_versions_count CHECK ((version > 0))
);
-- account_versions: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON account_versions AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON account_versions AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.account_versions FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.account_versions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_account_versions_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.account_versions FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.account_versions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_account_versions();
GRANT SELECT ON account_versions TO ballast_app;

CREATE TABLE accounts (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  code identifier NOT NULL,
  name text NOT NULL,
  base_currency currency_code NOT NULL,
  methodology margin_methodology NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  CONSTRAINT accounts_pk PRIMARY KEY (firm_id, account_id),
  CONSTRAINT accounts_code_unique UNIQUE (firm_id, code),
  CONSTRAINT accounts_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id)
);
-- accounts: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON accounts AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON accounts AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.accounts FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.accounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_accounts_insert();
CREATE TRIGGER note_change AFTER UPDATE ON public.accounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_account_versions();
CREATE TRIGGER note_opening AFTER INSERT ON public.accounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_account_versions();
GRANT INSERT, SELECT, UPDATE (name, methodology) ON accounts TO ballast_app;

CREATE TABLE balances (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  currency currency_code NOT NULL,
  version_id uuid NOT NULL DEFAULT gen_random_uuid(),
  amount finite_numeric NOT NULL,
  reason text NOT NULL,
  recorded_by text NOT NULL,
  valid tstzrange NOT NULL,
  known tstzrange NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  closing_batch bigint,
  CONSTRAINT balances_pk PRIMARY KEY (firm_id, account_id, currency, version_id),
  CONSTRAINT balances_versions_do_not_overlap EXCLUDE USING gist (firm_id WITH =, account_id WITH =, currency WITH =, valid WITH &&, known WITH &&),
  CONSTRAINT balances_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT balances_known_is_half_open CHECK (((NOT isempty(known)) AND (NOT lower_inf(known)) AND lower_inc(known) AND (NOT upper_inc(known)))),
  CONSTRAINT balances_valid_is_half_open CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)) AND lower_inc(valid) AND (NOT upper_inc(valid))))
);
CREATE INDEX balances_open ON public.balances USING btree (firm_id, account_id, currency) WHERE upper_inf(known);
-- balances: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON balances AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON balances AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER allow_closing_only BEFORE UPDATE ON public.balances FOR EACH ROW EXECUTE FUNCTION allow_closing_only();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.balances FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.balances REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_balances_insert();
CREATE TRIGGER limit_known_update AFTER UPDATE ON public.balances REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_balances_update();
CREATE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON public.balances FOR EACH ROW WHEN (((new.closing_batch IS NULL) AND (NOT upper_inf(new.known)))) EXECUTE FUNCTION mark_closing();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.balances FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.balances REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_balances();
CREATE TRIGGER seal_update AFTER UPDATE ON public.balances REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_balances_closing();
GRANT INSERT, SELECT, UPDATE (known) ON balances TO ballast_app;

CREATE TABLE break_resolutions (
  firm_id uuid NOT NULL,
  reconciliation_id uuid NOT NULL,
  ordinal integer NOT NULL,
  step integer NOT NULL,
  account_id uuid,
  action text NOT NULL,
  note text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT break_resolutions_pk PRIMARY KEY (firm_id, reconciliation_id, ordinal, step),
  CONSTRAINT break_resolutions_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT break_resolutions_break_fk FOREIGN KEY (firm_id, reconciliation_id, ordinal) REFERENCES reconciliation_breaks(firm_id, reconciliation_id, ordinal),
  CONSTRAINT break_resolutions_action_is_known CHECK ((action = ANY (ARRAY['PROPOSE'::text, 'CONFIRM'::text, 'REJECT'::text]))),
  CONSTRAINT break_resolutions_are_explained CHECK (((length(btrim(note)) > 0) AND (length(btrim(recorded_by)) > 0))),
  CONSTRAINT break_resolutions_steps_count CHECK ((step > 0))
);
-- break_resolutions: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON break_resolutions AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON break_resolutions AS RESTRICTIVE FOR ALL TO PUBLIC USING (((account_id IS NULL) OR (( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((account_id IS NULL) OR (( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.break_resolutions FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.break_resolutions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_break_resolutions_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.break_resolutions FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.break_resolutions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_break_resolutions();
GRANT INSERT, SELECT ON break_resolutions TO ballast_app;

CREATE TABLE buffer_observations (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  currency currency_code NOT NULL,
  equity finite_numeric,
  maintenance finite_numeric,
  initial finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT buffer_observations_pk PRIMARY KEY (firm_id, account_id, at, run_id),
  CONSTRAINT buffer_observations_amounts_fit_quality CHECK (((num_nulls(equity, maintenance, initial, buffer) =
CASE quality
    WHEN 'INDETERMINATE'::text THEN 4
    ELSE 0
END) AND ((buffer_ratio IS NULL) = ((maintenance IS NULL) OR ((maintenance)::numeric = (0)::numeric))) AND (((status)::text = 'INDETERMINATE'::text) = ((quality)::text = 'INDETERMINATE'::text))))
) PARTITION BY RANGE (at);
-- buffer_observations: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON buffer_observations AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON buffer_observations AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER check_references AFTER INSERT ON public.buffer_observations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION check_observation_references();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.buffer_observations FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.buffer_observations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_buffer_observations_insert();
CREATE TRIGGER roll_up AFTER INSERT ON public.buffer_observations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roll_up_buffers();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.buffer_observations FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.buffer_observations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_buffer_observations();
GRANT INSERT, SELECT ON buffer_observations TO ballast_app;

CREATE TABLE buffer_policies (
  firm_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  account_id uuid,
  effective_from timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  liquidation_multiple finite_numeric NOT NULL,
  margin_call_multiple finite_numeric NOT NULL,
  watch_multiple finite_numeric NOT NULL,
  call_target_multiple finite_numeric NOT NULL,
  release_multiple finite_numeric NOT NULL,
  recorded_by text NOT NULL,
  fx_haircuts json NOT NULL DEFAULT '{}'::json,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT buffer_policies_pk PRIMARY KEY (firm_id, policy_id),
  CONSTRAINT buffer_policies_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT buffer_policies_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT buffer_policies_ladder_descends CHECK ((((0)::numeric < (liquidation_multiple)::numeric) AND ((liquidation_multiple)::numeric <= (margin_call_multiple)::numeric) AND ((margin_call_multiple)::numeric <= (watch_multiple)::numeric) AND ((watch_multiple)::numeric <= (release_multiple)::numeric) AND ((margin_call_multiple)::numeric <= (call_target_multiple)::numeric)))
);
CREATE INDEX buffer_policies_in_effect ON public.buffer_policies USING btree (firm_id, account_id, effective_from DESC, known_at DESC);
-- buffer_policies: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON buffer_policies AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON buffer_policies AS RESTRICTIVE FOR ALL TO PUBLIC USING (((account_id IS NULL) OR (( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((account_id IS NULL) OR (( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.buffer_policies FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.buffer_policies REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_buffer_policies_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.buffer_policies FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.buffer_policies REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_buffer_policies();
GRANT INSERT, SELECT ON buffer_policies TO ballast_app;

CREATE TABLE buffer_rollup_backlog (
  firm_id uuid NOT NULL,
  batch bigint NOT NULL,
  run_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  observations integer NOT NULL,
  account_ids uuid[] NOT NULL,
  CONSTRAINT buffer_rollup_backlog_pk PRIMARY KEY (firm_id, batch, run_id),
  CONSTRAINT buffer_rollup_backlog_names_each CHECK (((observations = cardinality(account_ids)) AND (observations > 0)))
);
CREATE INDEX buffer_rollup_backlog_by_time ON public.buffer_rollup_backlog USING btree (firm_id, at);
-- buffer_rollup_backlog: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON buffer_rollup_backlog AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON buffer_rollup_backlog TO ballast_app;

CREATE TABLE buffer_rollups (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  bucket text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  currency currency_code NOT NULL,
  observations integer NOT NULL,
  worst_status buffer_status NOT NULL,
  buffer_open finite_numeric,
  buffer_high finite_numeric,
  buffer_low finite_numeric,
  buffer_close finite_numeric,
  ratio_open finite_numeric,
  ratio_high finite_numeric,
  ratio_low finite_numeric,
  ratio_close finite_numeric,
  open_at timestamp with time zone,
  open_run_id uuid,
  close_at timestamp with time zone,
  close_run_id uuid,
  at timestamp with time zone NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamp with time zone NOT NULL,
  equity finite_numeric,
  maintenance finite_numeric,
  initial finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  CONSTRAINT buffer_rollups_pk PRIMARY KEY (firm_id, account_id, bucket, starts_at),
  CONSTRAINT buffer_rollups_bucket_is_known CHECK ((bucket = ANY (ARRAY['HOUR'::text, 'DAY'::text])))
);
-- buffer_rollups: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON buffer_rollups AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON buffer_rollups AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
GRANT SELECT ON buffer_rollups TO ballast_app;

CREATE TABLE calendar_changes (
  firm_id uuid NOT NULL,
  calendar_id identifier NOT NULL,
  version integer NOT NULL,
  date date NOT NULL,
  change text NOT NULL,
  name text NOT NULL,
  close text,
  source text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT calendar_changes_pk PRIMARY KEY (firm_id, calendar_id, version, date),
  CONSTRAINT calendar_changes_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT calendar_changes_change_is_known CHECK ((change = ANY (ARRAY['holiday'::text, 'session'::text, 'early-close'::text]))),
  CONSTRAINT calendar_changes_early_close_has_time CHECK (((close IS NOT NULL) = (change = 'early-close'::text))),
  CONSTRAINT calendar_changes_version_follows CHECK ((version > 1))
);
-- calendar_changes: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON calendar_changes AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.calendar_changes FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.calendar_changes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_calendar_changes_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.calendar_changes FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.calendar_changes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_calendar_changes();
GRANT INSERT, SELECT ON calendar_changes TO ballast_app;

CREATE TABLE collateral_holdings (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  asset identifier NOT NULL,
  version_id uuid NOT NULL DEFAULT gen_random_uuid(),
  statement_id uuid NOT NULL,
  kind text NOT NULL,
  asset_class identifier NOT NULL,
  rating identifier,
  maturity date,
  schedule identifier NOT NULL,
  quantity finite_numeric NOT NULL,
  price finite_numeric,
  currency currency_code,
  valid tstzrange NOT NULL,
  known tstzrange NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  closing_batch bigint,
  CONSTRAINT collateral_holdings_pk PRIMARY KEY (firm_id, account_id, asset, version_id),
  CONSTRAINT collateral_holdings_versions_do_not_overlap EXCLUDE USING gist (firm_id WITH =, account_id WITH =, asset WITH =, valid WITH &&, known WITH &&),
  CONSTRAINT collateral_holdings_statement_fk FOREIGN KEY (firm_id, account_id, statement_id) REFERENCES collateral_statements(firm_id, account_id, statement_id),
  CONSTRAINT collateral_holdings_kind_is_known CHECK ((kind = ANY (ARRAY['security'::text, 'coin'::text, 'commodity'::text, 'other'::text]))),
  CONSTRAINT collateral_holdings_known_is_half_open CHECK (((NOT isempty(known)) AND (NOT lower_inf(known)) AND lower_inc(known) AND (NOT upper_inc(known)))),
  CONSTRAINT collateral_holdings_price_is_whole CHECK ((((price IS NULL) = (currency IS NULL)) AND ((price)::numeric >= (0)::numeric))),
  CONSTRAINT collateral_holdings_quantity_is_positive CHECK (((quantity)::numeric > (0)::numeric)),
  CONSTRAINT collateral_holdings_valid_is_half_open CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)) AND lower_inc(valid) AND (NOT upper_inc(valid))))
);
CREATE INDEX collateral_holdings_open ON public.collateral_holdings USING btree (firm_id, account_id, asset) WHERE upper_inf(known);
-- collateral_holdings: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON collateral_holdings AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON collateral_holdings AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER allow_closing_only BEFORE UPDATE ON public.collateral_holdings FOR EACH ROW EXECUTE FUNCTION allow_closing_only();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.collateral_holdings FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.collateral_holdings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_collateral_holdings_insert();
CREATE TRIGGER limit_known_update AFTER UPDATE ON public.collateral_holdings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_collateral_holdings_update();
CREATE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON public.collateral_holdings FOR EACH ROW WHEN (((new.closing_batch IS NULL) AND (NOT upper_inf(new.known)))) EXECUTE FUNCTION mark_closing();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.collateral_holdings FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.collateral_holdings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_collateral_holdings();
CREATE TRIGGER seal_update AFTER UPDATE ON public.collateral_holdings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_collateral_holdings_closing();
GRANT INSERT, SELECT, UPDATE (known) ON collateral_holdings TO ballast_app;

CREATE TABLE collateral_statements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  mode text NOT NULL,
  valid_from timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL,
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  holding_count integer NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT collateral_statements_pk PRIMARY KEY (firm_id, account_id, statement_id),
  CONSTRAINT collateral_statements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT collateral_statements_mode_is_known CHECK ((mode = ANY (ARRAY['REPLACE'::text, 'MERGE'::text])))
);
CREATE INDEX collateral_statements_by_time ON public.collateral_statements USING btree (firm_id, account_id, valid_from, known_at);
-- collateral_statements: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON collateral_statements AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON collateral_statements AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.collateral_statements FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.collateral_statements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_collateral_statements_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.collateral_statements FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.collateral_statements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_collateral_statements();
GRANT INSERT, SELECT ON collateral_statements TO ballast_app;

CREATE TABLE feed_events (
  firm_id uuid NOT NULL,
  event_id uuid NOT NULL,
  feed identifier NOT NULL,
  ordinal integer NOT NULL,
  at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  kind text NOT NULL,
  snapshot_id uuid,
  reasons text[] NOT NULL DEFAULT '{}'::text[],
  state json NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT feed_events_pk PRIMARY KEY (firm_id, event_id),
  CONSTRAINT feed_events_ordinal_unique UNIQUE (firm_id, feed, ordinal),
  CONSTRAINT feed_events_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT feed_events_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots(firm_id, snapshot_id),
  CONSTRAINT feed_events_kind_is_known CHECK ((kind = ANY (ARRAY['ACCEPTED'::text, 'TRIPPED'::text, 'FROZEN'::text, 'CLEAN'::text, 'RECOVERED'::text])))
);
CREATE INDEX feed_events_by_snapshot ON public.feed_events USING btree (firm_id, snapshot_id);
-- feed_events: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON feed_events AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.feed_events FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.feed_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_feed_events_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.feed_events FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.feed_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_feed_events();
GRANT INSERT, SELECT ON feed_events TO ballast_app;

CREATE TABLE file_deliveries (
  firm_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  sha256 sha256 NOT NULL,
  row_count integer NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT file_deliveries_pk PRIMARY KEY (firm_id, delivery_id),
  CONSTRAINT file_deliveries_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT file_deliveries_kind_is_known CHECK ((kind = ANY (ARRAY['positions'::text, 'balances'::text]))),
  CONSTRAINT file_deliveries_rows_are_counted CHECK ((row_count > 0))
);
CREATE INDEX file_deliveries_by_name ON public.file_deliveries USING btree (firm_id, kind, file_name, known_at DESC);
-- file_deliveries: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON file_deliveries AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.file_deliveries FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.file_deliveries REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_file_deliveries_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.file_deliveries FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.file_deliveries REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_file_deliveries();
GRANT INSERT, SELECT ON file_deliveries TO ballast_app;

CREATE TABLE firm_controls (
  firm_id uuid NOT NULL,
  control_id uuid NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  canonical_text text NOT NULL,
  recorded_by text NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT firm_controls_pk PRIMARY KEY (firm_id, control_id),
  CONSTRAINT firm_controls_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id)
);
CREATE INDEX firm_controls_in_effect ON public.firm_controls USING btree (firm_id, effective_from DESC, known_at DESC);
-- firm_controls: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON firm_controls AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.firm_controls FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.firm_controls REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_firm_controls_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.firm_controls FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.firm_controls REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_firm_controls();
GRANT INSERT, SELECT ON firm_controls TO ballast_app;

CREATE TABLE firms (
  firm_id uuid NOT NULL,
  code identifier NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  CONSTRAINT firms_pk PRIMARY KEY (firm_id),
  CONSTRAINT firms_code_unique UNIQUE (code)
);
-- firms: ROW LEVEL SECURITY, FORCED
CREATE POLICY directory_of_owner ON firms AS PERMISSIVE FOR SELECT TO ballast_owner USING (true);
CREATE POLICY same_firm ON firms AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.firms FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT ON firms TO ballast_app;

CREATE TABLE forward_quotes (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  underlying_id identifier NOT NULL,
  expiry timestamp with time zone NOT NULL,
  ordinal integer NOT NULL,
  price finite_numeric NOT NULL,
  rate finite_double,
  confidence finite_double,
  rate_confidence finite_double,
  volatility_confidence finite_double,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT forward_quotes_pk PRIMARY KEY (firm_id, snapshot_id, underlying_id, expiry),
  CONSTRAINT forward_quotes_underlying_quote_fk FOREIGN KEY (firm_id, snapshot_id, underlying_id) REFERENCES underlying_quotes(firm_id, snapshot_id, underlying_id)
);
-- forward_quotes: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON forward_quotes AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.forward_quotes FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.forward_quotes FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.forward_quotes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_forward_quotes();
GRANT INSERT, SELECT ON forward_quotes TO ballast_app;

CREATE TABLE fx_rates (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  ordinal integer NOT NULL,
  from_currency currency_code NOT NULL,
  to_currency currency_code NOT NULL,
  rate finite_numeric NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT fx_rates_pk PRIMARY KEY (firm_id, snapshot_id, ordinal),
  CONSTRAINT fx_rates_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots(firm_id, snapshot_id),
  CONSTRAINT fx_rates_rate_is_positive CHECK (((rate)::numeric > (0)::numeric))
);
-- fx_rates: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON fx_rates AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fx_rates FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.fx_rates FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.fx_rates REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_fx_rates();
GRANT INSERT, SELECT ON fx_rates TO ballast_app;

CREATE TABLE haircut_schedules (
  firm_id uuid NOT NULL,
  schedule_id uuid NOT NULL,
  name identifier NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  rules json NOT NULL,
  limits json NOT NULL,
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT haircut_schedules_pk PRIMARY KEY (firm_id, schedule_id),
  CONSTRAINT haircut_schedules_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id)
);
CREATE INDEX haircut_schedules_in_effect ON public.haircut_schedules USING btree (firm_id, name, effective_from DESC, known_at DESC);
-- haircut_schedules: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON haircut_schedules AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.haircut_schedules FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.haircut_schedules REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_haircut_schedules_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.haircut_schedules FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.haircut_schedules REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_haircut_schedules();
GRANT INSERT, SELECT ON haircut_schedules TO ballast_app;

CREATE TABLE held_requirements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  released_run_id uuid NOT NULL,
  released_as_of timestamp with time zone NOT NULL,
  released_initial finite_numeric NOT NULL,
  released_maintenance finite_numeric NOT NULL,
  status_on_release buffer_status NOT NULL,
  quality_on_release data_quality NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT held_requirements_pk PRIMARY KEY (firm_id, account_id, as_of, run_id),
  CONSTRAINT held_requirements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT held_requirements_released_run_fk FOREIGN KEY (firm_id, released_run_id, released_as_of) REFERENCES margin_runs(firm_id, run_id, as_of),
  CONSTRAINT held_requirements_run_fk FOREIGN KEY (firm_id, run_id, as_of) REFERENCES margin_runs(firm_id, run_id, as_of),
  CONSTRAINT held_requirements_are_not_negative CHECK ((((released_initial)::numeric >= (0)::numeric) AND ((released_maintenance)::numeric >= (0)::numeric))),
  CONSTRAINT held_requirements_quality_can_be_released CHECK (((quality_on_release)::text = ANY (ARRAY['OK'::text, 'DEGRADED'::text])))
);
CREATE INDEX held_requirements_by_run ON public.held_requirements USING btree (firm_id, run_id);
-- held_requirements: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON held_requirements AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON held_requirements AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.held_requirements FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.held_requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_held_requirements_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.held_requirements FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.held_requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_held_requirements();
GRANT INSERT, SELECT ON held_requirements TO ballast_app;

CREATE TABLE history_batches (
  firm_id uuid NOT NULL,
  table_name text NOT NULL,
  part text NOT NULL,
  batch bigint NOT NULL,
  month timestamp with time zone NOT NULL,
  row_count integer NOT NULL,
  row_hashes bytea NOT NULL,
  binary_columns smallint,
  CONSTRAINT history_batches_pk PRIMARY KEY (firm_id, table_name, part, batch, month),
  CONSTRAINT history_batches_hashes_are_whole CHECK (((octet_length(row_hashes) = (32 * row_count)) AND (row_count > 0))),
  CONSTRAINT history_batches_part_is_known CHECK ((part = ANY (ARRAY['INSERT'::text, 'CLOSE'::text]))),
  CONSTRAINT append_link TRIGGER DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT end_write TRIGGER DEFERRABLE INITIALLY DEFERRED
);
-- history_batches: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON history_batches AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE CONSTRAINT TRIGGER append_link AFTER INSERT ON public.history_batches DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_history_link();
CREATE TRIGGER check_month BEFORE INSERT ON public.history_batches FOR EACH ROW WHEN ((new.month > '-infinity'::timestamp with time zone)) EXECUTE FUNCTION check_batch_month();
CREATE CONSTRAINT TRIGGER end_write AFTER INSERT ON public.history_batches DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_record_write();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.history_batches FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT SELECT ON history_batches TO ballast_app;

CREATE TABLE history_links (
  firm_id uuid NOT NULL,
  sequence bigint NOT NULL,
  table_name text NOT NULL,
  part text NOT NULL,
  batch bigint NOT NULL,
  month timestamp with time zone NOT NULL,
  row_count integer NOT NULL,
  rows_hash sha256 NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  previous_hash sha256 NOT NULL,
  hash sha256 NOT NULL,
  CONSTRAINT history_links_pk PRIMARY KEY (firm_id, sequence)
);
-- history_links: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON history_links AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.history_links FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT SELECT ON history_links TO ballast_app;

CREATE TABLE history_retirements (
  firm_id uuid NOT NULL,
  table_name text NOT NULL,
  month timestamp with time zone NOT NULL,
  retired_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  retired_by text NOT NULL,
  row_count bigint NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT history_retirements_pk PRIMARY KEY (firm_id, table_name, month),
  CONSTRAINT history_retirements_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id)
);
-- history_retirements: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON history_retirements AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.history_retirements FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.history_retirements FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.history_retirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_history_retirements();
GRANT SELECT ON history_retirements TO ballast_app;

CREATE TABLE history_tables (
  table_name text NOT NULL,
  closing_columns text[] NOT NULL,
  open_condition text,
  CONSTRAINT history_tables_pk PRIMARY KEY (table_name),
  CONSTRAINT history_tables_closing_has_condition CHECK (((cardinality(closing_columns) = 0) = (open_condition IS NULL)))
);
GRANT SELECT ON history_tables TO ballast_app;

CREATE TABLE idempotency_keys (
  firm_id uuid NOT NULL,
  operation text NOT NULL,
  key identifier NOT NULL,
  request_hash sha256 NOT NULL,
  response json NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  CONSTRAINT idempotency_keys_pk PRIMARY KEY (firm_id, operation, key),
  CONSTRAINT idempotency_keys_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id)
);
-- idempotency_keys: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON idempotency_keys AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE UPDATE OR TRUNCATE ON public.idempotency_keys FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT ON idempotency_keys TO ballast_app;

CREATE TABLE instrument_quotes (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  instrument_id identifier NOT NULL,
  bid finite_numeric,
  ask finite_numeric,
  mark finite_numeric,
  implied_volatility finite_double,
  quoted_at timestamp with time zone NOT NULL,
  flags text[] NOT NULL DEFAULT '{}'::text[],
  open_interest finite_numeric,
  volume finite_numeric,
  CONSTRAINT instrument_quotes_pk PRIMARY KEY (firm_id, snapshot_id, instrument_id, as_of),
  CONSTRAINT instrument_quotes_open_interest_is_a_count CHECK (((open_interest)::numeric >= (0)::numeric)),
  CONSTRAINT instrument_quotes_volume_is_a_count CHECK (((volume)::numeric >= (0)::numeric))
) PARTITION BY RANGE (as_of);
-- instrument_quotes: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON instrument_quotes AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER check_references AFTER INSERT ON public.instrument_quotes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_quote_references();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.instrument_quotes FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT ON instrument_quotes TO ballast_app;

CREATE TABLE instruments (
  firm_id uuid NOT NULL,
  instrument_id identifier NOT NULL,
  underlying_id identifier NOT NULL,
  type text NOT NULL,
  multiplier finite_numeric NOT NULL,
  currency currency_code NOT NULL,
  settlement text NOT NULL,
  option_right text,
  strike finite_numeric,
  expiry timestamp with time zone,
  exercise text,
  premium_style text,
  created_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  calendar identifier,
  delivery text,
  deliverable jsonb,
  adjusted_from identifier,
  settlement_session text,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT instruments_pk PRIMARY KEY (firm_id, instrument_id),
  CONSTRAINT instruments_adjusted_from_fk FOREIGN KEY (firm_id, adjusted_from) REFERENCES instruments(firm_id, instrument_id),
  CONSTRAINT instruments_underlying_fk FOREIGN KEY (firm_id, underlying_id) REFERENCES underlyings(firm_id, underlying_id),
  CONSTRAINT instruments_delivery_is_known CHECK ((delivery = ANY (ARRAY['cash'::text, 'physical'::text]))),
  CONSTRAINT instruments_exercise_is_known CHECK ((exercise = ANY (ARRAY['european'::text, 'american'::text]))),
  CONSTRAINT instruments_multiplier_is_positive CHECK (((multiplier)::numeric > (0)::numeric)),
  CONSTRAINT instruments_premium_style_is_known CHECK ((premium_style = ANY (ARRAY['equity'::text, 'futures'::text]))),
  CONSTRAINT instruments_right_is_known CHECK ((option_right = ANY (ARRAY['call'::text, 'put'::text]))),
  CONSTRAINT instruments_settlement_is_known CHECK ((settlement = ANY (ARRAY['linear'::text, 'inverse'::text]))),
  CONSTRAINT instruments_settlement_session_is_known CHECK ((settlement_session = 'am'::text)),
  CONSTRAINT instruments_terms_fit_type CHECK (((num_nonnulls(option_right, strike, exercise, premium_style) =
CASE type
    WHEN 'option'::text THEN 4
    ELSE 0
END) AND ((expiry IS NOT NULL) = (type = ANY (ARRAY['option'::text, 'future'::text]))))),
  CONSTRAINT instruments_type_is_known CHECK ((type = ANY (ARRAY['option'::text, 'future'::text, 'perpetual'::text, 'underlying'::text])))
);
CREATE INDEX instruments_by_expiry ON public.instruments USING btree (firm_id, expiry, instrument_id) WHERE (expiry IS NOT NULL);
CREATE INDEX instruments_by_underlying ON public.instruments USING btree (firm_id, underlying_id, expiry, instrument_id);
-- instruments: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON instruments AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.instruments FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.instruments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_instruments_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.instruments FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.instruments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_instruments();
GRANT INSERT, SELECT ON instruments TO ballast_app;

CREATE TABLE latest_buffers (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  currency currency_code NOT NULL,
  equity finite_numeric,
  maintenance finite_numeric,
  initial finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  ratio_key finite_double DEFAULT (buffer_ratio)::double precision,
  CONSTRAINT latest_buffers_pk PRIMARY KEY (firm_id, account_id),
  CONSTRAINT latest_buffers_amounts_fit_quality CHECK (((num_nulls(equity, maintenance, initial, buffer) =
CASE quality
    WHEN 'INDETERMINATE'::text THEN 4
    ELSE 0
END) AND ((buffer_ratio IS NULL) = ((maintenance IS NULL) OR ((maintenance)::numeric = (0)::numeric))) AND (((status)::text = 'INDETERMINATE'::text) = ((quality)::text = 'INDETERMINATE'::text))))
);
CREATE INDEX latest_buffers_by_ratio ON public.latest_buffers USING btree (firm_id, ratio_key, buffer_ratio, account_id);
-- latest_buffers: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON latest_buffers AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON latest_buffers AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER check_accounts AFTER INSERT ON public.latest_buffers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION check_newest_buffer_accounts();
GRANT INSERT, SELECT, UPDATE ON latest_buffers TO ballast_app;

CREATE TABLE lifecycle_effects (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  event_id identifier NOT NULL,
  effect_number integer NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  instrument_id identifier,
  quantity_before finite_numeric,
  quantity_after finite_numeric,
  average_price_before finite_numeric,
  average_price_after finite_numeric,
  currency currency_code,
  amount finite_numeric,
  note text,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  asset identifier,
  pledge_before json,
  pledge_after json,
  CONSTRAINT lifecycle_effects_pk PRIMARY KEY (firm_id, account_id, event_id, effect_number),
  CONSTRAINT lifecycle_effects_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT lifecycle_effects_event_fk FOREIGN KEY (firm_id, event_id) REFERENCES lifecycle_events(firm_id, event_id),
  CONSTRAINT lifecycle_effects_instrument_fk FOREIGN KEY (firm_id, instrument_id) REFERENCES instruments(firm_id, instrument_id),
  CONSTRAINT lifecycle_effects_say_one_thing CHECK (((num_nonnulls(instrument_id, asset, currency, note) = 1) AND ((num_nonnulls(instrument_id, asset) = 1) = (num_nonnulls(quantity_before, quantity_after) = 2)) AND ((instrument_id IS NOT NULL) OR (num_nonnulls(average_price_before, average_price_after) = 0)) AND ((asset IS NOT NULL) = (num_nonnulls(pledge_before, pledge_after) > 0)) AND ((currency IS NOT NULL) = (amount IS NOT NULL))))
);
CREATE INDEX lifecycle_effects_by_time ON public.lifecycle_effects USING btree (firm_id, account_id, effective_at, event_id, effect_number);
-- lifecycle_effects: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON lifecycle_effects AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON lifecycle_effects AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.lifecycle_effects FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.lifecycle_effects FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.lifecycle_effects REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_lifecycle_effects();
GRANT INSERT, SELECT ON lifecycle_effects TO ballast_app;

CREATE TABLE lifecycle_events (
  firm_id uuid NOT NULL,
  event_id identifier NOT NULL,
  type text NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  instrument_id identifier,
  underlying_id identifier,
  reverses identifier,
  terms json NOT NULL,
  request_hash sha256 NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT lifecycle_events_pk PRIMARY KEY (firm_id, event_id),
  CONSTRAINT lifecycle_events_reversed_once UNIQUE (firm_id, reverses),
  CONSTRAINT lifecycle_events_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT lifecycle_events_instrument_fk FOREIGN KEY (firm_id, instrument_id) REFERENCES instruments(firm_id, instrument_id),
  CONSTRAINT lifecycle_events_reverses_fk FOREIGN KEY (firm_id, reverses) REFERENCES lifecycle_events(firm_id, event_id),
  CONSTRAINT lifecycle_events_underlying_fk FOREIGN KEY (firm_id, underlying_id) REFERENCES underlyings(firm_id, underlying_id),
  CONSTRAINT lifecycle_events_reversal_names_event CHECK (((reverses IS NOT NULL) = (type = 'reversal'::text))),
  CONSTRAINT lifecycle_events_type_is_known CHECK ((type = ANY (ARRAY['expiry'::text, 'exercise'::text, 'assignment'::text, 'lapse'::text, 'daily-settlement'::text, 'dividend'::text, 'split'::text, 'special-dividend'::text, 'symbol-change'::text, 'merger'::text, 'reversal'::text])))
);
CREATE INDEX lifecycle_events_by_instrument ON public.lifecycle_events USING btree (firm_id, instrument_id, type);
-- lifecycle_events: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON lifecycle_events AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.lifecycle_events FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.lifecycle_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_lifecycle_events_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.lifecycle_events FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.lifecycle_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_lifecycle_events();
GRANT INSERT, SELECT ON lifecycle_events TO ballast_app;

CREATE TABLE margin_call_events (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  call_id uuid NOT NULL,
  event_number integer NOT NULL,
  kind text NOT NULL,
  at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  actor text NOT NULL,
  reason text,
  run_id uuid,
  state_before margin_call_state,
  state_after margin_call_state NOT NULL,
  amount finite_numeric NOT NULL,
  outstanding finite_numeric NOT NULL,
  paid finite_numeric NOT NULL,
  late_fee finite_numeric NOT NULL,
  penalty finite_numeric NOT NULL,
  payment_amount finite_numeric,
  payment_currency currency_code,
  payment_credited finite_numeric,
  payment_received_at timestamp with time zone,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT margin_call_events_pk PRIMARY KEY (firm_id, account_id, call_id, event_number),
  CONSTRAINT margin_call_events_call_fk FOREIGN KEY (firm_id, account_id, call_id) REFERENCES margin_calls(firm_id, account_id, call_id),
  CONSTRAINT margin_call_events_actor_is_named CHECK ((length(btrim(actor)) > 0)),
  CONSTRAINT margin_call_events_are_counted CHECK ((event_number >= 1)),
  CONSTRAINT margin_call_events_kind_is_known CHECK ((kind = ANY (ARRAY['RAISED'::text, 'AMOUNT_UPDATED'::text, 'ACKNOWLEDGED'::text, 'PAYMENT_RECORDED'::text, 'OVERDUE'::text, 'ESCALATED'::text, 'WAIVER_PROPOSED'::text, 'WAIVER_LAPSED'::text, 'WAIVED'::text, 'CLOSED'::text]))),
  CONSTRAINT margin_call_events_payment_is_positive CHECK ((((payment_amount)::numeric > (0)::numeric) AND ((payment_credited)::numeric > (0)::numeric))),
  CONSTRAINT margin_call_events_payment_is_whole CHECK ((num_nulls(payment_amount, payment_currency, payment_credited, payment_received_at) =
CASE
    WHEN (kind = 'PAYMENT_RECORDED'::text) THEN 0
    ELSE 4
END)),
  CONSTRAINT margin_call_events_raised_is_first CHECK ((((kind = 'RAISED'::text) = (event_number = 1)) AND ((kind = 'RAISED'::text) = (state_before IS NULL))))
);
CREATE INDEX margin_call_events_by_run ON public.margin_call_events USING btree (firm_id, run_id) WHERE (run_id IS NOT NULL);
-- margin_call_events: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON margin_call_events AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON margin_call_events AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.margin_call_events FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER keep_closed BEFORE INSERT ON public.margin_call_events FOR EACH ROW WHEN ((new.event_number > 1)) EXECUTE FUNCTION refuse_event_of_closed_call();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.margin_call_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_margin_call_events_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.margin_call_events FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.margin_call_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_call_events();
GRANT INSERT, SELECT ON margin_call_events TO ballast_app;

CREATE TABLE margin_calls (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  call_id uuid NOT NULL,
  currency currency_code NOT NULL,
  raised_at timestamp with time zone NOT NULL,
  raised_run_id uuid NOT NULL,
  due_at timestamp with time zone NOT NULL,
  escalates_at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  state margin_call_state NOT NULL,
  amount finite_numeric NOT NULL,
  evaluated_at timestamp with time zone NOT NULL,
  evaluated_run_id uuid NOT NULL,
  paid finite_numeric NOT NULL,
  unreflected finite_numeric NOT NULL,
  outstanding finite_numeric NOT NULL,
  late_fee finite_numeric NOT NULL,
  late_fee_until timestamp with time zone NOT NULL,
  penalty finite_numeric NOT NULL,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  note text,
  waiver_proposed_by text,
  waiver_proposed_at timestamp with time zone,
  waiver_reason text,
  waiver_amount finite_numeric,
  waiver_approved_by text,
  waiver_approved_at timestamp with time zone,
  closed_at timestamp with time zone,
  close_reason text,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  closing_batch bigint,
  CONSTRAINT margin_calls_pk PRIMARY KEY (firm_id, account_id, call_id),
  CONSTRAINT margin_calls_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT margin_calls_run_fk FOREIGN KEY (firm_id, raised_run_id, raised_at) REFERENCES margin_runs(firm_id, run_id, as_of),
  CONSTRAINT margin_calls_amounts_are_not_negative CHECK ((((amount)::numeric >= (0)::numeric) AND ((paid)::numeric >= (0)::numeric) AND ((unreflected)::numeric >= (0)::numeric) AND ((outstanding)::numeric >= (0)::numeric) AND ((late_fee)::numeric >= (0)::numeric) AND ((penalty)::numeric >= (0)::numeric))),
  CONSTRAINT margin_calls_close_reason_is_known CHECK ((close_reason = ANY (ARRAY['RELEASED'::text, 'MET'::text, 'OUTGROWN'::text]))),
  CONSTRAINT margin_calls_closing_is_whole CHECK (((((state)::text = 'CLOSED'::text) = (closed_at IS NOT NULL)) AND (((state)::text = 'CLOSED'::text) = (close_reason IS NOT NULL)))),
  CONSTRAINT margin_calls_deadlines_are_ordered CHECK (((raised_at < due_at) AND (due_at <= escalates_at))),
  CONSTRAINT margin_calls_settled_owe_nothing CHECK ((((state)::text <> ALL (ARRAY['MET'::text, 'WAIVED'::text, 'CLOSED'::text])) OR ((outstanding)::numeric = (0)::numeric))),
  CONSTRAINT margin_calls_waived_is_approved CHECK ((((state)::text <> 'WAIVED'::text) OR (waiver_approved_by IS NOT NULL))),
  CONSTRAINT margin_calls_waiver_is_whole CHECK (((num_nulls(waiver_proposed_by, waiver_proposed_at, waiver_reason, waiver_amount) = ANY (ARRAY[0, 4])) AND (num_nulls(waiver_approved_by, waiver_approved_at) = ANY (ARRAY[0, 2])) AND ((waiver_approved_by IS NULL) OR (waiver_proposed_by IS NOT NULL)))),
  CONSTRAINT margin_calls_waiver_needs_two_people CHECK ((waiver_approved_by <> waiver_proposed_by))
);
CREATE INDEX margin_calls_by_known_time ON public.margin_calls USING btree (firm_id, known_at);
CREATE INDEX margin_calls_by_run ON public.margin_calls USING btree (firm_id, raised_run_id);
CREATE INDEX margin_calls_newest ON public.margin_calls USING btree (firm_id, raised_at DESC, call_id DESC);
CREATE INDEX margin_calls_of_account ON public.margin_calls USING btree (firm_id, account_id, raised_at DESC, call_id DESC);
CREATE UNIQUE INDEX margin_calls_one_open ON public.margin_calls USING btree (firm_id, account_id) WHERE ((state)::text <> 'CLOSED'::text);
-- margin_calls: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON margin_calls AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON margin_calls AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.margin_calls FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER keep_closed BEFORE UPDATE ON public.margin_calls FOR EACH ROW WHEN (((old.state)::text = 'CLOSED'::text)) EXECUTE FUNCTION keep_closed_call();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.margin_calls REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_margin_calls_insert();
CREATE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON public.margin_calls FOR EACH ROW WHEN (((new.closing_batch IS NULL) AND (NOT ((new.state)::text <> 'CLOSED'::text)))) EXECUTE FUNCTION mark_closing();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.margin_calls FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.margin_calls REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_calls();
CREATE TRIGGER seal_update AFTER UPDATE ON public.margin_calls REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_calls_closing();
GRANT INSERT, SELECT, UPDATE (state, amount, evaluated_at, evaluated_run_id, paid, unreflected, outstanding, late_fee, late_fee_until, penalty, acknowledged_at, acknowledged_by, note, waiver_proposed_by, waiver_proposed_at, waiver_reason, waiver_amount, waiver_approved_by, waiver_approved_at, closed_at, close_reason) ON margin_calls TO ballast_app;

CREATE TABLE margin_run_parameter_sets (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  methodology margin_methodology NOT NULL,
  parameter_set_id uuid NOT NULL,
  content_hash sha256 NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT margin_run_parameter_sets_pk PRIMARY KEY (firm_id, run_id, methodology),
  CONSTRAINT margin_run_parameter_sets_run_fk FOREIGN KEY (firm_id, run_id) REFERENCES margin_runs(firm_id, run_id),
  CONSTRAINT margin_run_parameter_sets_set_fk FOREIGN KEY (firm_id, parameter_set_id) REFERENCES risk_parameter_sets(firm_id, parameter_set_id)
);
-- margin_run_parameter_sets: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON margin_run_parameter_sets AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.margin_run_parameter_sets FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.margin_run_parameter_sets FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.margin_run_parameter_sets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_run_parameter_sets();
GRANT INSERT, SELECT ON margin_run_parameter_sets TO ballast_app;

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
  ended_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT margin_run_shard_ends_pk PRIMARY KEY (firm_id, run_id, shard),
  CONSTRAINT margin_run_shard_ends_shard_fk FOREIGN KEY (firm_id, run_id, shard) REFERENCES margin_run_shards(firm_id, run_id, shard),
  CONSTRAINT margin_run_shard_ends_counts_are_sane CHECK (((accounts_indeterminate >= 0) AND (accounts_degraded >= 0) AND (accounts_held >= 0) AND (((accounts_indeterminate + accounts_degraded) + accounts_held) <= accounts_done))),
  CONSTRAINT margin_run_shard_ends_dead_has_reason CHECK ((((outcome = 'DEAD'::text) = (reason IS NOT NULL)) AND ((outcome = 'DONE'::text) OR (accounts_done = 0)))),
  CONSTRAINT margin_run_shard_ends_outcome_is_known CHECK ((outcome = ANY (ARRAY['DONE'::text, 'DEAD'::text])))
);
-- margin_run_shard_ends: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON margin_run_shard_ends AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.margin_run_shard_ends FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.margin_run_shard_ends FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.margin_run_shard_ends REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_run_shard_ends();
GRANT INSERT, SELECT ON margin_run_shard_ends TO ballast_app;

CREATE TABLE margin_run_shards (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  shard integer NOT NULL,
  account_ids uuid[] NOT NULL,
  methodologies text[] NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT margin_run_shards_pk PRIMARY KEY (firm_id, run_id, shard),
  CONSTRAINT margin_run_shards_run_fk FOREIGN KEY (firm_id, run_id) REFERENCES margin_runs(firm_id, run_id),
  CONSTRAINT margin_run_shards_are_not_empty CHECK (((shard >= 1) AND (cardinality(account_ids) > 0) AND (cardinality(methodologies) = cardinality(account_ids))))
);
-- margin_run_shards: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON margin_run_shards AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.margin_run_shards FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.margin_run_shards FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.margin_run_shards REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_run_shards();
GRANT INSERT, SELECT ON margin_run_shards TO ballast_app;

CREATE TABLE margin_runs (
  firm_id uuid NOT NULL,
  run_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  snapshot_id uuid NOT NULL,
  positions_at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL,
  state text NOT NULL,
  engine_version text NOT NULL,
  requested_by text NOT NULL,
  idempotency_key identifier,
  account_count integer NOT NULL,
  accounts_done integer NOT NULL DEFAULT 0,
  accounts_indeterminate integer NOT NULL DEFAULT 0,
  started_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  finished_at timestamp with time zone,
  result_hash sha256,
  failure_reason text,
  accounts_degraded integer NOT NULL DEFAULT 0,
  accounts_held integer NOT NULL DEFAULT 0,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  closing_batch bigint,
  shard_count integer,
  is_part boolean,
  CONSTRAINT margin_runs_pk PRIMARY KEY (firm_id, run_id),
  CONSTRAINT margin_runs_as_of_unique UNIQUE (firm_id, run_id, as_of),
  CONSTRAINT margin_runs_idempotency_unique UNIQUE (firm_id, idempotency_key),
  CONSTRAINT margin_runs_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots(firm_id, snapshot_id),
  CONSTRAINT margin_runs_counts_are_sane CHECK ((((accounts_done >= 0) AND (accounts_done <= account_count)) AND ((accounts_indeterminate >= 0) AND (accounts_indeterminate <= accounts_done)))),
  CONSTRAINT margin_runs_guard_counts_are_sane CHECK (((accounts_degraded >= 0) AND (accounts_held >= 0) AND (((accounts_degraded + accounts_held) + accounts_indeterminate) <= accounts_done))),
  CONSTRAINT margin_runs_is_part_or_null CHECK (is_part),
  CONSTRAINT margin_runs_shard_count_is_sane CHECK (((shard_count >= 1) AND (shard_count <= account_count))),
  CONSTRAINT margin_runs_state_is_whole CHECK ((((state = 'RUNNING'::text) AND (num_nonnulls(finished_at, result_hash, failure_reason) = 0)) OR ((state = 'COMPLETED'::text) AND (num_nonnulls(finished_at, result_hash) = 2) AND (failure_reason IS NULL)) OR ((state = 'PARTIAL'::text) AND (num_nonnulls(finished_at, result_hash, failure_reason) = 3) AND (shard_count IS NOT NULL)) OR ((state = 'FAILED'::text) AND (num_nonnulls(finished_at, failure_reason) = 2) AND (result_hash IS NULL))))
);
CREATE INDEX margin_runs_by_end ON public.margin_runs USING btree (firm_id, finished_at, run_id) WHERE (state = ANY (ARRAY['COMPLETED'::text, 'PARTIAL'::text]));
CREATE INDEX margin_runs_by_start ON public.margin_runs USING btree (firm_id, started_at DESC, run_id DESC);
CREATE INDEX margin_runs_latest_of_all ON public.margin_runs USING btree (firm_id, as_of DESC, finished_at DESC) WHERE ((is_part IS NULL) AND (state = 'COMPLETED'::text));
CREATE INDEX margin_runs_running ON public.margin_runs USING btree (firm_id, run_id) WHERE (state = 'RUNNING'::text);
-- margin_runs: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON margin_runs AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER allow_running_only BEFORE UPDATE ON public.margin_runs FOR EACH ROW EXECUTE FUNCTION allow_running_only();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.margin_runs FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.margin_runs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_margin_runs_insert();
CREATE TRIGGER margin_runs_notify AFTER UPDATE OF state, accounts_done ON public.margin_runs FOR EACH ROW EXECUTE FUNCTION notify_run_change();
CREATE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON public.margin_runs FOR EACH ROW WHEN (((new.closing_batch IS NULL) AND (NOT (new.state = 'RUNNING'::text)))) EXECUTE FUNCTION mark_closing();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.margin_runs FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.margin_runs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_runs();
CREATE TRIGGER seal_update AFTER UPDATE ON public.margin_runs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_margin_runs_closing();
GRANT INSERT, SELECT, UPDATE (state, accounts_done, accounts_indeterminate, finished_at, result_hash, failure_reason, accounts_degraded, accounts_held) ON margin_runs TO ballast_app;

CREATE TABLE market_snapshots (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  quality data_quality NOT NULL,
  quality_reasons text[] NOT NULL DEFAULT '{}'::text[],
  underlying_count integer NOT NULL,
  instrument_count integer NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  hash_form smallint,
  parts uuid[],
  dropped text[],
  stated_count integer,
  CONSTRAINT market_snapshots_pk PRIMARY KEY (firm_id, snapshot_id),
  CONSTRAINT market_snapshots_as_of_unique UNIQUE (firm_id, snapshot_id, as_of),
  CONSTRAINT market_snapshots_content_unique UNIQUE (firm_id, content_hash),
  CONSTRAINT market_snapshots_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT market_snapshots_difference_is_told CHECK ((((parts IS NULL) = (dropped IS NULL)) AND ((parts IS NULL) = (stated_count IS NULL)) AND ((parts IS NULL) OR (hash_form IS NOT NULL)))),
  CONSTRAINT market_snapshots_hash_form_is_known CHECK ((hash_form = 2)),
  CONSTRAINT market_snapshots_parts_are_few CHECK (((cardinality(parts) >= 1) AND (cardinality(parts) <= 256))),
  CONSTRAINT market_snapshots_stated_count_is_a_count CHECK ((stated_count >= 0))
);
CREATE INDEX market_snapshots_by_time ON public.market_snapshots USING btree (firm_id, as_of DESC, known_at DESC);
-- market_snapshots: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON market_snapshots AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER check_months AFTER INSERT ON public.market_snapshots REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_snapshot_months();
CREATE TRIGGER check_parts AFTER INSERT ON public.market_snapshots REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_snapshot_parts();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.market_snapshots FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.market_snapshots REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_market_snapshots_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.market_snapshots FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.market_snapshots REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_market_snapshots();
GRANT INSERT, SELECT ON market_snapshots TO ballast_app;

CREATE TABLE market_stream_marks (
  firm_id uuid NOT NULL,
  mark_id uuid NOT NULL,
  stream identifier NOT NULL,
  kind text NOT NULL,
  sequence bigint,
  snapshot_id uuid,
  file_name text,
  sha256 sha256,
  reason text,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  CONSTRAINT market_stream_marks_pk PRIMARY KEY (firm_id, mark_id),
  CONSTRAINT market_stream_marks_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT market_stream_marks_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots(firm_id, snapshot_id),
  CONSTRAINT market_stream_marks_file_is_named CHECK ((((kind = 'FILE'::text) = (file_name IS NOT NULL)) AND ((kind = 'FILE'::text) = (sha256 IS NOT NULL)))),
  CONSTRAINT market_stream_marks_gap_has_reason CHECK (((kind = 'GAP'::text) = (reason IS NOT NULL))),
  CONSTRAINT market_stream_marks_kind_is_known CHECK ((kind = ANY (ARRAY['COMMITTED'::text, 'GAP'::text, 'FILE'::text]))),
  CONSTRAINT market_stream_marks_sequence_counts CHECK ((sequence >= 0)),
  CONSTRAINT market_stream_marks_snapshot_is_committed CHECK (((kind = 'COMMITTED'::text) = (snapshot_id IS NOT NULL)))
);
CREATE INDEX market_stream_marks_newest ON public.market_stream_marks USING btree (firm_id, stream, kind, known_at DESC, mark_id DESC);
-- market_stream_marks: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON market_stream_marks AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.market_stream_marks FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT ON market_stream_marks TO ballast_app;

CREATE TABLE notifications (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  kind text NOT NULL,
  at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  payload json NOT NULL,
  CONSTRAINT notifications_pk PRIMARY KEY (firm_id, account_id, notification_id),
  CONSTRAINT notifications_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id)
);
-- notifications: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON notifications AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON notifications AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.notifications FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT ON notifications TO ballast_app;

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
  reasons text[] NOT NULL DEFAULT '{}'::text[],
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT parameter_impact_rows_pk PRIMARY KEY (firm_id, parameter_set_id, account_id),
  CONSTRAINT parameter_impact_rows_ordinal_unique UNIQUE (firm_id, parameter_set_id, ordinal, account_id),
  CONSTRAINT parameter_impact_rows_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT parameter_impact_rows_impact_fk FOREIGN KEY (firm_id, parameter_set_id) REFERENCES parameter_impacts(firm_id, parameter_set_id)
);
-- parameter_impact_rows: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON parameter_impact_rows AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON parameter_impact_rows AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.parameter_impact_rows FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.parameter_impact_rows FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.parameter_impact_rows REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_parameter_impact_rows();
GRANT INSERT, SELECT ON parameter_impact_rows TO ballast_app;

CREATE TABLE parameter_impacts (
  firm_id uuid NOT NULL,
  parameter_set_id uuid NOT NULL,
  computed_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  snapshot_id uuid,
  as_of timestamp with time zone,
  positions_at timestamp with time zone,
  replaced_set_id uuid,
  account_count integer NOT NULL,
  totals json NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT parameter_impacts_pk PRIMARY KEY (firm_id, parameter_set_id),
  CONSTRAINT parameter_impacts_replaced_fk FOREIGN KEY (firm_id, replaced_set_id) REFERENCES risk_parameter_sets(firm_id, parameter_set_id),
  CONSTRAINT parameter_impacts_set_fk FOREIGN KEY (firm_id, parameter_set_id) REFERENCES risk_parameter_sets(firm_id, parameter_set_id),
  CONSTRAINT parameter_impacts_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots(firm_id, snapshot_id)
);
-- parameter_impacts: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON parameter_impacts AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.parameter_impacts FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.parameter_impacts FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.parameter_impacts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_parameter_impacts();
GRANT INSERT, SELECT ON parameter_impacts TO ballast_app;

CREATE TABLE position_statements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  mode text NOT NULL,
  valid_from timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL,
  content_hash sha256 NOT NULL,
  source text NOT NULL,
  position_count integer NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT position_statements_pk PRIMARY KEY (firm_id, account_id, statement_id),
  CONSTRAINT position_statements_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT position_statements_mode_is_known CHECK ((mode = ANY (ARRAY['REPLACE'::text, 'MERGE'::text])))
);
CREATE INDEX position_statements_by_knowledge ON public.position_statements USING btree (firm_id, known_at, account_id);
CREATE INDEX position_statements_by_time ON public.position_statements USING btree (firm_id, account_id, valid_from, known_at);
-- position_statements: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON position_statements AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON position_statements AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.position_statements FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.position_statements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_position_statements_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.position_statements FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.position_statements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_position_statements();
GRANT INSERT, SELECT ON position_statements TO ballast_app;

CREATE TABLE positions (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  instrument_id identifier NOT NULL,
  version_id uuid NOT NULL DEFAULT gen_random_uuid(),
  statement_id uuid NOT NULL,
  quantity finite_numeric NOT NULL,
  average_price finite_numeric,
  valid tstzrange NOT NULL,
  known tstzrange NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  closing_batch bigint,
  CONSTRAINT positions_pk PRIMARY KEY (firm_id, account_id, instrument_id, version_id),
  CONSTRAINT positions_known_is_half_open CHECK (((NOT isempty(known)) AND (NOT lower_inf(known)) AND lower_inc(known) AND (NOT upper_inc(known)))),
  CONSTRAINT positions_quantity_is_not_zero CHECK (((quantity)::numeric <> (0)::numeric)),
  CONSTRAINT positions_valid_is_half_open CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)) AND lower_inc(valid) AND (NOT upper_inc(valid))))
);
CREATE INDEX positions_by_contract ON public.positions USING btree (firm_id, instrument_id, account_id);
CREATE INDEX positions_ended ON public.positions USING btree (firm_id, account_id, instrument_id, COALESCE(upper(known), 'infinity'::timestamp with time zone)) WHERE (NOT (upper_inf(known) AND upper_inf(valid)));
CREATE INDEX positions_open ON public.positions USING btree (firm_id, account_id, instrument_id) WHERE upper_inf(known);
CREATE UNIQUE INDEX positions_versions_do_not_overlap ON public.positions USING btree (firm_id, account_id, instrument_id) WHERE (upper_inf(known) AND upper_inf(valid));
-- positions: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON positions AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON positions AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER allow_closing_only BEFORE UPDATE ON public.positions FOR EACH ROW EXECUTE FUNCTION allow_closing_only();
CREATE TRIGGER check_versions AFTER INSERT ON public.positions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_position_versions();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.positions FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.positions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_positions_insert();
CREATE TRIGGER limit_known_update AFTER UPDATE ON public.positions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_positions_update();
CREATE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON public.positions FOR EACH ROW WHEN (((new.closing_batch IS NULL) AND (NOT upper_inf(new.known)))) EXECUTE FUNCTION mark_closing();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.positions FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.positions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_positions();
CREATE TRIGGER seal_update AFTER UPDATE ON public.positions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_positions_closing();
GRANT INSERT, SELECT, UPDATE (known) ON positions TO ballast_app;

CREATE TABLE price_history (
  firm_id uuid NOT NULL,
  symbol identifier NOT NULL,
  price_date date NOT NULL,
  revision integer NOT NULL,
  price finite_double NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT price_history_pk PRIMARY KEY (firm_id, symbol, price_date, revision),
  CONSTRAINT price_history_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT price_history_price_is_above_zero CHECK (((price)::double precision > (0)::double precision)),
  CONSTRAINT price_history_revision_counts_from_one CHECK ((revision > 0))
);
-- price_history: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON price_history AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.price_history FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.price_history REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_price_history_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.price_history FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.price_history REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_price_history();
GRANT INSERT, SELECT ON price_history TO ballast_app;

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
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT reconciliation_breaks_pk PRIMARY KEY (firm_id, reconciliation_id, ordinal),
  CONSTRAINT reconciliation_breaks_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts(firm_id, account_id),
  CONSTRAINT reconciliation_breaks_reconciliation_fk FOREIGN KEY (firm_id, reconciliation_id) REFERENCES reconciliations(firm_id, reconciliation_id),
  CONSTRAINT reconciliation_breaks_ordinal_counts CHECK ((ordinal > 0))
);
-- reconciliation_breaks: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON reconciliation_breaks AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON reconciliation_breaks AS RESTRICTIVE FOR ALL TO PUBLIC USING (((account_id IS NULL) OR (( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((account_id IS NULL) OR (( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.reconciliation_breaks FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.reconciliation_breaks FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.reconciliation_breaks REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_reconciliation_breaks();
GRANT INSERT, SELECT ON reconciliation_breaks TO ballast_app;

CREATE TABLE reconciliations (
  firm_id uuid NOT NULL,
  reconciliation_id uuid NOT NULL,
  run_id uuid NOT NULL,
  run_as_of timestamp with time zone NOT NULL,
  request_hash sha256 NOT NULL,
  statement_name text NOT NULL,
  statement_sha256 sha256 NOT NULL,
  statement_format text NOT NULL,
  statement_date date,
  covers_firm boolean NOT NULL,
  tolerances json NOT NULL,
  warnings text[] NOT NULL DEFAULT '{}'::text[],
  account_count integer NOT NULL,
  matched_count integer NOT NULL,
  break_count integer NOT NULL,
  engine_version text NOT NULL,
  started_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT reconciliations_pk PRIMARY KEY (firm_id, reconciliation_id),
  CONSTRAINT reconciliations_done_once UNIQUE (firm_id, request_hash),
  CONSTRAINT reconciliations_run_fk FOREIGN KEY (firm_id, run_id, run_as_of) REFERENCES margin_runs(firm_id, run_id, as_of),
  CONSTRAINT reconciliations_counts_are_sane CHECK (((account_count >= 0) AND (matched_count >= 0) AND (break_count >= 0))),
  CONSTRAINT reconciliations_format_is_known CHECK ((statement_format = ANY (ARRAY['csv'::text, 'activity-xml'::text])))
);
CREATE INDEX reconciliations_by_run ON public.reconciliations USING btree (firm_id, run_id);
-- reconciliations: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON reconciliations AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.reconciliations FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.reconciliations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_reconciliations_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.reconciliations FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.reconciliations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_reconciliations();
GRANT INSERT, SELECT ON reconciliations TO ballast_app;

CREATE TABLE record_writes (
  firm_id uuid NOT NULL,
  write_id uuid NOT NULL DEFAULT gen_random_uuid(),
  stamps timestamp with time zone[] NOT NULL,
  began_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT record_writes_pk PRIMARY KEY (firm_id, write_id),
  CONSTRAINT record_writes_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT record_writes_end_later CHECK (((ended_at > began_at) AND (cardinality(stamps) > 0)))
);
CREATE INDEX record_writes_by_time ON public.record_writes USING gist (firm_id, tstzrange(began_at, ended_at, '()'::text));
-- record_writes: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON record_writes AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.record_writes FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.record_writes FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.record_writes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_record_writes();
GRANT SELECT ON record_writes TO ballast_app;

CREATE TABLE requirement_releases (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  run_id uuid NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  reason text NOT NULL,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT requirement_releases_pk PRIMARY KEY (firm_id, account_id, as_of, run_id),
  CONSTRAINT requirement_releases_held_fk FOREIGN KEY (firm_id, account_id, as_of, run_id) REFERENCES held_requirements(firm_id, account_id, as_of, run_id),
  CONSTRAINT requirement_releases_are_explained CHECK (((length(btrim(confirmed_by)) > 0) AND (length(btrim(reason)) > 0)))
);
CREATE INDEX requirement_releases_by_time ON public.requirement_releases USING btree (firm_id, confirmed_at, run_id);
-- requirement_releases: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON requirement_releases AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON requirement_releases AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.requirement_releases FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.requirement_releases REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_requirement_releases_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.requirement_releases FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.requirement_releases REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_requirement_releases();
GRANT INSERT, SELECT ON requirement_releases TO ballast_app;

CREATE TABLE requirements (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT known_instant(),
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
  quality_reasons text[] NOT NULL DEFAULT '{}'::text[],
  warnings text[] NOT NULL DEFAULT '{}'::text[],
  model json,
  worst_scenario json,
  scenarios json,
  breakdown json,
  contributions json,
  greeks json,
  engine_version text NOT NULL,
  parameter_hash sha256 NOT NULL,
  snapshot_hash sha256 NOT NULL,
  input_hash sha256 NOT NULL,
  result_hash sha256 NOT NULL,
  computed_status buffer_status,
  leverage finite_numeric,
  equity_components json NOT NULL DEFAULT '[]'::json,
  collateral json NOT NULL DEFAULT '[]'::json,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  previous_status buffer_status,
  figures bytea,
  is_observation boolean,
  CONSTRAINT requirements_pk PRIMARY KEY (firm_id, account_id, as_of, run_id),
  CONSTRAINT requirements_amounts_fit_quality CHECK (((num_nulls(initial_requirement, maintenance_requirement, net_option_value, equity, collateral_value, buffer, excess) =
CASE quality
    WHEN 'INDETERMINATE'::text THEN 7
    ELSE 0
END) AND ((buffer_ratio IS NULL) = ((maintenance_requirement IS NULL) OR ((maintenance_requirement)::numeric = (0)::numeric))) AND (((status)::text = 'INDETERMINATE'::text) = ((quality)::text = 'INDETERMINATE'::text)))),
  CONSTRAINT requirements_are_explained_or_recomputable CHECK (((num_nulls(scenarios, breakdown, contributions, greeks) =
CASE
    WHEN (breakdown IS NULL) THEN 4
    ELSE 0
END) AND ((breakdown IS NOT NULL) OR (figures IS NOT NULL)))),
  CONSTRAINT requirements_are_not_negative CHECK ((((initial_requirement)::numeric >= (0)::numeric) AND ((maintenance_requirement)::numeric >= (0)::numeric)))
) PARTITION BY RANGE (as_of);
CREATE INDEX requirements_by_run ON ONLY public.requirements USING btree (firm_id, run_id);
-- requirements: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON requirements AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON requirements AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER check_references AFTER INSERT ON public.requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_requirement_references();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.requirements FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_requirements_insert();
CREATE TRIGGER record_observations AFTER INSERT ON public.requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_observations();
CREATE TRIGGER roll_up AFTER INSERT ON public.requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_observed_requirements();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.requirements FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.requirements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_requirements();
GRANT INSERT, SELECT ON requirements TO ballast_app;

CREATE TABLE risk_parameter_sets (
  firm_id uuid NOT NULL,
  parameter_set_id uuid NOT NULL,
  methodology margin_methodology NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  parameters jsonb NOT NULL,
  canonical_text text NOT NULL,
  content_hash sha256 NOT NULL,
  status text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  decided_by text,
  decided_at timestamp with time zone,
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  closing_batch bigint,
  CONSTRAINT risk_parameter_sets_pk PRIMARY KEY (firm_id, parameter_set_id),
  CONSTRAINT risk_parameter_sets_version_unique UNIQUE (firm_id, methodology, version),
  CONSTRAINT risk_parameter_sets_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT risk_parameter_sets_decision_is_whole CHECK ((num_nonnulls(decided_by, decided_at) =
CASE status
    WHEN 'PROPOSED'::text THEN 0
    ELSE 2
END)),
  CONSTRAINT risk_parameter_sets_needs_two_persons CHECK ((decided_by <> proposed_by)),
  CONSTRAINT risk_parameter_sets_status_is_known CHECK ((status = ANY (ARRAY['PROPOSED'::text, 'APPROVED'::text, 'REJECTED'::text])))
);
CREATE INDEX risk_parameter_sets_in_effect ON public.risk_parameter_sets USING btree (firm_id, methodology, effective_from DESC) WHERE (status = 'APPROVED'::text);
-- risk_parameter_sets: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON risk_parameter_sets AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER allow_one_decision BEFORE UPDATE ON public.risk_parameter_sets FOR EACH ROW EXECUTE FUNCTION allow_one_decision();
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.risk_parameter_sets FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.risk_parameter_sets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_risk_parameter_sets_insert();
CREATE TRIGGER limit_known_update AFTER UPDATE ON public.risk_parameter_sets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_risk_parameter_sets_update();
CREATE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON public.risk_parameter_sets FOR EACH ROW WHEN (((new.closing_batch IS NULL) AND (NOT (new.status = 'PROPOSED'::text)))) EXECUTE FUNCTION mark_closing();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.risk_parameter_sets FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.risk_parameter_sets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_risk_parameter_sets();
CREATE TRIGGER seal_update AFTER UPDATE ON public.risk_parameter_sets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_risk_parameter_sets_closing();
GRANT INSERT, SELECT, UPDATE (status, decided_by, decided_at) ON risk_parameter_sets TO ballast_app;

CREATE TABLE schema_migrations (
  id integer NOT NULL DEFAULT nextval('schema_migrations_id_seq'::regclass),
  timestamp bigint NOT NULL,
  name character varying NOT NULL,
  CONSTRAINT "PK_62441bec32630ced9e4cccae336" PRIMARY KEY (id)
);
GRANT SELECT ON schema_migrations TO ballast_app;

CREATE TABLE underlying_quotes (
  firm_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  underlying_id identifier NOT NULL,
  kind text NOT NULL,
  currency currency_code NOT NULL,
  price finite_numeric,
  rate finite_double NOT NULL,
  dividend_yield finite_double NOT NULL,
  quoted_at timestamp with time zone NOT NULL,
  historical_volatility finite_double,
  qualifier text,
  sensitivity_bucket text,
  confidence finite_double,
  stable_price finite_numeric,
  perpetual_price finite_numeric,
  perpetual_confidence finite_double,
  perpetual_unrealised_pnl finite_numeric,
  perpetual_unrealised_funding finite_numeric,
  flags text[] NOT NULL DEFAULT '{}'::text[],
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT underlying_quotes_pk PRIMARY KEY (firm_id, snapshot_id, underlying_id),
  CONSTRAINT underlying_quotes_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots(firm_id, snapshot_id),
  CONSTRAINT underlying_quotes_underlying_fk FOREIGN KEY (firm_id, underlying_id) REFERENCES underlyings(firm_id, underlying_id)
);
-- underlying_quotes: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON underlying_quotes AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.underlying_quotes FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.underlying_quotes FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.underlying_quotes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_underlying_quotes();
GRANT INSERT, SELECT ON underlying_quotes TO ballast_app;

CREATE TABLE underlyings (
  firm_id uuid NOT NULL,
  underlying_id identifier NOT NULL,
  kind text NOT NULL,
  currency currency_code NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  batch bigint NOT NULL DEFAULT currval('history_batch_number'::regclass),
  CONSTRAINT underlyings_pk PRIMARY KEY (firm_id, underlying_id),
  CONSTRAINT underlyings_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT underlyings_kind_is_known CHECK ((kind = ANY (ARRAY['equity'::text, 'narrow-index'::text, 'broad-index'::text, 'high-cap-index'::text, 'fx'::text, 'future'::text, 'crypto'::text, 'other'::text])))
);
-- underlyings: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON underlyings AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR UPDATE OR TRUNCATE ON public.underlyings FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
CREATE TRIGGER limit_known_insert AFTER INSERT ON public.underlyings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION limit_underlyings_insert();
CREATE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON public.underlyings FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch();
CREATE TRIGGER seal_insert AFTER INSERT ON public.underlyings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_underlyings();
GRANT INSERT, SELECT ON underlyings TO ballast_app;

CREATE TABLE webhook_deliveries (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  target_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'PENDING'::text,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  last_status integer,
  last_error text,
  finished_at timestamp with time zone,
  CONSTRAINT webhook_deliveries_pk PRIMARY KEY (firm_id, account_id, notification_id, target_id),
  CONSTRAINT webhook_deliveries_notification_fk FOREIGN KEY (firm_id, account_id, notification_id) REFERENCES notifications(firm_id, account_id, notification_id),
  CONSTRAINT webhook_deliveries_target_fk FOREIGN KEY (firm_id, target_id) REFERENCES webhook_targets(firm_id, target_id),
  CONSTRAINT webhook_deliveries_attempts_are_counted CHECK ((attempts >= 0)),
  CONSTRAINT webhook_deliveries_end_is_whole CHECK (((state = 'PENDING'::text) = (finished_at IS NULL))),
  CONSTRAINT webhook_deliveries_state_is_known CHECK ((state = ANY (ARRAY['PENDING'::text, 'DELIVERED'::text, 'DEAD'::text])))
);
CREATE INDEX webhook_deliveries_by_target ON public.webhook_deliveries USING btree (firm_id, target_id, state);
CREATE INDEX webhook_deliveries_waiting ON public.webhook_deliveries USING btree (firm_id, next_attempt_at) WHERE (state = 'PENDING'::text);
-- webhook_deliveries: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON webhook_deliveries AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY visible_account ON webhook_deliveries AS RESTRICTIVE FOR ALL TO PUBLIC USING (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])))) WITH CHECK (((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif") IS NULL) OR (account_id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[]))));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.webhook_deliveries FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT, UPDATE (state, attempts, next_attempt_at, last_status, last_error, finished_at) ON webhook_deliveries TO ballast_app;

CREATE TABLE webhook_targets (
  firm_id uuid NOT NULL,
  target_id uuid NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamp with time zone NOT NULL DEFAULT current_instant(),
  removed_at timestamp with time zone,
  removed_by text,
  CONSTRAINT webhook_targets_pk PRIMARY KEY (firm_id, target_id),
  CONSTRAINT webhook_targets_firm_fk FOREIGN KEY (firm_id) REFERENCES firms(firm_id),
  CONSTRAINT webhook_targets_removal_is_whole CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
  CONSTRAINT webhook_targets_secret_is_long CHECK (((length(secret) >= 32) AND (length(secret) <= 256))),
  CONSTRAINT webhook_targets_url_is_http CHECK (((url ~ '^https?://'::text) AND (length(url) <= 2000)))
);
CREATE UNIQUE INDEX webhook_targets_one_per_url ON public.webhook_targets USING btree (firm_id, url) WHERE (removed_at IS NULL);
-- webhook_targets: ROW LEVEL SECURITY, FORCED
CREATE POLICY same_firm ON webhook_targets AS PERMISSIVE FOR ALL TO PUBLIC USING ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((firm_id = ( SELECT (NULLIF(current_setting('app.firm_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE TRIGGER forbid_rewrite BEFORE DELETE OR TRUNCATE ON public.webhook_targets FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite();
GRANT INSERT, SELECT, UPDATE (removed_at, removed_by) ON webhook_targets TO ballast_app;

CREATE VIEW observed_buffers WITH (security_invoker=true) AS
 SELECT firm_id,
    account_id,
    at,
    run_id,
    known_at,
    currency,
    equity,
    maintenance,
    initial,
    buffer,
    buffer_ratio,
    status,
    quality,
    batch
   FROM ( SELECT buffer_observations.firm_id,
            buffer_observations.account_id,
            buffer_observations.at,
            buffer_observations.run_id,
            buffer_observations.known_at,
            buffer_observations.currency,
            buffer_observations.equity,
            buffer_observations.maintenance,
            buffer_observations.initial,
            buffer_observations.buffer,
            buffer_observations.buffer_ratio,
            buffer_observations.status,
            buffer_observations.quality,
            buffer_observations.batch,
            true AS is_observation
           FROM buffer_observations
        UNION ALL
         SELECT requirements.firm_id,
            requirements.account_id,
            requirements.as_of,
            requirements.run_id,
            requirements.known_at,
            requirements.currency,
            requirements.equity,
            requirements.maintenance_requirement,
            requirements.initial_requirement,
            requirements.buffer,
            requirements.buffer_ratio,
            requirements.status,
            requirements.quality,
            requirements.batch,
            requirements.is_observation
           FROM requirements) every
  WHERE is_observation;
GRANT SELECT ON observed_buffers TO ballast_app;

CREATE OR REPLACE FUNCTION public.allow_closing_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known)
     OR to_jsonb(OLD) - 'known' <> to_jsonb(NEW) - 'known' THEN
    RAISE EXCEPTION 'a version of % may only be closed, once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.allow_one_decision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF OLD.status <> 'PROPOSED' OR to_jsonb(OLD) - '{status,decided_by,decided_at}'::text[] <> to_jsonb(NEW) - '{status,decided_by,decided_at}'::text[] THEN
    RAISE EXCEPTION 'a parameter set is decided once and never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.allow_running_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF OLD.state <> 'RUNNING' THEN
    RAISE EXCEPTION 'a finished run is never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.append_history_link()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  last record;
  link public.history_links;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.firm_id::text, 3));
  SELECT sequence, hash INTO last FROM public.history_links WHERE firm_id = NEW.firm_id ORDER BY sequence DESC LIMIT 1;
  link.firm_id := NEW.firm_id;
  link.sequence := coalesce(last.sequence, 0) + 1;
  link.table_name := NEW.table_name;
  link.part := NEW.part;
  link.batch := NEW.batch;
  link.month := NEW.month;
  link.row_count := NEW.row_count;
  link.rows_hash := sha256(NEW.row_hashes);
  link.recorded_at := public.current_instant();
  link.previous_hash := coalesce(last.hash, sha256(convert_to('ballast history ' || NEW.firm_id, 'UTF8')));
  link.hash := sha256(link.previous_hash::bytea || convert_to(concat_ws('|', link.firm_id, link.sequence, link.table_name,
    link.part, link.batch, coalesce(extract(epoch FROM nullif(link.month, '-infinity'))::bigint::text, '-'), link.row_count,
    (extract(epoch FROM link.recorded_at) * 1000)::bigint), 'UTF8') || link.rows_hash::bytea);
  INSERT INTO public.history_links VALUES (link.*);
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.begin_history_batch()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  PERFORM nextval('public.history_batch_number');
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.chain_table(target regclass, closing text[] DEFAULT '{}'::text[], open_condition text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  name constant text := target::text;
  closable constant boolean := open_condition IS NOT NULL;
BEGIN
  INSERT INTO history_tables VALUES (name, closing, open_condition)
    ON CONFLICT ON CONSTRAINT history_tables_pk
    DO UPDATE SET closing_columns = excluded.closing_columns, open_condition = excluded.open_condition;
  EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS batch bigint', name);
  IF closable THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS closing_batch bigint', name);
  END IF;
  PERFORM renew_seals(target);
  PERFORM seal_existing(target);
  EXECUTE format('ALTER TABLE %s ALTER COLUMN batch SET DEFAULT currval(''history_batch_number''), ALTER COLUMN batch SET NOT NULL', name);
  EXECUTE format('CREATE OR REPLACE TRIGGER seal_begin BEFORE INSERT OR UPDATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION begin_history_batch()', name);
  EXECUTE format('CREATE OR REPLACE TRIGGER seal_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, 'seal_' || name);
  IF NOT closable THEN RETURN; END IF;
  EXECUTE format('CREATE OR REPLACE TRIGGER mark_closing BEFORE INSERT OR UPDATE ON %s FOR EACH ROW '
    'WHEN (NEW.closing_batch IS NULL AND NOT (%s)) EXECUTE FUNCTION mark_closing()', name, replace(open_condition, 'r.', 'NEW.'));
  EXECUTE format('CREATE OR REPLACE TRIGGER seal_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, 'seal_' || name || '_closing');
END $function$
;

CREATE OR REPLACE FUNCTION public.check_batch_month()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  IF EXISTS (SELECT FROM history_retirements h WHERE h.firm_id = NEW.firm_id AND h.month = NEW.month OFFSET 0) THEN PERFORM public.refuse_given_up_month(NEW.month, NEW.table_name); END IF;
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_newest_buffer_accounts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  broken text;
BEGIN
  SELECT n.account_id INTO broken FROM new_rows n
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.firm_id = n.firm_id AND a.account_id = n.account_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no account %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'latest_buffers_account_fk', TABLE = 'latest_buffers';
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_observation_references()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  broken text;
BEGIN
  SELECT n.run_id || ' of ' || n.at INTO broken FROM (SELECT DISTINCT firm_id, run_id, at FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM margin_runs r WHERE r.firm_id = n.firm_id AND r.run_id = n.run_id
      AND r.as_of = n.at OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no margin run %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'buffer_observations_run_fk', TABLE = 'buffer_observations';
  END IF;
  SELECT n.account_id INTO broken FROM (SELECT DISTINCT firm_id, account_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.firm_id = n.firm_id AND a.account_id = n.account_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no account %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'buffer_observations_account_fk', TABLE = 'buffer_observations';
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_position_versions()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  broken text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'positions are written at READ COMMITTED, which sees what others committed while it waited'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM FROM accounts WHERE account_id = ANY (ARRAY(SELECT DISTINCT account_id FROM new_rows))
    ORDER BY account_id FOR NO KEY UPDATE;
  SELECT n.instrument_id INTO broken FROM (SELECT DISTINCT firm_id, instrument_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM instruments i WHERE i.firm_id = n.firm_id AND i.instrument_id = n.instrument_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no instrument %', broken USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'positions_instrument_fk', TABLE = 'positions';
  END IF;
  SELECT n.statement_id INTO broken FROM (SELECT DISTINCT firm_id, account_id, statement_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM position_statements s WHERE s.firm_id = n.firm_id AND s.account_id = n.account_id
      AND s.statement_id = n.statement_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no statement %', broken USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'positions_statement_fk', TABLE = 'positions';
  END IF;
  SELECT n.instrument_id INTO broken FROM new_rows n
    WHERE EXISTS (SELECT FROM positions p WHERE p.firm_id = n.firm_id AND p.account_id = n.account_id AND p.instrument_id = n.instrument_id
        AND NOT (upper_inf(p.known) AND upper_inf(p.valid)) AND coalesce(upper(p.known), 'infinity') > lower(n.known)
        AND p.version_id <> n.version_id AND p.valid && n.valid AND p.known && n.known OFFSET 0)
      OR NOT (upper_inf(n.known) AND upper_inf(n.valid))
        AND EXISTS (SELECT FROM positions p WHERE p.firm_id = n.firm_id AND p.account_id = n.account_id AND p.instrument_id = n.instrument_id
          AND upper_inf(p.known) AND upper_inf(p.valid) AND p.valid && n.valid AND p.known && n.known OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'two versions of % overlap', broken
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'positions_versions_do_not_overlap', TABLE = 'positions';
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_quote_references()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  broken text;
BEGIN
  SELECT n.snapshot_id || ' of ' || n.as_of INTO broken FROM (SELECT DISTINCT firm_id, snapshot_id, as_of FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM market_snapshots s WHERE s.firm_id = n.firm_id AND s.snapshot_id = n.snapshot_id
      AND s.as_of = n.as_of OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no market snapshot %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'instrument_quotes_snapshot_fk', TABLE = 'instrument_quotes';
  END IF;
  SELECT n.instrument_id INTO broken FROM (SELECT DISTINCT firm_id, instrument_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM instruments i WHERE i.firm_id = n.firm_id AND i.instrument_id = n.instrument_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no instrument %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'instrument_quotes_instrument_fk', TABLE = 'instrument_quotes';
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_requirement_references()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  shared record;
  broken text;
BEGIN
  FOR shared IN SELECT DISTINCT firm_id, run_id, as_of, parameter_set_id FROM new_rows LOOP
    IF NOT EXISTS (SELECT FROM margin_runs r WHERE r.firm_id = shared.firm_id AND r.run_id = shared.run_id AND r.as_of = shared.as_of) THEN
      RAISE EXCEPTION 'no margin run % of %', shared.run_id, shared.as_of
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_run_fk', TABLE = 'requirements';
    END IF;
    IF NOT EXISTS (SELECT FROM risk_parameter_sets s WHERE s.firm_id = shared.firm_id AND s.parameter_set_id = shared.parameter_set_id) THEN
      RAISE EXCEPTION 'no risk parameter set %', shared.parameter_set_id
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_parameter_set_fk', TABLE = 'requirements';
    END IF;
  END LOOP;
  FOR shared IN SELECT firm_id, array_agg(DISTINCT account_id) AS account_ids FROM new_rows GROUP BY firm_id LOOP
    CONTINUE WHEN cardinality(shared.account_ids) = (SELECT count(*) FROM accounts a
      WHERE a.firm_id = shared.firm_id AND a.account_id = ANY (shared.account_ids));
    SELECT n.account_id INTO broken FROM unnest(shared.account_ids) AS n (account_id)
      WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.firm_id = shared.firm_id AND a.account_id = n.account_id OFFSET 0) LIMIT 1;
    RAISE EXCEPTION 'no account %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_account_fk', TABLE = 'requirements';
  END LOOP;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_snapshot_months()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  closed timestamptz;
BEGIN
  SELECT m.month INTO closed FROM (SELECT DISTINCT firm_id, date_trunc('month', as_of, 'UTC') AS month FROM new_rows) AS m
    WHERE EXISTS (SELECT FROM history_retirements h WHERE h.firm_id = m.firm_id AND h.month = m.month OFFSET 0) LIMIT 1;
  IF FOUND THEN PERFORM public.refuse_given_up_month(closed, 'market_snapshots'); END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.check_snapshot_parts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  broken text;
BEGIN
  SELECT n.snapshot_id::text INTO broken FROM new_rows n WHERE n.parts IS NOT NULL AND NOT EXISTS (
    SELECT FROM market_snapshots p WHERE p.firm_id = n.firm_id AND p.snapshot_id = n.parts[cardinality(n.parts)]
      AND n.parts = (coalesce(p.parts, '{}') || p.snapshot_id)[cardinality(coalesce(p.parts, '{}')) + 2 - cardinality(n.parts) :]
      AND date_trunc('month', p.as_of, 'UTC') = date_trunc('month', n.as_of, 'UTC') OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'market snapshot % is no difference from one of its month', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'market_snapshots_parts_fk', TABLE = 'market_snapshots';
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.current_instant()
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$ SELECT date_trunc('milliseconds', clock_timestamp()) $function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.define_seal(name text, body text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
    'SET search_path = pg_catalog, public, pg_temp SET timezone = %L SET datestyle = %L SET bytea_output = %L '
    'SET extra_float_digits = 1 SET client_encoding = %L AS %L', name, 'UTC', 'ISO, YMD', 'hex', 'UTF8', concat('BEGIN ', body, ' RETURN NULL; END'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION %I() FROM PUBLIC', name);
END $function$
;

CREATE OR REPLACE FUNCTION public.end_record_write()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  began timestamptz := nullif(current_setting('app.known_at', true), '')::timestamptz;
  all_stamps timestamptz[];
  ended timestamptz;
  wait double precision;
BEGIN
  IF began IS NULL OR nullif(current_setting('app.write_ended', true), '') IS NOT NULL THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.firm_id::text, 3));
  all_stamps := began || coalesce(nullif(current_setting('app.known_stamps', true), '')::timestamptz[], '{}');
  -- A stamp further ahead than seconds is that of a clock that stepped back: nobody waits for it.
  SELECT extract(epoch FROM max(s) - clock_timestamp()) INTO wait FROM unnest(all_stamps) AS s
  WHERE s < clock_timestamp() + interval '5 seconds';
  IF wait > 0 THEN PERFORM pg_sleep(wait); END IF;
  ended := public.current_instant();
  PERFORM set_config('app.write_ended', 'yes', true);
  -- No instant in whole milliseconds lies between: nobody can ask about it.
  IF ended <= began + interval '1 millisecond' THEN RETURN NULL; END IF;
  INSERT INTO public.record_writes (firm_id, stamps, began_at, ended_at)
  VALUES (NEW.firm_id, all_stamps, began, ended);
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.ensure_month_partitions(from_instant timestamp with time zone, to_instant timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
AS $function$
DECLARE
  parent record;
  unasked name;
  month timestamptz;
  child text;
  made integer := 0;
BEGIN
  IF from_instant IS NULL OR to_instant IS NULL OR to_instant < from_instant OR to_instant - from_instant > interval '20 years' THEN
    RAISE EXCEPTION 'partitions from % to % are refused', from_instant, to_instant USING ERRCODE = 'check_violation';
  END IF;
  FOR parent IN
    SELECT oid, relname FROM pg_class WHERE relkind = 'p' AND relnamespace = 'public'::regnamespace ORDER BY relname
  LOOP
    FOR month IN SELECT generate_series(date_trunc('month', from_instant), to_instant, '1 month') LOOP
      child := parent.relname || to_char(month, '"_y"YYYY"m"MM');
      CONTINUE WHEN to_regclass('public.' || quote_ident(child)) IS NOT NULL;
      PERFORM pg_advisory_xact_lock(4702111234509);
      -- Not to_regclass again: its answer may be remembered from before the wait for the lock.
      CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = child AND relnamespace = 'public'::regnamespace);
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', child, parent.relname);
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent.relname, child, month, month + interval '1 month');
      FOR unasked IN SELECT attname FROM pg_attribute
        WHERE attrelid = parent.oid AND attnum > 0 AND NOT attisdropped AND attstattarget = 0
      LOOP
        EXECUTE format('ALTER TABLE public.%I ALTER COLUMN %I SET STATISTICS 0', child, unasked);
      END LOOP;
      PERFORM public.protect_tenant_table(('public.' || quote_ident(child))::regclass);
      PERFORM public.make_append_only(('public.' || quote_ident(child))::regclass, 'UPDATE OR DELETE OR TRUNCATE');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.firm_directory()
 RETURNS TABLE(firm_id uuid, code text, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT f.firm_id, f.code, f.name FROM public.firms f ORDER BY f.code
$function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.forbid_rewrite()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% on % is refused: the table is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $function$
;

CREATE OR REPLACE FUNCTION public.history_binary(target regclass, part text)
 RETURNS TABLE(expression text, columns smallint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT 'record_send(ROW(' || string_agg(format('r.%I::%s', a.attname,
      CASE WHEN base.oid < 16384 AND base.typelem < 16384 THEN format_type(base.oid, NULL) ELSE 'text' END), ', ' ORDER BY a.attnum) || '))',
    count(*)::smallint
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type base ON base.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
  WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('batch', 'closing_batch')
    AND (history_binary.part = 'INSERT' OR a.attname <> 'firm_id' AND EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = target AND i.indisprimary AND a.attnum = ANY (i.indkey)))
$function$
;

CREATE OR REPLACE FUNCTION public.history_parts(target regclass, part text)
 RETURNS TABLE(name text, place smallint, value text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  WITH registered AS (SELECT closing_columns AS closing FROM public.history_tables WHERE table_name = target::text),
  key_columns AS (
    SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = target AND i.indisprimary)
  SELECT a.attname::text, a.attnum,
    CASE WHEN history_parts.part = 'INSERT' AND a.attname = ANY (r.closing) THEN 'lower(r.' || quote_ident(a.attname) || ')::text'
         ELSE 'r.' || quote_ident(a.attname) || '::text' END
  FROM pg_attribute a CROSS JOIN registered r
  WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('batch', 'closing_batch')
    AND CASE history_parts.part
          WHEN 'INSERT' THEN a.attname <> ALL (r.closing) OR a.atttypid = 'tstzrange'::regtype
          WHEN 'CLOSE' THEN a.attname = ANY (r.closing) OR a.attname IN (SELECT attname FROM key_columns)
          ELSE a.attname IN (SELECT attname FROM key_columns WHERE attname <> 'firm_id') END
$function$
;

CREATE OR REPLACE FUNCTION public.history_text(target regclass, part text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT 'concat(' || string_agg(format('%L || octet_length(%s)::text || %L || %s', name || ':', value, ':', value), ', '
    ORDER BY name COLLATE "C") || ')' FROM public.history_parts(target, history_text.part)
$function$
;

CREATE OR REPLACE FUNCTION public.history_text_of_texts(target regclass, part text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT 'concat(' || string_agg(format('%L || octet_length(t.c%s)::text || %L || t.c%s', name || ':', place, ':', place), ', '
    ORDER BY name COLLATE "C") || ')' FROM public.history_parts(target, history_text_of_texts.part)
$function$
;

CREATE OR REPLACE FUNCTION public.keep_closed_call()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF to_jsonb(OLD) - '{batch,closing_batch}'::text[] <> to_jsonb(NEW) - '{batch,closing_batch}'::text[] THEN
    RAISE EXCEPTION 'margin call % is closed and stays as it was closed', OLD.call_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.known_instant()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  stamp text := nullif(current_setting('app.known_at', true), '');
  firm text;
  moment timestamptz;
BEGIN
  IF stamp IS NOT NULL THEN RETURN stamp::timestamptz; END IF;
  firm := nullif(current_setting('app.firm_id', true), '');
  IF firm IS NULL THEN RETURN public.current_instant(); END IF;
  moment := date_trunc('milliseconds', transaction_timestamp());
  LOOP
    moment := greatest(public.current_instant(), moment) + interval '1 millisecond';
    EXIT WHEN pg_try_advisory_xact_lock(hashtext(firm), public.stamp_key(moment));
    PERFORM pg_sleep(0.0005);
  END LOOP;
  PERFORM set_config('app.known_at', moment::text, true);
  RETURN moment;
END $function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.known_instants(later_than timestamp with time zone, how_many integer)
 RETURNS timestamp with time zone[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  first constant timestamptz := public.known_instant();
  firm constant integer := hashtext(current_setting('app.firm_id'));
  own timestamptz[] := coalesce(nullif(current_setting('app.known_stamps', true), '')::timestamptz[], '{}');
  taken timestamptz[] := '{}';
  moment timestamptz := later_than;
BEGIN
  IF moment IS NULL OR moment < first THEN
    taken := ARRAY[first];
    moment := first;
  END IF;
  WHILE cardinality(taken) < how_many LOOP
    LOOP
      -- Later than now, so that nobody has committed with it either.
      moment := greatest(moment, public.current_instant()) + interval '1 millisecond';
      EXIT WHEN pg_try_advisory_xact_lock(firm, public.stamp_key(moment));
    END LOOP;
    taken := taken || moment;
    IF moment <> ALL (own) THEN own := own || moment; END IF;
  END LOOP;
  PERFORM set_config('app.known_stamps', own::text, true);
  RETURN taken;
END $function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.limit_account_versions_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'account_versions', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_accounts_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.created_at), max(r.created_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'accounts', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_balances_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, least(min(lower(r.known)), min(upper(r.known))), greatest(max(lower(r.known)), max(upper(r.known))) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'balances', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_balances_update()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(upper(r.known)), max(upper(r.known)) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'balances', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_break_resolutions_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'break_resolutions', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_buffer_observations_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'buffer_observations', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_buffer_policies_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'buffer_policies', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_calendar_changes_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'calendar_changes', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_collateral_holdings_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, least(min(lower(r.known)), min(upper(r.known))), greatest(max(lower(r.known)), max(upper(r.known))) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'collateral_holdings', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_collateral_holdings_update()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(upper(r.known)), max(upper(r.known)) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'collateral_holdings', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_collateral_statements_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'collateral_statements', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_feed_events_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'feed_events', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_file_deliveries_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'file_deliveries', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_firm_controls_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'firm_controls', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_haircut_schedules_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'haircut_schedules', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_held_requirements_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'held_requirements', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_instruments_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.created_at), max(r.created_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'instruments', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_known_times(target regclass, opening text, closing text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  part text;
  times text;
  body constant text := $body$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, %s INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, %L, earliest, latest);
  END IF;
  RETURN NULL;
END $body$;
BEGIN
  FOREACH part IN ARRAY CASE WHEN closing IS NULL THEN ARRAY['insert'] ELSE ARRAY['insert', 'update'] END LOOP
    times := CASE WHEN closing IS NULL THEN format('min(%1$s), max(%1$s)', opening)
      WHEN part = 'update' THEN format('min(%1$s), max(%1$s)', closing)
      ELSE format('least(min(%1$s), min(%2$s)), greatest(max(%1$s), max(%2$s))', opening, closing) END;
    EXECUTE format('CREATE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
      'SET search_path = pg_catalog, public, pg_temp AS %L', 'limit_' || target || '_' || part, format(body, times, target::text));
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %I() FROM PUBLIC', 'limit_' || target || '_' || part);
    EXECUTE format('CREATE TRIGGER limit_known_%s AFTER %s ON %s REFERENCING NEW TABLE AS new_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION %I()', part, part, target, 'limit_' || target || '_' || part);
  END LOOP;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_lifecycle_events_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'lifecycle_events', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_margin_call_events_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'margin_call_events', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_margin_calls_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'margin_calls', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_margin_runs_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, least(min(r.started_at), min(r.known_at) + interval '1 day'),
    greatest(max(r.started_at), max(r.known_at)) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'margin_runs', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_market_snapshots_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'market_snapshots', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_position_statements_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'position_statements', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_positions_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, least(min(lower(r.known)), min(upper(r.known))), greatest(max(lower(r.known)), max(upper(r.known))) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'positions', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_positions_update()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(upper(r.known)), max(upper(r.known)) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'positions', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_price_history_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'price_history', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_reconciliations_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'reconciliations', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_requirement_releases_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.confirmed_at), max(r.confirmed_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'requirement_releases', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_requirements_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.known_at), max(r.known_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'requirements', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_risk_parameter_sets_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, least(min(r.proposed_at), min(r.decided_at)), greatest(max(r.proposed_at), max(r.decided_at)) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'risk_parameter_sets', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_risk_parameter_sets_update()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.decided_at), max(r.decided_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'risk_parameter_sets', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.limit_underlyings_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm uuid;
  earliest timestamptz;
  latest timestamptz;
BEGIN
  SELECT min(r.firm_id::text)::uuid, min(r.created_at), max(r.created_at) INTO firm, earliest, latest FROM new_rows r;
  IF earliest < date_trunc('milliseconds', transaction_timestamp()) OR latest > clock_timestamp() + interval '1 second' THEN
    PERFORM public.refuse_known_times(firm, 'underlyings', earliest, latest);
  END IF;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.make_append_only(target regclass, forbidden text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  EXECUTE format('CREATE TRIGGER forbid_rewrite BEFORE %s ON %s FOR EACH STATEMENT EXECUTE FUNCTION forbid_rewrite()', forbidden, target);
END $function$
;

CREATE OR REPLACE FUNCTION public.mark_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  NEW.closing_batch := currval('public.history_batch_number');
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.note_account_versions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.account_versions (firm_id, account_id, version, code, name, base_currency, methodology, created_at)
  SELECT n.firm_id, n.account_id, 1 + coalesce((SELECT max(v.version) FROM public.account_versions v
      WHERE v.firm_id = n.firm_id AND v.account_id = n.account_id), 0),
    n.code, n.name, n.base_currency, n.methodology, n.created_at FROM new_rows n;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.note_observed_requirements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.buffer_rollup_backlog (firm_id, batch, run_id, at, observations, account_ids)
    SELECT firm_id, batch, run_id, as_of, count(*), array_agg(account_id) FROM new_rows WHERE is_observation GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.notify_run_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM pg_notify('ballast_runs', json_build_object('firmId', NEW.firm_id, 'runId', NEW.run_id, 'state', NEW.state)::text);
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.observed_rollup(account uuid, bucket_name text, since timestamp with time zone)
 RETURNS SETOF buffer_rollups
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT firm_id, account_id, bucket, starts_at, (newest).currency, observations::integer,
    (ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'])[worst],
    (opening).buffer, high, low, (closing).buffer, (opening).buffer_ratio, ratio_high, ratio_low, (closing).buffer_ratio,
    (opening).at, (opening).run_id, (closing).at, (closing).run_id,
    (newest).at, (newest).run_id, (newest).known_at, (newest).equity, (newest).maintenance, (newest).initial,
    (newest).buffer, (newest).buffer_ratio, (newest).status, (newest).quality
  FROM (
    SELECT (o).firm_id, (o).account_id, b.bucket, date_trunc(b.unit, (o).at, 'UTC') AS starts_at, count(*) AS observations,
      max(array_position(ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'], (o).status::text)) AS worst,
      max((o).buffer) AS high, min((o).buffer) AS low, max((o).buffer_ratio) AS ratio_high, min((o).buffer_ratio) AS ratio_low,
      (array_agg(o ORDER BY (o).at, (o).run_id) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS opening,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS closing,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC))[1] AS newest
    FROM (SELECT o FROM public.observed_buffers o WHERE o.account_id = account AND o.at >= since
      AND o.at < since + CASE bucket_name WHEN 'HOUR' THEN interval '1 hour' ELSE interval '1 day' END OFFSET 0) AS observation (o) CROSS JOIN (VALUES (bucket_name, lower(bucket_name))) AS b (bucket, unit) GROUP BY 1, 2, 3, 4) AS rolled
$function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.protect_tenant_table(target regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  same_firm constant text := 'firm_id = (SELECT nullif(current_setting(''app.firm_id'', true), '''')::uuid)';
  scope constant text := '(SELECT nullif(current_setting(''app.account_ids'', true), ''''))';
  visible_account text := scope || ' IS NULL OR account_id = ANY (' || scope || '::uuid[])';
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY same_firm ON %s USING (%s) WITH CHECK (%s)', target, same_firm, same_firm);
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'account_id' AND NOT attisdropped) THEN
    IF NOT (SELECT attnotnull FROM pg_attribute WHERE attrelid = target AND attname = 'account_id') THEN
      visible_account := 'account_id IS NULL OR ' || visible_account;
    END IF;
    EXECUTE format('CREATE POLICY visible_account ON %s AS RESTRICTIVE USING (%s) WITH CHECK (%s)', target, visible_account, visible_account);
  END IF;
END $function$
;

CREATE OR REPLACE FUNCTION public.rebuild_buffer_rollups(accounts uuid[], from_instant timestamp with time zone, to_instant timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  first constant timestamptz := date_trunc('day', from_instant, 'UTC');
  last constant timestamptz := date_trunc('day', to_instant, 'UTC') + interval '1 day';
BEGIN
  DELETE FROM public.buffer_rollups u WHERE u.account_id = ANY (accounts) AND u.starts_at >= first AND u.starts_at < last;
  INSERT INTO public.buffer_rollups (firm_id, account_id, bucket, starts_at, currency, observations, worst_status, buffer_open, buffer_high, buffer_low,
  buffer_close, ratio_open, ratio_high, ratio_low, ratio_close, open_at, open_run_id, close_at, close_run_id,
  at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
  SELECT firm_id, account_id, bucket, starts_at, (newest).currency, observations::integer,
    (ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'])[worst],
    (opening).buffer, high, low, (closing).buffer, (opening).buffer_ratio, ratio_high, ratio_low, (closing).buffer_ratio,
    (opening).at, (opening).run_id, (closing).at, (closing).run_id,
    (newest).at, (newest).run_id, (newest).known_at, (newest).equity, (newest).maintenance, (newest).initial,
    (newest).buffer, (newest).buffer_ratio, (newest).status, (newest).quality
  FROM (
    SELECT (o).firm_id, (o).account_id, b.bucket, date_trunc(b.unit, (o).at, 'UTC') AS starts_at, count(*) AS observations,
      max(array_position(ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'], (o).status::text)) AS worst,
      max((o).buffer) AS high, min((o).buffer) AS low, max((o).buffer_ratio) AS ratio_high, min((o).buffer_ratio) AS ratio_low,
      (array_agg(o ORDER BY (o).at, (o).run_id) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS opening,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS closing,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC))[1] AS newest
    FROM (SELECT o FROM public.observed_buffers o WHERE o.account_id = ANY (accounts) AND o.at >= first AND o.at < last
      AND NOT EXISTS (SELECT FROM public.buffer_rollup_backlog w WHERE w.firm_id = o.firm_id AND w.batch = o.batch AND w.run_id = o.run_id)) AS observation (o) CROSS JOIN (VALUES ('HOUR', 'hour'), ('DAY', 'day')) AS b (bucket, unit) GROUP BY 1, 2, 3, 4) AS rolled;
END $function$
;

CREATE OR REPLACE FUNCTION public.record_observations()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  moment constant timestamptz := current_instant();
BEGIN
  IF EXISTS (SELECT FROM new_rows WHERE is_observation IS NOT TRUE) THEN
    INSERT INTO buffer_observations (firm_id, account_id, at, run_id, known_at, currency, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
      SELECT firm_id, account_id, as_of, run_id, known_at, currency, equity, maintenance_requirement, initial_requirement, buffer, buffer_ratio, status, quality FROM new_rows WHERE is_observation IS NOT TRUE;
  END IF;
  INSERT INTO latest_buffers AS l (firm_id, account_id, known_at, at, run_id, currency, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
    SELECT DISTINCT ON (account_id) firm_id, account_id, moment, as_of, run_id, currency, equity, maintenance_requirement, initial_requirement, buffer, buffer_ratio, status, quality
    FROM new_rows ORDER BY account_id, as_of DESC, run_id DESC
    ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
    SET known_at = excluded.known_at, at = excluded.at, run_id = excluded.run_id, currency = excluded.currency, equity = excluded.equity, maintenance = excluded.maintenance, initial = excluded.initial, buffer = excluded.buffer, buffer_ratio = excluded.buffer_ratio, status = excluded.status, quality = excluded.quality
    WHERE excluded.at >= l.at;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.refuse_event_of_closed_call()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (SELECT FROM margin_call_events e WHERE e.firm_id = NEW.firm_id AND e.account_id = NEW.account_id
      AND e.call_id = NEW.call_id AND e.state_after = 'CLOSED') THEN
    RAISE EXCEPTION 'margin call % is closed and takes no further event', NEW.call_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION public.refuse_given_up_month(month timestamp with time zone, into_table text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  RAISE EXCEPTION 'the history of % was given up under the retention policy: nothing is written into it any more',
    to_char(month AT TIME ZONE 'UTC', 'YYYY-MM')
    USING ERRCODE = 'check_violation', CONSTRAINT = 'history_month_is_open', TABLE = into_table;
END $function$
;

CREATE OR REPLACE FUNCTION public.refuse_known_times(firm uuid, target text, earliest timestamp with time zone, latest timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  last timestamptz;
BEGIN
  SELECT recorded_at INTO last FROM public.history_links WHERE firm_id = firm ORDER BY sequence DESC LIMIT 1;
  IF latest > greatest(clock_timestamp(), last) + interval '1 minute' THEN
    RAISE EXCEPTION '% cannot have become known at %, which is to come', target, latest
      USING ERRCODE = 'check_violation', CONSTRAINT = target || '_known_is_now', TABLE = target;
  END IF;
  IF last IS NOT NULL AND earliest < date_trunc('milliseconds', transaction_timestamp()) THEN
    RAISE EXCEPTION '% cannot have become known at %, before the transaction that writes it', target, earliest
      USING ERRCODE = 'check_violation', CONSTRAINT = target || '_known_is_now', TABLE = target;
  END IF;
END $function$
;

CREATE OR REPLACE FUNCTION public.renew_seals(target regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  seal_closing text := '';
BEGIN
  IF EXISTS (SELECT FROM history_tables WHERE table_name = target::text AND open_condition IS NOT NULL) THEN
    seal_closing := seal_statement(target, 'CLOSE', 'new_rows');
    PERFORM define_seal('seal_' || target || '_closing', seal_closing);
  END IF;
  PERFORM define_seal('seal_' || target, seal_statement(target, 'INSERT', 'new_rows') || seal_closing);
END $function$
;

CREATE OR REPLACE FUNCTION public.retire_month(parent regclass, child regclass, month_start timestamp with time zone, operator text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
  firm record;
  found bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = parent AND inhrelid = child) THEN
    RAISE EXCEPTION '% is no partition of %', child, parent USING ERRCODE = 'check_violation';
  END IF;
  IF parent = ANY (ARRAY['buffer_observations', 'requirements']::regclass[]) THEN
    EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', parent);
  END IF;
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    WHILE parent = ANY (ARRAY['buffer_observations', 'requirements']::regclass[]) AND EXISTS (
      SELECT FROM buffer_rollup_backlog WHERE at >= month_start AND at < month_start + interval '1 month') LOOP
      IF roll_up_backlog(20000) = 0 THEN PERFORM pg_sleep(0.01); END IF;
    END LOOP;
    EXECUTE format('SELECT count(*) FROM %s', child) INTO found;
    CONTINUE WHEN found = 0;
    INSERT INTO history_retirements (firm_id, table_name, month, retired_by, row_count)
      VALUES (firm.firm_id, parent::text, month_start, operator, found)
      ON CONFLICT ON CONSTRAINT history_retirements_pk DO NOTHING;
    -- Sealed now: at the end of the transaction another firm is the one that may be written.
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    total := total + found;
  END LOOP;
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, child);
  EXECUTE format('DROP TABLE %s', child);
  RETURN total;
END $function$
;

CREATE OR REPLACE FUNCTION public.roll_up_backlog(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  taken bigint[];
  total integer;
BEGIN
  IF nullif(current_setting('app.account_ids', true), '') IS NOT NULL THEN
    RAISE EXCEPTION 'roll-ups of a firm are made by somebody who sees all its accounts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Whoever comes second leaves the work to the first: both would take the same notes.
  IF NOT pg_try_advisory_xact_lock(hashtextextended(current_setting('app.firm_id'), 12)) THEN RETURN 0; END IF;
  SELECT array_agg(batch), coalesce(sum(own), 0) INTO taken, total FROM (
    SELECT batch, sum(observations) AS own, sum(sum(observations)) OVER (ORDER BY batch) AS upto
    FROM (SELECT batch, observations FROM public.buffer_rollup_backlog ORDER BY batch, run_id LIMIT most) AS first
    GROUP BY batch) AS waiting
  WHERE upto - own < most;
  IF total = 0 THEN RETURN 0; END IF;
  SELECT sum(observations) INTO total FROM public.buffer_rollup_backlog WHERE batch = ANY (taken);
  INSERT INTO public.buffer_rollups AS u (firm_id, account_id, bucket, starts_at, currency, observations, worst_status, buffer_open, buffer_high, buffer_low,
  buffer_close, ratio_open, ratio_high, ratio_low, ratio_close, open_at, open_run_id, close_at, close_run_id,
  at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
  SELECT firm_id, account_id, bucket, starts_at, (newest).currency, observations::integer,
    (ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'])[worst],
    (opening).buffer, high, low, (closing).buffer, (opening).buffer_ratio, ratio_high, ratio_low, (closing).buffer_ratio,
    (opening).at, (opening).run_id, (closing).at, (closing).run_id,
    (newest).at, (newest).run_id, (newest).known_at, (newest).equity, (newest).maintenance, (newest).initial,
    (newest).buffer, (newest).buffer_ratio, (newest).status, (newest).quality
  FROM (
    SELECT (o).firm_id, (o).account_id, b.bucket, date_trunc(b.unit, (o).at, 'UTC') AS starts_at, count(*) AS observations,
      max(array_position(ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'], (o).status::text)) AS worst,
      max((o).buffer) AS high, min((o).buffer) AS low, max((o).buffer_ratio) AS ratio_high, min((o).buffer_ratio) AS ratio_low,
      (array_agg(o ORDER BY (o).at, (o).run_id) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS opening,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS closing,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC))[1] AS newest
    FROM (SELECT * FROM public.buffer_rollup_backlog WHERE batch = ANY (taken) OFFSET 0) AS t CROSS JOIN LATERAL unnest(t.account_ids) AS a (account_id)
      CROSS JOIN LATERAL (SELECT o FROM public.observed_buffers o WHERE o.firm_id = t.firm_id
        AND o.account_id = a.account_id AND o.at = t.at AND o.run_id = t.run_id OFFSET 0) AS observation (o) CROSS JOIN (VALUES ('HOUR', 'hour'), ('DAY', 'day')) AS b (bucket, unit) GROUP BY 1, 2, 3, 4) AS rolled
  ORDER BY account_id, bucket, starts_at
  ON CONFLICT ON CONSTRAINT buffer_rollups_pk DO UPDATE SET
    observations = u.observations + excluded.observations,
    worst_status = public.worse_status(u.worst_status, excluded.worst_status),
    buffer_high = greatest(u.buffer_high, excluded.buffer_high),
    buffer_low = least(u.buffer_low, excluded.buffer_low),
    ratio_high = greatest(u.ratio_high, excluded.ratio_high),
    ratio_low = least(u.ratio_low, excluded.ratio_low),
    buffer_open = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.buffer_open ELSE u.buffer_open END,
    ratio_open = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.ratio_open ELSE u.ratio_open END,
    open_at = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.open_at ELSE u.open_at END,
    open_run_id = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.open_run_id ELSE u.open_run_id END,
    buffer_close = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.buffer_close ELSE u.buffer_close END,
    ratio_close = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.ratio_close ELSE u.ratio_close END,
    close_at = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.close_at ELSE u.close_at END,
    close_run_id = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.close_run_id ELSE u.close_run_id END,
    at = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.at ELSE u.at END,
    run_id = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.run_id ELSE u.run_id END,
    known_at = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.known_at ELSE u.known_at END,
    equity = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.equity ELSE u.equity END,
    maintenance = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.maintenance ELSE u.maintenance END,
    initial = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.initial ELSE u.initial END,
    buffer = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.buffer ELSE u.buffer END,
    buffer_ratio = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.buffer_ratio ELSE u.buffer_ratio END,
    status = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.status ELSE u.status END,
    quality = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.quality ELSE u.quality END;
  DELETE FROM public.buffer_rollup_backlog WHERE batch = ANY (taken);
  RETURN total;
END $function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.roll_up_buffers()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  touched record;
BEGIN
  SELECT count(*) AS rows, count(DISTINCT account_id) AS accounts INTO touched FROM new_rows;
  IF touched.rows > 100 OR touched.rows > touched.accounts THEN
    INSERT INTO public.buffer_rollup_backlog (firm_id, batch, run_id, at, observations, account_ids)
      SELECT firm_id, batch, run_id, at, count(*), array_agg(account_id) FROM new_rows GROUP BY 1, 2, 3, 4;
    RETURN NULL;
  END IF;
  INSERT INTO public.buffer_rollups AS u (firm_id, account_id, bucket, starts_at, currency, observations, worst_status, buffer_open, buffer_high, buffer_low,
  buffer_close, ratio_open, ratio_high, ratio_low, ratio_close, open_at, open_run_id, close_at, close_run_id,
  at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
  SELECT o.firm_id, o.account_id, b.bucket, date_trunc(b.unit, o.at, 'UTC') AS starts_at, o.currency, 1, o.status,
    o.buffer, o.buffer, o.buffer, o.buffer, o.buffer_ratio, o.buffer_ratio, o.buffer_ratio, o.buffer_ratio,
    k.at, k.run_id, k.at, k.run_id, o.at, o.run_id, o.known_at,
    o.equity, o.maintenance, o.initial, o.buffer, o.buffer_ratio, o.status, o.quality
  FROM new_rows o CROSS JOIN (VALUES ('HOUR', 'hour'), ('DAY', 'day')) AS b (bucket, unit)
  LEFT JOIN LATERAL (SELECT o.at, o.run_id WHERE o.buffer IS NOT NULL) AS k ON true
  ORDER BY account_id, bucket, starts_at
  ON CONFLICT ON CONSTRAINT buffer_rollups_pk DO UPDATE SET
    observations = u.observations + excluded.observations,
    worst_status = public.worse_status(u.worst_status, excluded.worst_status),
    buffer_high = greatest(u.buffer_high, excluded.buffer_high),
    buffer_low = least(u.buffer_low, excluded.buffer_low),
    ratio_high = greatest(u.ratio_high, excluded.ratio_high),
    ratio_low = least(u.ratio_low, excluded.ratio_low),
    buffer_open = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.buffer_open ELSE u.buffer_open END,
    ratio_open = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.ratio_open ELSE u.ratio_open END,
    open_at = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.open_at ELSE u.open_at END,
    open_run_id = CASE WHEN excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id)) THEN excluded.open_run_id ELSE u.open_run_id END,
    buffer_close = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.buffer_close ELSE u.buffer_close END,
    ratio_close = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.ratio_close ELSE u.ratio_close END,
    close_at = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.close_at ELSE u.close_at END,
    close_run_id = CASE WHEN excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id)) THEN excluded.close_run_id ELSE u.close_run_id END,
    at = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.at ELSE u.at END,
    run_id = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.run_id ELSE u.run_id END,
    known_at = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.known_at ELSE u.known_at END,
    equity = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.equity ELSE u.equity END,
    maintenance = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.maintenance ELSE u.maintenance END,
    initial = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.initial ELSE u.initial END,
    buffer = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.buffer ELSE u.buffer END,
    buffer_ratio = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.buffer_ratio ELSE u.buffer_ratio END,
    status = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.status ELSE u.status END,
    quality = CASE WHEN (excluded.at, excluded.run_id) > (u.at, u.run_id) THEN excluded.quality ELSE u.quality END;
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION public.seal_account_versions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'account_versions', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 9
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.version::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.version::integer, r.code::text, r.name::text, r.base_currency::text, r.methodology::text, r.created_at::timestamp with time zone, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_balances()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'balances', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'currency:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'amount:' || octet_length(t.c5)::text || ':' || t.c5, 'currency:' || octet_length(t.c3)::text || ':' || t.c3, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'known:' || octet_length(t.c9)::text || ':' || t.c9, 'reason:' || octet_length(t.c6)::text || ':' || t.c6, 'recorded_by:' || octet_length(t.c7)::text || ':' || t.c7, 'valid:' || octet_length(t.c8)::text || ':' || t.c8, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.batch AS batch, '-infinity'::timestamptz AS month, lower(r.known)::text AS c9, r.account_id::text AS c2, r.amount::text AS c5, r.currency::text AS c3, r.firm_id::text AS c1, r.reason::text AS c6, r.recorded_by::text AS c7, r.valid::text AS c8, r.version_id::text AS c4 FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'balances', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'currency:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'currency:' || octet_length(t.c3)::text || ':' || t.c3, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'known:' || octet_length(t.c9)::text || ':' || t.c9, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.currency::text AS c3, r.firm_id::text AS c1, r.known::text AS c9, r.version_id::text AS c4 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_balances_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'balances', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'currency:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'currency:' || octet_length(t.c3)::text || ':' || t.c3, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'known:' || octet_length(t.c9)::text || ':' || t.c9, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.currency::text AS c3, r.firm_id::text AS c1, r.known::text AS c9, r.version_id::text AS c4 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_break_resolutions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'break_resolutions', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 9
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.reconciliation_id::uuid, r.ordinal::integer, r.step::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.reconciliation_id::uuid, r.ordinal::integer, r.step::integer, r.account_id::uuid, r.action::text, r.note::text, r.recorded_by::text, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_buffer_observations()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'buffer_observations', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 13
  FROM (SELECT r.firm_id, r.batch, date_trunc('month', r.at) AS month, record_send(ROW(r.account_id::uuid, r.at::timestamp with time zone, r.run_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.at::timestamp with time zone, r.run_id::uuid, r.known_at::timestamp with time zone, r.currency::text, r.equity::numeric, r.maintenance::numeric, r.initial::numeric, r.buffer::numeric, r.buffer_ratio::numeric, r.status::text, r.quality::text))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_buffer_policies()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'buffer_policies', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 12
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.policy_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.policy_id::uuid, r.account_id::uuid, r.effective_from::timestamp with time zone, r.known_at::timestamp with time zone, r.liquidation_multiple::numeric, r.margin_call_multiple::numeric, r.watch_multiple::numeric, r.call_target_multiple::numeric, r.release_multiple::numeric, r.recorded_by::text, r.fx_haircuts::json))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_calendar_changes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'calendar_changes', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 10
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.calendar_id::text, r.version::integer, r.date::date)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.calendar_id::text, r.version::integer, r.date::date, r.change::text, r.name::text, r.close::text, r.source::text, r.recorded_by::text, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_collateral_holdings()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'collateral_holdings', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'asset:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'asset:' || octet_length(t.c3)::text || ':' || t.c3, 'asset_class:' || octet_length(t.c7)::text || ':' || t.c7, 'currency:' || octet_length(t.c13)::text || ':' || t.c13, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'kind:' || octet_length(t.c6)::text || ':' || t.c6, 'known:' || octet_length(t.c15)::text || ':' || t.c15, 'maturity:' || octet_length(t.c9)::text || ':' || t.c9, 'price:' || octet_length(t.c12)::text || ':' || t.c12, 'quantity:' || octet_length(t.c11)::text || ':' || t.c11, 'rating:' || octet_length(t.c8)::text || ':' || t.c8, 'schedule:' || octet_length(t.c10)::text || ':' || t.c10, 'statement_id:' || octet_length(t.c5)::text || ':' || t.c5, 'valid:' || octet_length(t.c14)::text || ':' || t.c14, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.batch AS batch, '-infinity'::timestamptz AS month, lower(r.known)::text AS c15, r.account_id::text AS c2, r.asset::text AS c3, r.asset_class::text AS c7, r.currency::text AS c13, r.firm_id::text AS c1, r.kind::text AS c6, r.maturity::text AS c9, r.price::text AS c12, r.quantity::text AS c11, r.rating::text AS c8, r.schedule::text AS c10, r.statement_id::text AS c5, r.valid::text AS c14, r.version_id::text AS c4 FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'collateral_holdings', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'asset:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'asset:' || octet_length(t.c3)::text || ':' || t.c3, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'known:' || octet_length(t.c15)::text || ':' || t.c15, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.asset::text AS c3, r.firm_id::text AS c1, r.known::text AS c15, r.version_id::text AS c4 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_collateral_holdings_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'collateral_holdings', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'asset:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'asset:' || octet_length(t.c3)::text || ':' || t.c3, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'known:' || octet_length(t.c15)::text || ':' || t.c15, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.asset::text AS c3, r.firm_id::text AS c1, r.known::text AS c15, r.version_id::text AS c4 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_collateral_statements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'collateral_statements', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 10
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.statement_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.statement_id::uuid, r.mode::text, r.valid_from::timestamp with time zone, r.known_at::timestamp with time zone, r.content_hash::bytea, r.source::text, r.recorded_by::text, r.holding_count::integer))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_existing(target regclass)
 RETURNS void
 LANGUAGE plpgsql
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
AS $function$
DECLARE
  firm record;
  condition text;
BEGIN
  SELECT open_condition INTO condition FROM history_tables WHERE table_name = target::text;
  EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', target);
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    PERFORM nextval('history_batch_number');
    EXECUTE format('UPDATE %s r SET batch = currval(''history_batch_number'') WHERE batch IS NULL', target);
    EXECUTE seal_statement(target, 'INSERT', format('(SELECT * FROM %s WHERE batch = currval(''history_batch_number''))', target));
    IF condition IS NOT NULL THEN
      EXECUTE format('UPDATE %s r SET closing_batch = currval(''history_batch_number'') WHERE closing_batch IS NULL AND NOT (%s)', target, condition);
      EXECUTE seal_statement(target, 'CLOSE', format('(SELECT * FROM %s WHERE closing_batch = currval(''history_batch_number''))', target));
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
  END LOOP;
  PERFORM set_config('app.firm_id', '', true);
  EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', target);
END $function$
;

CREATE OR REPLACE FUNCTION public.seal_feed_events()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'feed_events', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 10
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.event_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.event_id::uuid, r.feed::text, r.ordinal::integer, r.at::timestamp with time zone, r.known_at::timestamp with time zone, r.kind::text, r.snapshot_id::uuid, r.reasons::text[], r.state::json))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_file_deliveries()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'file_deliveries', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 8
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.delivery_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.delivery_id::uuid, r.kind::text, r.file_name::text, r.sha256::bytea, r.row_count::integer, r.recorded_by::text, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_firm_controls()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'firm_controls', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 6
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.control_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.control_id::uuid, r.effective_from::timestamp with time zone, r.known_at::timestamp with time zone, r.canonical_text::text, r.recorded_by::text))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_forward_quotes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'forward_quotes', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 10
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.snapshot_id::uuid, r.underlying_id::text, r.expiry::timestamp with time zone)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.snapshot_id::uuid, r.underlying_id::text, r.expiry::timestamp with time zone, r.ordinal::integer, r.price::numeric, r.rate::double precision, r.confidence::double precision, r.rate_confidence::double precision, r.volatility_confidence::double precision))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_fx_rates()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'fx_rates', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 6
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.snapshot_id::uuid, r.ordinal::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.snapshot_id::uuid, r.ordinal::integer, r.from_currency::text, r.to_currency::text, r.rate::numeric))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_haircut_schedules()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'haircut_schedules', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 10
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.schedule_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.schedule_id::uuid, r.name::text, r.effective_from::timestamp with time zone, r.known_at::timestamp with time zone, r.rules::json, r.limits::json, r.content_hash::bytea, r.source::text, r.recorded_by::text))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_held_requirements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'held_requirements', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 11
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.as_of::timestamp with time zone, r.run_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.as_of::timestamp with time zone, r.run_id::uuid, r.known_at::timestamp with time zone, r.released_run_id::uuid, r.released_as_of::timestamp with time zone, r.released_initial::numeric, r.released_maintenance::numeric, r.status_on_release::text, r.quality_on_release::text))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_history_retirements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'history_retirements', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 6
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.table_name::text, r.month::timestamp with time zone)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.table_name::text, r.month::timestamp with time zone, r.retired_at::timestamp with time zone, r.retired_by::text, r.row_count::bigint))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_instruments()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'instruments', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 18
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.instrument_id::text)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.instrument_id::text, r.underlying_id::text, r.type::text, r.multiplier::numeric, r.currency::text, r.settlement::text, r.option_right::text, r.strike::numeric, r.expiry::timestamp with time zone, r.exercise::text, r.premium_style::text, r.created_at::timestamp with time zone, r.calendar::text, r.delivery::text, r.deliverable::jsonb, r.adjusted_from::text, r.settlement_session::text))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_lifecycle_effects()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'lifecycle_effects', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 16
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.event_id::text, r.effect_number::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.event_id::text, r.effect_number::integer, r.effective_at::timestamp with time zone, r.instrument_id::text, r.quantity_before::numeric, r.quantity_after::numeric, r.average_price_before::numeric, r.average_price_after::numeric, r.currency::text, r.amount::numeric, r.note::text, r.asset::text, r.pledge_before::json, r.pledge_after::json))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_lifecycle_events()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'lifecycle_events', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 12
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.event_id::text)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.event_id::text, r.type::text, r.effective_at::timestamp with time zone, r.instrument_id::text, r.underlying_id::text, r.reverses::text, r.terms::json, r.request_hash::bytea, r.source::text, r.recorded_by::text, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_call_events()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'margin_call_events', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 21
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.call_id::uuid, r.event_number::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.call_id::uuid, r.event_number::integer, r.kind::text, r.at::timestamp with time zone, r.known_at::timestamp with time zone, r.actor::text, r.reason::text, r.run_id::uuid, r.state_before::text, r.state_after::text, r.amount::numeric, r.outstanding::numeric, r.paid::numeric, r.late_fee::numeric, r.penalty::numeric, r.payment_amount::numeric, r.payment_currency::text, r.payment_credited::numeric, r.payment_received_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_calls()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'margin_calls', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'call_id:' || octet_length(t.c3)::text || ':' || t.c3) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'call_id:' || octet_length(t.c3)::text || ':' || t.c3, 'currency:' || octet_length(t.c4)::text || ':' || t.c4, 'due_at:' || octet_length(t.c7)::text || ':' || t.c7, 'escalates_at:' || octet_length(t.c8)::text || ':' || t.c8, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'known_at:' || octet_length(t.c9)::text || ':' || t.c9, 'raised_at:' || octet_length(t.c5)::text || ':' || t.c5, 'raised_run_id:' || octet_length(t.c6)::text || ':' || t.c6), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.call_id::text AS c3, r.currency::text AS c4, r.due_at::text AS c7, r.escalates_at::text AS c8, r.firm_id::text AS c1, r.known_at::text AS c9, r.raised_at::text AS c5, r.raised_run_id::text AS c6 FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'margin_calls', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'call_id:' || octet_length(t.c3)::text || ':' || t.c3) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'acknowledged_at:' || octet_length(t.c20)::text || ':' || t.c20, 'acknowledged_by:' || octet_length(t.c21)::text || ':' || t.c21, 'amount:' || octet_length(t.c11)::text || ':' || t.c11, 'call_id:' || octet_length(t.c3)::text || ':' || t.c3, 'close_reason:' || octet_length(t.c30)::text || ':' || t.c30, 'closed_at:' || octet_length(t.c29)::text || ':' || t.c29, 'evaluated_at:' || octet_length(t.c12)::text || ':' || t.c12, 'evaluated_run_id:' || octet_length(t.c13)::text || ':' || t.c13, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'late_fee:' || octet_length(t.c17)::text || ':' || t.c17, 'late_fee_until:' || octet_length(t.c18)::text || ':' || t.c18, 'note:' || octet_length(t.c22)::text || ':' || t.c22, 'outstanding:' || octet_length(t.c16)::text || ':' || t.c16, 'paid:' || octet_length(t.c14)::text || ':' || t.c14, 'penalty:' || octet_length(t.c19)::text || ':' || t.c19, 'state:' || octet_length(t.c10)::text || ':' || t.c10, 'unreflected:' || octet_length(t.c15)::text || ':' || t.c15, 'waiver_amount:' || octet_length(t.c26)::text || ':' || t.c26, 'waiver_approved_at:' || octet_length(t.c28)::text || ':' || t.c28, 'waiver_approved_by:' || octet_length(t.c27)::text || ':' || t.c27, 'waiver_proposed_at:' || octet_length(t.c24)::text || ':' || t.c24, 'waiver_proposed_by:' || octet_length(t.c23)::text || ':' || t.c23, 'waiver_reason:' || octet_length(t.c25)::text || ':' || t.c25), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.acknowledged_at::text AS c20, r.acknowledged_by::text AS c21, r.amount::text AS c11, r.call_id::text AS c3, r.close_reason::text AS c30, r.closed_at::text AS c29, r.evaluated_at::text AS c12, r.evaluated_run_id::text AS c13, r.firm_id::text AS c1, r.late_fee::text AS c17, r.late_fee_until::text AS c18, r.note::text AS c22, r.outstanding::text AS c16, r.paid::text AS c14, r.penalty::text AS c19, r.state::text AS c10, r.unreflected::text AS c15, r.waiver_amount::text AS c26, r.waiver_approved_at::text AS c28, r.waiver_approved_by::text AS c27, r.waiver_proposed_at::text AS c24, r.waiver_proposed_by::text AS c23, r.waiver_reason::text AS c25 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_calls_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'margin_calls', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'call_id:' || octet_length(t.c3)::text || ':' || t.c3) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'acknowledged_at:' || octet_length(t.c20)::text || ':' || t.c20, 'acknowledged_by:' || octet_length(t.c21)::text || ':' || t.c21, 'amount:' || octet_length(t.c11)::text || ':' || t.c11, 'call_id:' || octet_length(t.c3)::text || ':' || t.c3, 'close_reason:' || octet_length(t.c30)::text || ':' || t.c30, 'closed_at:' || octet_length(t.c29)::text || ':' || t.c29, 'evaluated_at:' || octet_length(t.c12)::text || ':' || t.c12, 'evaluated_run_id:' || octet_length(t.c13)::text || ':' || t.c13, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'late_fee:' || octet_length(t.c17)::text || ':' || t.c17, 'late_fee_until:' || octet_length(t.c18)::text || ':' || t.c18, 'note:' || octet_length(t.c22)::text || ':' || t.c22, 'outstanding:' || octet_length(t.c16)::text || ':' || t.c16, 'paid:' || octet_length(t.c14)::text || ':' || t.c14, 'penalty:' || octet_length(t.c19)::text || ':' || t.c19, 'state:' || octet_length(t.c10)::text || ':' || t.c10, 'unreflected:' || octet_length(t.c15)::text || ':' || t.c15, 'waiver_amount:' || octet_length(t.c26)::text || ':' || t.c26, 'waiver_approved_at:' || octet_length(t.c28)::text || ':' || t.c28, 'waiver_approved_by:' || octet_length(t.c27)::text || ':' || t.c27, 'waiver_proposed_at:' || octet_length(t.c24)::text || ':' || t.c24, 'waiver_proposed_by:' || octet_length(t.c23)::text || ':' || t.c23, 'waiver_reason:' || octet_length(t.c25)::text || ':' || t.c25), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.acknowledged_at::text AS c20, r.acknowledged_by::text AS c21, r.amount::text AS c11, r.call_id::text AS c3, r.close_reason::text AS c30, r.closed_at::text AS c29, r.evaluated_at::text AS c12, r.evaluated_run_id::text AS c13, r.firm_id::text AS c1, r.late_fee::text AS c17, r.late_fee_until::text AS c18, r.note::text AS c22, r.outstanding::text AS c16, r.paid::text AS c14, r.penalty::text AS c19, r.state::text AS c10, r.unreflected::text AS c15, r.waiver_amount::text AS c26, r.waiver_approved_at::text AS c28, r.waiver_approved_by::text AS c27, r.waiver_proposed_at::text AS c24, r.waiver_proposed_by::text AS c23, r.waiver_reason::text AS c25 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_run_parameter_sets()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'margin_run_parameter_sets', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 5
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.run_id::uuid, r.methodology::text)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.run_id::uuid, r.methodology::text, r.parameter_set_id::uuid, r.content_hash::bytea))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_run_shard_ends()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'margin_run_shard_ends', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 11
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.run_id::uuid, r.shard::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.run_id::uuid, r.shard::integer, r.outcome::text, r.accounts_done::integer, r.accounts_indeterminate::integer, r.accounts_degraded::integer, r.accounts_held::integer, r.worker::text, r.reason::text, r.ended_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_run_shards()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'margin_run_shards', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 5
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.run_id::uuid, r.shard::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.run_id::uuid, r.shard::integer, r.account_ids::uuid[], r.methodologies::text[]))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_runs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'margin_runs', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('run_id:' || octet_length(t.c2)::text || ':' || t.c2) AS key, sha256(convert_to(concat('account_count:' || octet_length(t.c11)::text || ':' || t.c11, 'as_of:' || octet_length(t.c3)::text || ':' || t.c3, 'engine_version:' || octet_length(t.c8)::text || ':' || t.c8, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'idempotency_key:' || octet_length(t.c10)::text || ':' || t.c10, 'is_part:' || octet_length(t.c23)::text || ':' || t.c23, 'known_at:' || octet_length(t.c6)::text || ':' || t.c6, 'positions_at:' || octet_length(t.c5)::text || ':' || t.c5, 'requested_by:' || octet_length(t.c9)::text || ':' || t.c9, 'run_id:' || octet_length(t.c2)::text || ':' || t.c2, 'shard_count:' || octet_length(t.c22)::text || ':' || t.c22, 'snapshot_id:' || octet_length(t.c4)::text || ':' || t.c4, 'started_at:' || octet_length(t.c14)::text || ':' || t.c14), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.batch AS batch, '-infinity'::timestamptz AS month, r.account_count::text AS c11, r.as_of::text AS c3, r.engine_version::text AS c8, r.firm_id::text AS c1, r.idempotency_key::text AS c10, r.is_part::text AS c23, r.known_at::text AS c6, r.positions_at::text AS c5, r.requested_by::text AS c9, r.run_id::text AS c2, r.shard_count::text AS c22, r.snapshot_id::text AS c4, r.started_at::text AS c14 FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'margin_runs', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('run_id:' || octet_length(t.c2)::text || ':' || t.c2) AS key, sha256(convert_to(concat('accounts_degraded:' || octet_length(t.c18)::text || ':' || t.c18, 'accounts_done:' || octet_length(t.c12)::text || ':' || t.c12, 'accounts_held:' || octet_length(t.c19)::text || ':' || t.c19, 'accounts_indeterminate:' || octet_length(t.c13)::text || ':' || t.c13, 'failure_reason:' || octet_length(t.c17)::text || ':' || t.c17, 'finished_at:' || octet_length(t.c15)::text || ':' || t.c15, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'result_hash:' || octet_length(t.c16)::text || ':' || t.c16, 'run_id:' || octet_length(t.c2)::text || ':' || t.c2, 'state:' || octet_length(t.c7)::text || ':' || t.c7), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.accounts_degraded::text AS c18, r.accounts_done::text AS c12, r.accounts_held::text AS c19, r.accounts_indeterminate::text AS c13, r.failure_reason::text AS c17, r.finished_at::text AS c15, r.firm_id::text AS c1, r.result_hash::text AS c16, r.run_id::text AS c2, r.state::text AS c7 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_margin_runs_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'margin_runs', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('run_id:' || octet_length(t.c2)::text || ':' || t.c2) AS key, sha256(convert_to(concat('accounts_degraded:' || octet_length(t.c18)::text || ':' || t.c18, 'accounts_done:' || octet_length(t.c12)::text || ':' || t.c12, 'accounts_held:' || octet_length(t.c19)::text || ':' || t.c19, 'accounts_indeterminate:' || octet_length(t.c13)::text || ':' || t.c13, 'failure_reason:' || octet_length(t.c17)::text || ':' || t.c17, 'finished_at:' || octet_length(t.c15)::text || ':' || t.c15, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'result_hash:' || octet_length(t.c16)::text || ':' || t.c16, 'run_id:' || octet_length(t.c2)::text || ':' || t.c2, 'state:' || octet_length(t.c7)::text || ':' || t.c7), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.accounts_degraded::text AS c18, r.accounts_done::text AS c12, r.accounts_held::text AS c19, r.accounts_indeterminate::text AS c13, r.failure_reason::text AS c17, r.finished_at::text AS c15, r.firm_id::text AS c1, r.result_hash::text AS c16, r.run_id::text AS c2, r.state::text AS c7 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_market_snapshots()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'market_snapshots', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 14
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.snapshot_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.snapshot_id::uuid, r.as_of::timestamp with time zone, r.known_at::timestamp with time zone, r.content_hash::bytea, r.source::text, r.quality::text, r.quality_reasons::text[], r.underlying_count::integer, r.instrument_count::integer, r.hash_form::smallint, r.parts::uuid[], r.dropped::text[], r.stated_count::integer))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_parameter_impact_rows()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'parameter_impact_rows', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 15
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.parameter_set_id::uuid, r.account_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.parameter_set_id::uuid, r.account_id::uuid, r.ordinal::integer, r.methodology::text, r.currency::text, r.initial_before::numeric, r.initial_after::numeric, r.maintenance_before::numeric, r.maintenance_after::numeric, r.status_before::text, r.status_after::text, r.quality_before::text, r.quality_after::text, r.reasons::text[]))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_parameter_impacts()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'parameter_impacts', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 9
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.parameter_set_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.parameter_set_id::uuid, r.computed_at::timestamp with time zone, r.snapshot_id::uuid, r.as_of::timestamp with time zone, r.positions_at::timestamp with time zone, r.replaced_set_id::uuid, r.account_count::integer, r.totals::json))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_position_statements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'position_statements', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 9
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.statement_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.statement_id::uuid, r.mode::text, r.valid_from::timestamp with time zone, r.known_at::timestamp with time zone, r.content_hash::bytea, r.source::text, r.position_count::integer))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_positions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'positions', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'instrument_id:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'average_price:' || octet_length(t.c7)::text || ':' || t.c7, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'instrument_id:' || octet_length(t.c3)::text || ':' || t.c3, 'known:' || octet_length(t.c9)::text || ':' || t.c9, 'quantity:' || octet_length(t.c6)::text || ':' || t.c6, 'statement_id:' || octet_length(t.c5)::text || ':' || t.c5, 'valid:' || octet_length(t.c8)::text || ':' || t.c8, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.batch AS batch, '-infinity'::timestamptz AS month, lower(r.known)::text AS c9, r.account_id::text AS c2, r.average_price::text AS c7, r.firm_id::text AS c1, r.instrument_id::text AS c3, r.quantity::text AS c6, r.statement_id::text AS c5, r.valid::text AS c8, r.version_id::text AS c4 FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'positions', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'instrument_id:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'instrument_id:' || octet_length(t.c3)::text || ':' || t.c3, 'known:' || octet_length(t.c9)::text || ':' || t.c9, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.firm_id::text AS c1, r.instrument_id::text AS c3, r.known::text AS c9, r.version_id::text AS c4 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_positions_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'positions', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'instrument_id:' || octet_length(t.c3)::text || ':' || t.c3, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4) AS key, sha256(convert_to(concat('account_id:' || octet_length(t.c2)::text || ':' || t.c2, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'instrument_id:' || octet_length(t.c3)::text || ':' || t.c3, 'known:' || octet_length(t.c9)::text || ':' || t.c9, 'version_id:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.account_id::text AS c2, r.firm_id::text AS c1, r.instrument_id::text AS c3, r.known::text AS c9, r.version_id::text AS c4 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_price_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'price_history', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 8
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.symbol::text, r.price_date::date, r.revision::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.symbol::text, r.price_date::date, r.revision::integer, r.price::double precision, r.source::text, r.recorded_by::text, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_reconciliation_breaks()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'reconciliation_breaks', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 12
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.reconciliation_id::uuid, r.ordinal::integer)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.reconciliation_id::uuid, r.ordinal::integer, r.account_id::uuid, r.account_code::text, r.kind::text, r.item::text, r.ours::numeric, r.theirs::numeric, r.difference::numeric, r.currency::text, r.cause::json))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_reconciliations()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'reconciliations', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 18
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.reconciliation_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.reconciliation_id::uuid, r.run_id::uuid, r.run_as_of::timestamp with time zone, r.request_hash::bytea, r.statement_name::text, r.statement_sha256::bytea, r.statement_format::text, r.statement_date::date, r.covers_firm::boolean, r.tolerances::json, r.warnings::text[], r.account_count::integer, r.matched_count::integer, r.break_count::integer, r.engine_version::text, r.started_by::text, r.known_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_record_writes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'record_writes', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 5
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.write_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.write_id::uuid, r.stamps::timestamp with time zone[], r.began_at::timestamp with time zone, r.ended_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_requirement_releases()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'requirement_releases', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 7
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.account_id::uuid, r.as_of::timestamp with time zone, r.run_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.as_of::timestamp with time zone, r.run_id::uuid, r.confirmed_by::text, r.confirmed_at::timestamp with time zone, r.reason::text))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_requirements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'requirements', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 38
  FROM (SELECT r.firm_id, r.batch, date_trunc('month', r.as_of) AS month, record_send(ROW(r.account_id::uuid, r.as_of::timestamp with time zone, r.run_id::uuid)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.account_id::uuid, r.as_of::timestamp with time zone, r.run_id::uuid, r.known_at::timestamp with time zone, r.methodology::text, r.parameter_set_id::uuid, r.currency::text, r.initial_requirement::numeric, r.maintenance_requirement::numeric, r.net_option_value::numeric, r.equity::numeric, r.collateral_value::numeric, r.buffer::numeric, r.buffer_ratio::numeric, r.excess::numeric, r.status::text, r.quality::text, r.quality_reasons::text[], r.warnings::text[], r.model::json, r.worst_scenario::json, r.scenarios::json, r.breakdown::json, r.contributions::json, r.greeks::json, r.engine_version::text, r.parameter_hash::bytea, r.snapshot_hash::bytea, r.input_hash::bytea, r.result_hash::bytea, r.computed_status::text, r.leverage::numeric, r.equity_components::json, r.collateral::json, r.previous_status::text, r.figures::bytea, r.is_observation::boolean))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_risk_parameter_sets()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'risk_parameter_sets', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('parameter_set_id:' || octet_length(t.c2)::text || ':' || t.c2) AS key, sha256(convert_to(concat('canonical_text:' || octet_length(t.c8)::text || ':' || t.c8, 'content_hash:' || octet_length(t.c9)::text || ':' || t.c9, 'effective_from:' || octet_length(t.c6)::text || ':' || t.c6, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'methodology:' || octet_length(t.c3)::text || ':' || t.c3, 'name:' || octet_length(t.c5)::text || ':' || t.c5, 'parameter_set_id:' || octet_length(t.c2)::text || ':' || t.c2, 'parameters:' || octet_length(t.c7)::text || ':' || t.c7, 'proposed_at:' || octet_length(t.c12)::text || ':' || t.c12, 'proposed_by:' || octet_length(t.c11)::text || ':' || t.c11, 'version:' || octet_length(t.c4)::text || ':' || t.c4), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.batch AS batch, '-infinity'::timestamptz AS month, r.canonical_text::text AS c8, r.content_hash::text AS c9, r.effective_from::text AS c6, r.firm_id::text AS c1, r.methodology::text AS c3, r.name::text AS c5, r.parameter_set_id::text AS c2, r.parameters::text AS c7, r.proposed_at::text AS c12, r.proposed_by::text AS c11, r.version::text AS c4 FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'risk_parameter_sets', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('parameter_set_id:' || octet_length(t.c2)::text || ':' || t.c2) AS key, sha256(convert_to(concat('decided_at:' || octet_length(t.c14)::text || ':' || t.c14, 'decided_by:' || octet_length(t.c13)::text || ':' || t.c13, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'parameter_set_id:' || octet_length(t.c2)::text || ':' || t.c2, 'status:' || octet_length(t.c10)::text || ':' || t.c10), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.decided_at::text AS c14, r.decided_by::text AS c13, r.firm_id::text AS c1, r.parameter_set_id::text AS c2, r.status::text AS c10 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_risk_parameter_sets_closing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, 'risk_parameter_sets', 'CLOSE', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, concat('parameter_set_id:' || octet_length(t.c2)::text || ':' || t.c2) AS key, sha256(convert_to(concat('decided_at:' || octet_length(t.c14)::text || ':' || t.c14, 'decided_by:' || octet_length(t.c13)::text || ':' || t.c13, 'firm_id:' || octet_length(t.c1)::text || ':' || t.c1, 'parameter_set_id:' || octet_length(t.c2)::text || ':' || t.c2, 'status:' || octet_length(t.c10)::text || ':' || t.c10), 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.closing_batch AS batch, '-infinity'::timestamptz AS month, r.decided_at::text AS c14, r.decided_by::text AS c13, r.firm_id::text AS c1, r.parameter_set_id::text AS c2, r.status::text AS c10 FROM new_rows r WHERE r.closing_batch IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_statement(target regclass, part text, source text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  whole record;
  key record;
  month text;
BEGIN
  IF EXISTS (SELECT FROM public.history_tables WHERE table_name = target::text AND open_condition IS NOT NULL) THEN
    RETURN public.seal_statement_as_text(target, part, source);
  END IF;
  SELECT * INTO whole FROM public.history_binary(target, 'INSERT');
  SELECT * INTO key FROM public.history_binary(target, 'KEY');
  SELECT format('date_trunc(%L, r.%I)', 'month', a.attname) INTO month FROM pg_partitioned_table p
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = target;
  RETURN format($sql$INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, %L, 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), %s
  FROM (SELECT r.firm_id, r.batch, %s AS month, %s AS place, sha256(%s) AS hash FROM %s r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month;$sql$,
    target::text, whole.columns, coalesce(month, quote_literal('-infinity') || '::timestamptz'), key.expression, whole.expression, source);
END $function$
;

CREATE OR REPLACE FUNCTION public.seal_statement_as_text(target regclass, part text, source text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT format($sql$INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes)
  SELECT firm_id, %L, %L, batch, month, count(*), string_agg(hash, ''::bytea ORDER BY key COLLATE "C")
  FROM (SELECT t.firm_id, t.batch, t.month, %s AS key, sha256(convert_to(%s, 'UTF8')) AS hash
        FROM (SELECT r.firm_id, r.%I AS batch, %s AS month, %s FROM %s r WHERE r.%I IS NOT NULL OFFSET 0) AS t) AS hashed
  GROUP BY firm_id, batch, month;$sql$,
    target::text, seal_statement_as_text.part, public.history_text_of_texts(target, 'KEY'),
    public.history_text_of_texts(target, seal_statement_as_text.part), stamp.name, month.expression,
    (SELECT string_agg(DISTINCT format('%s AS c%s', value, place), ', ') FROM (
       SELECT place, value FROM public.history_parts(target, seal_statement_as_text.part)
       UNION ALL SELECT k.place, k.value FROM public.history_parts(target, 'KEY') k
       WHERE k.place NOT IN (SELECT p.place FROM public.history_parts(target, seal_statement_as_text.part) p)) AS every),
    seal_statement_as_text.source, stamp.name)
  FROM (SELECT CASE seal_statement_as_text.part WHEN 'CLOSE' THEN 'closing_batch' ELSE 'batch' END AS name) AS stamp,
    (SELECT coalesce(
       (SELECT format('date_trunc(%L, r.%I)', 'month', a.attname) FROM pg_partitioned_table p
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = target),
       quote_literal('-infinity') || '::timestamptz') AS expression) AS month
$function$
;

CREATE OR REPLACE FUNCTION public.seal_underlying_quotes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'underlying_quotes', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 19
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.snapshot_id::uuid, r.underlying_id::text)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.snapshot_id::uuid, r.underlying_id::text, r.kind::text, r.currency::text, r.price::numeric, r.rate::double precision, r.dividend_yield::double precision, r.quoted_at::timestamp with time zone, r.historical_volatility::double precision, r.qualifier::text, r.sensitivity_bucket::text, r.confidence::double precision, r.stable_price::numeric, r.perpetual_price::numeric, r.perpetual_confidence::double precision, r.perpetual_unrealised_pnl::numeric, r.perpetual_unrealised_funding::numeric, r.flags::text[]))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.seal_underlyings()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
 SET client_encoding TO 'UTF8'
AS $function$BEGIN INSERT INTO public.history_batches (firm_id, table_name, part, batch, month, row_count, row_hashes, binary_columns)
  SELECT firm_id, 'underlyings', 'INSERT', batch, month, count(*), string_agg(hash, ''::bytea ORDER BY place), 5
  FROM (SELECT r.firm_id, r.batch, '-infinity'::timestamptz AS month, record_send(ROW(r.underlying_id::text)) AS place, sha256(record_send(ROW(r.firm_id::uuid, r.underlying_id::text, r.kind::text, r.currency::text, r.created_at::timestamp with time zone))) AS hash FROM new_rows r WHERE r.batch IS NOT NULL OFFSET 0) AS hashed
  GROUP BY firm_id, batch, month; RETURN NULL; END$function$
;

CREATE OR REPLACE FUNCTION public.settled_instant()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
  firm constant text := current_setting('app.firm_id');
  moment timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(firm, 3));
  LOOP
    moment := public.current_instant();
    EXIT WHEN pg_try_advisory_xact_lock_shared(hashtext(firm), public.stamp_key(moment));
    PERFORM pg_sleep(0.0005);
  END LOOP;
  RETURN moment;
END $function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.stamp_key(moment timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT ((extract(epoch FROM moment) * 1000)::bigint % 2147483647)::integer
$function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.unseen_stamps(moment timestamp with time zone)
 RETURNS timestamp with time zone[]
 LANGUAGE sql
 STABLE
AS $function$
  SELECT coalesce(array_agg(s), '{}') FROM public.record_writes w, unnest(w.stamps) AS s
  WHERE tstzrange(w.began_at, w.ended_at, '()') @> moment AND s < moment
$function$
;
GRANT EXECUTE TO ballast_app;

CREATE OR REPLACE FUNCTION public.worse_status(one text, other text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT CASE WHEN array_position(ladder, one) >= array_position(ladder, other) THEN one ELSE other END
  FROM (SELECT ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'] AS ladder) AS l
$function$
;
