import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A market may be stored as its difference from the one before it: `parts` names the snapshots whose rows it takes over,
 * the whole one first and the one before it last; its own rows are what was stated anew.
 */
export class StoreMarketsAsDifferences1795310940000 implements MigrationInterface {
  readonly name = 'StoreMarketsAsDifferences1795310940000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
    await runner.query(`SELECT renew_seals('market_snapshots')`);
    await runner.query(checks);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const columns = `
ALTER TABLE market_snapshots
  ADD COLUMN hash_form smallint CONSTRAINT market_snapshots_hash_form_is_known CHECK (hash_form = 2),
  ADD COLUMN parts uuid[] CONSTRAINT market_snapshots_parts_are_few CHECK (cardinality(parts) BETWEEN 1 AND 256),
  ADD COLUMN dropped text[],
  ADD COLUMN stated_count integer CONSTRAINT market_snapshots_stated_count_is_a_count CHECK (stated_count >= 0),
  ADD CONSTRAINT market_snapshots_difference_is_told
    CHECK ((parts IS NULL) = (dropped IS NULL) AND (parts IS NULL) = (stated_count IS NULL) AND (parts IS NULL OR hash_form IS NOT NULL));
COMMENT ON COLUMN market_snapshots.hash_form IS
  'How content_hash is made; NULL: SHA-256 of the canonical JSON of the whole, 2: over the digests of its underlyings and quotes.';
COMMENT ON COLUMN market_snapshots.parts IS
  'Snapshots whose rows it takes over, oldest first, the last one is the market before it; of one name the latest row counts. NULL: it is stored whole.';
COMMENT ON COLUMN market_snapshots.dropped IS 'Contracts that are quoted in its parts and not in it.';
COMMENT ON COLUMN market_snapshots.stated_count IS 'Contracts that it quotes anew.';
`;

/**
 * A difference rests on the market before it: its parts are those of that market and the market itself, or the last of them
 * where one of them was completed with all of its rows. They lie in one month, so that no month is given up under another.
 */
const checks = `
CREATE FUNCTION check_snapshot_parts() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$;
COMMENT ON FUNCTION check_snapshot_parts() IS 'Refuses differences that do not rest on the market before them, in one month.';
REVOKE EXECUTE ON FUNCTION check_snapshot_parts() FROM PUBLIC;
CREATE TRIGGER check_parts AFTER INSERT ON market_snapshots REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_snapshot_parts();
`;
