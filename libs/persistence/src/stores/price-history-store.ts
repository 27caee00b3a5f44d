import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { toColumns } from '../row-values';
import type { TenantScope } from '../tenant';

/** Daily prices of some symbols, oldest day first. */
export interface StoredPriceHistory {
  readonly symbols: readonly string[];
  readonly days: readonly {
    /** Calendar date `2026-01-05`. */
    readonly date: string;
    /** One price per symbol, > 0; null where there is none. */
    readonly prices: readonly (number | null)[];
  }[];
}

/** Rows of one statement. */
const batchSize = 5_000;

/** Price histories of a firm's symbols: nothing is changed, a corrected price is a further revision. */
@Injectable()
export class PriceHistoryStore {
  constructor(private readonly database: Database) {}

  /**
   * Records prices; one that equals the price already held changes nothing.
   *
   * @returns how many prices are new or corrected
   */
  async record(
    scope: TenantScope,
    history: StoredPriceHistory,
    terms: { readonly source: string; readonly recordedBy: string },
  ): Promise<{ readonly added: number; readonly corrected: number }> {
    const rows = history.days.flatMap(({ date, prices }) =>
      prices.flatMap((price, column) => (price === null ? [] : [[history.symbols[column] as string, date, price]])),
    );
    return this.database.withTenant(scope, async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 8))', [`${tx.firmId} prices`]);
      let [added, corrected] = [0, 0];
      for (let from = 0; from < rows.length; from += batchSize) {
        const columns = toColumns(rows.slice(from, from + batchSize), 3);
        const changed = await tx.rows<{ revision: number }>(insertChanged, [
          tx.firmId,
          terms.source,
          terms.recordedBy,
          ...columns,
        ]);
        for (const { revision } of changed) {
          if (revision === 1) added += 1;
          else corrected += 1;
        }
      }
      return { added, corrected };
    });
  }

  /**
   * Prices of symbols as they are known now.
   *
   * @param question.until  last day, included, `2026-01-05`
   * @param question.days   latest days read
   * @returns only symbols that have a price
   */
  async read(
    scope: TenantScope,
    question: { readonly symbols: readonly string[]; readonly until: string; readonly days: number },
  ): Promise<StoredPriceHistory> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ date: string; symbol: string; price: number }>(readLatest, [
        question.symbols,
        question.until,
        question.days,
      ]),
    );
    const symbols = [...new Set(rows.map(({ symbol }) => symbol))].sort();
    const places = new Map(symbols.map((symbol, place) => [symbol, place]));
    const byDate = new Map<string, (number | null)[]>();
    for (const { date, symbol, price } of rows) {
      const prices = byDate.get(date) ?? symbols.map(() => null);
      prices[places.get(symbol) as number] = price;
      byDate.set(date, prices);
    }
    const days = [...byDate].sort(([left], [right]) => (left < right ? -1 : 1));
    return { symbols, days: days.map(([date, prices]) => ({ date, prices })) };
  }
}

const insertChanged = `
INSERT INTO price_history (firm_id, symbol, price_date, revision, price, source, recorded_by)
SELECT $1::uuid, s.symbol, s.price_date, coalesce(h.revision, 0) + 1, s.price, $2, $3
FROM unnest($4::text[], $5::date[], $6::double precision[]) AS s (symbol, price_date, price)
LEFT JOIN LATERAL (
  SELECT p.revision, p.price FROM price_history p
  WHERE p.firm_id = $1::uuid AND p.symbol = s.symbol AND p.price_date = s.price_date
  ORDER BY p.revision DESC LIMIT 1
) h ON true
WHERE h.price IS DISTINCT FROM s.price
RETURNING revision`;

const readLatest = `
WITH days AS (
  SELECT DISTINCT price_date FROM price_history
  WHERE symbol = ANY ($1::text[]) AND price_date <= $2::date ORDER BY price_date DESC LIMIT $3
)
SELECT DISTINCT ON (price_date, symbol) price_date::text AS date, symbol::text AS symbol, price
FROM price_history WHERE symbol = ANY ($1::text[]) AND price_date IN (SELECT price_date FROM days)
ORDER BY price_date, symbol, revision DESC`;
