import { type AccountChange, type CollateralPosition, Decimal } from '@ballast/domain';
import { decimalOrNull, toNumericOrNull } from '../row-values';

/** One thing that an event did to an account. */
export type LifecycleEffect =
  | {
      readonly kind: 'position';
      readonly instrumentId: string;
      readonly quantityBefore: Decimal;
      readonly quantityAfter: Decimal;
      readonly averagePriceBefore: Decimal | null;
      readonly averagePriceAfter: Decimal | null;
    }
  /** A pledged asset; null: not pledged. */
  | {
      readonly kind: 'collateral';
      readonly asset: string;
      readonly before: CollateralPosition | null;
      readonly after: CollateralPosition | null;
    }
  /** Received > 0, paid < 0. */
  | { readonly kind: 'cash'; readonly currency: string; readonly amount: Decimal }
  | { readonly kind: 'note'; readonly text: string };

/** A row of lifecycle_effects. */
export interface EffectRow {
  readonly account_id: string;
  readonly event_id: string;
  readonly instrument_id: string | null;
  readonly quantity_before: string | null;
  readonly quantity_after: string | null;
  readonly average_price_before: string | null;
  readonly average_price_after: string | null;
  readonly currency: string | null;
  readonly amount: string | null;
  readonly note: string | null;
  readonly asset: string | null;
  readonly pledge_before: PledgeRow | null;
  readonly pledge_after: PledgeRow | null;
}

/** A pledged holding as JSON: amounts are strings of plain digits. */
type PledgeRow = Omit<CollateralPosition, 'quantity' | 'price'> & {
  readonly quantity: string;
  readonly price?: string;
};

/** Columns that say what was done, in the order of `effectRows`. */
export const writtenEffectColumns = [
  'instrument_id',
  'quantity_before',
  'quantity_after',
  'average_price_before',
  'average_price_after',
  'currency',
  'amount',
  'note',
  'asset',
  'pledge_before',
  'pledge_after',
] as const;
/** Columns of an EffectRow. */
export const effectColumns = ['account_id', 'event_id', ...writtenEffectColumns].join(', ');

/** What an event does to one account as rows: account, number from 1, then the written columns. */
export function effectRows(accountId: string, { positions, cash, notes, collateral }: AccountChange): unknown[][] {
  const rows: Partial<Record<keyof EffectRow, unknown>>[] = [
    ...positions.map((change) => ({
      instrument_id: change.instrument.id,
      quantity_before: toNumericOrNull(change.before, 'quantity'),
      quantity_after: toNumericOrNull(change.after, 'quantity'),
      average_price_before: toNumericOrNull(change.averagePriceBefore, 'averagePrice'),
      average_price_after: toNumericOrNull(change.averagePriceAfter, 'averagePrice'),
    })),
    ...(collateral ?? []).map(({ asset, before, after }) => ({
      asset,
      quantity_before: toNumericOrNull(before?.quantity ?? new Decimal(0), 'quantity'),
      quantity_after: toNumericOrNull(after?.quantity ?? new Decimal(0), 'quantity'),
      pledge_before: before === null ? null : pledgeText(before),
      pledge_after: after === null ? null : pledgeText(after),
    })),
    ...cash.map(({ currency, amount }) => ({ currency, amount: toNumericOrNull(amount, 'amount') })),
    ...notes.map((note) => ({ note })),
  ];
  return rows.map((row, index) => [accountId, index + 1, ...writtenEffectColumns.map((column) => row[column] ?? null)]);
}

function pledgeText({ quantity, price, ...terms }: CollateralPosition): string {
  const stated = price === undefined ? {} : { price: price.toFixed() };
  return JSON.stringify({ ...terms, quantity: quantity.toFixed(), ...stated } satisfies PledgeRow);
}

function toPledge(row: PledgeRow | null): CollateralPosition | null {
  if (row === null) return null;
  const { quantity, price, ...terms } = row;
  return { ...terms, quantity: new Decimal(quantity), ...(price === undefined ? {} : { price: new Decimal(price) }) };
}

/** Effects in the order of their rows, by what the key of a row says. */
export function groupEffects(
  rows: readonly EffectRow[],
  keyOf: (row: EffectRow) => string,
): Map<string, LifecycleEffect[]> {
  const groups = new Map<string, LifecycleEffect[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), toEffect(row)]);
  return groups;
}

function toEffect(row: EffectRow): LifecycleEffect {
  if (row.note !== null) return { kind: 'note', text: row.note };
  if (row.asset !== null) {
    const [before, after] = [toPledge(row.pledge_before), toPledge(row.pledge_after)];
    return { kind: 'collateral', asset: row.asset, before, after };
  }
  // The table's check says that a row without note and instrument has a currency and an amount.
  if (row.instrument_id === null) {
    return { kind: 'cash', currency: row.currency as string, amount: decimalOrNull(row.amount) as Decimal };
  }
  return {
    kind: 'position',
    instrumentId: row.instrument_id,
    quantityBefore: decimalOrNull(row.quantity_before) as Decimal,
    quantityAfter: decimalOrNull(row.quantity_after) as Decimal,
    averagePriceBefore: decimalOrNull(row.average_price_before),
    averagePriceAfter: decimalOrNull(row.average_price_after),
  };
}
