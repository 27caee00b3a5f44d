// Requirements day by day against what the next day took, on price files; touches no database.
import {
  type BacktestRun,
  defaultBacktestTerms,
  ewmaVolatilities,
  type ExceptionTests,
  finish,
  measureProcyclicality,
  type Procyclicality,
  type ProcyclicalityTool,
  procyclicalityTools,
  runBacktest,
  standardPortfolios,
  testExceptions,
} from '@ballast/buffer';
import { DomainError } from '@ballast/domain';
import { log } from '@ballast/pricing';
import { type PriceHistory, readPriceHistoryFile, type SourceFile } from '@ballast/formats';

/** What a backtest is asked for. */
export interface BacktestQuestion {
  /** Symbol of the index, whose volatility the volatility file gives. */
  readonly index: string;
  readonly shares: readonly [string, string];
  /** Column of the volatility file [per cent]. */
  readonly volatilityColumn: string;
  /** Implied volatility of a share / its exponentially weighted one. */
  readonly shareVolatilityFactor: number;
}

/** One portfolio, or all of them pooled. */
export interface BacktestRow {
  readonly id: string;
  readonly label: string;
  readonly tests: ExceptionTests;
  readonly procyclicality: Procyclicality | null;
  /** The same under each tool against procyclicality, without any first. */
  readonly tools: readonly BacktestToolFigures[];
}

/** What a tool against procyclicality does to a portfolio, or to all of them pooled. */
export interface BacktestToolFigures {
  readonly tool: ProcyclicalityTool;
  readonly tests: ExceptionTests;
  readonly procyclicality: Procyclicality | null;
  /** Mean requirement / mean requirement without a tool: what the tool costs. Null for the pooled row. */
  readonly meanRatio: number | null;
}

export interface BacktestOutput {
  readonly confidence: number;
  readonly question: BacktestQuestion;
  /** Data from which windows grow, and days on which requirements were tested. */
  readonly data: { readonly from: string; readonly to: string; readonly days: number };
  readonly tested: { readonly from: string; readonly to: string; readonly days: number };
  readonly firstWindow: number;
  readonly rows: readonly BacktestRow[];
}

const riseDays = 20;
const tradingDays = 252;

/** Index of the S&P 500 with VIX, two of the shares of the file, volatility 1.1 × EWMA. */
export const defaultBacktestQuestion: BacktestQuestion = {
  index: 'SP500',
  shares: ['AAPL', 'JPM'],
  volatilityColumn: 'CLOSE',
  shareVolatilityFactor: 1.1,
};

/**
 * Backtests 99 % requirements of eight standard portfolios (methodology §5.11).
 *
 * @throws FileRefusal for a file that does not read; DomainError 'PRICE_MISSING' for a column that is not there
 */
export function backtestFiles(
  files: { readonly prices: SourceFile; readonly volatility: SourceFile },
  question: BacktestQuestion = defaultBacktestQuestion,
): BacktestOutput {
  const { index, shares, volatilityColumn, shareVolatilityFactor } = question;
  const prices = readPriceHistoryFile(files.prices);
  const volatility = readPriceHistoryFile(files.volatility);
  const columns = [index, ...shares].map((symbol) => columnOf(prices, symbol));
  const volatilityOn = new Map(
    volatility.days.map(({ date, prices: row }) => [date, row[columnOf(volatility, volatilityColumn)] ?? null]),
  );
  const days = prices.days.filter(
    ({ date, prices: row }) => columns.every((column) => row[column] !== null) && volatilityOn.get(date) != null,
  );
  if (days.length < 2)
    throw new DomainError('INVALID_PARAMETER', 'prices: no common days with the volatility', 'prices');
  const series = [index, ...shares].map((symbol, place) => {
    const own = Float64Array.from(days, ({ prices: row }) => row[columns[place] as number] as number);
    const volatilities =
      symbol === index
        ? Float64Array.from(days, ({ date }) => (volatilityOn.get(date) as number) / 100)
        : shareVolatilities(own, shareVolatilityFactor);
    return { symbol, prices: own, volatilities };
  });
  const terms = defaultBacktestTerms;
  const runs = finish(
    runBacktest({
      days: days.map(({ date }) => date),
      series,
      portfolios: standardPortfolios({ index, shares }),
      terms,
    }),
  );
  const dateOf = (place: number) => days[place]?.date ?? '';
  return {
    confidence: terms.confidence,
    question,
    data: { from: dateOf(0), to: dateOf(days.length - 1), days: days.length },
    tested: { from: dateOf(terms.firstWindow), to: dateOf(days.length - 1), days: runs[0]?.losses.length ?? 0 },
    firstWindow: terms.firstWindow,
    rows: rowsOf(runs),
  };
}

function rowsOf(runs: readonly BacktestRun[]): BacktestRow[] {
  const probability = 1 - defaultBacktestTerms.confidence;
  const exceptionsOf = ({ losses, requirements }: BacktestRun, tool: ProcyclicalityTool) =>
    Array.from(losses, (loss, day) => (loss > (requirements[tool][day] as number) ? 1 : 0));
  const rows = runs.map((run): BacktestRow => {
    const plain = meanOf(run.requirements.NONE);
    const tools = procyclicalityTools.map((tool) => ({
      tool,
      tests: testExceptions(exceptionsOf(run, tool), probability),
      procyclicality: measureProcyclicality(run.requirements[tool], riseDays),
      meanRatio: meanOf(run.requirements[tool]) / plain,
    }));
    return toRow({ id: run.portfolio.id, label: run.portfolio.label, tools });
  });
  const pooled = procyclicalityTools.map((tool) => ({
    tool,
    tests: testExceptions(
      runs.flatMap((run) => exceptionsOf(run, tool)),
      probability,
    ),
    procyclicality: null,
    meanRatio: null,
  }));
  return [...rows, toRow({ id: 'pooled', label: 'All eight pooled', tools: pooled })];
}

function toRow(row: Pick<BacktestRow, 'id' | 'label' | 'tools'>): BacktestRow {
  const { tests, procyclicality } = row.tools[0] as BacktestToolFigures;
  return { id: row.id, label: row.label, tests, procyclicality, tools: row.tools };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Volatility of a share known on each day: exponentially weighted over the returns up to it, annualised, × a factor. */
function shareVolatilities(prices: Float64Array, factor: number): Float64Array {
  const returns = Float64Array.from({ length: prices.length - 1 }, (_, day) =>
    log((prices[day + 1] as number) / (prices[day] as number)),
  );
  return ewmaVolatilities(returns, 0.97).map((size) => Math.max(0.01, size * Math.sqrt(tradingDays) * factor));
}

function columnOf({ symbols, file }: PriceHistory, symbol: string): number {
  const place = symbols.indexOf(symbol);
  if (place >= 0) return place;
  throw new DomainError('PRICE_MISSING', `${file}: no column ${symbol} among ${symbols.join(', ')}`, 'prices');
}

const toolLabels: Readonly<Record<ProcyclicalityTool, string>> = {
  NONE: 'none',
  BUFFER: '25 % buffer, drawn in stress',
  STRESSED_WEIGHT: '25 % stressed weight',
  FLOOR: 'ten-year floor',
};

/** Writes the tables in Markdown, with what they were made from. */
export function formatBacktestReport(output: BacktestOutput): string {
  const { data, tested, firstWindow, question, rows, confidence } = output;
  return [
    `${share(confidence, 0)} requirements, data ${data.from} to ${data.to} (${data.days} days); the window starts with ${firstWindow} returns and grows, tested ${tested.from} to ${tested.to} (${tested.days} days). Volatility of ${question.index} from ${question.volatilityColumn} of the volatility file, of ${question.shares.join(' and ')} ${question.shareVolatilityFactor} × EWMA (0.97).`,
    '',
    ...coverageTable(rows),
    '',
    `Tools against procyclicality. Each cell: largest / smallest requirement; steepest rise over ${riseDays} days; exceptions; mean requirement / that of none.`,
    '',
    ...toolTable(rows),
    '',
  ].join('\n');
}

function coverageTable(rows: readonly BacktestRow[]): string[] {
  const head = [
    'Portfolio',
    'days',
    'exceptions',
    'coverage',
    'Kupiec LR (p)',
    'independence LR (p)',
    'conditional LR (p)',
    'light',
  ];
  const lines = rows.map(({ label, tests }) => [
    label,
    String(tests.observations),
    String(tests.exceptions),
    share(tests.coverage),
    `${tests.unconditional.toFixed(2)} (${pValue(tests.unconditionalP)})`,
    `${tests.independence.toFixed(2)} (${pValue(tests.independenceP)})`,
    `${tests.conditional.toFixed(2)} (${pValue(tests.conditionalP)})`,
    tests.light.toLowerCase(),
  ]);
  return markdownTable(head, lines);
}

function toolTable(rows: readonly BacktestRow[]): string[] {
  const head = ['Portfolio', ...procyclicalityTools.map((tool) => toolLabels[tool])];
  const lines = rows.map(({ label, tools }) => [
    label,
    ...tools.map(({ procyclicality, tests, meanRatio }) =>
      procyclicality === null || meanRatio === null
        ? String(tests.exceptions)
        : `${procyclicality.peakToTrough.toFixed(2)}; ${share(procyclicality.rise, 0)}; ${tests.exceptions}; ${meanRatio.toFixed(2)}`,
    ),
  ]);
  return markdownTable(head, lines);
}

function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

function share(value: number, digits = 2): string {
  return `${(100 * value).toFixed(digits)} %`;
}

function pValue(value: number): string {
  return value < 0.0001 ? '< 0.0001' : value.toFixed(4);
}
