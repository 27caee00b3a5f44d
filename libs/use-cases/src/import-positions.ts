import { type Account, Decimal, formatInstant, type Instant, type Instrument } from '@ballast/domain';
import {
  type PositionRecord,
  readPositionFile,
  type SourceFile,
  type TableContent,
  type TableRow,
} from '@ballast/formats';
import { AccountStore, Database, InstrumentStore, PositionStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  ImportProblems,
  type ImportReport,
  requireExpectedRows,
} from './import-report';

/** How positions of a file are to be taken. */
export interface PositionImport extends ImportContext {
  /** REPLACE: the file holds the whole book of every account it names. MERGE: only the named instruments change. */
  readonly mode: 'REPLACE' | 'MERGE';
  /** Since when rows without `validFrom` hold. */
  readonly validFrom: Instant;
}

/** The rows of one account that hold from one instant on. */
interface Statement {
  readonly account: Account;
  readonly validFrom: Instant;
  readonly positions: readonly PositionRecord[];
}

/**
 * Records the positions of a file, all of them or none. A book that is held already changes nothing, however often it is
 * delivered.
 */
@Injectable()
export class ImportPositions {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
    private readonly instruments: InstrumentStore,
    private readonly positions: PositionStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: PositionImport, delivery: SourceFile): Promise<ImportReport> {
    const content = readPositionFile(delivery);
    requireExpectedRows(command, { file: content.file, rows: content.rows.length });
    const files = hashFiles([delivery]);
    const source = describeSource(files);
    const { changed, unchanged } = await this.database.withTenant({ firmId: command.firmId }, async (transaction) => {
      const sums = { changed: 0, unchanged: 0 };
      for (const { account, validFrom, positions } of await this.arrange(transaction, content, command)) {
        const statement = { accountId: account.id, validFrom, mode: command.mode, positions, source };
        const outcome = await this.positions.record(transaction, statement);
        sums.changed += outcome.changed;
        sums.unchanged += outcome.unchanged;
      }
      return sums;
    });
    return {
      kind: 'positions',
      files,
      rows: content.rows.length,
      stored: content.rows.length - unchanged,
      unchanged,
      totals: { ...totalsOf(content.rows), 'positions changed': String(changed) },
      warnings: content.warnings,
    };
  }

  private async arrange(
    transaction: TenantTransaction,
    { file, rows }: TableContent<PositionRecord>,
    command: PositionImport,
  ): Promise<Statement[]> {
    const codes = [...new Set(rows.map(({ value }) => value.accountCode))];
    const accounts = await this.accounts.findByCodes(transaction, codes);
    const ids = [...new Set(rows.map(({ value }) => value.instrumentId))];
    const instruments = await this.instruments.findByIds(transaction, ids);
    const problems = new ImportProblems();
    const statements = new Map<string, { account: Account; validFrom: Instant; positions: PositionRecord[] }>();
    for (const { line, value } of rows) {
      const account = accounts.get(value.accountCode);
      const validFrom = value.validFrom ?? command.validFrom;
      const fault = faultOf(value, instruments.get(value.instrumentId), validFrom);
      if (account === undefined) {
        problems.add({ file, line, column: 'account', value: value.accountCode, reason: 'no such account' });
      } else if (fault !== undefined) {
        problems.add({ file, line, ...fault });
      } else {
        const key = `${account.id} ${validFrom}`;
        const statement = statements.get(key) ?? { account, validFrom, positions: [] };
        statement.positions.push(value);
        statements.set(key, statement);
      }
    }
    problems.refuseIfAny();
    const ordered = [...statements.values()].sort(
      (left, right) => left.validFrom - right.validFrom || (left.account.code < right.account.code ? -1 : 1),
    );
    if (command.mode === 'REPLACE') refuseTwoBooks(ordered, file);
    return ordered;
  }
}

function faultOf(
  position: PositionRecord,
  instrument: Instrument | undefined,
  validFrom: Instant,
): { readonly column: string; readonly value: string; readonly reason: string } | undefined {
  const { instrumentId, quantity } = position;
  if (instrument === undefined) {
    return {
      column: 'instrument',
      value: instrumentId,
      reason: 'no such instrument; import instruments or a market first',
    };
  }
  if ('expiry' in instrument && instrument.expiry <= validFrom && !quantity.isZero()) {
    const reason = `expired at ${formatInstant(instrument.expiry)}, before the position holds (${formatInstant(validFrom)})`;
    return { column: 'instrument', value: instrumentId, reason };
  }
  const tradesWhole = instrument.type !== 'underlying' && instrument.multiplier.greaterThan(1);
  if (tradesWhole && !quantity.isInteger()) {
    const reason = `contracts of ${instrument.multiplier.toFixed()} units trade whole`;
    return { column: 'quantity', value: quantity.toFixed(), reason };
  }
  return undefined;
}

function refuseTwoBooks(statements: readonly Statement[], file: string): void {
  const seen = new Set<string>();
  for (const { account } of statements) {
    if (seen.has(account.id)) {
      const reason =
        'rows of one account start at different instants; import them with --mode merge, or a file per instant';
      const problems = new ImportProblems();
      problems.add({ file, column: 'validFrom', value: account.code, reason });
      problems.refuseIfAny();
    }
    seen.add(account.id);
  }
}

function totalsOf(rows: readonly TableRow<PositionRecord>[]): Record<string, string> {
  let long = new Decimal(0);
  let short = new Decimal(0);
  for (const { value } of rows) {
    if (value.quantity.isNegative()) short = short.plus(value.quantity);
    else long = long.plus(value.quantity);
  }
  const accounts = new Set(rows.map(({ value }) => value.accountCode)).size;
  return { accounts: String(accounts), 'long quantity': long.toFixed(), 'short quantity': short.toFixed() };
}
