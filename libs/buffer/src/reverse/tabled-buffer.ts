import { DomainError } from '@ballast/domain';
import { PricingInputError } from '@ballast/pricing';
import type { PreparedState } from '../analysis/account-state';
import type { Steps } from '../risk/steps';
import { type MonotoneTable, monotoneTable } from '../risk/valuation/monotone-table';
import { type NettedParts, nettedPartsOf } from '../risk/valuation/netted-parts';
import type { ReverseMarket } from './reverse-market';
import { rayGrid } from './search-ray';

/** A part of the account by moves of its underlying in standard deviations, and the moves in which it has a value. */
interface PartTable {
  readonly table: MonotoneTable;
  readonly from: number;
  readonly to: number;
  /** Where the table writes. */
  readonly row: Float64Array;
}

/**
 * Tabulates what each underlying contributes at every distance that a ray is looked at, both ways, and interpolates
 * between: a search may look at thousands of markets for less than a hundred values of each contract. What it finds is
 * refined by full revaluation.
 *
 * @returns equity − maintenance by relative moves, null where a part has no value; null when the account cannot be taken apart
 */
export function* tabulateBuffer(
  prepared: PreparedState,
  market: ReverseMarket,
): Steps<ReverseMarket['bufferAt'] | null> {
  const netted = nettedPartsOf(prepared);
  const ids = market.factors.map(({ underlyingId }) => underlyingId);
  if (netted === null || netted.underlyingIds.join() !== ids.join()) return null;
  const tables: PartTable[] = [];
  for (const part of ids.keys()) {
    const moveOf = (deviation: number) =>
      market.movesOf(ids.map((_, place) => (place === part ? deviation : 0)))[part] as number;
    const table = yield* tabulatePart(netted, part, moveOf);
    if (table === null) return null;
    tables.push(table);
  }
  const rows = tables.map(({ row }) => row);
  return (moves) => {
    const deviations = market.deviationsOf(moves);
    for (const [part, { table, from, to, row }] of tables.entries()) {
      const deviation = deviations[part] as number;
      if (!(deviation >= from && deviation <= to)) return null;
      table.writeAt(deviation, row);
    }
    const { equity, maintenance } = netted.figuresOf(rows);
    return equity - maintenance;
  };
}

/** null where the part contributes other numbers after a move. */
function* tabulatePart(
  netted: NettedParts,
  part: number,
  moveOf: (deviation: number) => number,
): Steps<PartTable | null> {
  const still = netted.still[part] as Float64Array;
  const points: { readonly at: number; readonly row: Float64Array }[] = [{ at: 0, row: still }];
  for (const sign of [-1, 1])
    for (const distance of rayGrid) {
      const at = sign * distance;
      const row = rowWhereValued(netted, part, moveOf(at));
      yield;
      if (row === 'NO_VALUE') break;
      if (row === null) return null;
      points.push({ at, row });
    }
  points.sort((left, right) => left.at - right.at);
  const at = Float64Array.from(points, (point) => point.at);
  const rows = points.map(({ row }) => row);
  return {
    table: monotoneTable(at, rows),
    from: at[0] as number,
    to: at[at.length - 1] as number,
    row: new Float64Array(still.length),
  };
}

function rowWhereValued(netted: NettedParts, part: number, move: number): Float64Array | null | 'NO_VALUE' {
  try {
    return netted.rowAt(part, move);
  } catch (error) {
    if (error instanceof DomainError || error instanceof PricingInputError) return 'NO_VALUE';
    throw error;
  }
}
