// What one portfolio file would look like after trades, cash movements and a move of the market; touches no database.
import {
  type AffordableQuantity,
  computeWhatIf,
  type CoveredRequirement,
  type FigureChange,
  type MarketShift,
  type SettledPosition,
  type TradeEffect,
} from '@ballast/buffer';
import { type CashBalance, currencyScale, type Decimal, formatMoney, type Money } from '@ballast/domain';
import { toPortfolioOutput } from './evaluate-portfolio-file';
import type { MarginOutput } from './margin-output';
import { answerPortfolioFile, type FileAnswer, listedInstrument } from './portfolio-file-state';

/** A trade by the identifier of a contract that the file lists. */
export interface NamedTrade {
  readonly instrumentId: string;
  readonly quantity: Decimal;
  readonly price?: Decimal;
  readonly feePerContract?: Decimal;
}

/** What is asked. */
export interface WhatIfFileQuestion {
  readonly trades: readonly NamedTrade[];
  readonly cash: readonly CashBalance[];
  readonly shift: MarketShift;
  readonly covered?: CoveredRequirement;
}

/** Amounts are decimal strings at the currency's scale. */
export interface WhatIfOutput {
  readonly before: MarginOutput;
  readonly after: MarginOutput;
  readonly change: WhatIfChange;
  readonly trades: readonly TradeEffectOutput[];
  readonly settled: readonly TradeEffectOutput[];
  /** Largest quantity of the first trade, signed as it; null without trades, without a limit, or when it cannot be told. */
  readonly affordableQuantity: string | null;
  readonly affordable: AffordableQuantity['status'] | null;
}

/** After − before. */
export type WhatIfChange = Readonly<Record<Exclude<keyof FigureChange, 'greeks'>, string | null>> & {
  readonly greeks: FigureChange['greeks'];
};

/** What a trade, or a settlement at expiry, did to cash: received > 0. */
export interface TradeEffectOutput {
  readonly instrument: string;
  readonly quantity: string;
  readonly price: string;
  readonly cash: string;
  readonly currency: string;
}

/**
 * Answers a what-if question about a portfolio file (contract §2, methodology §5.1–5.3).
 *
 * @param input.text      content of the file
 * @param input.fileName  name for messages
 */
export function answerWhatIfFile(input: {
  readonly text: string;
  readonly fileName: string;
  readonly question: WhatIfFileQuestion;
}): FileAnswer<WhatIfOutput> {
  return answerPortfolioFile(
    input,
    ({ file, prepared }) => {
      const { trades, ...rest } = input.question;
      const named = trades.map(({ instrumentId, ...trade }) => ({
        ...trade,
        instrument: listedInstrument(file, instrumentId),
      }));
      return toWhatIfOutput(computeWhatIf(prepared, { ...rest, trades: named }), file.portfolio.baseCurrency);
    },
    ({ before, after }) => before.quality !== 'INDETERMINATE' && after.quality !== 'INDETERMINATE',
  );
}

/** Puts an answer into the shape of the output. */
export function toWhatIfOutput(answer: ReturnType<typeof computeWhatIf>, currency: string): WhatIfOutput {
  const { before, after, change, affordable } = answer;
  return {
    before: toPortfolioOutput(before.requirement, before.assessment, currency),
    after: toPortfolioOutput(after.requirement, after.assessment, currency),
    change: {
      initialRequirement: textOf(change.initialRequirement),
      maintenanceRequirement: textOf(change.maintenanceRequirement),
      netOptionValue: textOf(change.netOptionValue),
      equity: textOf(change.equity),
      collateralValue: textOf(change.collateralValue),
      buffer: textOf(change.buffer),
      bufferRatio: change.bufferRatio?.toFixed(6) ?? null,
      excess: textOf(change.excess),
      greeks: change.greeks,
    },
    trades: answer.trades.map(effectOutput),
    settled: answer.settled.map(effectOutput),
    affordableQuantity: affordable?.status === 'found' ? affordable.quantity.toFixed() : null,
    affordable: affordable?.status ?? null,
  };
}

/** Shows a trade or settlement: cash at the scale of its currency, rounded down. */
export function effectOutput({
  instrumentId,
  quantity,
  price,
  cash,
}: TradeEffect | SettledPosition): TradeEffectOutput {
  return {
    instrument: instrumentId,
    quantity: quantity.toFixed(),
    price: price.toSignificantDigits(15).toFixed(),
    cash: cash.amount.toFixed(currencyScale(cash.currency), 3),
    currency: cash.currency,
  };
}

function textOf(money: Money | null): string | null {
  return money === null ? null : formatMoney(money);
}
