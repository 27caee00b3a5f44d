import { exp } from '@ballast/pricing';
import type { PreparedState } from '../../analysis/account-state';
import type { Steps } from '../steps';
import type { AccountPart } from '../valuation/account-parts';
import type { MonotoneTable } from '../valuation/monotone-table';
import { type NettedParts, prepareNettedParts } from '../valuation/netted-parts';
import { refineTable } from '../valuation/refine-table';
import { reachOf } from './buffer-curve';
import type { BufferField, NodeSide } from './buffer-field';
import type { TimeNode } from './time-nodes';

/** Log move over which slopes are taken. */
const bump = 1e-4;

/** The account at one instant: per part a table of its rows by log move. */
interface InstantTables {
  readonly tables: readonly MonotoneTable[];
  readonly netted: NettedParts;
  /** Where each table writes. */
  readonly rows: readonly Float64Array[];
}

/**
 * Prepares the buffer of an account whose underlyings offset one another: at every instant equity and every number that an
 * underlying contributes to the requirement are interpolated over the price of that underlying, and the methodology nets
 * the contributions anew on every path.
 *
 * @param parts         one underlying each
 * @param volatilities  annual, in the order of the parts
 * @returns null where the contributions of a part are not those that the whole account nets
 */
export function* prepareCombinedField(
  prepared: PreparedState,
  parts: readonly AccountPart[],
  nodes: readonly TimeNode[],
  volatilities: Float64Array,
): Steps<BufferField | null> {
  const start = yield* tablesAt(prepared, parts, volatilities, { node: undefined, side: 'leaving', nodes });
  if (start === null) return null;
  const [entering, leaving]: [InstantTables[], InstantTables[]] = [[], []];
  for (const node of nodes) {
    const before = yield* tablesAt(prepared, parts, volatilities, { node, side: 'entering', nodes });
    if (before === null) return null;
    const expires = node.entering !== node.leaving;
    const after = expires ? yield* tablesAt(prepared, parts, volatilities, { node, side: 'leaving', nodes }) : before;
    if (after === null) return null;
    entering.push(before);
    leaving.push(after);
  }
  return combinedField({ start, entering, leaving });
}

interface TableInstant {
  /** undefined = now */
  readonly node: TimeNode | undefined;
  readonly side: NodeSide;
  readonly nodes: readonly TimeNode[];
}

function* tablesAt(
  prepared: PreparedState,
  parts: readonly AccountPart[],
  volatilities: Float64Array,
  { node, side, nodes }: TableInstant,
): Steps<InstantTables | null> {
  const calendarDays = node?.calendarDays ?? 0;
  const years = node?.years ?? nodes[0]?.years ?? 0;
  const positions = node === undefined ? prepared.portfolio.positions : node[side];
  const netted = prepareNettedParts(prepared, parts, { positions, calendarDays });
  if (netted === null) return null;
  const tables: MonotoneTable[] = [];
  for (const part of parts.keys()) {
    const reach = reachOf((volatilities[part] as number) * Math.sqrt(years));
    const table = yield* refineTable(reach, (move) => netted.rowAt(part, exp(move) - 1));
    if (table === null) return null;
    tables.push(table);
  }
  return { tables, netted, rows: netted.still.map((row) => new Float64Array(row.length)) };
}

function combinedField(instants: {
  readonly start: InstantTables;
  readonly entering: readonly InstantTables[];
  readonly leaving: readonly InstantTables[];
}): BufferField {
  const at = (node: number, side: NodeSide) => (node < 0 ? instants.start : (instants[side][node] as InstantTables));
  const bufferOf = ({ netted, rows }: InstantTables): number => {
    const { equity, maintenance } = netted.figuresOf(rows);
    return equity - maintenance;
  };
  const moveTo = (instant: InstantTables, moves: Float64Array): InstantTables => {
    instant.tables.forEach((table, index) =>
      table.writeAt(moves[index] as number, instant.rows[index] as Float64Array),
    );
    return instant;
  };
  const equityOf = (instant: InstantTables, moves: Float64Array) =>
    moveTo(instant, moves).rows.reduce((sum, row) => sum + (row[0] as number), instant.netted.rest);
  return {
    kind: 'COMBINED',
    bufferAt: (node, side, moves) => bufferOf(moveTo(at(node, side), moves)),
    settlementAt: (node, moves) => {
      const [before, after] = [at(node, 'entering'), at(node, 'leaving')];
      return before === after ? 0 : equityOf(before, moves) - equityOf(after, moves);
    },
    slopesAt: (node, side, moves, buffer) => {
      const instant = moveTo(at(node, side), moves);
      return moves.map((move, index) => {
        const [table, row] = [instant.tables[index] as MonotoneTable, instant.rows[index] as Float64Array];
        table.writeAt(move + bump, row);
        const slope = (bufferOf(instant) - buffer) / bump;
        table.writeAt(move, row);
        return slope;
      });
    },
    curveAt: () => null,
  };
}
