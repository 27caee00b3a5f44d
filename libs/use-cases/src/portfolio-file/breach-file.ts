// Probability that the buffer of one portfolio file is exhausted within a horizon; touches no database.
import {
  type BreachProbability,
  type BreachQuestion,
  computeBreachProbability,
  defaultBreachQuestion,
  finish,
} from '@ballast/buffer';
import { answerPortfolioFile, type FileAnswer } from './portfolio-file-state';
import { reportColumns, reportNumber, reportPercent, reportSections } from './report-lines';
import { type PriceHistoryChoice, readHistory } from './value-at-risk-file';

export { type BreachQuestion, defaultBreachQuestion } from '@ballast/buffer';

/** Probabilities 0 … 1; times in trading days. */
export interface BreachOutput {
  readonly quality: 'OK' | 'INDETERMINATE';
  readonly qualityReasons: readonly string[];
  readonly currency: string;
  readonly horizonDays: number;
  readonly steps: number;
  /** Null exactly when INDETERMINATE. */
  readonly probability: number | null;
  readonly standardError: number | null;
  readonly curve: BreachProbability['curve'];
  readonly timeToBreach: BreachProbability['timeToBreach'];
  /** Equity − maintenance requirement now, unrounded; null exactly when INDETERMINATE. */
  readonly buffer: number | null;
  readonly evaluation: BreachProbability['evaluation'] | null;
  readonly check: BreachProbability['check'];
  readonly paths: number;
  readonly window: BreachProbability['window'];
  readonly factors: BreachProbability['factors'];
  readonly warnings: readonly string[];
}

/**
 * Estimates the breach probability of a portfolio file (contract §2, methodology §5.9).
 *
 * @param input.prices    absent where the question gives the volatility of the single underlying
 * @param input.question  what is not given takes the defaults
 */
export function estimateBreachOfFile(
  input: { readonly text: string; readonly fileName: string } & Partial<PriceHistoryChoice> & {
      readonly question: Partial<BreachQuestion>;
    },
): FileAnswer<BreachOutput> {
  const question = { ...defaultBreachQuestion, ...input.question };
  return answerPortfolioFile(
    input,
    ({ prepared }) => {
      const { prices, symbols, window } = input;
      const chosen = { ...(symbols === undefined ? {} : { symbols }), ...(window === undefined ? {} : { window }) };
      const history = prices === undefined ? null : readHistory({ prices, ...chosen });
      const found = finish(computeBreachProbability(prepared, history, question));
      return toBreachOutput(found, question, prepared.portfolio.baseCurrency);
    },
    ({ quality }) => quality !== 'INDETERMINATE',
  );
}

/** Puts an estimate into the shape of the output. @param found  null: the account cannot be valued */
export function toBreachOutput(
  found: BreachProbability | null,
  { horizonDays, steps }: BreachQuestion,
  currency: string,
): BreachOutput {
  const head = { currency, horizonDays, steps };
  if (found !== null) return { ...head, ...found, quality: 'OK', qualityReasons: [] };
  return {
    ...head,
    quality: 'INDETERMINATE',
    qualityReasons: ['the portfolio cannot be valued: ballast margin says why'],
    probability: null,
    standardError: null,
    curve: [],
    timeToBreach: null,
    buffer: null,
    evaluation: null,
    check: null,
    paths: 0,
    window: null,
    factors: { underlyingIds: [], volatilities: [], correlations: [] },
    warnings: [],
  };
}

/** Writes a breach probability: the figure, when, and what it stands on. */
export function formatBreachReport(output: BreachOutput): string {
  const { probability, standardError, curve, timeToBreach, factors, window, check } = output;
  const error = standardError === null ? '' : ` ± ${reportPercent(standardError, 3)}`;
  const share = probability === null ? '—' : `${reportPercent(probability, 3)}${error}`;
  return reportSections([
    [
      `Probability that the buffer of ${reportNumber(output.buffer)} ${output.currency} is exhausted within ${output.horizonDays} days: ${share}`,
    ],
    reportColumns(curve.map((at) => [`within ${at.tradingDays.toFixed(2)} days`, reportPercent(at.probability, 3)])),
    timeToBreach === null
      ? []
      : [
          `If it happens, then within ${timeToBreach.p10.toFixed(2)}, ${timeToBreach.p50.toFixed(2)}, ${timeToBreach.p90.toFixed(2)} days with probability 10, 50, 90 %`,
        ],
    factors.underlyingIds.map((id, index) => `${id}: volatility ${reportPercent(factors.volatilities[index] ?? NaN)}`),
    check === null
      ? []
      : [`Interpolated buffer within ${reportNumber(check.largestError)} of ${check.points} full revaluations`],
    window === null ? [] : [`${window.returns} daily returns, ${window.from} to ${window.to}`],
    output.qualityReasons,
    output.warnings.map((warning) => `Note: ${warning}`),
  ]);
}
