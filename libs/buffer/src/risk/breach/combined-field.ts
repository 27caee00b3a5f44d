import { exp } from '@ballast/pricing';
import type { RequirementParts } from '@ballast/margin';
import type { PreparedState } from '../../analysis/account-state';
import type { Steps } from '../steps';
import type { AccountPart } from '../valuation/account-parts';
import type { MonotoneTable } from '../valuation/monotone-table';
import { refineTable } from '../valuation/refine-table';
import { type AccountSplit, splitMoved, withHouseRules } from './account-split';
import { reachOf } from './buffer-curve';
import type { BufferField, NodeSide } from './buffer-field';
import type { TimeNode } from './time-nodes';

/** Log move over which slopes are taken. */
const bump = 1e-4;

/** The account at one instant: per part a table of its equity and then its figures, by log move. */
interface InstantTables {
  readonly tables: readonly MonotoneTable[];
  /** Where each table writes: equity, then figures. */
  readonly rows: readonly Float64Array[];
  readonly requirement: RequirementParts;
  /** What the requirement nets: views of the rows, and the figures of what does not move. */
  readonly figures: readonly Float64Array[];
  /** Equity that no part holds [base currency]. */
  readonly rest: number;
  readonly holdsPositions: boolean;
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
  return combinedField(prepared, { start, entering, leaving });
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
  const whole = splitMoved(prepared, { positions, calendarDays, moves: {} });
  const tables: MonotoneTable[] = [];
  const written: Float64Array[] = [];
  const figures = whole.requirement.parts.map(({ figures: still }) => still);
  let rest = whole.equity;
  for (const [index, part] of parts.entries()) {
    const id = part.underlyingIds[0] as string;
    const own = positions.filter(({ instrument }) => instrument.underlying === id);
    const at = { positions: own, calendarDays };
    const place = whole.requirement.parts.findIndex(({ underlying }) => underlying === id);
    const width = whole.requirement.parts[place]?.figures.length ?? 0;
    const rowOf = (moves: Record<string, number>): Float64Array | null =>
      rowOfPart(splitMoved(part.prepared, { ...at, moves }), { id, width });
    const still = rowOf({});
    if (still === null) return null;
    rest -= still[0] as number;
    const table = yield* refineTable(reachOf((volatilities[index] as number) * Math.sqrt(years)), (move) =>
      rowOf({ [id]: exp(move) - 1 }),
    );
    if (table === null) return null;
    tables.push(table);
    const row = new Float64Array(1 + width);
    written.push(row);
    if (place >= 0) figures[place] = row.subarray(1);
  }
  const { requirement, holdsPositions } = whole;
  return { tables, rows: written, requirement, figures, rest, holdsPositions };
}

/** Equity, then the figures of an underlying; null where they are not as many as the whole account nets. */
function rowOfPart(
  { equity, requirement }: AccountSplit,
  { id, width }: { readonly id: string; readonly width: number },
): Float64Array | null {
  const figures = requirement.parts.find(({ underlying }) => underlying === id)?.figures ?? new Float64Array(0);
  return figures.length === width ? Float64Array.of(equity, ...figures) : null;
}

function combinedField(
  { rules }: PreparedState,
  instants: {
    readonly start: InstantTables;
    readonly entering: readonly InstantTables[];
    readonly leaving: readonly InstantTables[];
  },
): BufferField {
  const at = (node: number, side: NodeSide) => (node < 0 ? instants.start : (instants[side][node] as InstantTables));
  const bufferOf = ({ requirement, rest, holdsPositions, figures, rows }: InstantTables): number => {
    const equity = rows.reduce((sum, row) => sum + (row[0] as number), rest);
    const maintenance = Math.max(0, requirement.maintenanceOf(figures));
    return equity - withHouseRules(rules.houseRules, maintenance, holdsPositions);
  };
  const moveTo = (instant: InstantTables, moves: Float64Array): InstantTables => {
    instant.tables.forEach((table, index) =>
      table.writeAt(moves[index] as number, instant.rows[index] as Float64Array),
    );
    return instant;
  };
  const equityOf = (instant: InstantTables, moves: Float64Array) =>
    moveTo(instant, moves).rows.reduce((sum, row) => sum + (row[0] as number), instant.rest);
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
