import {
  applyDifference,
  type BreakCause,
  defaultBufferPolicy,
  explainBreak,
  type FigureTrace,
  type InputDifference,
  type OwnAccount,
  type StatedValue,
  type StatementBreak,
  type TracedFigure,
  traceFigures,
  unexplainedCause,
} from '@ballast/buffer';
import { type AccountStatement, Decimal, DomainError, type Instrument } from '@ballast/domain';
import { portfolioOfHoldings, type MethodInEffect } from '../run/evaluate-account';
import type { RecordedAccount } from '../account/own-account';
import type { LaterBeliefs } from './reconciliation-lookups';
import { holdingsOf } from '../run/run-inputs';

/** Everything that helps to say why an account's values differ. */
export interface BreakContext {
  readonly recorded: RecordedAccount;
  readonly ours: OwnAccount;
  readonly stated: AccountStatement;
  readonly inEffect: MethodInEffect | undefined;
  readonly later: LaterBeliefs;
  /** Contracts that only the statement holds, by the name it gives them. */
  readonly foreign: ReadonlyMap<string, Instrument>;
}

const figureByKind: Readonly<Partial<Record<StatementBreak['kind'], TracedFigure>>> = {
  INITIAL_REQUIREMENT: 'initialRequirement',
  MAINTENANCE_REQUIREMENT: 'maintenanceRequirement',
  EQUITY: 'equity',
  COLLATERAL_TOTAL: 'collateralValue',
};

/** Finds the cause of each break of an account; figures are recomputed on the statement's inputs. */
export function traceBreaks(breaks: readonly StatementBreak[], context: BreakContext): readonly BreakCause[] {
  let trace: FigureTrace | string | undefined;
  return breaks.map((found) => {
    const figure = figureByKind[found.kind];
    const isMoney = figure !== undefined || found.kind === 'COLLATERAL_VALUE';
    if (isMoney && (found.ours === null || found.theirs === null))
      return unexplainedCause(whyUnknown(found, context.ours));
    if (figure === undefined || found.ours === null || found.theirs === null)
      return unexplainedCause(sentenceOf(found, breaks, context));
    trace ??= startTrace(breaks, context);
    if (typeof trace === 'string') return unexplainedCause(trace);
    const cause = trace.explain(figure, { ours: found.ours, theirs: found.theirs });
    const addition = figure === 'initialRequirement' ? additionOf(breaks, found.theirs, context) : null;
    const summary = [doubtOf(context.ours), cause.summary, addition].filter((part) => part !== null).join('; ');
    return { ...cause, summary };
  });
}

/** Where the maintenance requirements agree, the initial ones differ in what is added to them. */
function additionOf(
  breaks: readonly StatementBreak[],
  theirInitial: Decimal,
  { ours, stated }: BreakContext,
): string | null {
  const { maintenanceRequirement: maintenance } = stated.figures;
  const { initialRequirement: ourInitial, maintenanceRequirement: ourMaintenance } = ours;
  if (maintenance === undefined || ourInitial == null || ourMaintenance == null) return null;
  if (breaks.some(({ kind }) => kind === 'MAINTENANCE_REQUIREMENT')) return null;
  const own = ourInitial.amount.minus(ourMaintenance.amount).toFixed();
  const their = theirInitial.minus(maintenance.amount).toFixed();
  return `the maintenance requirements agree, so it is in the addition of the initial one: ours ${own}, theirs ${their}`;
}

/** A figure that the run itself did not vouch for. */
function doubtOf({ quality, qualityReasons }: OwnAccount): string | null {
  return quality === 'OK' ? null : `our figure was ${quality} when the run closed (${qualityReasons.join('; ')})`;
}

function whyUnknown({ currency }: StatementBreak, { baseCurrency, quality, qualityReasons }: OwnAccount): string {
  if (quality === 'INDETERMINATE') return `our figure is INDETERMINATE: ${qualityReasons.join('; ')}`;
  if (currency === baseCurrency) return 'ours has no value';
  return `stated in ${currency ?? 'another currency'}; ours is in ${baseCurrency}`;
}

function sentenceOf(
  found: StatementBreak,
  beside: readonly StatementBreak[],
  { recorded, ours, later, foreign }: BreakContext,
): string {
  const position = ours.positions.find(({ instrument }) => instrument.id === found.item);
  const asOf = recorded.stored.asOf;
  if (found.kind === 'POSITION_MISSING_IN_RUN' && !foreign.has(found.item))
    return 'held there only: no instrument of ours has this name';
  if (found.kind.startsWith('POSITION'))
    return explainBreak(found, { position, later: later.positionOf(found.item), asOf });
  if (found.kind === 'CASH') return explainBreak(found, { later: later.cashOf(found.item), asOf });
  const isQuantity = /^COLLATERAL_(?:QUANTITY|MISSING)/.test(found.kind);
  return explainBreak(found, {
    position,
    asOf,
    beside,
    ...(isQuantity ? { later: later.collateralOf(found.item) } : {}),
  });
}

function startTrace(breaks: readonly StatementBreak[], context: BreakContext): FigureTrace | string {
  const { recorded, inEffect } = context;
  const { account, inputs, snapshot, stored } = recorded;
  const method = inEffect?.method;
  if (method === undefined || method instanceof DomainError) return 'the methodology of the run cannot be prepared';
  try {
    const source = { account, holdings: holdingsOf(inputs, account.id), snapshot, asOf: stored.asOf, ...inputs };
    const opening = openingPrices(breaks, context);
    const book = opening.reduce(applyDifference, { portfolio: portfolioOfHoldings(source), snapshot });
    return traceFigures({
      book,
      method: (input) => method({ ...input, account: { account: account.code } }),
      policy: inputs.policies.get(account.id) ?? defaultBufferPolicy(stored.asOf),
      differences: differencesOf(breaks, context),
      values: valuesOf(breaks, context),
    });
  } catch (failure) {
    if (!(failure instanceof DomainError)) throw failure;
    return `our own figure cannot be recomputed: ${failure.message}`;
  }
}

/** Prices of contracts that we neither hold nor have a quote of: nothing of ours depends on them. */
function openingPrices(
  breaks: readonly StatementBreak[],
  { recorded, stated, foreign }: BreakContext,
): InputDifference[] {
  const missing = new Set(breaks.filter(({ kind }) => kind === 'POSITION_MISSING_IN_RUN').map(({ item }) => item));
  return stated.positions.flatMap(({ instrumentId, price }): InputDifference[] => {
    const instrument = foreign.get(instrumentId);
    if (instrument === undefined || instrument.type === 'underlying' || price === undefined) return [];
    if (!missing.has(instrumentId) || recorded.snapshot.instruments.has(instrument.id)) return [];
    return [{ input: 'price', instrument, ours: null, theirs: price }];
  });
}

/** Inputs that differ: positions, then prices, cash and collateral. */
function differencesOf(breaks: readonly StatementBreak[], { ours, foreign }: BreakContext): InputDifference[] {
  const own = new Map(ours.positions.map(({ instrument }) => [instrument.id, instrument]));
  const zero = new Decimal(0);
  return breaks
    .flatMap((found): InputDifference[] => {
      const { kind, item, ours: before } = found;
      const theirs = found.theirs ?? zero;
      if (kind === 'CASH') return [{ input: 'cash', currency: item, ours: before, theirs }];
      if (kind === 'COLLATERAL_QUANTITY' || kind === 'COLLATERAL_MISSING_IN_STATEMENT')
        return [{ input: 'collateral', asset: item, ours: before, theirs }];
      if (kind === 'COLLATERAL_PRICE') return [{ input: 'collateral-price', asset: item, ours: before, theirs }];
      const instrument = own.get(item) ?? foreign.get(item);
      if (instrument === undefined) return [];
      if (kind.startsWith('POSITION')) return [{ input: 'position', instrument, ours: before, theirs }];
      return kind === 'PRICE' ? [{ input: 'price', instrument, ours: before, theirs }] : [];
    })
    .sort((left, right) => inputOrder.indexOf(left.input) - inputOrder.indexOf(right.input));
}

/** What the statement counts pledged assets for, where that is not what we do. */
function valuesOf(breaks: readonly StatementBreak[], { ours, stated }: BreakContext): StatedValue[] {
  return breaks.flatMap(({ kind, item, ours: before, theirs }): StatedValue[] => {
    if (kind === 'COLLATERAL_VALUE' && before !== null && theirs !== null)
      return [{ asset: item, ours: before, theirs }];
    if (kind !== 'COLLATERAL_MISSING_IN_RUN') return [];
    const holding = stated.collateral.find(({ asset }) => asset === item);
    const { value, valueCurrency = ours.baseCurrency } = holding ?? {};
    const isOurs = value !== undefined && valueCurrency === ours.baseCurrency;
    return isOurs ? [{ asset: item, ours: null, theirs: value }] : [];
  });
}

const inputOrder: readonly InputDifference['input'][] = ['position', 'price', 'cash', 'collateral', 'collateral-price'];
