import type { CoveredRequirement, MarketShift } from '@ballast/file-use-cases';
import type { CashBalance } from '@ballast/domain';
import { answerWhatIfFile, formatWhatIfReport, type NamedTrade } from '@ballast/file-use-cases';
import { parsePortfolioFile, parseTradeFile, parseTradeWords } from '@ballast/formats';
import { Command, Option } from 'nest-commander';
import { parsedValue } from '../option-value';
import { AnalysisCommand } from './analysis-command';
import { type NamedNumbers, readCash, readFraction, readNamedNumbers, readNumber } from './analysis-values';
import { type AnalysisOptions, printAnswer, readTextFile } from './answer-question';

interface WhatIfOptions extends AnalysisOptions {
  readonly trades?: readonly string[];
  readonly cash?: readonly CashBalance[];
  readonly spot?: NamedNumbers;
  readonly volatility?: NamedNumbers;
  readonly days?: number;
  readonly cover?: CoveredRequirement;
}

/** `ballast what-if`: before, after and change of every figure of one portfolio file. */
@Command({
  name: 'what-if',
  description:
    'Shows one portfolio file before and after trades, cash movements and a move of the market, and the largest affordable quantity. No database.',
})
export class WhatIfCommand extends AnalysisCommand {
  override async run(_words: string[], options: WhatIfOptions): Promise<void> {
    const source = await readTextFile(options.portfolio);
    const trades = (await Promise.all((options.trades ?? []).map(readTrades))).flat();
    const covered = options.cover;
    const result = answerWhatIfFile({
      ...source,
      question: {
        trades,
        cash: inBaseCurrency(options.cash ?? [], source),
        shift: shiftOf(options),
        ...(covered === undefined ? {} : { covered }),
      },
    });
    await printAnswer(source.fileName, result, { ...options, format: formatWhatIfReport });
  }

  @Option({
    flags: '--trades <trades>',
    description:
      'ID=QUANTITY[@PRICE], several separated by commas, or a JSON file of { instrument, quantity, price, fee }; may repeat',
  })
  trades(value: string, previous: readonly string[] | undefined): readonly string[] {
    return [...(previous ?? []), value];
  }

  @Option({
    flags: '--cash <amounts>',
    description: 'cash that moves: AMOUNT in the base currency or CUR=AMOUNT; in > 0',
  })
  cash(value: string, previous: unknown): readonly CashBalance[] {
    return parsedValue(value, previous, readCash);
  }

  @Option({ flags: '--spot <moves>', description: 'price move: -0.1 or -10% for all, UNDERLYING=-0.2 for one; commas' })
  spot(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readFraction));
  }

  @Option({
    flags: '--volatility <moves>',
    description: 'relative move of volatility: 0.25 turns 20 % into 25 %; UNDERLYING=0.1 for one',
  })
  volatility(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readFraction));
  }

  @Option({ flags: '--days <days>', description: 'calendar days that pass; contracts that expire settle' })
  days(value: string, previous: unknown): number {
    return parsedValue(value, previous, readNumber);
  }

  @Option({
    flags: '--cover <requirement>',
    description: 'what the affordable quantity leaves covered: initial (default) or maintenance',
  })
  cover(value: string, previous: unknown): CoveredRequirement {
    return parsedValue(value, previous, (text) => {
      if (text !== 'initial' && text !== 'maintenance') throw new Error('expected initial or maintenance');
      return text === 'initial' ? 'INITIAL' : 'MAINTENANCE';
    });
  }
}

async function readTrades(value: string): Promise<readonly NamedTrade[]> {
  if (value !== '-' && !value.endsWith('.json')) return parseTradeWords(value);
  const { text, fileName } = await readTextFile(value);
  return parseTradeFile(text, fileName);
}

/** An amount without a currency is one of the file's base currency. */
function inBaseCurrency(
  cash: readonly CashBalance[],
  { text, fileName }: { readonly text: string; readonly fileName: string },
): readonly CashBalance[] {
  if (cash.every(({ currency }) => currency !== '')) return cash;
  const { baseCurrency } = parsePortfolioFile(text, fileName).portfolio;
  return cash.map(({ currency, amount }) => ({ currency: currency === '' ? baseCurrency : currency, amount }));
}

/** A move by name replaces the general one in price and volatility alike, so the part not named is carried over. */
function shiftOf({ spot, volatility, days }: WhatIfOptions): MarketShift {
  const names = [...new Set([...Object.keys(spot?.byName ?? {}), ...Object.keys(volatility?.byName ?? {})])];
  const movesOf = (name: string) => ({
    spot: spot?.byName[name] ?? spot?.general ?? 0,
    volatility: volatility?.byName[name] ?? volatility?.general ?? 0,
  });
  return {
    spot: spot?.general ?? 0,
    volatility: volatility?.general ?? 0,
    days: days ?? 0,
    byUnderlying: Object.fromEntries(names.map((name) => [name, movesOf(name)])),
  };
}
