import { Option } from 'nest-commander';
import { parsedValue, singleValue } from '../option-value';
import { AnalysisCommand } from './analysis-command';
import { type AnalysisOptions } from './answer-question';

/** Options of every analysis that reads a price history. */
export interface HistoryOptions extends AnalysisOptions {
  readonly prices: string;
  readonly symbols?: Readonly<Record<string, string>>;
  readonly window?: number;
}

/** What every analysis on a price history takes. */
export abstract class PriceHistoryCommand extends AnalysisCommand {
  @Option({ flags: '--prices <file>', required: true, description: 'daily prices: CSV date,SYMBOL,…' })
  prices(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({
    flags: '--symbols <columns>',
    description: 'UNDERLYING=COLUMN where they differ, separated by commas',
  })
  symbols(value: string, previous: unknown): Readonly<Record<string, string>> {
    return parsedValue(value, previous, readSymbols);
  }

  @Option({ flags: '--window <returns>', description: 'latest daily returns used; default all' })
  window(value: string, previous: unknown): number {
    return parsedValue(value, previous, readCount);
  }
}

/** Reads a whole number ≥ 1. @throws Error */
export function readCount(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`expected a whole number of 1 or more, got "${text}"`);
  return Number(text);
}

function readSymbols(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const cut = part.lastIndexOf('=');
      if (cut < 1 || cut === part.length - 1) throw new Error(`expected UNDERLYING=COLUMN, got "${part}"`);
      return [part.slice(0, cut).trim(), part.slice(cut + 1).trim()];
    }),
  );
}

/** Drops the members that were not given. */
export function givenOnly<Values extends object>(
  values: Values,
): {
  [Key in keyof Values]?: Exclude<Values[Key], undefined>;
} {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
