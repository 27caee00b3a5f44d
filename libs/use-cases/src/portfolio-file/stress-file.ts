// One portfolio file under stress scenarios, and the moves that exhaust its buffer; touches no database.
import {
  type AssetClass,
  defaultReverseStressQuestion,
  findStressScenarios,
  finish,
  type ReverseStress,
  type ReverseStressPoint,
  type ReverseStressQuestion,
  type ReverseStressSearch,
  searchReverseStress,
  type StressFigure,
  type StressOutcome,
  type StressReport,
  type StressScenario,
  stressAccount,
} from '@ballast/buffer';
import { formatMoney, type Money } from '@ballast/domain';
import type { StressScenarioRow } from '@ballast/formats';
import { toPortfolioOutput } from './evaluate-portfolio-file';
import type { MarginOutput } from './margin-output';
import { answerPortfolioFile, type FileAnswer } from './portfolio-file-state';

/** What is asked of a portfolio file. */
export interface StressFileQuestion {
  /** Names of the library; all of it when empty and there are no own scenarios. */
  readonly names: readonly string[];
  readonly custom: readonly StressScenarioRow[];
  readonly classes?: Readonly<Record<string, AssetClass>>;
  /** Also search the moves that exhaust the buffer; parts that are not stated take the default. */
  readonly reverse?: Partial<ReverseStressQuestion>;
}

export interface StressOutcomeOutput {
  readonly name: string;
  readonly title: string;
  readonly origin: string;
  readonly sources: readonly string[];
  /** Figure by figure, with how far each was checked; empty for custom scenarios. */
  readonly figures: readonly Omit<StressFigure, 'closes'>[];
  readonly state: string;
  readonly reasons: readonly string[];
  /** Equity in the scenario − equity now: < 0 is a loss. */
  readonly profit: string | null;
  readonly bufferChange: string | null;
  /** max(0, −equity in the scenario) */
  readonly uncoveredLoss: string | null;
  readonly after: MarginOutput | null;
  readonly moves: readonly {
    readonly underlying: string;
    readonly assetClass: string;
    readonly price: string;
    readonly stressedPrice: string;
    readonly spot: number;
    readonly volatility: number;
    readonly rate: number;
  }[];
  readonly unmoved: readonly string[];
  readonly unmatched: readonly string[];
  readonly normalModel: readonly string[];
}

export interface ReversePointOutput extends Omit<ReverseStressPoint, 'buffer' | 'moves'> {
  readonly buffer: string | null;
  readonly moves: readonly {
    readonly underlying: string;
    readonly deviations: number;
    readonly move: number;
    readonly price: string;
  }[];
}

export interface ReverseStressOutput {
  readonly state: string;
  readonly horizonDays: number;
  readonly factors: readonly {
    readonly underlying: string;
    readonly price: string;
    readonly volatility: number;
    readonly source: string;
  }[];
  readonly byUnderlying: readonly {
    readonly underlying: string;
    readonly down: ReversePointOutput | null;
    readonly up: ReversePointOutput | null;
  }[];
  readonly parallel: { readonly down: ReversePointOutput | null; readonly up: ReversePointOutput | null } | null;
  readonly smallest: ReverseSearchOutput | null;
  readonly mostLikely: ReverseSearchOutput | null;
}

export interface ReverseSearchOutput {
  readonly point: ReversePointOutput | null;
  readonly settled: boolean;
  readonly evaluations: number;
}

export interface StressOutput {
  readonly libraryVersion: string;
  readonly before: MarginOutput;
  readonly scenarios: readonly StressOutcomeOutput[];
  /** Names of the scenario with the largest loss and of the one with the smallest buffer; null when none has figures. */
  readonly largestLoss: string | null;
  readonly smallestBuffer: string | null;
  readonly reverse: ReverseStressOutput | null;
}

/**
 * Stresses a portfolio file (contract §2, methodology §5.7). Exit code 5 when the portfolio cannot be valued now; a
 * scenario that cannot be valued says so in its own state.
 */
export function stressPortfolioFile(input: {
  readonly text: string;
  readonly fileName: string;
  readonly question: StressFileQuestion;
}): FileAnswer<StressOutput> {
  const { names, custom, classes, reverse } = input.question;
  return answerPortfolioFile(
    input,
    ({ prepared }) => {
      const named = names.length === 0 && custom.length > 0 ? [] : findStressScenarios(names);
      const scenarios = [...named, ...custom.map(toStressScenario)];
      const stated = classes === undefined ? {} : { classes };
      const report = finish(stressAccount(prepared, { scenarios, ...stated }));
      const found =
        reverse === undefined
          ? null
          : finish(searchReverseStress(prepared, { ...defaultReverseStressQuestion, ...stated, ...reverse }));
      return toStressOutput(report, found, prepared.portfolio.baseCurrency);
    },
    ({ before }) => before.quality !== 'INDETERMINATE',
  );
}

/** Takes a scenario of a file as one of the library's form. */
export function toStressScenario(row: StressScenarioRow): StressScenario {
  const { name, title, market, betas, kinds, classes, underlyings, adverse, negativePrices, days } = row;
  return {
    name,
    title: title ?? name,
    origin: 'CUSTOM',
    sources: [],
    ...(market === undefined ? {} : { market }),
    ...(betas === undefined ? {} : { betas }),
    ...(kinds === undefined ? {} : { byKind: kinds }),
    ...(classes === undefined ? {} : { byClass: classes }),
    ...(underlyings === undefined ? {} : { byUnderlying: underlyings }),
    ...(days === undefined ? {} : { days }),
    direction: adverse === true ? 'ADVERSE' : 'AS_STATED',
    negativePrices: negativePrices === 'bachelier' ? 'BACHELIER' : 'REFUSE',
  };
}

function toStressOutput(report: StressReport, reverse: ReverseStress | null, currency: string): StressOutput {
  const { before, outcomes, largestLoss, smallestBuffer, libraryVersion } = report;
  return {
    libraryVersion,
    before: toPortfolioOutput(before.requirement, before.assessment, currency),
    scenarios: outcomes.map((outcome) => outcomeOutput(outcome, currency)),
    largestLoss: largestLoss?.scenario.name ?? null,
    smallestBuffer: smallestBuffer?.scenario.name ?? null,
    reverse: reverse === null ? null : reverseOutput(reverse),
  };
}

function outcomeOutput(outcome: StressOutcome, currency: string): StressOutcomeOutput {
  const { scenario, state, reasons, figures, moves, unmoved, unmatched, normalModel } = outcome;
  const { name, title, origin, sources, figures: known = [] } = scenario;
  return {
    name,
    title,
    origin,
    sources,
    figures: known.map(({ closes: _, ...figure }) => figure),
    state,
    reasons,
    profit: textOf(outcome.profit),
    bufferChange: textOf(outcome.bufferChange),
    uncoveredLoss: textOf(outcome.uncoveredLoss),
    after: figures === null ? null : toPortfolioOutput(figures.requirement, figures.assessment, currency),
    moves: moves.map(({ underlyingId, assetClass, price, stressedPrice, move }) => ({
      underlying: underlyingId,
      assetClass,
      price: price.toFixed(),
      stressedPrice: stressedPrice.toFixed(),
      ...move,
    })),
    unmoved,
    unmatched,
    normalModel,
  };
}

function reverseOutput(reverse: ReverseStress): ReverseStressOutput {
  const { state, horizonDays, factors, byUnderlying, parallel, smallest, mostLikely } = reverse;
  const sides = (pair: { readonly down: ReverseStressPoint | null; readonly up: ReverseStressPoint | null }) => ({
    down: pointOutput(pair.down),
    up: pointOutput(pair.up),
  });
  return {
    state,
    horizonDays,
    factors: factors.map(({ underlyingId, price, volatility, source }) => ({
      underlying: underlyingId,
      price: price.toFixed(),
      volatility,
      source,
    })),
    byUnderlying: byUnderlying.map((item) => ({ underlying: item.underlyingId, ...sides(item) })),
    parallel: parallel === null ? null : sides(parallel),
    smallest: searchOutput(smallest),
    mostLikely: searchOutput(mostLikely),
  };
}

function searchOutput(search: ReverseStressSearch | null): ReverseSearchOutput | null {
  return search === null ? null : { ...search, point: pointOutput(search.point) };
}

function pointOutput(point: ReverseStressPoint | null): ReversePointOutput | null {
  if (point === null) return null;
  const moves = point.moves.map(({ underlyingId, deviations, move, price }) => ({
    underlying: underlyingId,
    deviations,
    move,
    price: price.toFixed(),
  }));
  return { ...point, moves, buffer: textOf(point.buffer) };
}

function textOf(money: Money | null): string | null {
  return money === null ? null : formatMoney(money);
}
