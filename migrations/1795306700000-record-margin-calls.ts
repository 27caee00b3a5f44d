import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Margin calls with every step of their life, and the outbox that tells webhooks of them. */
export class RecordMarginCalls1795306700000 implements MigrationInterface {
  readonly name = 'RecordMarginCalls1795306700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(calls);
    await runner.query(events);
    await runner.query(`SELECT chain_table('margin_calls', $1::text[], 'r.state <> ''CLOSED''')`, [changing]);
    await runner.query(`SELECT chain_table('margin_call_events')`);
    await runner.query(outbox);
    await runner.query(webhooks);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Columns of a call that its events change; they are sealed when it is closed, each step before by its event. */
const changing = [
  'state',
  'amount',
  'evaluated_at',
  'evaluated_run_id',
  'paid',
  'unreflected',
  'outstanding',
  'late_fee',
  'late_fee_until',
  'penalty',
  'acknowledged_at',
  'acknowledged_by',
  'note',
  'waiver_proposed_by',
  'waiver_proposed_at',
  'waiver_reason',
  'waiver_amount',
  'waiver_approved_by',
  'waiver_approved_at',
  'closed_at',
  'close_reason',
];

const calls = `
CREATE DOMAIN margin_call_state AS text CONSTRAINT margin_call_state_is_known CHECK (VALUE IN
  ('RAISED', 'ACKNOWLEDGED', 'PARTLY_MET', 'MET', 'OVERDUE', 'ESCALATED', 'WAIVED', 'CLOSED'));

CREATE TABLE margin_calls (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  call_id uuid NOT NULL,
  currency currency_code NOT NULL,
  raised_at timestamptz NOT NULL,
  raised_run_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  escalates_at timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  state margin_call_state NOT NULL,
  amount finite_numeric NOT NULL,
  evaluated_at timestamptz NOT NULL,
  evaluated_run_id uuid NOT NULL,
  paid finite_numeric NOT NULL,
  unreflected finite_numeric NOT NULL,
  outstanding finite_numeric NOT NULL,
  late_fee finite_numeric NOT NULL,
  late_fee_until timestamptz NOT NULL,
  penalty finite_numeric NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text,
  waiver_proposed_by text,
  waiver_proposed_at timestamptz,
  waiver_reason text,
  waiver_amount finite_numeric,
  waiver_approved_by text,
  waiver_approved_at timestamptz,
  closed_at timestamptz,
  close_reason text,
  CONSTRAINT margin_calls_pk PRIMARY KEY (firm_id, account_id, call_id),
  CONSTRAINT margin_calls_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT margin_calls_run_fk FOREIGN KEY (firm_id, raised_run_id, raised_at) REFERENCES margin_runs (firm_id, run_id, as_of),
  CONSTRAINT margin_calls_deadlines_are_ordered CHECK (raised_at < due_at AND due_at <= escalates_at),
  CONSTRAINT margin_calls_amounts_are_not_negative CHECK (amount >= 0 AND paid >= 0 AND unreflected >= 0 AND outstanding >= 0
    AND late_fee >= 0 AND penalty >= 0),
  CONSTRAINT margin_calls_settled_owe_nothing CHECK (state NOT IN ('MET', 'WAIVED', 'CLOSED') OR outstanding = 0),
  CONSTRAINT margin_calls_closing_is_whole CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL) AND (state = 'CLOSED') = (close_reason IS NOT NULL)),
  CONSTRAINT margin_calls_close_reason_is_known CHECK (close_reason IN ('RELEASED', 'MET', 'OUTGROWN')),
  CONSTRAINT margin_calls_waiver_is_whole CHECK (num_nulls(waiver_proposed_by, waiver_proposed_at, waiver_reason, waiver_amount) IN (0, 4)
    AND num_nulls(waiver_approved_by, waiver_approved_at) IN (0, 2) AND (waiver_approved_by IS NULL OR waiver_proposed_by IS NOT NULL)),
  CONSTRAINT margin_calls_waiver_needs_two_people CHECK (waiver_approved_by <> waiver_proposed_by),
  CONSTRAINT margin_calls_waived_is_approved CHECK (state <> 'WAIVED' OR waiver_approved_by IS NOT NULL)
);
COMMENT ON TABLE margin_calls IS 'Demands for money as they stand now; identity never changes, what changes is written with an event of the same transaction.';
CREATE UNIQUE INDEX margin_calls_one_open ON margin_calls (firm_id, account_id) WHERE state <> 'CLOSED';
CREATE INDEX margin_calls_newest ON margin_calls (firm_id, raised_at DESC, call_id DESC);
CREATE INDEX margin_calls_of_account ON margin_calls (firm_id, account_id, raised_at DESC, call_id DESC);
CREATE INDEX margin_calls_by_run ON margin_calls (firm_id, raised_run_id);
CREATE INDEX margin_calls_by_known_time ON margin_calls (firm_id, known_at);
SELECT protect_tenant_table('margin_calls');
SELECT make_append_only('margin_calls', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (${changing.join(', ')}) ON margin_calls TO ballast_app;
`;

const events = `
CREATE TABLE margin_call_events (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  call_id uuid NOT NULL,
  event_number integer NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
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
  payment_received_at timestamptz,
  CONSTRAINT margin_call_events_pk PRIMARY KEY (firm_id, account_id, call_id, event_number),
  CONSTRAINT margin_call_events_call_fk FOREIGN KEY (firm_id, account_id, call_id) REFERENCES margin_calls (firm_id, account_id, call_id),
  CONSTRAINT margin_call_events_are_counted CHECK (event_number >= 1),
  CONSTRAINT margin_call_events_kind_is_known CHECK (kind IN ('RAISED', 'AMOUNT_UPDATED', 'ACKNOWLEDGED', 'PAYMENT_RECORDED', 'OVERDUE',
    'ESCALATED', 'WAIVER_PROPOSED', 'WAIVER_LAPSED', 'WAIVED', 'CLOSED')),
  CONSTRAINT margin_call_events_raised_is_first CHECK ((kind = 'RAISED') = (event_number = 1) AND (kind = 'RAISED') = (state_before IS NULL)),
  CONSTRAINT margin_call_events_actor_is_named CHECK (length(btrim(actor)) > 0),
  CONSTRAINT margin_call_events_payment_is_whole CHECK (num_nulls(payment_amount, payment_currency, payment_credited, payment_received_at)
    = CASE WHEN kind = 'PAYMENT_RECORDED' THEN 0 ELSE 4 END),
  CONSTRAINT margin_call_events_payment_is_positive CHECK (payment_amount > 0 AND payment_credited > 0)
);
COMMENT ON TABLE margin_call_events IS 'Every step of every margin call with the call as it was after it; append-only.';
CREATE INDEX margin_call_events_by_run ON margin_call_events (firm_id, run_id) WHERE run_id IS NOT NULL;
SELECT protect_tenant_table('margin_call_events');
SELECT make_append_only('margin_call_events', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON margin_call_events TO ballast_app;
`;

const outbox = `
CREATE TABLE notifications (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  payload json NOT NULL,
  CONSTRAINT notifications_pk PRIMARY KEY (firm_id, account_id, notification_id),
  CONSTRAINT notifications_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id)
);
COMMENT ON TABLE notifications IS 'Outbox: what others have to be told, written in the transaction of what happened.';
SELECT protect_tenant_table('notifications');
SELECT make_append_only('notifications', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON notifications TO ballast_app;
`;

const webhooks = `
CREATE TABLE webhook_targets (
  firm_id uuid NOT NULL,
  target_id uuid NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  removed_at timestamptz,
  removed_by text,
  CONSTRAINT webhook_targets_pk PRIMARY KEY (firm_id, target_id),
  CONSTRAINT webhook_targets_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT webhook_targets_url_is_http CHECK (url ~ '^https?://' AND length(url) <= 2000),
  CONSTRAINT webhook_targets_secret_is_long CHECK (length(secret) BETWEEN 32 AND 256),
  CONSTRAINT webhook_targets_removal_is_whole CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
COMMENT ON TABLE webhook_targets IS 'Addresses that a firm wants told, with the key that signs what is sent there.';
CREATE UNIQUE INDEX webhook_targets_one_per_url ON webhook_targets (firm_id, url) WHERE removed_at IS NULL;
SELECT protect_tenant_table('webhook_targets');
SELECT make_append_only('webhook_targets', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (removed_at, removed_by) ON webhook_targets TO ballast_app;

CREATE TABLE webhook_deliveries (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  target_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'PENDING',
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT current_instant(),
  last_status integer,
  last_error text,
  finished_at timestamptz,
  CONSTRAINT webhook_deliveries_pk PRIMARY KEY (firm_id, account_id, notification_id, target_id),
  CONSTRAINT webhook_deliveries_notification_fk FOREIGN KEY (firm_id, account_id, notification_id)
    REFERENCES notifications (firm_id, account_id, notification_id),
  CONSTRAINT webhook_deliveries_target_fk FOREIGN KEY (firm_id, target_id) REFERENCES webhook_targets (firm_id, target_id),
  CONSTRAINT webhook_deliveries_state_is_known CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
  CONSTRAINT webhook_deliveries_attempts_are_counted CHECK (attempts >= 0),
  CONSTRAINT webhook_deliveries_end_is_whole CHECK ((state = 'PENDING') = (finished_at IS NULL))
);
COMMENT ON TABLE webhook_deliveries IS 'One notification on its way to one target: PENDING until it is DELIVERED or, after too many attempts, DEAD.';
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (firm_id, next_attempt_at) WHERE state = 'PENDING';
CREATE INDEX webhook_deliveries_by_target ON webhook_deliveries (firm_id, target_id, state);
SELECT protect_tenant_table('webhook_deliveries');
SELECT make_append_only('webhook_deliveries', 'DELETE OR TRUNCATE');
GRANT SELECT, INSERT, UPDATE (state, attempts, next_attempt_at, last_status, last_error, finished_at) ON webhook_deliveries TO ballast_app;
`;
