// Several portfolio files as the accounts of one firm; touches no database.
import {
  findStressScenarios,
  finish,
  type FirmRisk,
  type PreparedState,
  type RiskGrouping,
  sumFirmRisk,
} from '@ballast/buffer';
import {
  canonicalJson,
  DomainError,
  type FxRate,
  type InstrumentQuote,
  type MarketSnapshot,
  type UnderlyingQuote,
} from '@ballast/domain';
import { parsePortfolioFile, type PortfolioFile } from '@ballast/formats';
import { rejectionOf } from './evaluate-portfolio-file';
import { type FirmRiskView, firmRiskFigures } from './firm-risk-report';
import { type FileAnswer, prepareFileState } from './portfolio-file-state';

/** One portfolio file and the code of its account. */
export interface AccountFile {
  readonly code: string;
  readonly text: string;
  readonly fileName: string;
}

/** What is asked of portfolio files taken together. */
export interface FirmFilesQuestion {
  readonly by: RiskGrouping;
  /** Names of the library; all of it when empty. */
  readonly scenarios: readonly string[];
  /** Currency of the amounts; the base currency that most files have when absent, the first by code among equals. */
  readonly currency?: string;
  /** Rows of every list of largest ones. */
  readonly top: number;
}

/** A firm of portfolio files: its figures, and how far they can be relied on. */
export type FirmFilesOutput = ReturnType<typeof firmRiskFigures> & { readonly view: FirmRiskView };

/**
 * Adds up portfolio files as the accounts of one firm, as `firmRisk` adds up stored accounts (methodology §5.7a). Each file is
 * valued in its own market; what several files state of one underlying, contract or exchange rate has to agree.
 *
 * @returns exit code 5 when an account could not be valued or converted and takes no part
 */
export function addUpPortfolioFiles(
  files: readonly AccountFile[],
  question: FirmFilesQuestion,
): FileAnswer<FirmFilesOutput> {
  let reading: { readonly fileName: string; file?: PortfolioFile } = { fileName: files[0]?.fileName ?? '' };
  try {
    const scenarios = findStressScenarios(question.scenarios);
    const accounts = [...files]
      .sort((left, right) => (left.code < right.code ? -1 : 1))
      .map(({ code, text, fileName }) => {
        reading = { fileName };
        const file = parsePortfolioFile(text, fileName);
        reading = { fileName, file };
        return { code, fileName, prepared: prepareFileState(file).prepared };
      });
    requireDistinct(accounts.map(({ code }) => code));
    const market = joinMarkets(accounts);
    const { by, top } = question;
    const sum = sumFirmRisk(market, { by, scenarios, top, currency: question.currency ?? commonCurrency(accounts) });
    for (const { code, prepared } of accounts) finish(sum.add({ id: code, code, name: code, prepare: () => prepared }));
    const view = viewOf(market, sum.conclude());
    const output = { ...firmRiskFigures(view), view };
    return view.quality === 'OK'
      ? { status: 'answered', exitCode: 0, output }
      : { status: 'indeterminate', exitCode: 5, output };
  } catch (error) {
    return rejectionOf(error, reading.fileName, reading.file);
  }
}

interface FileAccount {
  readonly code: string;
  readonly fileName: string;
  readonly prepared: PreparedState;
}

function viewOf({ asOf }: MarketSnapshot, risk: FirmRisk): FirmRiskView {
  const { accounts, accountsValued, accountsExcluded, excluded } = risk;
  const named = excluded.map(({ code, reason }) => `${code}: ${reason}`);
  return {
    asOf,
    quality: accountsExcluded === 0 ? 'OK' : accountsValued === 0 ? 'INDETERMINATE' : 'DEGRADED',
    qualityReasons:
      accountsExcluded === 0 ? [] : [`${accountsExcluded} of ${accounts} accounts take no part`, ...named],
    risk,
  };
}

function requireDistinct(codes: readonly string[]): void {
  const twice = codes.find((code, place) => code === codes[place - 1]);
  if (twice !== undefined)
    throw new DomainError('INVALID_PORTFOLIO', `two files are named ${twice}: a file is one account`, 'portfolio');
}

/** Base currency of most accounts; the first by code among equals. */
function commonCurrency(accounts: readonly FileAccount[]): string {
  const counts = new Map<string, number>();
  for (const { prepared } of accounts) {
    const { baseCurrency } = prepared.portfolio;
    counts.set(baseCurrency, (counts.get(baseCurrency) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([left, few], [right, many]) => many - few || (left < right ? -1 : 1));
  return most?.[0] ?? 'USD';
}

/**
 * One market of all files.
 *
 * @throws DomainError 'INVALID_PORTFOLIO' for files of different instants, or that state one thing differently
 */
function joinMarkets(accounts: readonly FileAccount[]): MarketSnapshot {
  const [first] = accounts;
  if (first === undefined) throw new DomainError('INVALID_PORTFOLIO', 'no portfolio files to add up', 'portfolio');
  const { asOf } = first.prepared.portfolio;
  const underlyings = new Map<string, UnderlyingQuote>();
  const instruments = new Map<string, InstrumentQuote>();
  const rates = new Map<string, FxRate>();
  for (const { fileName, prepared } of accounts) {
    const { portfolio, snapshot } = prepared;
    if (portfolio.asOf !== asOf)
      throw new DomainError('INVALID_PORTFOLIO', `${fileName}: asOf differs from that of ${first.fileName}`, 'asOf');
    const join = joiner(fileName);
    // The stated profit of a perpetual is that of one account.
    for (const [id, { perpetual: _, ...quote }] of snapshot.underlyings) join(underlyings, id, quote);
    for (const [id, quote] of snapshot.instruments) join(instruments, id, quote);
    for (const rate of snapshot.fx) join(rates, `${rate.from} to ${rate.to}`, rate);
  }
  return { asOf, underlyings, instruments, fx: [...rates.values()] };
}

function joiner(fileName: string) {
  return <Quote>(known: Map<string, Quote>, key: string, quote: Quote): void => {
    const earlier = known.get(key);
    if (earlier !== undefined && canonicalJson(earlier) !== canonicalJson(quote))
      throw new DomainError('INVALID_PORTFOLIO', `${fileName}: quotes ${key} unlike a file before it`, 'market');
    known.set(key, quote);
  };
}
