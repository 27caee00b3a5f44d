import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets the database decide when something became known. A row may say that it became known in its own transaction and at no
 * other time: the application role could write any time before, also by a setting, and so make history say that it had
 * known what it learnt later.
 *
 * One exception: the transaction that opens a firm may load what was known elsewhere before. It is over when the first link
 * of the firm's chain is there.
 */
export class LimitKnownTimes1795310851000 implements MigrationInterface {
  readonly name = 'LimitKnownTimes1795310851000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(stamps);
    await runner.query(refusal);
    await runner.query(limiting);
    for (const [table, opening, closing] of limited) {
      await runner.query('SELECT limit_known_times($1::regclass, $2, $3)', [table, opening, closing]);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Table, when its rows became known, and when they were closed. */
const limited: readonly (readonly [table: string, opening: string, closing: string | null])[] = [
  ['positions', 'lower(r.known)', 'upper(r.known)'],
  ['balances', 'lower(r.known)', 'upper(r.known)'],
  ['collateral_holdings', 'lower(r.known)', 'upper(r.known)'],
  ['risk_parameter_sets', 'r.proposed_at', 'r.decided_at'],
  ['requirement_releases', 'r.confirmed_at', null],
  ...['accounts', 'instruments', 'underlyings'].map((table) => [table, 'r.created_at', null] as const),
  ...[
    'account_versions',
    'break_resolutions',
    'buffer_observations',
    'buffer_policies',
    'calendar_changes',
    'collateral_statements',
    'feed_events',
    'file_deliveries',
    'firm_controls',
    'haircut_schedules',
    'held_requirements',
    'lifecycle_events',
    'margin_call_events',
    'margin_calls',
    'market_snapshots',
    'position_statements',
    'price_history',
    'reconciliations',
    'requirements',
  ].map((table) => [table, 'r.known_at', null] as const),
];

/** Not before the transaction began either, also where the clock steps back in between. */
const stamps = `
CREATE OR REPLACE FUNCTION known_instant() RETURNS timestamptz LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
`;

const refusal = `
CREATE FUNCTION refuse_known_times(firm uuid, target text, earliest timestamptz, latest timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
COMMENT ON FUNCTION refuse_known_times(uuid, text, timestamptz, timestamptz) IS
  'Refuses times of becoming known that do not lie in the transaction; the one that opens a firm may state earlier ones. A clock that stepped back counts from the last link.';
REVOKE EXECUTE ON FUNCTION refuse_known_times(uuid, text, timestamptz, timestamptz) FROM PUBLIC;
`;

/** The limits run as the owner, so that the application role needs no right of its own and cannot stand in their way. */
const limiting = `
CREATE FUNCTION limit_known_times(target regclass, opening text, closing text) RETURNS void LANGUAGE plpgsql AS $outer$
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
END $outer$;
COMMENT ON FUNCTION limit_known_times(regclass, text, text) IS
  'Lets rows r of a table have become known, and been closed, in the transaction that writes them alone.';
REVOKE EXECUTE ON FUNCTION limit_known_times(regclass, text, text) FROM PUBLIC;
`;
