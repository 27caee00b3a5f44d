import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tells listening processes that a run began, went on or ended, once per change of its row and only after the commit. The
 * message names firm and run and nothing else: whoever hears it reads under row level security what it may see.
 */
const notifyRunChange = `
CREATE FUNCTION notify_run_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('ballast_runs', json_build_object('firmId', NEW.firm_id, 'runId', NEW.run_id, 'state', NEW.state)::text);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION notify_run_change() IS 'Sends one message on the channel ballast_runs for a changed run.';
CREATE TRIGGER margin_runs_notify AFTER UPDATE OF state, accounts_done ON margin_runs
  FOR EACH ROW EXECUTE FUNCTION notify_run_change();
`;

export class NotifyRunChanges1795306800000 implements MigrationInterface {
  readonly name = 'NotifyRunChanges1795306800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(notifyRunChange);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
