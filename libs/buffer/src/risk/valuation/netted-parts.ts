import type { PortfolioPosition } from '@ballast/margin';
import type { PreparedState } from '../../analysis/account-state';
import { type AccountSplit, isOfTheWhole, splitMoved, withHouseRules } from '../breach/account-split';
import { type AccountPart, splitByUnderlying } from './account-parts';

/** Equity and maintenance requirement, unrounded [base currency]. */
export interface EquityAndMaintenance {
  readonly equity: number;
  readonly maintenance: number;
}

/**
 * An account at one instant taken apart by underlying: a row of numbers per part, and what the account amounts to when the
 * rows are netted. Rows may come from different prices, so that a move of one underlying costs the contracts on it alone.
 */
export interface NettedParts {
  /** Of the parts, in their order. */
  readonly underlyingIds: readonly string[];
  /**
   * Row of a part after a relative price move: its equity, then what it contributes to the requirement.
   *
   * @returns null where it contributes other numbers than in the unmoved market
   * @throws DomainError as splitMoved
   */
  readonly rowAt: (part: number, move: number) => Float64Array | null;
  /** Rows of the unmoved market. */
  readonly still: readonly Float64Array[];
  /** Equity that no part holds [base currency]. */
  readonly rest: number;
  /** @param rows  one per part, of the lengths of `still` */
  readonly figuresOf: (rows: readonly Float64Array[]) => EquityAndMaintenance;
}

/**
 * Takes an account apart at an instant.
 *
 * @param parts         one underlying each, as splitByUnderlying gives them
 * @param at.positions  what is alive then
 * @returns null where a part contributes other numbers than the whole account nets, or house rules read more than the whole
 * @throws DomainError as splitMoved
 */
export function prepareNettedParts(
  prepared: PreparedState,
  parts: readonly AccountPart[],
  at: { readonly positions: readonly PortfolioPosition[]; readonly calendarDays: number },
): NettedParts | null {
  const { houseRules } = prepared.rules;
  if (!isOfTheWhole(houseRules) || parts.some(({ underlyingIds }) => underlyingIds.length !== 1)) return null;
  const whole = splitMoved(prepared, { ...at, moves: {} });
  const { requirement, holdsPositions } = whole;
  const ids = parts.map(({ underlyingIds }) => underlyingIds[0] as string);
  const places = ids.map((id) => requirement.parts.findIndex(({ underlying }) => underlying === id));
  const own = ids.map((id) => at.positions.filter(({ instrument }) => instrument.underlying === id));
  const rowOf = (part: number, moves: Readonly<Record<string, number>>): Float64Array => {
    const { prepared: account } = parts[part] as AccountPart;
    const positions = own[part] as readonly PortfolioPosition[];
    return rowOfSplit(splitMoved(account, { positions, calendarDays: at.calendarDays, moves }), ids[part] as string);
  };
  const still = ids.map((_, part) => rowOf(part, {}));
  const widthOf = (part: number) => 1 + (requirement.parts[places[part] as number]?.figures.length ?? 0);
  if (still.some((row, part) => row.length !== widthOf(part))) return null;
  const rest = still.reduce((left, row) => left - (row[0] as number), whole.equity);
  const unmoving = requirement.parts.map(({ figures }) => figures);
  const views = new WeakMap<Float64Array, Float64Array>();
  const figuresIn = (row: Float64Array): Float64Array => {
    const known = views.get(row) ?? row.subarray(1);
    views.set(row, known);
    return known;
  };
  return {
    underlyingIds: ids,
    still,
    rest,
    rowAt: (part, move) => {
      const row = rowOf(part, { [ids[part] as string]: move });
      return row.length === widthOf(part) ? row : null;
    },
    figuresOf: (rows) => {
      const figures = [...unmoving];
      let equity = rest;
      rows.forEach((row, part) => {
        equity += row[0] as number;
        const place = places[part] as number;
        if (place >= 0) figures[place] = figuresIn(row);
      });
      const maintenance = Math.max(0, requirement.maintenanceOf(figures));
      return { equity, maintenance: withHouseRules(houseRules, maintenance, holdsPositions) };
    },
  };
}

const partsOfStates = new WeakMap<PreparedState, NettedParts | null>();

/**
 * Takes an account apart as it is now, once per state.
 *
 * @returns null where it cannot be taken apart
 * @throws DomainError as splitMoved
 */
export function nettedPartsOf(prepared: PreparedState): NettedParts | null {
  const known = partsOfStates.get(prepared);
  if (known !== undefined) return known;
  const { positions } = prepared.portfolio;
  const netted = prepareNettedParts(prepared, splitByUnderlying(prepared), { positions, calendarDays: 0 });
  partsOfStates.set(prepared, netted);
  return netted;
}

function rowOfSplit({ equity, requirement }: AccountSplit, id: string): Float64Array {
  const figures = requirement.parts.find(({ underlying }) => underlying === id)?.figures ?? [];
  return Float64Array.of(equity, ...figures);
}
