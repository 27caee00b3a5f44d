import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Limits what a run may say of its time: it was started in the transaction that opens it, and read what was known by then,
 * at most a day before. What was settled lies as far back as the longest transaction that was open, an import for example;
 * what the run read is chained, so that nobody can have it say afterwards that it had read what was known long ago.
 */
export class LimitWhatRunsKnew1795310970000 implements MigrationInterface {
  readonly name = 'LimitWhatRunsKnew1795310970000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(limit);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const limit = `
CREATE FUNCTION limit_margin_runs_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
REVOKE EXECUTE ON FUNCTION limit_margin_runs_insert() FROM PUBLIC;
CREATE TRIGGER limit_known_insert AFTER INSERT ON margin_runs REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION limit_margin_runs_insert();
`;
