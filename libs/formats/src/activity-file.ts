// Activity statements of a broker (XML): open positions, cash and equity per account.
import { type AccountStatement, type CashBalance, Decimal, type StatedPosition, type Statement } from '@ballast/domain';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type CellReader, CellRefusal, currencyCell, decimalCell, feedDecimalCell, identifierCell } from './cell';
import { refuseFile } from './file-refusal';
import { readStatementSymbol } from './statement-symbol';
import type { SourceFile } from './table';

const root = 'FlexQueryResponse';
const depthMaximum = 16;

/** Tells XML from the tables of ours by its first character. */
export function isActivityFile(bytes: Uint8Array): boolean {
  const head = new TextDecoder('utf-8').decode(bytes.subarray(0, 256));
  return /^\s*</.test(head);
}

interface OpenAccount {
  readonly accountCode: string;
  readonly positions: Map<string, StatedPosition & { readonly level: string }>;
  readonly cash: Map<string, CashBalance>;
  equity: { readonly amount: Decimal; readonly currency: string } | undefined;
}

/**
 * Reads the accounts of an activity statement: `OpenPosition` (lots of one symbol are added up; a summary row counts
 * before its lots), `CashReportCurrency` by currency, and the total of the newest `EquitySummaryByReportDateInBase`.
 * Everything else of the file is passed over. Such a file speaks of the accounts it names only.
 *
 * @throws FileRefusal with line and column for anything that is not well-formed, a document type, a foreign root, a
 *         missing or impossible attribute, an account or a total stated twice
 */
export function readActivityFile(source: SourceFile): Statement {
  return new ActivityReading(source.name).read(textOf(source));
}

class ActivityReading {
  private readonly parser = new SaxesParser({ position: true });
  private readonly accounts = new Map<string, OpenAccount>();
  private readonly path: string[] = [];
  private current: OpenAccount | undefined;
  private date: string | null = null;
  private sawPositions = false;
  private sawCash = false;
  private ended = false;

  constructor(private readonly file: string) {
    this.parser.on('error', (error) =>
      this.refuse(`not well-formed XML: ${error.message.replace(/^(?:[^:]*:)?\d+:\d+: /, '')}`),
    );
    this.parser.on('doctype', () => this.refuse('a document type declaration (DTD); entities are never read'));
    this.parser.on('opentag', (tag) => this.open(tag as SaxesTagPlain));
    this.parser.on('closetag', () => {
      const name = this.path.pop();
      if (name === 'FlexStatement') this.current = undefined;
      if (this.path.length === 0) this.ended = true;
    });
  }

  read(text: string): Statement {
    this.parser.write(text).close();
    if (!this.ended) this.refuse(`${this.path.at(-1) ?? root} is not closed; is the file cut?`);
    if (this.accounts.size === 0) this.refuse('no FlexStatement: the file states no account');
    const sections = new Set([
      ...(this.sawPositions ? (['positions'] as const) : []),
      ...(this.sawCash ? (['cash'] as const) : []),
    ]);
    const accounts = [...this.accounts.values()].map(closeAccount);
    accounts.sort((left, right) => (left.accountCode < right.accountCode ? -1 : 1));
    return { format: 'activity-xml', date: this.date as Statement['date'], sections, coversFirm: false, accounts };
  }

  private open(tag: SaxesTagPlain): void {
    if (this.path.length === 0 && tag.name !== root)
      this.refuse(`the root is ${tag.name}; an activity statement starts with ${root}`);
    this.path.push(tag.name);
    if (this.path.length > depthMaximum) this.refuse(`nested deeper than ${depthMaximum} levels`);
    if (tag.name === 'FlexStatement') return this.openAccount(tag);
    if (tag.name === 'OpenPositions') this.sawPositions = true;
    if (tag.name === 'CashReport') this.sawCash = true;
    if (tag.name === 'OpenPosition') this.takePosition(tag);
    if (tag.name === 'CashReportCurrency') this.takeCash(tag);
    if (tag.name === 'EquitySummaryByReportDateInBase') this.takeEquity(tag);
  }

  private openAccount(tag: SaxesTagPlain): void {
    const accountCode = this.cell(tag, 'accountId', identifierCell);
    if (this.accounts.has(accountCode)) this.refuse(`account ${accountCode} is stated twice`, 'accountId');
    const date = this.optionalCell(tag, 'toDate', dayCell);
    if (date !== undefined && this.date !== null && this.date !== date)
      this.refuse(`statements of different days: ${this.date} and ${date}`, 'toDate');
    this.date = date ?? this.date;
    this.current = { accountCode, positions: new Map(), cash: new Map(), equity: undefined };
    this.accounts.set(accountCode, this.current);
  }

  private takePosition(tag: SaxesTagPlain): void {
    const { positions } = this.accountOf(tag);
    const symbol = this.cell(tag, 'symbol', readStatementSymbol);
    const quantity = this.cell(tag, 'position', feedDecimalCell);
    const price = this.optionalCell(tag, 'markPrice', feedDecimalCell);
    const level = this.optionalCell(tag, 'levelOfDetail', (text) => text) ?? 'SUMMARY';
    const stated = { ...symbol, quantity, level, ...(price === undefined ? {} : { price }) };
    const known = positions.get(symbol.instrumentId);
    if (known === undefined || (known.level === 'LOT' && level !== 'LOT')) {
      positions.set(symbol.instrumentId, stated);
      return;
    }
    if (level !== 'LOT') this.refuse(`position ${symbol.instrumentId} is stated twice`, 'symbol');
    if (known.level === 'LOT')
      positions.set(symbol.instrumentId, { ...known, quantity: known.quantity.plus(quantity) });
  }

  private takeCash(tag: SaxesTagPlain): void {
    const { cash } = this.accountOf(tag);
    if (this.cell(tag, 'currency', (text) => text) === 'BASE_SUMMARY') return;
    const currency = this.cell(tag, 'currency', currencyCell);
    if (cash.has(currency)) this.refuse(`cash of ${currency} is stated twice`, 'currency');
    cash.set(currency, { currency, amount: this.cell(tag, 'endingCash', feedDecimalCell) });
  }

  private takeEquity(tag: SaxesTagPlain): void {
    const account = this.accountOf(tag);
    const currency = this.optionalCell(tag, 'currency', currencyCell);
    const amount = this.optionalCell(tag, 'total', decimalCell);
    if (currency !== undefined && amount !== undefined) account.equity = { amount, currency };
  }

  private accountOf(tag: SaxesTagPlain): OpenAccount {
    const account = this.current ?? this.refuse(`${tag.name} outside a FlexStatement`);
    const stated = tag.attributes['accountId'];
    if (stated !== undefined && stated !== account.accountCode)
      this.refuse(`${tag.name} of account ${stated} in the statement of ${account.accountCode}`, 'accountId');
    return account;
  }

  private cell<Value>(tag: SaxesTagPlain, name: string, reader: CellReader<Value>): Value {
    const value = this.optionalCell(tag, name, reader);
    return value ?? this.refuse(`${tag.name} without ${name}`, name);
  }

  private optionalCell<Value>(tag: SaxesTagPlain, name: string, reader: CellReader<Value>): Value | undefined {
    const text = tag.attributes[name];
    if (text === undefined || text === '') return undefined;
    try {
      return reader(text);
    } catch (error) {
      if (!(error instanceof CellRefusal)) throw error;
      return this.refuse(error.message, name, text);
    }
  }

  private refuse(reason: string, attribute?: string, value?: string): never {
    const place = `character ${this.parser.column + 1}`;
    return refuseFile({
      file: this.file,
      line: this.parser.line,
      column: attribute === undefined ? place : `${attribute}, ${place}`,
      ...(value === undefined ? {} : { value }),
      reason,
    });
  }
}

/** A day as `20250115` or `2025-01-15`, with or without a time behind it. */
const dayCell: CellReader<string> = (text) => {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})(?:;\d+)?$/.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  const instant = Date.parse(`${date}T00:00:00Z`);
  if (year === undefined || Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date)
    throw new CellRefusal('expected an existing day such as 20250115');
  return date;
};

function closeAccount({ accountCode, positions, cash, equity }: OpenAccount): AccountStatement {
  return {
    accountCode,
    positions: [...positions.values()].map(({ level: _, ...position }) => position),
    cash: [...cash.values()],
    collateral: [],
    figures: equity === undefined ? {} : { equity },
  };
}

function textOf({ name, bytes }: SourceFile): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Told before the parser would expand anything.
    const doctype = text.search(/<!\s*(?:DOCTYPE|ENTITY)/i);
    if (doctype < 0) return text;
    const line = text.slice(0, doctype).split('\n').length;
    const column = `character ${doctype - text.lastIndexOf('\n', doctype)}`;
    return refuseFile({
      file: name,
      line,
      column,
      reason: 'a document type declaration (DTD); entities are never read',
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuseFile({ file: name, reason: 'bytes that are not UTF-8; save the file as UTF-8' });
  }
}
