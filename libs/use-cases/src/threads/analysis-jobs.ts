// The analyses that take long, as functions of data alone: the same in a thread and where there is none.
import {
  attributionSteps,
  type ChangeAttribution,
  type BreachProbability,
  type BreachQuestion,
  computeBreachProbability,
  computeValueAtRisk,
  type LiquidationLevels,
  marketLevelSteps,
  planRestoration,
  type PreparedState,
  type RecommendedBuffer,
  recommendBuffer,
  type RestorationPlan,
  type RestorationQuestion,
  type ReverseStress,
  type ReverseStressQuestion,
  type RiskHistory,
  type RiskQuestion,
  searchReverseStress,
  type Steps,
  stressAccount,
  type StressReport,
  type StressScenario,
  type AssetClass,
  underlyingLevelSteps,
  type UnderlyingLevels,
  type ValueAtRisk,
  volatilityLevelSteps,
} from '@ballast/buffer';
import { type AccountSource, prepareSource } from './account-source';

/** An analysis of one account: a question, and its computation in pieces. */
interface Job<Question, Result> {
  readonly question: Question;
  readonly result: Result;
}

/** Question and result of each analysis. */
export interface AnalysisJobs {
  readonly valueAtRisk: Job<{ readonly history: RiskHistory; readonly question: RiskQuestion }, ValueAtRisk | null>;
  readonly breachProbability: Job<
    { readonly history: RiskHistory | null; readonly question: BreachQuestion },
    BreachProbability | null
  >;
  readonly recommendedBuffer: Job<{ readonly history: RiskHistory }, RecommendedBuffer | null>;
  readonly stress: Job<
    {
      readonly scenarios: readonly StressScenario[];
      readonly classes: Readonly<Record<string, AssetClass>>;
      readonly reverse: ReverseStressQuestion | null;
    },
    { readonly report: StressReport; readonly reverse: ReverseStress | null }
  >;
  /** Of the account as it was, by the account as it is later. */
  readonly attribution: Job<{ readonly later: AccountSource }, ChangeAttribution>;
  readonly restoration: Job<RestorationQuestion, RestorationPlan>;
  readonly liquidationLevels: Job<{ readonly underlyingIds: readonly string[] }, readonly UnderlyingLevels[]>;
  readonly marketLevels: Job<
    { readonly betas: Readonly<Record<string, number>> },
    { readonly prices: LiquidationLevels; readonly volatility: LiquidationLevels }
  >;
}

export type AnalysisName = keyof AnalysisJobs;

type Computation<Name extends AnalysisName> = (
  prepared: PreparedState,
  question: AnalysisJobs[Name]['question'],
) => Steps<AnalysisJobs[Name]['result']>;

/** Every analysis by its name. */
export const analysisJobs: { readonly [Name in AnalysisName]: Computation<Name> } = {
  valueAtRisk: (prepared, { history, question }) => computeValueAtRisk(prepared, history, question),
  breachProbability: (prepared, { history, question }) => computeBreachProbability(prepared, history, question),
  recommendedBuffer: (prepared, { history }) => recommendBuffer(prepared, history),
  *stress(prepared, { scenarios, classes, reverse }) {
    const report = yield* stressAccount(prepared, { scenarios, classes });
    return { report, reverse: reverse === null ? null : yield* searchReverseStress(prepared, reverse) };
  },
  attribution: (prepared, { later }) => attributionSteps(prepared, prepareSource(later)),
  *restoration(prepared, question) {
    yield;
    return planRestoration(prepared, question);
  },
  *liquidationLevels(prepared, { underlyingIds }) {
    const found: UnderlyingLevels[] = [];
    for (const id of underlyingIds) {
      const levels = yield* underlyingLevelSteps(prepared, id);
      if (levels !== null) found.push(levels);
    }
    return found;
  },
  *marketLevels(prepared, { betas }) {
    const prices = yield* marketLevelSteps(prepared, betas);
    return { prices, volatility: yield* volatilityLevelSteps(prepared) };
  },
};
