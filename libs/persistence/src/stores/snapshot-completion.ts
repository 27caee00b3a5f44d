import { toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import { forwardColumns, fxColumns, instrumentColumns, underlyingColumns } from './market-quote-writer';
import type { UnfoldedSnapshot } from './market-quote-reader';

/**
 * Copies to a difference the rows of its parts that it takes over, inside the server. What it states itself stays; so it reads as
 * before, and whoever rests on it needs none of its parts. Done twice it does nothing.
 */
export async function completeSnapshot(
  tx: TenantTransaction,
  { id, asOf, parts, dropped }: UnfoldedSnapshot & { readonly parts: readonly string[] },
): Promise<void> {
  const layers = [...parts, id];
  const of = (columns: readonly (readonly [string, string])[], own: readonly string[]): string =>
    columns.flatMap(([name]) => (own.includes(name) ? [] : [name])).join(', ');
  const copied = of(underlyingColumns, ['snapshot_id']);
  const forwards = of(forwardColumns, ['snapshot_id']);
  // Which snapshot stated an underlying last is found before its row is copied: its forwards come from there.
  await tx.execute(
    `WITH stated AS (
       SELECT DISTINCT ON (q.underlying_id) q.* FROM unnest($2::uuid[]) WITH ORDINALITY AS l (id, place)
       JOIN underlying_quotes q ON q.snapshot_id = l.id ORDER BY q.underlying_id, l.place DESC),
     copied AS (INSERT INTO underlying_quotes (firm_id, snapshot_id, ${copied})
       SELECT firm_id, $1::uuid, ${copied} FROM stated WHERE snapshot_id <> $1::uuid ON CONFLICT DO NOTHING)
     INSERT INTO forward_quotes (firm_id, snapshot_id, ${forwards})
       SELECT f.firm_id, $1::uuid, ${forwards.replaceAll(/\w+/g, 'f.$&')} FROM stated s
       JOIN forward_quotes f ON f.snapshot_id = s.snapshot_id AND f.underlying_id = s.underlying_id
       WHERE s.snapshot_id <> $1::uuid ON CONFLICT DO NOTHING`,
    [id, layers],
  );
  const rates = of(fxColumns, ['snapshot_id']);
  await tx.execute(
    `INSERT INTO fx_rates (firm_id, snapshot_id, ${rates}) SELECT firm_id, $1::uuid, ${rates} FROM fx_rates
     WHERE snapshot_id = (SELECT l.id FROM unnest($2::uuid[]) WITH ORDINALITY AS l (id, place)
       WHERE EXISTS (SELECT FROM fx_rates x WHERE x.snapshot_id = l.id) ORDER BY l.place DESC LIMIT 1)
     AND snapshot_id <> $1::uuid ON CONFLICT DO NOTHING`,
    [id, layers],
  );
  const quotes = of(instrumentColumns, ['snapshot_id', 'as_of']);
  await tx.execute(
    `INSERT INTO instrument_quotes (firm_id, snapshot_id, as_of, ${quotes})
     SELECT firm_id, $1::uuid, $3::timestamptz, ${quotes} FROM (
       SELECT DISTINCT ON (q.instrument_id) q.* FROM unnest($2::uuid[]) WITH ORDINALITY AS l (id, place)
       JOIN market_snapshots s ON s.snapshot_id = l.id
       JOIN instrument_quotes q ON q.snapshot_id = s.snapshot_id AND q.as_of = s.as_of
       ORDER BY q.instrument_id, l.place DESC) AS stated
     WHERE snapshot_id <> $1::uuid AND instrument_id <> ALL ($4::text[]) ON CONFLICT DO NOTHING`,
    [id, layers, toTimestamp(asOf), dropped],
  );
}
