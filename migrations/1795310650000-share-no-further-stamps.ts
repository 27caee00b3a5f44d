import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A transaction that needs several instants (statements about one account that follow each other, an account that was
 * written to at this very instant) takes each of them as it takes the first: no other open transaction of the firm has it.
 * Otherwise rows of somebody else with the same instant, long committed, counted as unseen until the long writer ended.
 * The transaction ends after the last of them.
 */
export class ShareNoFurtherStamps1795310650000 implements MigrationInterface {
  readonly name = 'ShareNoFurtherStamps1795310650000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(stamps);
    await runner.query(ends);
    await runner.query('ALTER TABLE margin_calls ALTER COLUMN known_at SET DEFAULT known_instant()');
    await runner.query('DROP FUNCTION note_stamps(timestamptz[])');
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const stamps = `
CREATE FUNCTION known_instants(later_than timestamptz, how_many integer) RETURNS timestamptz[] LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
COMMENT ON FUNCTION known_instants(timestamptz, integer) IS
  'Instants of this transaction, ascending, beginning with known_instant() where that is later than the given one; no other open transaction of the firm has any of them.';
REVOKE EXECUTE ON FUNCTION known_instants(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known_instants(timestamptz, integer) TO ballast_app;
`;

const ends = `
CREATE OR REPLACE FUNCTION end_record_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
`;
