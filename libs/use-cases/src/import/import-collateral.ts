import { type Account, type CollateralPosition, Decimal, type Instant } from '@ballast/domain';
import {
  type CollateralRecord,
  readCollateralFile,
  type SourceFile,
  FileRefusal,
  type TableContent,
  type TableRow,
} from '@ballast/formats';
import {
  AccountStore,
  CollateralStore,
  contentHash,
  Database,
  describeLaterAction,
  findActionAfterPledges,
  HaircutScheduleStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  ImportProblems,
  type ImportReport,
  requireControlTotals,
} from './import-report';
import { StatementDates } from './statement-dates';

/** How collateral of a file is to be taken. */
export interface CollateralImport extends ImportContext {
  /** REPLACE: the file holds everything pledged by every account it names. MERGE: only the named assets change. */
  readonly mode: 'REPLACE' | 'MERGE';
  /** Since when rows without `validFrom` hold. */
  readonly validFrom: Instant;
}

/** The rows of one account that hold from one instant on. */
interface Statement {
  readonly account: Account;
  readonly validFrom: Instant;
  readonly holdings: CollateralRecord[];
}

/** Records the pledged collateral of a file, all of it or none. What is held already changes nothing. */
@Injectable()
export class ImportCollateral {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
    private readonly collateral: CollateralStore,
    private readonly schedules: HaircutScheduleStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: CollateralImport, delivery: SourceFile): Promise<ImportReport> {
    const content = readCollateralFile(delivery);
    const files = hashFiles([delivery]);
    requireControlTotals(command, { file: content.file, rows: content.rows.length }, files);
    const source = describeSource(files);
    const { mode, recordedBy, firmId } = command;
    const outcome = await this.database.withTenant({ firmId }, async (transaction) => {
      const sums = { changed: 0, unchanged: 0 };
      const dates = await StatementDates.open(transaction, 'validFrom');
      const statements = await this.arrange(transaction, content, { command, dates });
      for (const { account, validFrom, holdings } of statements) {
        const news =
          mode === 'REPLACE' ? holdings : await this.withoutHeld(transaction, account.id, holdings, validFrom);
        sums.unchanged += holdings.length - news.length;
        if (news.length === 0) continue;
        const plain = news.map(plainHolding);
        const statement = { accountId: account.id, validFrom, mode, holdings: plain, source, recordedBy };
        const { statementId, changed, unchanged } = await this.collateral.record(transaction, statement);
        if (statementId !== null && changed > 0)
          await refuseBeforeAction(transaction, { accountId: account.id, statementId, file: content.file });
        sums.changed += changed;
        sums.unchanged += unchanged;
      }
      return { ...sums, warnings: [...dates.warnings(), ...(await this.warningsOf(transaction, statements))] };
    });
    return {
      kind: 'collateral',
      files,
      rows: content.rows.length,
      stored: content.rows.length - outcome.unchanged,
      unchanged: outcome.unchanged,
      totals: { ...totalsOf(content.rows), 'holdings changed': String(outcome.changed) },
      warnings: [...content.warnings, ...outcome.warnings],
    };
  }

  /** Rows of a partial file that state no instant and what is held anyway are not news, however often they come. */
  private async withoutHeld(
    transaction: TenantTransaction,
    accountId: string,
    holdings: readonly CollateralRecord[],
    validAt: Instant,
  ): Promise<CollateralRecord[]> {
    const held = (await this.collateral.findAsOf(transaction, [accountId], { validAt })).get(accountId) ?? [];
    const known = new Set(held.map((holding) => contentHash(holding)));
    return holdings.filter((row) => row.validFrom !== undefined || !known.has(contentHash(plainHolding(row))));
  }

  private async arrange(
    transaction: TenantTransaction,
    { file, rows }: TableContent<CollateralRecord>,
    { command, dates }: { readonly command: CollateralImport; readonly dates: StatementDates },
  ): Promise<Statement[]> {
    const codes = [...new Set(rows.map(({ value }) => value.accountCode))];
    const accounts = await this.accounts.findByCodes(transaction, codes);
    const problems = new ImportProblems();
    const statements = new Map<string, Statement>();
    const firstInstant = new Map<string, Instant>();
    for (const { line, value } of rows) {
      const account = accounts.get(value.accountCode);
      if (account === undefined) {
        problems.add({ file, line, column: 'account', value: value.accountCode, reason: 'no such account' });
        continue;
      }
      const validFrom = value.validFrom ?? command.validFrom;
      dates.check(line, validFrom, (problem) => problems.add({ file, ...problem }));
      const first = firstInstant.get(account.id) ?? validFrom;
      firstInstant.set(account.id, first);
      if (command.mode === 'REPLACE' && first !== validFrom) {
        const reason = 'rows of one account start at different instants; import them with --mode merge';
        problems.add({ file, line, column: 'validFrom', value: value.accountCode, reason });
        continue;
      }
      const key = `${account.id} ${validFrom}`;
      const statement = statements.get(key) ?? { account, validFrom, holdings: [] };
      statement.holdings.push(value);
      statements.set(key, statement);
    }
    problems.refuseIfAny();
    return [...statements.values()].sort(
      (left, right) => left.validFrom - right.validFrom || (left.account.code < right.account.code ? -1 : 1),
    );
  }

  /** A schedule may come later than the collateral; until then such holdings count nothing, which somebody must be told. */
  private async warningsOf(transaction: TenantTransaction, statements: readonly Statement[]): Promise<string[]> {
    const latest = Math.max(...statements.map(({ validFrom }) => validFrom)) as Instant;
    const known = await this.schedules.findInEffect(transaction, { asOf: latest });
    const rows = statements.flatMap(({ holdings }) => holdings).filter(({ quantity }) => !quantity.isZero());
    const found = new Set<string>();
    for (const { schedule, assetClass } of rows) {
      const inForce = known.get(schedule);
      if (inForce === undefined)
        found.add(`no haircut schedule ${schedule}: what names it counts nothing until one is imported`);
      else if (!inForce.rules.some((rule) => rule.assetClass === assetClass))
        found.add(`${assetClass} is not on the schedule ${schedule}: it counts nothing`);
    }
    return [...found].sort();
  }
}

async function refuseBeforeAction(
  transaction: TenantTransaction,
  { file, ...statement }: { readonly accountId: string; readonly statementId: string; readonly file: string },
): Promise<void> {
  const action = await findActionAfterPledges(transaction, statement);
  if (action === null) return;
  const { instrumentId: value } = action;
  throw new FileRefusal([{ file, column: 'validFrom', value, reason: describeLaterAction(action) }]);
}

function plainHolding({ accountCode: _code, validFrom: _from, ...holding }: CollateralRecord): CollateralPosition {
  return holding;
}

function totalsOf(rows: readonly TableRow<CollateralRecord>[]): Record<string, string> {
  const sums = new Map<string, Decimal>();
  for (const { value } of rows) {
    if (value.price === undefined || value.currency === undefined) continue;
    const gross = value.quantity.times(value.price);
    sums.set(value.currency, (sums.get(value.currency) ?? new Decimal(0)).plus(gross));
  }
  return {
    accounts: String(new Set(rows.map(({ value }) => value.accountCode)).size),
    quantity: rows.reduce((sum, { value }) => sum.plus(value.quantity), new Decimal(0)).toFixed(),
    ...Object.fromEntries([...sums].sort().map(([currency, sum]) => [`gross value ${currency}`, sum.toFixed()])),
  };
}
