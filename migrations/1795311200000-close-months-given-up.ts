import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Closes the months that a firm gave up. A row written into one again would stand beside roll-ups whose observations are gone, and
 * when the month was given up once more the chain would miss it.
 */
export class CloseMonthsGivenUp1795311200000 implements MigrationInterface {
  readonly name = 'CloseMonthsGivenUp1795311200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(refusal);
    await runner.query(checks);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const givenUp = (firm: string, month: string): string =>
  `EXISTS (SELECT FROM history_retirements h WHERE h.firm_id = ${firm} AND h.month = ${month} OFFSET 0)`;

/** Every batch of rows of a month is sealed, and each snapshot has a head: there the month is known already. */
const refusal = `
CREATE FUNCTION refuse_given_up_month(month timestamptz, into_table text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the history of % was given up under the retention policy: nothing is written into it any more',
    to_char(month AT TIME ZONE 'UTC', 'YYYY-MM')
    USING ERRCODE = 'check_violation', CONSTRAINT = 'history_month_is_open', TABLE = into_table;
END $$;
COMMENT ON FUNCTION refuse_given_up_month(timestamptz, text) IS 'Refuses rows of a month whose history was given up.';
REVOKE EXECUTE ON FUNCTION refuse_given_up_month(timestamptz, text) FROM PUBLIC;

CREATE FUNCTION check_batch_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF ${givenUp('NEW.firm_id', 'NEW.month')} THEN PERFORM public.refuse_given_up_month(NEW.month, NEW.table_name); END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION check_batch_month() IS 'Refuses rows of months that the firm gave up, in tables cut into months.';
REVOKE EXECUTE ON FUNCTION check_batch_month() FROM PUBLIC;
CREATE TRIGGER check_month BEFORE INSERT ON history_batches
  FOR EACH ROW WHEN (NEW.month > '-infinity'::timestamptz) EXECUTE FUNCTION check_batch_month();
`;

const checks = `
CREATE FUNCTION check_snapshot_months() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  closed timestamptz;
BEGIN
  SELECT m.month INTO closed FROM (SELECT DISTINCT firm_id, date_trunc('month', as_of, 'UTC') AS month FROM new_rows) AS m
    WHERE ${givenUp('m.firm_id', 'm.month')} LIMIT 1;
  IF FOUND THEN PERFORM public.refuse_given_up_month(closed, 'market_snapshots'); END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_snapshot_months() IS 'Refuses market snapshots of months whose quotes the firm gave up.';
REVOKE EXECUTE ON FUNCTION check_snapshot_months() FROM PUBLIC;
CREATE TRIGGER check_months AFTER INSERT ON market_snapshots REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_snapshot_months();
`;
