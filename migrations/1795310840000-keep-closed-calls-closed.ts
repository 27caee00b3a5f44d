import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keeps a margin call that is closed as it was closed, whoever writes: its row takes no other value and it gets no further
 * event, also none that is dated before its end.
 */
export class KeepClosedCallsClosed1795310840000 implements MigrationInterface {
  readonly name = 'KeepClosedCallsClosed1795310840000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(calls);
    await runner.query(events);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** The batch that seals a closing is not part of the call. */
const calls = `
CREATE FUNCTION keep_closed_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - '{batch,closing_batch}'::text[] <> to_jsonb(NEW) - '{batch,closing_batch}'::text[] THEN
    RAISE EXCEPTION 'margin call % is closed and stays as it was closed', OLD.call_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_closed BEFORE UPDATE ON margin_calls FOR EACH ROW WHEN (OLD.state = 'CLOSED') EXECUTE FUNCTION keep_closed_call();
REVOKE EXECUTE ON FUNCTION keep_closed_call() FROM PUBLIC;
`;

const events = `
CREATE FUNCTION refuse_event_of_closed_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM margin_call_events e WHERE e.firm_id = NEW.firm_id AND e.account_id = NEW.account_id
      AND e.call_id = NEW.call_id AND e.state_after = 'CLOSED') THEN
    RAISE EXCEPTION 'margin call % is closed and takes no further event', NEW.call_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_closed BEFORE INSERT ON margin_call_events FOR EACH ROW WHEN (NEW.event_number > 1)
  EXECUTE FUNCTION refuse_event_of_closed_call();
REVOKE EXECUTE ON FUNCTION refuse_event_of_closed_call() FROM PUBLIC;
`;
