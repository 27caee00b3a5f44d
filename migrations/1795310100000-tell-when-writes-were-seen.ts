import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows of the record say when they became known: a stamp that is taken when they are written, while others see them only
 * once the transaction has committed. A long import lies between. `record_writes` keeps both ends, so that a question as of
 * a moment in between gets the answer that was given then.
 *
 * A transaction has one stamp, later than everything that was stamped and committed before, and no other open transaction
 * of the firm has the same. Its end is told under the lock of the hash chain, which it holds until it has committed: whoever
 * gets that lock afterwards sees everything that has ended.
 */
export class TellWhenWritesWereSeen1795310100000 implements MigrationInterface {
  readonly name = 'TellWhenWritesWereSeen1795310100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await runner.query(stamps);
    await runner.query(ends);
    await runner.query(questions);
    for (const name of stamped) {
      await runner.query(`ALTER TABLE ${name} ALTER COLUMN known_at SET DEFAULT known_instant()`);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Tables that are read as they were known at a time, and do not get their stamp from a statement. */
const stamped = [
  'requirements',
  'buffer_observations',
  'buffer_policies',
  'market_snapshots',
  'held_requirements',
  'firm_controls',
  'feed_events',
  'lifecycle_events',
  'calendar_changes',
  'haircut_schedules',
  'margin_call_events',
];

const table = `
CREATE TABLE record_writes (
  firm_id uuid NOT NULL,
  write_id uuid NOT NULL DEFAULT gen_random_uuid(),
  stamps timestamptz[] NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  CONSTRAINT record_writes_pk PRIMARY KEY (firm_id, write_id),
  CONSTRAINT record_writes_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT record_writes_end_later CHECK (ended_at > began_at AND cardinality(stamps) > 0)
);
COMMENT ON TABLE record_writes IS
  'Transactions that took time: rows stamped began_at (or one of stamps) could be seen by others from ended_at on.';
CREATE INDEX record_writes_by_time ON record_writes USING gist (firm_id, tstzrange(began_at, ended_at, '()'));
SELECT protect_tenant_table('record_writes');
SELECT make_append_only('record_writes', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT ON record_writes TO ballast_app;
SELECT chain_table('record_writes');
`;

const stamps = `
CREATE FUNCTION stamp_key(moment timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ((extract(epoch FROM moment) * 1000)::bigint % 2147483647)::integer
$$;

CREATE FUNCTION known_instant() RETURNS timestamptz LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  stamp text := nullif(current_setting('app.known_at', true), '');
  firm text;
  moment timestamptz;
BEGIN
  IF stamp IS NOT NULL THEN RETURN stamp::timestamptz; END IF;
  firm := nullif(current_setting('app.firm_id', true), '');
  IF firm IS NULL THEN RETURN public.current_instant(); END IF;
  LOOP
    moment := public.current_instant() + interval '1 millisecond';
    EXIT WHEN pg_try_advisory_xact_lock(hashtext(firm), public.stamp_key(moment));
    PERFORM pg_sleep(0.0005);
  END LOOP;
  PERFORM set_config('app.known_at', moment::text, true);
  RETURN moment;
END $$;
COMMENT ON FUNCTION known_instant() IS
  'When this transaction became known: one instant for all it writes, that no other open transaction of the firm has.';

CREATE FUNCTION note_stamps(further timestamptz[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  noted timestamptz[] := coalesce(nullif(current_setting('app.known_stamps', true), '')::timestamptz[], '{}');
BEGIN
  PERFORM set_config('app.known_stamps', (noted || further)::text, true);
END $$;
COMMENT ON FUNCTION note_stamps(timestamptz[]) IS
  'Further stamps of rows of this transaction: several statements about one account follow each other by a millisecond.';
REVOKE EXECUTE ON FUNCTION stamp_key(timestamptz), known_instant(), note_stamps(timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stamp_key(timestamptz), known_instant(), note_stamps(timestamptz[]) TO ballast_app;
`;

const ends = `
CREATE FUNCTION end_record_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  began timestamptz := nullif(current_setting('app.known_at', true), '')::timestamptz;
  ended timestamptz;
  wait double precision;
BEGIN
  IF began IS NULL OR nullif(current_setting('app.write_ended', true), '') IS NOT NULL THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.firm_id::text, 3));
  wait := extract(epoch FROM began - clock_timestamp());
  IF wait > 0 AND wait < 1 THEN PERFORM pg_sleep(wait); END IF;
  ended := public.current_instant();
  PERFORM set_config('app.write_ended', 'yes', true);
  -- No instant in whole milliseconds lies between: nobody can ask about it.
  IF ended <= began + interval '1 millisecond' THEN RETURN NULL; END IF;
  INSERT INTO public.record_writes (firm_id, stamps, began_at, ended_at)
  VALUES (NEW.firm_id, began || coalesce(nullif(current_setting('app.known_stamps', true), '')::timestamptz[], '{}'), began, ended);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION end_record_write() IS
  'Tells, when a transaction commits, that its rows can be seen from now on; never before the instant they are stamped with.';
REVOKE EXECUTE ON FUNCTION end_record_write() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER end_write AFTER INSERT ON history_batches DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION end_record_write();
`;

const questions = `
CREATE FUNCTION unseen_stamps(moment timestamptz) RETURNS timestamptz[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(s), '{}') FROM public.record_writes w, unnest(w.stamps) AS s
  WHERE tstzrange(w.began_at, w.ended_at, '()') @> moment AND s < moment
$$;
COMMENT ON FUNCTION unseen_stamps(timestamptz) IS
  'Stamps of rows that nobody could see at a time although they were stamped before it: those of transactions that had not ended.';

CREATE FUNCTION settled_instant() RETURNS timestamptz LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
COMMENT ON FUNCTION settled_instant() IS
  'The time now, once everything that has ended by it can be seen by statements that come later; waits for commits under way, never for imports at work. In a transaction of its own: it keeps the firm from committing until that ends.';
REVOKE EXECUTE ON FUNCTION unseen_stamps(timestamptz), settled_instant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unseen_stamps(timestamptz), settled_instant() TO ballast_app;
`;
