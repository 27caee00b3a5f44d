import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  compareAccount,
  type MoneyTolerance,
  type ReconciliationTolerances,
  type StatementBreak,
  unexplainedCause,
} from '@ballast/buffer';
import {
  type Account,
  type AccountStatement,
  Decimal,
  instantOf,
  type MarketSnapshot,
  type Methodology,
  type Statement,
} from '@ballast/domain';
import { readStatementFile, type SourceFile } from '@ballast/formats';
import {
  contentHash,
  type FoundBreak,
  type MarginRun,
  type Reconciliation,
  ReconciliationStore,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { engineVersion } from '../run/engine-version';
import type { MethodInEffect } from '../run/evaluate-account';
import { hashFiles } from '../import/import-report';
import { isEmptyAccount, ownAccountOf } from '../account/own-account';
import { prepareParameterSet } from '../risk-parameters/parameter-sets-in-effect';
import { ReconciliationLookups } from './reconciliation-lookups';
import { ReplayStores } from '../run/recorded-evaluation';
import { RequirementExplanations } from '../requirement/requirement-explanations';
import { RunInputReader } from '../run/run-inputs';
import { momentOf } from '../engine/run-moment';
import { traceBreaks } from './trace-breaks';
import { inSharesAt } from '../market/split-reader';
import { UseCaseError } from '../caller/use-case-error';

/** What is to be compared. */
export interface ReconciliationRequest {
  /** Run to compare with; the latest completed one when absent. */
  readonly runId?: string | undefined;
  readonly statement: SourceFile;
  readonly tolerances: ReconciliationTolerances;
  /** Whether accounts that the statement leaves out are breaks; what the format says when absent. */
  readonly coversFirm?: boolean | undefined;
  readonly startedBy: string;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ReconciliationOutcome {
  readonly reconciliation: Reconciliation;
  /** True when the same statement was compared with the same run before: nothing was stored again. */
  readonly repeated: boolean;
}

/** Quantities exactly, prices and amounts to what their currency is written in. */
export const defaultTolerances: ReconciliationTolerances = {
  quantity: { absolute: new Decimal(0), relative: new Decimal(0) },
  price: { absolute: null, relative: new Decimal(0) },
  amount: { absolute: null, relative: new Decimal(0) },
};

interface Comparison {
  readonly run: MarginRun;
  readonly statement: Statement;
  readonly tolerances: ReconciliationTolerances;
  readonly stated: ReadonlyMap<string, AccountStatement>;
  readonly snapshot: MarketSnapshot;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
}

/** Accounts compared between two looks at the database. */
const accountsPerStep = 200;

/** Compares a run with a statement of another house and records every break with its cause, once per file and run. */
@Injectable()
export class ReconcileStatement {
  constructor(
    private readonly stores: ReplayStores,
    private readonly inputs: RunInputReader,
    private readonly lookups: ReconciliationLookups,
    private readonly reconciliations: ReconciliationStore,
    private readonly explanations: RequirementExplanations,
  ) {}

  /**
   * Works inside one transaction: nothing is stored when anything fails.
   *
   * @throws FileRefusal for a statement that cannot be read; UseCaseError 'NOT_FOUND' for an unknown run or without any,
   *         'CONFLICT' for a run that has no results
   */
  async execute(tx: TenantTransaction, request: ReconciliationRequest): Promise<ReconciliationOutcome> {
    const statement = readStatementFile(request.statement);
    const coversFirm = request.coversFirm ?? statement.coversFirm;
    const run = await this.findRun(tx, request.runId);
    const [file] = hashFiles([request.statement]);
    const sha256 = file?.sha256 ?? '';
    const tolerances = writtenTolerances(request.tolerances);
    const requestHash = contentHash({ runId: run.id, sha256, tolerances, coversFirm });
    await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 12))', [`${tx.firmId} ${requestHash}`]);
    const known = await this.reconciliations.findByRequest(tx, requestHash);
    if (known !== null) return { reconciliation: known, repeated: true };
    const comparison = await this.prepare(tx, run, { ...statement, coversFirm }, request.tolerances);
    const { matched, accounts, breaks } = await this.compareAll(tx, comparison, request.onProgress);
    const id = await this.reconciliations.insert(tx, {
      runId: run.id,
      runAsOf: run.asOf,
      requestHash,
      statementName: request.statement.name.split(/[\\/]/).at(-1) ?? '',
      statementSha256: sha256,
      statementFormat: statement.format,
      statementDate: statement.date,
      coversFirm,
      tolerances,
      warnings: warningsOf(statement, run),
      accountCount: accounts,
      matchedCount: matched,
      engineVersion,
      startedBy: request.startedBy,
      breaks,
    });
    const reconciliation = await this.reconciliations.findById(tx, id);
    if (reconciliation === null) throw new UseCaseError('NOT_FOUND', `reconciliation ${id} does not exist`);
    return { reconciliation, repeated: false };
  }

  private async findRun(tx: TenantTransaction, runId: string | undefined): Promise<MarginRun> {
    const { runs } = this.stores;
    const run = runId === undefined ? await runs.findLatestCompleted(tx) : await runs.findById(tx, runId);
    if (run === null) {
      const what =
        runId === undefined ? 'there is no completed run to compare with' : `no margin run has the id ${runId}`;
      throw new UseCaseError('NOT_FOUND', what, 'runId');
    }
    if (run.state !== 'COMPLETED')
      throw new UseCaseError('CONFLICT', `run ${run.id} is ${run.state}: it has no results`, 'runId');
    return run;
  }

  private async prepare(
    tx: TenantTransaction,
    run: MarginRun,
    statement: Statement,
    tolerances: ReconciliationTolerances,
  ): Promise<Comparison> {
    const stored = await this.stores.snapshots.load(tx, run.snapshotId);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    const sets = await this.stores.parameters.findByIds(tx, run.parameterSets.map(({ parameterSetId }) => parameterSetId)); // prettier-ignore
    const methods = new Map<Methodology, MethodInEffect>();
    for (const { methodology, parameterSetId, hash } of run.parameterSets) {
      const set = sets.get(parameterSetId);
      if (set === undefined) continue;
      methods.set(methodology, { parameterSet: { ...set, hash }, method: prepareParameterSet(set, run.asOf) });
    }
    const stated = new Map(statement.accounts.map((account) => [account.accountCode, account]));
    return { run, statement, tolerances, stated, snapshot: stored.snapshot, methods };
  }

  private async compareAll(
    tx: TenantTransaction,
    comparison: Comparison,
    onProgress: ReconciliationRequest['onProgress'],
  ): Promise<{ readonly matched: number; readonly accounts: number; readonly breaks: readonly FoundBreak[] }> {
    const { run, statement, stated } = comparison;
    const total = statement.coversFirm ? run.accountCount : stated.size;
    const seen = new Set<string>();
    const breaks: FoundBreak[] = [];
    let matched = 0;
    let done = 0;
    const pages = statement.coversFirm ? this.pagesOfRun(tx, run) : this.pagesOfStatement(tx, run, [...stated.keys()]);
    for await (const page of pages) {
      const accounts = await this.stores.accounts.findByIds(tx, page.map(({ accountId }) => accountId)); // prettier-ignore
      for (const outcome of await this.comparePage(tx, comparison, page, accounts)) {
        seen.add(outcome.accountCode);
        matched += outcome.matched;
        breaks.push(...outcome.breaks);
      }
      done += page.length;
      onProgress?.(done, total);
    }
    const unknown = [...stated.keys()].filter((code) => !seen.has(code)).sort();
    const accounts = await this.stores.accounts.findByCodes(tx, unknown);
    for (const accountCode of unknown) {
      const alike = [...seen].find((code) => code.toUpperCase() === accountCode.toUpperCase());
      const cause = unexplainedCause(
        accounts.has(accountCode)
          ? 'the account is ours, but the run did not evaluate it'
          : `no account of ours has this code${alike === undefined ? '' : `; ${alike} differs in capitals only`}`,
      );
      const nothing = { item: '', ours: null, theirs: null, difference: null, currency: null };
      const accountId = accounts.get(accountCode)?.id ?? null;
      breaks.push({ kind: 'ACCOUNT_MISSING_IN_RUN', ...nothing, accountId, accountCode, cause });
    }
    const order = (code: string, other: string): number => (code < other ? -1 : code > other ? 1 : 0);
    breaks.sort((left, right) => order(left.accountCode, right.accountCode));
    return { matched, accounts: seen.size, breaks };
  }

  private async *pagesOfRun(tx: TenantTransaction, run: MarginRun): AsyncGenerator<StoredRequirement[]> {
    let after: string | null = null;
    for (let more = true; more;) {
      const page: StoredRequirement[] = await this.stores.requirements.findWritten(tx, run, {
        first: accountsPerStep,
        after,
      });
      if (page.length > 0) yield page;
      after = page.at(-1)?.accountId ?? null;
      more = page.length === accountsPerStep;
    }
  }

  private async *pagesOfStatement(
    tx: TenantTransaction,
    run: MarginRun,
    codes: readonly string[],
  ): AsyncGenerator<StoredRequirement[]> {
    const accounts = await this.stores.accounts.findByCodes(tx, codes);
    for (const { id } of accounts.values()) {
      const page = await this.stores.requirements.findWritten(tx, run, { first: 1, accountIds: [id] });
      if (page.length > 0) yield page;
    }
  }

  private async comparePage(
    tx: TenantTransaction,
    comparison: Comparison,
    page: readonly StoredRequirement[],
    known: ReadonlyMap<string, Account>,
  ): Promise<{ readonly accountCode: string; readonly matched: number; readonly breaks: readonly FoundBreak[] }[]> {
    const accounts = page.map(({ accountId, methodology, currency }): Account => {
      const account = known.get(accountId);
      if (account === undefined) throw new UseCaseError('NOT_FOUND', `account ${accountId} does not exist`);
      return { ...account, methodology, baseCurrency: currency };
    });
    const { run } = comparison;
    const inputs = await this.inputs.read(tx, accounts, momentOf(run));
    const shares = { instruments: inputs.instruments, positionsAt: run.positionsAt };
    const snapshot = inSharesAt(comparison.snapshot, inputs, shares);
    const details = await this.explanations.find(tx, page);
    const outcomes = [];
    for (const [index, stored] of page.entries()) {
      const account = accounts[index] as Account;
      const recorded = { account, inputs, snapshot, stored, detail: details.get(stored.id) };
      outcomes.push({ accountCode: account.code, ...(await this.compareOne(tx, comparison, recorded)) });
      await nextTurn();
    }
    return outcomes;
  }

  private async compareOne(
    tx: TenantTransaction,
    { run, statement, tolerances, stated: statements, methods }: Comparison,
    recorded: Parameters<typeof ownAccountOf>[0],
  ): Promise<{ readonly matched: number; readonly breaks: readonly FoundBreak[] }> {
    const { account } = recorded;
    const ours = ownAccountOf(recorded);
    const stated = statements.get(account.code);
    const named = { accountId: account.id, accountCode: account.code };
    if (stated === undefined) {
      if (isEmptyAccount(ours)) return { matched: 0, breaks: [] };
      const found = { item: '', ours: null, theirs: null, difference: null, currency: null };
      const cause = unexplainedCause('the statement does not name the account, which is not empty');
      return { matched: 0, breaks: [{ kind: 'ACCOUNT_MISSING_IN_STATEMENT', ...found, ...named, cause }] };
    }
    const { matched, breaks } = compareAccount({ ours, stated, sections: statement.sections, tolerances });
    if (breaks.length === 0) return { matched, breaks: [] };
    const now = await currentInstant(tx);
    const later = await this.lookups.later(tx, account.id, { run: run.positionsAt, now });
    const foreign = await this.lookups.instrumentsOf(tx, statedOnly(breaks, stated));
    const inEffect = methods.get(account.methodology);
    const causes = traceBreaks(breaks, { recorded, ours, stated, inEffect, later, foreign });
    return {
      matched,
      breaks: breaks.map((found, index) => ({ ...found, ...named, cause: causes[index] ?? unexplainedCause('') })),
    };
  }
}

async function currentInstant(tx: TenantTransaction) {
  const [row] = await tx.rows<{ now: Date }>('SELECT current_instant() AS now');
  return instantOf((row as { now: Date }).now.getTime());
}

/** Positions of a statement that we do not hold. */
function statedOnly(breaks: readonly StatementBreak[], { positions }: AccountStatement) {
  const missing = new Set(breaks.filter(({ kind }) => kind === 'POSITION_MISSING_IN_RUN').map(({ item }) => item));
  return positions.filter(({ instrumentId }) => missing.has(instrumentId));
}

function warningsOf({ date }: Statement, { asOf }: MarginRun): string[] {
  const day = new Date(asOf).toISOString().slice(0, 10);
  return date === null || date === day ? [] : [`the statement is of ${date}, the run of ${day}`];
}

function writtenTolerances(tolerances: ReconciliationTolerances): Record<string, Record<string, string>> {
  const written = ({ absolute, relative }: MoneyTolerance) => {
    for (const [name, bound] of Object.entries({ absolute: absolute ?? relative, relative }))
      if (!bound.isFinite() || bound.isNegative())
        throw new UseCaseError(
          'BAD_USER_INPUT',
          `tolerance ${name}: expected at least 0, got ${bound.toFixed()}`,
          'tolerances',
        );
    return { absolute: absolute?.toFixed() ?? 'of the currency', relative: relative.toFixed() };
  };
  const { quantity, price, amount } = tolerances;
  return { quantity: written(quantity), price: written(price), amount: written(amount) };
}
