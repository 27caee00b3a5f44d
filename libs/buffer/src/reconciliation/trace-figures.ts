import { currencyUnit, Decimal, DomainError, type Money } from '@ballast/domain';
import type { BreakdownNode, MarginRequirement } from '@ballast/margin';
import { PricingInputError } from '@ballast/pricing';
import { assessBuffer } from '../assess-buffer';
import type { BufferPolicy } from '../buffer-policy';
import { changedComponents, linesOf } from './changed-components';
import { applyDifference, differenceItem, type InputDifference, type ValuedBook } from './input-difference';
import type { BreakCause, CauseStep } from './statement-break';

/** A figure that a statement can contradict. */
export type TracedFigure = 'initialRequirement' | 'maintenanceRequirement' | 'equity' | 'collateralValue';

/** Our figures at one mixture of inputs. */
interface Point {
  readonly initialRequirement: Decimal;
  readonly maintenanceRequirement: Decimal;
  readonly equity: Decimal;
  readonly collateralValue: Decimal;
  /** What counts of each pledged asset. */
  readonly counted: ReadonlyMap<string, Decimal>;
  readonly breakdown: readonly BreakdownNode[];
}

/** What a pledged asset counts for in the statement [base currency], whatever haircut, rate or limit made it. */
export interface StatedValue {
  readonly asset: string;
  /** Null where we do not have the asset. */
  readonly ours: Decimal | null;
  readonly theirs: Decimal;
}

/** The figures of an account while the statement's inputs are taken one after the other. */
export interface FigureTrace {
  /** Says why a figure differs. Both amounts in the base currency; `ours` is the one on record. */
  readonly explain: (figure: TracedFigure, amounts: { readonly ours: Decimal; readonly theirs: Decimal }) => BreakCause;
}

const stepsMaximum = 24;

/**
 * Recomputes an account while the inputs that differ are taken from the statement one after the other, in the order given:
 * the effects add up to what the inputs explain, and what is left is the model, its parameters or the day.
 *
 * @param input.method   the methodology of the run, house rules included
 * @param input.differences  beyond the first 24 the rest is taken in one last step
 * @param input.values   taken last: each moves equity and collateral value from what the asset counts for by then to what it
 *                       is stated to
 */
export function traceFigures(input: {
  readonly book: ValuedBook;
  readonly method: (book: ValuedBook) => MarginRequirement;
  readonly policy: BufferPolicy;
  readonly differences: readonly InputDifference[];
  readonly values?: readonly StatedValue[];
}): FigureTrace {
  const { book, method, policy, differences, values = [] } = input;
  const start = pointOf(book, method, policy);
  const steps: {
    readonly step: Omit<CauseStep, 'effect'>;
    readonly before: Point | null;
    readonly after: Point | null;
  }[] = [];
  let current = book;
  let point = start;
  for (const group of groupsOf(differences)) {
    const next = group.reduce(applyDifference, current);
    const reached = pointOf(next, method, policy);
    steps.push({ step: describeGroup(group), before: point, after: reached });
    // An input that cannot be valued is left out again, so that the others still explain what they can.
    if (reached === null) continue;
    current = next;
    point = reached;
  }
  for (const value of values) {
    const { asset: item, ours, theirs } = value;
    const step = { input: 'collateral-value', item, ours: ours?.toFixed() ?? null, theirs: theirs.toFixed() } as const;
    const reached: Point | null = point === null ? null : withValue(point, value);
    steps.push({ step, before: point, after: reached });
    point = reached;
  }
  return {
    explain: (figure, { ours, theirs }) => {
      if (start === null || point === null) return unexplainedCause('our own figure cannot be recomputed');
      const recomputed = point[figure];
      const unexplained = theirs.minus(recomputed);
      const written = steps.map(({ step, before, after }) => ({
        ...step,
        effect: before === null || after === null ? null : after[figure].minus(before[figure]).toFixed(),
      }));
      const components =
        figure === 'equity' || figure === 'collateralValue'
          ? []
          : changedComponents(
              linesOf(start.breakdown, { figure, amount: start[figure] }),
              linesOf(point.breakdown, { figure, amount: recomputed }),
            );
      const causes = {
        figure,
        difference: theirs.minus(start[figure]),
        carried: ours.minus(start[figure]),
        unexplained,
        steps: written,
      };
      return {
        summary: summarise({ ...causes, breakdown: point.breakdown }),
        steps: written,
        components,
        recomputed: recomputed.toFixed(),
        unexplained: unexplained.toFixed(),
      };
    },
  };
}

/** A cause that is a sentence only. */
export function unexplainedCause(summary: string): BreakCause {
  return { summary, steps: [], components: [], recomputed: null, unexplained: null };
}

function groupsOf(differences: readonly InputDifference[]): readonly (readonly InputDifference[])[] {
  const single = differences.slice(0, stepsMaximum).map((difference) => [difference]);
  const rest = differences.slice(stepsMaximum);
  return rest.length === 0 ? single : [...single, rest];
}

function describeGroup(group: readonly InputDifference[]): Omit<CauseStep, 'effect'> {
  const [first] = group as readonly [InputDifference];
  if (group.length > 1) return { input: first.input, item: `${group.length} further inputs`, ours: null, theirs: null };
  const { input, ours, theirs } = first;
  return { input, item: differenceItem(first), ours: ours?.toFixed() ?? null, theirs: theirs.toFixed() };
}

function pointOf(
  book: ValuedBook,
  method: (book: ValuedBook) => MarginRequirement,
  policy: BufferPolicy,
): Point | null {
  try {
    const requirement = method(book);
    const { equity, collateralValue, collateral } = assessBuffer({ ...book, requirement, policy });
    const { initialRequirement: initial, maintenanceRequirement: maintenance, breakdown } = requirement;
    if (initial === null || maintenance === null || equity === null || collateralValue === null) return null;
    return {
      initialRequirement: initial.amount,
      maintenanceRequirement: maintenance.amount,
      equity: equity.amount,
      collateralValue: collateralValue.amount,
      counted: new Map(collateral.map(({ asset, netValue }) => [asset, netValue.amount])),
      breakdown,
    };
  } catch (failure) {
    if (failure instanceof DomainError || failure instanceof PricingInputError) return null;
    throw failure;
  }
}

function withValue(point: Point, { asset, theirs }: StatedValue): Point {
  const change = theirs.minus(point.counted.get(asset) ?? 0);
  return {
    ...point,
    equity: point.equity.plus(change),
    collateralValue: point.collateralValue.plus(change),
    counted: new Map(point.counted).set(asset, theirs),
  };
}

function summarise(input: {
  readonly figure: TracedFigure;
  readonly difference: Decimal;
  readonly carried: Decimal;
  readonly unexplained: Decimal;
  readonly steps: readonly CauseStep[];
  readonly breakdown: readonly BreakdownNode[];
}): string {
  const { difference, carried, unexplained, steps } = input;
  const explained = difference.minus(unexplained);
  const moving = steps
    .filter(({ effect }) => effect !== null && !new Decimal(effect).isZero())
    .map(({ input: kind, item, effect }) => `${kind} ${item} ${signed(new Decimal(effect ?? 0))}`);
  const blind = steps.filter(({ effect }) => effect === null).map(({ input: kind, item }) => `${kind} ${item}`);
  const parts = [
    moving.length === 0
      ? `no input of the statement that differs explains ${signed(difference)}`
      : `${signed(explained)} of ${signed(difference)} explained by ${moving.slice(0, 5).join(', ')}`,
  ];
  if (moving.length > 5) parts.push(`and ${moving.length - 5} more`);
  if (!carried.isZero()) parts.unshift(`our figure on record carries ${signed(carried)} by the ratchet on bad data`);
  if (blind.length > 0) parts.push(`${blind.join(', ')} cannot be valued`);
  if (!unexplained.isZero()) parts.push(`${signed(unexplained)} left to the model, its parameters or the day`);
  const twin = twinOf(unexplained, input);
  if (twin !== null) parts.push(`which is the size of our component ${twin.kind} (${twin.label})`);
  return parts.join('; ');
}

/** A line of our breakdown that is as large as what is left: an add-on that the other house does not charge. */
function twinOf(
  unexplained: Decimal,
  { figure, breakdown }: { readonly figure: TracedFigure; readonly breakdown: readonly BreakdownNode[] },
): BreakdownNode | null {
  if (figure === 'equity' || figure === 'collateralValue' || unexplained.isZero()) return null;
  // Both amounts are rounded, so they may lie a minor unit apart each.
  const same = ({ parentId, kind, amount: { amount, currency } }: BreakdownNode): boolean => {
    const unit = currencyUnit(currency);
    const distance = amount.abs().minus(unexplained.abs()).abs();
    return (
      parentId !== null &&
      kind !== 'rounding' &&
      distance.lessThanOrEqualTo(unit.times(2)) &&
      amount.abs().greaterThan(unit.times(2))
    );
  };
  return breakdown.find(same) ?? null;
}

function signed(amount: Money['amount']): string {
  return amount.isNegative() ? amount.toFixed() : `+${amount.toFixed()}`;
}
