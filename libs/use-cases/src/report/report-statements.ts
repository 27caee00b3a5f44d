import { type Account, formatInstant, type Instrument, type MarketSnapshot } from '@ballast/domain';
import {
  AccountStore,
  Database,
  type Firm,
  HeldRequirementStore,
  InstrumentStore,
  MarginCallStore,
  type MarginRun,
  MarginRunStore,
  type MarketSnapshotHeader,
  MarketSnapshotStore,
  PositionStore,
  RequirementStore,
  type StoredMarginCall,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { type PreparedRun, RequirementExplanations } from '../requirement/requirement-explanations';
import { UseCaseError } from '../caller/use-case-error';
import { inSharesAt, SplitReader } from '../market/split-reader';
import type { ReportDocument } from './report-document';
import { statementLines } from './statement-lines';

/** An account, and what a run says of it. */
export interface AccountOfRun {
  readonly account: Account;
  readonly requirement: StoredRequirement;
}

/** The stores from which the figures of a report come. */
@Injectable()
export class ReportFigures {
  constructor(
    readonly accounts: AccountStore,
    readonly runs: MarginRunStore,
    readonly requirements: RequirementStore,
    readonly holds: HeldRequirementStore,
    readonly calls: MarginCallStore,
  ) {}

  /** @throws UseCaseError 'NOT_FOUND' for an unknown run or without any, 'CONFLICT' for one without results */
  async findRun(tx: TenantTransaction, id: string | undefined): Promise<MarginRun> {
    const run = id === undefined ? await this.runs.findLatestCompleted(tx) : await this.runs.findById(tx, id);
    if (run === null) {
      const what = id === undefined ? 'there is no completed run to report on' : `no margin run has the id ${id}`;
      throw new UseCaseError('NOT_FOUND', what, 'run');
    }
    if (run.resultHash === null) throw new UseCaseError('CONFLICT', `run ${run.id} is ${run.state}: it has no results`);
    return run;
  }

  /** Requirements of a run page by page in order of account codes, with the confirmations of held ones as they stand now. */
  async *pages(
    tx: TenantTransaction,
    run: MarginRun,
    page: { readonly first: number; readonly accountIds?: readonly string[] | undefined },
  ): AsyncGenerator<readonly AccountOfRun[]> {
    const { first, accountIds } = page;
    let after: string | null = null;
    for (let more = true; more;) {
      const stretch: Account[] = await this.accounts.findEvaluated(tx, run, {
        first: accountsPerStretch,
        after,
        accountIds,
      });
      for (let start = 0; start < stretch.length; start += first)
        yield await this.requirementsOf(tx, run, stretch.slice(start, start + first));
      after = stretch.at(-1)?.code ?? null;
      more = stretch.length === accountsPerStretch;
    }
  }

  private async requirementsOf(
    tx: TenantTransaction,
    run: MarginRun,
    accounts: readonly Account[],
  ): Promise<readonly AccountOfRun[]> {
    const accountIds = accounts.map(({ id }) => id);
    const written = await this.requirements.findWritten(tx, run, { first: accountIds.length, accountIds });
    const held = written.filter(({ quality }) => quality === 'HELD');
    const holds = held.length === 0 ? new Map<string, never>() : await this.holds.findByKeys(tx, held);
    const byAccount = new Map(written.map((requirement) => [requirement.accountId, requirement]));
    return accounts.map((account) => {
      const requirement = byAccount.get(account.id) as StoredRequirement;
      const hold = holds.get(requirement.id);
      if (hold === undefined) return { account, requirement };
      if (hold.confirmation === null) return { account, requirement: { ...requirement, hold } };
      const { statusOnRelease: status, qualityOnRelease: quality } = hold;
      return { account, requirement: { ...requirement, hold, status, quality } };
    });
  }

  /** All calls of a filter, last raised first. */
  async findCalls(
    tx: TenantTransaction,
    filter: Parameters<MarginCallStore['findPage']>[1]['filter'],
  ): Promise<readonly StoredMarginCall[]> {
    const calls: StoredMarginCall[] = [];
    let after: string | undefined;
    do {
      const page = await this.calls.findPage(tx, { first: callsPerPage, after, filter });
      calls.push(...page.items.map(({ node }) => node));
      after = page.hasNextPage ? page.items.at(-1)?.cursor : undefined;
    } while (after !== undefined);
    return calls;
  }
}

/** The stores from which what an account holds comes. */
@Injectable()
export class ReportHoldings {
  constructor(
    readonly positions: PositionStore,
    readonly instruments: InstrumentStore,
    readonly snapshots: MarketSnapshotStore,
    private readonly splitReader: SplitReader,
  ) {}

  /** Terms of contracts. @param known  terms that were read before; those that were not are added to them */
  async readTerms(
    tx: TenantTransaction,
    ids: readonly string[],
    known: Map<string, Instrument>,
  ): Promise<ReadonlyMap<string, Instrument>> {
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length > 0)
      for (const [id, terms] of await this.instruments.findByIds(tx, unknown)) known.set(id, terms);
    return new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id) as Instrument]] : [])));
  }

  /**
   * The market of a run for some contracts, in the shares held then: as the run valued them.
   *
   * @param whole  the snapshot of the run, where it was read before
   */
  async readMarket(
    tx: TenantTransaction,
    run: MarginRun,
    instruments: ReadonlyMap<string, Instrument>,
    whole?: MarketSnapshot,
  ): Promise<MarketSnapshot> {
    const { snapshotId, positionsAt, knownAt } = run;
    const splits = await this.splitReader.readSplits(tx, { positionsAt, knownAt });
    const forerunners = await this.splitReader.readForerunners(tx, instruments, splits);
    const quoted = [...instruments.keys(), ...forerunners.keys()];
    const snapshot = whole ?? (await this.snapshots.loadForInstruments(tx, snapshotId, quoted))?.snapshot;
    if (snapshot === undefined) throw new UseCaseError('NOT_FOUND', `snapshot ${snapshotId} does not exist`);
    return inSharesAt(snapshot, { splits, forerunners }, { instruments, positionsAt });
  }
}

const callsPerPage = 500;
/** Codes and names that are read at once. */
const accountsPerStretch = 10_000;
const accountsPerStep = 250;
const statementTimeoutMs = 60_000;
/** Whoever reads statements from a pipe may take his time over a page [ms]. */
const idleTimeoutMs = 3_600_000;

/** Writes the margin statement of every account of a run: what it had, what it needs, and how every cent came about. */
@Injectable()
export class ReportStatements {
  constructor(
    private readonly database: Database,
    private readonly figures: ReportFigures,
    private readonly holdings: ReportHoldings,
    private readonly explanations: RequirementExplanations,
  ) {}

  /**
   * Statements in order of the accounts' codes, held in memory some at a time; contracts are read and valued once for all.
   *
   * @param request.accountCodes  only these accounts; all of the run when absent
   * @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND' for an unknown run or account, or an account that the run has not,
   *         'CONFLICT' where the recorded inputs no longer give the recorded figures
   */
  async execute(
    principal: Principal,
    request: {
      readonly firm: Firm;
      readonly runId?: string | undefined;
      readonly accountCodes?: readonly string[] | undefined;
      readonly onProgress?: (done: number, total: number) => void;
      /** Accounts read and explained at once, ≥ 1; 250 when absent. */
      readonly stepSize?: number;
    },
    take: (statement: ReportDocument) => Promise<void>,
  ): Promise<MarginRun> {
    requirePermission(principal, 'read-firm');
    const { firmId, accountIds: visible } = principal;
    const context = visible === undefined ? { firmId } : { firmId, accountIds: visible };
    const work = async (tx: TenantTransaction): Promise<MarginRun> => {
      const run = await this.figures.findRun(tx, request.runId);
      const header = (await this.holdings.snapshots.findById(tx, run.snapshotId)) as MarketSnapshotHeader;
      const accountIds = await this.findAccountIds(tx, request.accountCodes);
      const total = accountIds?.length ?? run.accountsDone;
      const { stepSize: first = accountsPerStep } = request;
      const prepared = total > first ? await this.explanations.prepare(tx, run) : undefined;
      const about = { run, header, firm: request.firm, prepared };
      let done = 0;
      for await (const page of this.figures.pages(tx, run, { first, accountIds })) {
        for (const statement of await this.statementsOf(tx, about, page)) await take(statement);
        done += page.length;
        request.onProgress?.(done, total);
      }
      if (accountIds !== undefined && done < accountIds.length)
        throw new UseCaseError('NOT_FOUND', 'the run has no result of that account', 'account');
      return run;
    };
    return this.database.withTenant(context, work, { isolation: 'REPEATABLE READ', statementTimeoutMs, idleTimeoutMs });
  }

  private async findAccountIds(tx: TenantTransaction, codes: readonly string[] | undefined) {
    if (codes === undefined) return undefined;
    const found = await this.figures.accounts.findByCodes(tx, codes);
    const unknown = codes.find((code) => !found.has(code));
    if (unknown !== undefined) throw new UseCaseError('NOT_FOUND', `no account has the code ${unknown}`, 'account');
    return [...found.values()].map(({ id }) => id);
  }

  private async statementsOf(
    tx: TenantTransaction,
    { run, header, firm, prepared }: ReportedRun,
    page: readonly AccountOfRun[],
  ): Promise<readonly ReportDocument[]> {
    const ids = page.map(({ account }) => account.id);
    const details = await this.explanations.find(
      tx,
      page.map(({ requirement }) => requirement),
      prepared,
    );
    const at = { validAt: run.positionsAt, knownAt: run.knownAt };
    const positions = await this.holdings.positions.findAsOf(tx, ids, at);
    const held = [...new Set([...positions.values()].flat().map(({ instrumentId }) => instrumentId))];
    const instruments = await this.holdings.readTerms(tx, held, prepared?.shared.catalogue.instruments ?? new Map());
    const snapshot = await this.holdings.readMarket(tx, run, instruments, prepared?.snapshot);
    const open = await this.figures.findCalls(tx, { accountIds: ids, open: true });
    return page.map(({ account, requirement }): ReportDocument => {
      const calls = open.filter(({ accountId }) => accountId === account.id);
      const content = { requirement, detail: details.get(requirement.id), instruments, snapshot, calls };
      return {
        ...headOf('statement', { run, header, firm }),
        account: { code: account.code, name: account.name },
        quality: requirement.quality,
        qualityReasons: requirement.qualityReasons,
        lines: statementLines({ ...content, positions: positions.get(account.id) ?? [] }),
        accountResultHash: requirement.resultHash,
      };
    });
  }
}

/** The run that statements are about; prepared where they are many. */
interface ReportedRun {
  readonly run: MarginRun;
  readonly header: MarketSnapshotHeader;
  readonly firm: Firm;
  readonly prepared: PreparedRun | undefined;
}

/** What every report on a run says of the run. */
export function headOf(
  kind: ReportDocument['kind'],
  { run, header, firm }: { readonly run: MarginRun; readonly header: MarketSnapshotHeader; readonly firm: Firm },
): Pick<ReportDocument, 'kind' | 'firm' | 'asOf' | 'run' | 'marketAgeSeconds' | 'resultHash'> {
  return {
    kind,
    firm: { code: firm.code, name: firm.name },
    asOf: formatInstant(run.asOf),
    run: run.id,
    marketAgeSeconds: (run.asOf - header.asOf) / 1_000,
    resultHash: run.resultHash,
  };
}
