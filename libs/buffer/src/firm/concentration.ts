import { Decimal } from '@ballast/domain';

/** How unevenly an amount is spread over names. */
export interface Concentration {
  /** Σ sᵢ² of the shares sᵢ: 1/n when n names are alike, 1 when one has everything; null when there is nothing to share. */
  readonly herfindahl: number | null;
  /** 1 / herfindahl: how many names of equal size would be as concentrated. */
  readonly effectiveNames: number | null;
  /** Names with an amount. */
  readonly names: number;
  readonly total: Decimal;
  /** The largest first; equal ones by name. */
  readonly largest: readonly ConcentrationShare[];
}

export interface ConcentrationShare {
  readonly name: string;
  readonly amount: Decimal;
  /** amount / total, 0…1. */
  readonly share: number;
}

/** Collects amounts name by name in memory that does not grow with the names. */
export interface ConcentrationSum {
  /** @param amount  ≥ 0; each name is added once */
  readonly add: (name: string, amount: Decimal) => void;
  readonly conclude: () => Concentration;
}

/**
 * Begins a Herfindahl-Hirschman index H = Σ (xᵢ / Σx)² (Hirschman 1964, "The Paternity of an Index", AER 54). Sums are
 * exact for amounts of up to 18 digits, so the order in which names come does not matter.
 *
 * @param largest  how many of the largest names are kept, ≥ 0
 */
export function sumConcentration(largest: number): ConcentrationSum {
  let total = new Decimal(0);
  let squares = new Decimal(0);
  let names = 0;
  const kept: { readonly key: string; readonly amount: Decimal }[] = [];
  return {
    add: (name, amount) => {
      if (!amount.greaterThan(0)) return;
      names += 1;
      total = total.plus(amount);
      squares = squares.plus(amount.times(amount));
      insertLargest(kept, { key: name, amount }, largest);
    },
    conclude: () => {
      const index = names === 0 ? null : squares.div(total.times(total)).toNumber();
      return {
        herfindahl: index,
        effectiveNames: index === null ? null : 1 / index,
        names,
        total,
        largest: kept.map(({ key, amount }) => ({ name: key, amount, share: amount.div(total).toNumber() })),
      };
    },
  };
}

/** Keeps the largest rows in order: by amount, equal ones by key. */
export function insertLargest<Row extends { readonly key: string; readonly amount: Decimal }>(
  kept: Row[],
  row: Row,
  most: number,
): void {
  const comesBefore = (other: Row) =>
    row.amount.greaterThan(other.amount) || (row.amount.equals(other.amount) && row.key < other.key);
  const place = kept.findIndex(comesBefore);
  kept.splice(place < 0 ? kept.length : place, 0, row);
  if (kept.length > most) kept.pop();
}
