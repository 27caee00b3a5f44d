import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The life of contracts: where they trade, how they end and what an adjusted one delivers; the events that ended or
 * changed them with every effect on every account; and the changes of exchange calendars.
 */
export class RecordLifecycleEvents1795306100000 implements MigrationInterface {
  readonly name = 'RecordLifecycleEvents1795306100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(terms);
    await runner.query(events);
    await runner.query(calendars);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const terms = `
ALTER TABLE instruments
  ADD COLUMN calendar identifier,
  ADD COLUMN delivery text CONSTRAINT instruments_delivery_is_known CHECK (delivery IN ('cash', 'physical')),
  ADD COLUMN deliverable jsonb,
  ADD COLUMN adjusted_from identifier,
  ADD CONSTRAINT instruments_adjusted_from_fk FOREIGN KEY (firm_id, adjusted_from) REFERENCES instruments (firm_id, instrument_id);
COMMENT ON COLUMN instruments.deliverable IS 'What one contract hands over after a corporate action; amounts are strings of plain digits.';
CREATE INDEX instruments_by_expiry ON instruments (firm_id, expiry, instrument_id) WHERE expiry IS NOT NULL;
`;

const events = `
CREATE TABLE lifecycle_events (
  firm_id uuid NOT NULL,
  event_id identifier NOT NULL,
  type text NOT NULL,
  effective_at timestamptz NOT NULL,
  instrument_id identifier,
  underlying_id identifier,
  reverses identifier,
  terms json NOT NULL,
  request_hash sha256 NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT lifecycle_events_pk PRIMARY KEY (firm_id, event_id),
  CONSTRAINT lifecycle_events_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT lifecycle_events_instrument_fk FOREIGN KEY (firm_id, instrument_id) REFERENCES instruments (firm_id, instrument_id),
  CONSTRAINT lifecycle_events_underlying_fk FOREIGN KEY (firm_id, underlying_id) REFERENCES underlyings (firm_id, underlying_id),
  CONSTRAINT lifecycle_events_reverses_fk FOREIGN KEY (firm_id, reverses) REFERENCES lifecycle_events (firm_id, event_id),
  CONSTRAINT lifecycle_events_reversed_once UNIQUE (firm_id, reverses),
  CONSTRAINT lifecycle_events_type_is_known CHECK (type IN ('expiry', 'exercise', 'assignment', 'lapse', 'daily-settlement',
    'dividend', 'split', 'special-dividend', 'symbol-change', 'merger', 'reversal')),
  CONSTRAINT lifecycle_events_reversal_names_event CHECK ((reverses IS NOT NULL) = (type = 'reversal'))
);
COMMENT ON TABLE lifecycle_events IS 'Expiries, exercises, corporate actions and dividends as applied; a wrong one is reversed by another.';
CREATE INDEX lifecycle_events_by_instrument ON lifecycle_events (firm_id, instrument_id, type);
SELECT protect_tenant_table('lifecycle_events');
SELECT make_append_only('lifecycle_events', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON lifecycle_events TO ballast_app;

CREATE TABLE lifecycle_effects (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  event_id identifier NOT NULL,
  effect_number integer NOT NULL,
  effective_at timestamptz NOT NULL,
  instrument_id identifier,
  quantity_before finite_numeric,
  quantity_after finite_numeric,
  average_price_before finite_numeric,
  average_price_after finite_numeric,
  currency currency_code,
  amount finite_numeric,
  note text,
  CONSTRAINT lifecycle_effects_pk PRIMARY KEY (firm_id, account_id, event_id, effect_number),
  CONSTRAINT lifecycle_effects_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT lifecycle_effects_event_fk FOREIGN KEY (firm_id, event_id) REFERENCES lifecycle_events (firm_id, event_id),
  CONSTRAINT lifecycle_effects_instrument_fk FOREIGN KEY (firm_id, instrument_id) REFERENCES instruments (firm_id, instrument_id),
  CONSTRAINT lifecycle_effects_say_one_thing CHECK (
    num_nonnulls(instrument_id, currency, note) = 1
    AND (instrument_id IS NOT NULL) = (num_nonnulls(quantity_before, quantity_after) = 2)
    AND (instrument_id IS NOT NULL OR num_nonnulls(average_price_before, average_price_after) = 0)
    AND (currency IS NOT NULL) = (amount IS NOT NULL))
);
COMMENT ON TABLE lifecycle_effects IS 'What an event did to an account: one row per holding, amount of cash or note.';
CREATE INDEX lifecycle_effects_by_time ON lifecycle_effects (firm_id, account_id, effective_at, event_id, effect_number);
SELECT protect_tenant_table('lifecycle_effects');
SELECT make_append_only('lifecycle_effects', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON lifecycle_effects TO ballast_app;
`;

const calendars = `
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
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT calendar_changes_pk PRIMARY KEY (firm_id, calendar_id, version, date),
  CONSTRAINT calendar_changes_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT calendar_changes_version_follows CHECK (version > 1),
  CONSTRAINT calendar_changes_change_is_known CHECK (change IN ('holiday', 'session', 'early-close')),
  CONSTRAINT calendar_changes_early_close_has_time CHECK ((close IS NOT NULL) = (change = 'early-close'))
);
COMMENT ON TABLE calendar_changes IS 'Days that a newer version of an exchange calendar treats otherwise than the one before; version 1 comes with the product.';
SELECT protect_tenant_table('calendar_changes');
SELECT make_append_only('calendar_changes', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON calendar_changes TO ballast_app;
`;
