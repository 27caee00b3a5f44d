import { expm1 } from '@ballast/pricing';
import type { PreparedState } from '../../analysis/account-state';
import type { Steps } from '../steps';
import { type AccountPart, splitByUnderlying } from '../valuation/account-parts';
import { isOfTheWhole } from './account-split';
import { type BufferCurve, fitBufferCurve, measureMoved, tabulateBufferCurve } from './buffer-curve';
import type { BufferField, NodeSide } from './buffer-field';
import { prepareCombinedField } from './combined-field';
import { isAdditive } from './requirement-additivity';
import type { TimeNode } from './time-nodes';

/** Log move over which slopes are taken. */
const bump = 1e-4;
/** Log move over which the slopes of a whole account are taken. */
const jointBump = 0.01;

/**
 * Prepares the buffer of an account at every instant of a path.
 *
 * @param volatilities  annual, in the order of the underlyings
 * @throws DomainError as shiftState; 'NOT_FINITE' where a model has no value
 */
export function* prepareBufferField(
  prepared: PreparedState,
  nodes: readonly TimeNode[],
  volatilities: Float64Array,
): Steps<BufferField> {
  const parts = splitByUnderlying(prepared);
  const horizon = Math.sqrt(nodes[nodes.length - 1]?.years ?? 0);
  const deviations = volatilities.map((volatility) => volatility * horizon);
  const apart = parts.every(({ underlyingIds }) => underlyingIds.length === 1);
  if (!apart) return jointField(prepared, nodes);
  if (!isAdditive(prepared, parts, deviations)) {
    const houseRules = prepared.rules.houseRules;
    const combined = isOfTheWhole(houseRules)
      ? yield* prepareCombinedField(prepared, parts, nodes, volatilities)
      : null;
    return combined ?? jointField(prepared, nodes);
  }
  const columns: CurveColumn[] = [];
  const fit = parts.length === 1 ? fitBufferCurve : tabulateBufferCurve;
  for (const [index, part] of parts.entries())
    columns.push(yield* fitColumn(part, { nodes, fit, volatility: volatilities[index] as number }));
  const { portfolio } = prepared;
  const now = measureMoved(prepared, { positions: portfolio.positions, calendarDays: 0, moves: {} });
  const parted = columns.reduce((sum, { start }) => sum + start.bufferAt(0), 0);
  const rest = parts.length === 1 ? 0 : now.equity - now.maintenance - parted;
  return curveField(columns, rest);
}

interface CurveColumn {
  readonly start: BufferCurve;
  readonly entering: readonly BufferCurve[];
  readonly leaving: readonly BufferCurve[];
}

function* fitColumn(
  part: AccountPart,
  {
    nodes,
    fit,
    volatility,
  }: { readonly nodes: readonly TimeNode[]; readonly fit: typeof fitBufferCurve; readonly volatility: number },
): Steps<CurveColumn> {
  const [id] = part.underlyingIds;
  const own = (positions: TimeNode['entering']) => positions.filter(({ instrument }) => instrument.underlying === id);
  const first = volatility * Math.sqrt(nodes[0]?.years ?? 0);
  const start = yield* fit(part, {
    positions: part.prepared.portfolio.positions,
    calendarDays: 0,
    deviation: first,
  });
  const [entering, leaving]: [BufferCurve[], BufferCurve[]] = [[], []];
  for (const node of nodes) {
    const at = { calendarDays: node.calendarDays, deviation: volatility * Math.sqrt(node.years) };
    const [before, after] = [own(node.entering), own(node.leaving)];
    const curve = yield* fit(part, { ...at, positions: before });
    entering.push(curve);
    leaving.push(before.length === after.length ? curve : yield* fit(part, { ...at, positions: after }));
  }
  return { start, entering, leaving };
}

function curveField(columns: readonly CurveColumn[], rest: number): BufferField {
  const curveOf = (column: CurveColumn, node: number, side: NodeSide) =>
    node < 0 ? column.start : (column[side][node] as BufferCurve);
  return {
    kind: columns.length === 1 ? 'SINGLE' : 'PER_UNDERLYING',
    bufferAt: (node, side, moves) =>
      columns.reduce((sum, column, index) => sum + curveOf(column, node, side).bufferAt(moves[index] as number), rest),
    settlementAt: (node, moves) =>
      columns.reduce((sum, { entering, leaving }, index) => {
        const [before, after] = [entering[node] as BufferCurve, leaving[node] as BufferCurve];
        const move = moves[index] as number;
        return before === after ? sum : sum + before.equityAt(move) - after.equityAt(move);
      }, 0),
    slopesAt: (node, side, moves) =>
      Float64Array.from(columns, (column, index) => {
        const { bufferAt } = curveOf(column, node, side);
        const move = moves[index] as number;
        return (bufferAt(move + bump) - bufferAt(move - bump)) / (2 * bump);
      }),
    curveAt: (node, side) => {
      const [only] = columns;
      return only === undefined || columns.length > 1 ? null : curveOf(only, node, side);
    },
  };
}

/** Revalues the whole account at each instant of each path; the slopes between are those of now. */
function jointField(prepared: PreparedState, nodes: readonly TimeNode[]): BufferField {
  const ids = splitByUnderlying(prepared).flatMap(({ underlyingIds }) => underlyingIds);
  const figuresAt = (node: number, side: NodeSide, moves: Float64Array) => {
    const at = nodes[node];
    return measureMoved(prepared, {
      positions: at === undefined ? prepared.portfolio.positions : at[side],
      calendarDays: at?.calendarDays ?? 0,
      moves: Object.fromEntries(ids.map((id, index) => [id, expm1(moves[index] as number)])),
    });
  };
  const bufferAt = (node: number, side: NodeSide, moves: Float64Array) => {
    const { equity, maintenance } = figuresAt(node, side, moves);
    return equity - maintenance;
  };
  const slopes = ids.map((_, index) => {
    const shifted = (size: number) =>
      bufferAt(
        -1,
        'leaving',
        Float64Array.from(ids, (__, at) => (at === index ? size : 0)),
      );
    return (shifted(jointBump) - shifted(-jointBump)) / (2 * jointBump);
  });
  return {
    kind: 'JOINT',
    bufferAt,
    settlementAt: (node, moves) => {
      const at = nodes[node];
      if (at === undefined || at.entering === at.leaving) return 0;
      return figuresAt(node, 'entering', moves).equity - figuresAt(node, 'leaving', moves).equity;
    },
    slopesAt: () => Float64Array.from(slopes),
    curveAt: () => null,
  };
}
