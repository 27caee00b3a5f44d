import {
  defaultBufferPolicy,
  findStressScenarios,
  type FirmRisk,
  parseFirmControls,
  type RiskGrouping,
} from '@ballast/buffer';
import {
  type Account,
  type DataQuality,
  DomainError,
  formatInstant,
  type Instant,
  type MarketSnapshot,
  type Methodology,
  parseCurrency,
} from '@ballast/domain';
import {
  AccountStore,
  FirmControlsStore,
  type MarginRun,
  MarginRunStore,
  type MarketSnapshotHeader,
  MarketSnapshotStore,
  RiskParameterStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { momentOf } from '../engine/run-moment';
import { portfolioOfHoldings } from '../run/evaluate-account';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { holdingsOf, type RunCatalogue, RunInputReader } from '../run/run-inputs';
import { AnalysisThreads } from '../threads/analysis-threads';
import type { FirmAccountSource } from '../threads/firm-source';
import { postFailure } from '../threads/thread-failure';
import { UseCaseError } from '../caller/use-case-error';

export type {
  Concentration,
  ConcentrationShare,
  ExcludedAccount,
  FirmExposure,
  FirmRisk,
  FirmScenario,
  FirmScenarioAccount,
  RiskGrouping,
  UnderlyingExposure,
} from '@ballast/buffer';
import { staleCadences } from '../requirement/read-requirement';

/** What is asked about a firm. */
export interface FirmRiskRequest {
  readonly by: RiskGrouping;
  /** Names of the library; all of it when empty. */
  readonly scenarios: readonly string[];
  /** Currency of the amounts; the base currency that most accounts have when absent. */
  readonly currency?: string;
  /** Rows of every list of largest ones. */
  readonly top: number;
  readonly now: Instant;
}

/** The risk of a firm with where it comes from. */
export interface FirmRiskAnswer {
  readonly run: MarginRun;
  readonly asOf: Instant;
  readonly ageMs: number;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  readonly risk: FirmRisk;
}

/** Accounts read and evaluated together: memory does not grow with the firm. */
const accountsPerPage = 100;
export const topMaximum = 50;

/** The stores that a firm's risk is read from. */
@Injectable()
export class FirmRiskStores {
  constructor(
    readonly accounts: AccountStore,
    readonly controls: FirmControlsStore,
    readonly runs: MarginRunStore,
    readonly snapshots: MarketSnapshotStore,
    readonly parameters: RiskParameterStore,
  ) {}
}

/** What the pages of one answer share. */
interface FirmBook {
  readonly run: MarginRun;
  readonly header: MarketSnapshotHeader;
  readonly snapshot: MarketSnapshot;
  readonly catalogue: RunCatalogue;
  readonly parameters: ReadonlyMap<Methodology, unknown>;
}

/**
 * Adds up a firm: every account as the latest completed run saw it, now and under stress, page by page.
 *
 * Figures are those computed from positions, snapshot and parameters of that run; what waits for a release, or was held
 * up while data was degraded, is not looked at here.
 */
@Injectable()
export class ReadFirmRisk {
  constructor(
    private readonly stores: FirmRiskStores,
    private readonly inputs: RunInputReader,
    private readonly threads: AnalysisThreads,
  ) {}

  /** @throws UseCaseError 'FORBIDDEN'; 'NOT_FOUND' without a completed run; 'BAD_USER_INPUT'; DomainError for unknown scenarios */
  async execute(session: ReadSession, request: FirmRiskRequest): Promise<FirmRiskAnswer> {
    requirePermission(session.principal, 'read-firm');
    const { by, top, scenarios: names } = request;
    if (!(Number.isInteger(top) && top >= 0 && top <= topMaximum))
      throw new UseCaseError('BAD_USER_INPUT', `top: expected 0 to ${topMaximum}, got ${top}`, 'top');
    const scenarios = findStressScenarios(names);
    const currency = await this.currencyOf(session, request.currency);
    const book = await session.read((tx) => this.openBook(tx));
    const { snapshot, parameters } = book;
    const { listedFutures } = book.catalogue;
    const firm = await this.threads.openFirm(
      { snapshot, parameters, listedFutures, question: { by, scenarios, currency, top } },
      { field: 'scenarios', signal: session.signal },
    );
    try {
      for (let after: string | undefined, isLast = false; !isLast;) {
        const page = await this.readPage(session, book, after);
        await firm.add(page.accounts);
        after = page.last;
        isLast = page.last === undefined;
      }
      return await this.answerOf(session, request.now, book, await firm.conclude());
    } finally {
      firm.close();
    }
  }

  private async currencyOf(session: ReadSession, stated: string | undefined): Promise<string> {
    if (stated !== undefined) return parseCurrency(stated, 'currency');
    const [most] = await session.read((tx) => this.stores.accounts.countBaseCurrencies(tx));
    return most?.currency ?? 'USD';
  }

  private async openBook(tx: TenantTransaction): Promise<FirmBook> {
    const { runs, snapshots } = this.stores;
    const run = await runs.findLatestCompleted(tx);
    if (run === null) throw new UseCaseError('NOT_FOUND', 'no run of the firm is completed: start one first');
    const stored = await snapshots.load(tx, run.snapshotId);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    const parameters = new Map<Methodology, unknown>();
    for (const { methodology, parameterSetId } of run.parameterSets)
      parameters.set(methodology, (await this.stores.parameters.findById(tx, parameterSetId))?.parameters ?? {});
    const catalogue = await this.inputs.readCatalogue(tx, momentOf(run));
    // A run values the snapshot at its own instant.
    const snapshot = await this.inputs.marketOf(tx, stored.snapshot, momentOf(run), catalogue);
    return { run, header: stored, snapshot: { ...snapshot, asOf: run.asOf }, catalogue, parameters };
  }

  private async readPage(
    session: ReadSession,
    book: FirmBook,
    after: string | undefined,
  ): Promise<{ readonly accounts: readonly FirmAccountSource[]; readonly last: string | undefined }> {
    return session.read(async (tx) => {
      const orderBy = { field: 'CODE', direction: 'ASC' } as const;
      const request = { first: accountsPerPage, orderBy, ...(after === undefined ? {} : { after }) };
      const { items, hasNextPage } = await this.stores.accounts.findPage(tx, request);
      const accounts = items.map(({ node }) => node);
      return {
        accounts: await this.sourcesOf(tx, book, accounts),
        last: hasNextPage ? items.at(-1)?.cursor : undefined,
      };
    });
  }

  private async sourcesOf(
    tx: TenantTransaction,
    { run, snapshot, catalogue }: FirmBook,
    accounts: readonly Account[],
  ): Promise<readonly FirmAccountSource[]> {
    const { asOf } = run;
    const inputs = await this.inputs.read(tx, accounts, momentOf(run), catalogue);
    const { instruments, schedules } = inputs;
    return accounts.map((account) => {
      const holdings = holdingsOf(inputs, account.id);
      const market = { instruments, listedFutures: [], schedules, snapshot, asOf };
      const previousStatus = inputs.previousStatuses.get(account.id);
      return {
        id: account.id,
        code: account.code,
        name: account.name,
        portfolio: portfolioOrRefusal({ account, holdings, ...market }),
        policy: inputs.policies.get(account.id) ?? defaultBufferPolicy(asOf),
        ...(previousStatus === undefined ? {} : { previousStatus }),
      };
    });
  }

  private async answerOf(session: ReadSession, now: Instant, book: FirmBook, risk: FirmRisk): Promise<FirmRiskAnswer> {
    const { run, header } = book;
    const stored = await session.read((tx) => this.stores.controls.findInEffect(tx, { asOf: now }));
    const { cadenceMs } = parseFirmControls(stored?.controls ?? {}, now);
    const isStale = now - run.knownAt > staleCadences * cadenceMs;
    const { accounts, accountsValued, accountsExcluded, excluded } = risk;
    const named = excluded.map(({ code, reason }) => `${code}: ${reason}`);
    const qualityReasons = [
      ...(header.quality === 'OK' ? [] : header.qualityReasons),
      ...(accountsExcluded === 0 ? [] : [`${accountsExcluded} of ${accounts} accounts take no part`, ...named]),
      ...(isStale
        ? [`STALE: no run since ${formatInstant(run.knownAt)}, more than twice the cadence of ${cadenceMs} ms`]
        : []),
    ];
    const isDoubtful = header.quality !== 'OK' || accountsExcluded > 0;
    const quality =
      accounts > 0 && accountsValued === 0 ? 'INDETERMINATE' : isStale ? 'STALE' : isDoubtful ? 'DEGRADED' : 'OK';
    return { run, asOf: run.asOf, ageMs: Math.max(0, now - run.asOf), quality, qualityReasons, risk };
  }
}

/** One account whose terms are unknown must not cost the firm its answer. */
function portfolioOrRefusal(input: Parameters<typeof portfolioOfHoldings>[0]): FirmAccountSource['portfolio'] {
  try {
    return portfolioOfHoldings(input);
  } catch (error) {
    if (error instanceof DomainError) return postFailure(error);
    throw error;
  }
}
