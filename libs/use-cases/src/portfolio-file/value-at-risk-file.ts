// Value at risk and expected shortfall of one portfolio file on a price history file; touches no database.
import {
  computeValueAtRisk,
  defaultRiskQuestion,
  type FactorStatistics,
  finish,
  measureState,
  type RiskEstimate,
  type RiskHistory,
  type RiskMethod,
  type RiskQuestion,
  type ValueAtRisk,
} from '@ballast/buffer';
import { readPriceHistoryFile, type SourceFile } from '@ballast/formats';
import { answerPortfolioFile, type FileAnswer } from './portfolio-file-state';

export { defaultRiskQuestion, type RiskMethod, riskMethods, type RiskQuestion } from '@ballast/buffer';

/** Losses are unrounded numbers in the base currency, loss > 0. */
export interface ValueAtRiskOutput {
  readonly quality: 'OK' | 'INDETERMINATE';
  readonly qualityReasons: readonly string[];
  readonly method: RiskMethod;
  readonly confidence: number;
  readonly horizonDays: number;
  readonly currency: string;
  /** Null exactly when INDETERMINATE. */
  readonly valueAtRisk: number | null;
  readonly expectedShortfall: number | null;
  readonly valueAtRiskError: number | null;
  readonly expectedShortfallError: number | null;
  readonly interval: RiskEstimate['interval'];
  readonly standalone: readonly {
    readonly underlying: string;
    readonly valueAtRisk: number;
    readonly expectedShortfall: number;
  }[];
  readonly diversification: RiskEstimate['diversification'];
  readonly observations: number;
  readonly window: ValueAtRisk['window'] | null;
  readonly factors: FactorStatistics;
  readonly revaluationError: number;
  readonly worst: RiskEstimate['worst'];
  readonly warnings: readonly string[];
}

/** Where the prices are, and which of them count. */
export interface PriceHistoryChoice {
  readonly prices: SourceFile;
  /** Column of each underlying where it is not its identifier. */
  readonly symbols?: Readonly<Record<string, string>>;
  /** Daily returns used, the latest; all when absent. */
  readonly window?: number;
}

/**
 * Estimates value at risk of a portfolio file (contract §2, methodology §5.8).
 *
 * @param input.question  what is not given takes the defaults
 */
export function estimateRiskOfFile(
  input: { readonly text: string; readonly fileName: string } & PriceHistoryChoice & {
      readonly question: Partial<RiskQuestion>;
    },
): FileAnswer<ValueAtRiskOutput> {
  const question = { ...defaultRiskQuestion, ...input.question };
  return answerPortfolioFile(
    input,
    ({ prepared }) => {
      const { baseCurrency } = prepared.portfolio;
      const measure = measureState(prepared);
      if (measure.status === 'indeterminate') return toValueAtRiskOutput('INDETERMINATE', question, baseCurrency);
      const found = finish(computeValueAtRisk(prepared, readHistory(input), question));
      return toValueAtRiskOutput(found, question, baseCurrency);
    },
    ({ quality }) => quality !== 'INDETERMINATE',
  );
}

/** Reads the price history of a choice. @throws FileRefusal */
export function readHistory({ prices, symbols, window }: PriceHistoryChoice): RiskHistory {
  return {
    series: readPriceHistoryFile(prices),
    ...(symbols === undefined ? {} : { symbols }),
    ...(window === undefined ? {} : { window }),
  };
}

const noRisk = {
  valueAtRisk: 0,
  expectedShortfall: 0,
  valueAtRiskError: 0,
  expectedShortfallError: 0,
  interval: null,
  standalone: [],
  diversification: { valueAtRisk: 0, expectedShortfall: 0 },
  observations: 0,
  window: null,
  factors: { underlyingIds: [], volatilities: [], correlations: [] },
  revaluationError: 0,
  worst: [],
  warnings: [],
};

/**
 * Puts an estimate into the shape of the output.
 *
 * @param found  null: no price moves the account, so that nothing can be lost
 */
export function toValueAtRiskOutput(
  found: ValueAtRisk | null | 'INDETERMINATE',
  { method, confidence, horizonDays }: RiskQuestion,
  currency: string,
): ValueAtRiskOutput {
  const head = { method, confidence, horizonDays, currency } as const;
  if (found === 'INDETERMINATE') {
    const unknown = {
      valueAtRisk: null,
      expectedShortfall: null,
      valueAtRiskError: null,
      expectedShortfallError: null,
    };
    const qualityReasons = ['the portfolio cannot be valued: ballast margin says why'];
    return { ...head, ...noRisk, ...unknown, quality: 'INDETERMINATE', qualityReasons };
  }
  if (found === null) return { ...head, ...noRisk, quality: 'OK', qualityReasons: [] };
  return {
    ...found,
    ...head,
    quality: 'OK',
    qualityReasons: [],
    standalone: found.standalone.map(({ underlyingIds, ...figures }) => ({
      underlying: underlyingIds.join('+'),
      ...figures,
    })),
  };
}
