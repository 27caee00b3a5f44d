// The way back of one portfolio file: smallest deposit and cheapest trades; touches no database.
import { planRestoration, type RestorationPlan, type RestorationTarget, type TradeCosts } from '@ballast/buffer';
import { formatMoney } from '@ballast/domain';
import { toPortfolioOutput } from './evaluate-portfolio-file';
import type { MarginOutput } from './margin-output';
import { answerPortfolioFile, type FileAnswer, listedInstrument } from './portfolio-file-state';
import { effectOutput, type TradeEffectOutput } from './what-if-file';

/** What is asked. */
export interface RestoreFileQuestion {
  readonly target: RestorationTarget;
  /** Contracts that the file lists and that may be traded besides closing, with the most of each. */
  readonly hedges: readonly { readonly instrumentId: string; readonly maximum: number }[];
  readonly costs: TradeCosts;
  readonly budget?: number;
}

/** Amounts are decimal strings at the currency's scale. */
export interface RestoreOutput {
  readonly quality: string;
  readonly qualityReasons: readonly string[];
  readonly status: string;
  readonly currency: string;
  readonly target: RestorationTarget;
  /** Level that equity must reach as the account stands. */
  readonly level: string | null;
  readonly equity: string | null;
  /** Smallest deposit that reaches it. */
  readonly deposit: string | null;
  /** null when no set of these contracts reaches the target, or none was found within the budget. */
  readonly trades: readonly TradeEffectOutput[] | null;
  /** What the trades cost against the marks. */
  readonly cost: string | null;
  /** No set of trades costs less than this. */
  readonly costLowerBound: string | null;
  /** Whether the set is proved the cheapest; without trades, whether it is proved that there is none. */
  readonly optimal: boolean;
  /** The account after the trades; null without. */
  readonly after: MarginOutput | null;
}

/** Plans the restoration of a portfolio file (contract §2, methodology §5.5). */
export function restoreFile(input: {
  readonly text: string;
  readonly fileName: string;
  readonly question: RestoreFileQuestion;
}): FileAnswer<RestoreOutput> {
  return answerPortfolioFile(
    input,
    ({ file, prepared }) => {
      const { hedges, ...rest } = input.question;
      const named = hedges.map(({ instrumentId, maximum }) => ({
        instrument: listedInstrument(file, instrumentId),
        maximum,
      }));
      return toRestoreOutput(planRestoration(prepared, { ...rest, hedges: named }), file.portfolio.baseCurrency);
    },
    ({ quality }) => quality !== 'INDETERMINATE',
  );
}

/** Puts a plan into the shape of the output. */
export function toRestoreOutput(plan: RestorationPlan, currency: string): RestoreOutput {
  const { before, trades } = plan;
  const now = toPortfolioOutput(before.requirement, before.assessment, currency);
  const { quality, qualityReasons, status, equity } = now;
  return {
    quality,
    qualityReasons,
    status,
    currency,
    target: plan.target,
    level: plan.level === null ? null : formatMoney(plan.level),
    equity,
    deposit: plan.deposit === null ? null : formatMoney(plan.deposit),
    trades: trades === null ? null : trades.effects.map(effectOutput),
    cost: trades === null ? null : formatMoney(trades.cost),
    costLowerBound: trades === null ? null : formatMoney(trades.costLowerBound),
    optimal: plan.searchComplete,
    after: trades === null ? null : toPortfolioOutput(trades.after.requirement, trades.after.assessment, currency),
  };
}
