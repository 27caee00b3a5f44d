import { formatInstant } from '@ballast/domain';
import { nothingEarlier } from '@ballast/margin';
import {
  type AccountResult,
  Database,
  type HashedResult,
  hasGivenUpRequirements,
  type MarginRun,
  PersistenceError,
  snapshotHash,
  type StoredRequirement,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { UseCaseError } from '../caller/use-case-error';
import { engineVersion } from './engine-version';
import { startRunHash } from './evaluate-account';
import { RecordedEvaluation, type RecordedRunPlan, ReplayStores } from './recorded-evaluation';
import { compareFigures, compareResults, type ReplayDifference, replayedHash } from './replay-comparison';
import { ReplayProgress, type ReplayState } from './replay-progress';

export type { ReplayDifference } from './replay-comparison';

/** What a replay found. */
export interface ReplayReport {
  readonly run: MarginRun;
  /** Accounts compared, also those of the replay that this one goes on from. */
  readonly accounts: number;
  /** Of those, the ones an interrupted replay had compared. */
  readonly resumedAfter: number;
  /** Somebody stopped it: what was compared is kept, or what was kept before where nothing was; the hash of the run is not. */
  readonly isStopped: boolean;
  /** Version that recomputed; the run names the one that wrote. */
  readonly engineVersion: string;
  readonly differenceCount: number;
  /** The first hundred. */
  readonly differences: readonly ReplayDifference[];
}

export interface ReplayCommandInput {
  readonly firmId: string;
  readonly runId: string;
  /** Only this account; all of the run when absent. */
  readonly accountCode?: string;
  /** Go on where an interrupted replay of the run stopped; from the first account where there was none. */
  readonly resume?: boolean;
  /** Accounts recomputed between two looks at the database, ≥ 1; 1,000 when absent, the size of a shard. */
  readonly stepSize?: number;
  /** Aborted to stop after the accounts at hand. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const usualStepSize = 1_000;
/** While one step is computed the database reads the next. */
const stepsAtOnce = 2;
const rowsPerPage = 5_000;
const differencesShown = 100;
/** How often the state is kept [ms]; after the first step at once. */
const keepIntervalMs = 1_000;
/** A step reads thousands of positions from a table of millions [ms]. */
const statementTimeoutMs = 300_000;

interface Replay {
  readonly context: TenantContext;
  readonly plan: RecordedRunPlan;
  readonly snapshotHash: string;
  /** Requirements from before the run were given up under the retention policy. */
  readonly lacksEarlier: boolean;
}

/** What a step compared. */
interface StepResult {
  readonly after: string;
  readonly compared: readonly (HashedResult & {
    readonly isOther: boolean;
    readonly found: readonly ReplayDifference[];
  })[];
}

/**
 * Recomputes a run from what was recorded of its inputs and compares every figure bit for bit; of a PARTIAL run the accounts
 * that have a result. Contracts are valued once for the whole run, and memory does not grow with the number of accounts.
 */
@Injectable()
export class ReplayRun {
  constructor(
    private readonly database: Database,
    private readonly stores: ReplayStores,
    private readonly recorded: RecordedEvaluation,
    private readonly progress: ReplayProgress,
  ) {}

  /**
   * @throws UseCaseError 'NOT_FOUND' for an unknown run, account, or a run that has no requirement of it; 'CONFLICT' for a
   *         run that has no results; PersistenceError 'GIVEN_UP' where its results or quotes were, under the retention policy
   */
  async execute(input: ReplayCommandInput): Promise<ReplayReport> {
    const context: TenantContext = { firmId: input.firmId };
    const replay = await this.prepare(context, input.runId);
    const { run } = replay.plan;
    if (input.accountCode !== undefined) return this.replayAccount(replay, input.accountCode);
    const kept = input.resume === true ? await this.progress.read(run) : null;
    const tally = new ReplayTally(kept);
    if (kept !== null) await this.hashStored(replay, kept, tally);
    const tell = (): void => input.onProgress?.(tally.accounts, run.accountsDone);
    tell();
    let keptAt = Number.NEGATIVE_INFINITY;
    const isWhole = await this.replaySteps(replay, input, tally, async () => {
      tell();
      if (performance.now() - keptAt < keepIntervalMs) return;
      await this.progress.write(run, tally.state());
      keptAt = performance.now();
    });
    if (isWhole) {
      if (tally.accounts !== run.accountsDone)
        tally.note(compareFigures(null, { accounts: run.accountsDone }, { accounts: tally.accounts }));
      tally.note(compareFigures(null, { resultHash: run.resultHash }, { resultHash: tally.digest() }));
      await this.progress.forget(run);
    } else if (tally.accounts > (kept?.accounts ?? 0)) await this.progress.write(run, tally.state());
    const { accounts, differenceCount, differences } = tally.state();
    const resumedAfter = kept?.accounts ?? 0;
    return { run, accounts, resumedAfter, isStopped: !isWhole, engineVersion, differenceCount, differences };
  }

  private async prepare(context: TenantContext, runId: string): Promise<Replay> {
    const run = await this.stores.runs.findById(context, runId);
    if (run === null) throw new UseCaseError('NOT_FOUND', `no run ${runId}`, 'run');
    if (run.state !== 'COMPLETED' && run.state !== 'PARTIAL')
      throw new UseCaseError('CONFLICT', `run ${runId} is ${run.state}: it has no results`);
    const { asOf } = run;
    const gaveUp = (at: Parameters<typeof hasGivenUpRequirements>[1]): Promise<boolean> =>
      this.database.withTenant(context, (tx) => hasGivenUpRequirements(tx, at));
    const lacksEarlier = await gaveUp({ upTo: asOf });
    if (lacksEarlier && (await gaveUp({ of: asOf })))
      throw new PersistenceError(
        'GIVEN_UP',
        `the results of run ${runId}, as of ${formatInstant(asOf)}, were given up with their month under the retention policy`,
      );
    const stored = await this.stores.snapshots.load(context, run.snapshotId);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    const { snapshot, hashForm } = stored;
    const methods = await this.recorded.prepareMethods(context, run);
    const shared = await this.recorded.share(context, { run, methods });
    const plan = { run, methods, snapshot, shared };
    return { context, plan, snapshotHash: snapshotHash(snapshot, hashForm), lacksEarlier };
  }

  private async replayAccount(replay: Replay, code: string): Promise<ReplayReport> {
    const { run } = replay.plan;
    const account = await this.stores.accounts.findByCode(replay.context, code);
    if (account === null) throw new UseCaseError('NOT_FOUND', `no account has the code ${code}`, 'account');
    const page = await this.stores.requirements.findWritten(replay.context, run, {
      first: 1,
      accountIds: [account.id],
    });
    const tally = new ReplayTally(null);
    if (page.length > 0) tally.take(await this.replayStep(replay, page));
    else tally.note(compareFigures(null, { accounts: 1 }, { accounts: 0 }));
    const { accounts, differenceCount, differences } = tally.state();
    return { run, accounts, resumedAfter: 0, isStopped: false, engineVersion, differenceCount, differences };
  }

  /** Steps in order of the account, the next one read while one is computed. @returns false when it was stopped */
  private async replaySteps(
    replay: Replay,
    { signal, stepSize = usualStepSize }: ReplayCommandInput,
    tally: ReplayTally,
    onStep: () => Promise<void>,
  ): Promise<boolean> {
    const { context, plan } = replay;
    const waiting: Promise<StepResult>[] = [];
    let { after } = tally.state();
    let isLast = false;
    while (waiting.length > 0 || (!isLast && signal?.aborted !== true)) {
      if (!isLast && signal?.aborted !== true && waiting.length < stepsAtOnce) {
        const page = await this.stores.requirements.findWritten(context, plan.run, { first: stepSize, after });
        after = page.at(-1)?.accountId ?? after;
        isLast = page.length < stepSize;
        if (page.length === 0) continue;
        const step = this.replayStep(replay, page);
        // Looked at in its turn; until then a failure is nobody's.
        step.catch(() => undefined);
        waiting.push(step);
        continue;
      }
      tally.take(await (waiting.shift() as Promise<StepResult>));
      await onStep();
    }
    return isLast;
  }

  private async replayStep(replay: Replay, page: readonly StoredRequirement[]): Promise<StepResult> {
    const { context, plan, snapshotHash, lacksEarlier } = replay;
    const { requirements } = this.stores;
    return this.database.withTenant(
      context,
      async (tx) => {
        const details = await requirements.findDetails(tx, page);
        const bytes = await requirements.findFigures(tx, page);
        const explained = new Set(page.flatMap(({ id }) => (details.has(id) || !bytes.has(id) ? [id] : [])));
        const results = await this.recorded.evaluate(tx, plan, page, explained);
        const compared = results.map(({ account, stored, result }) => {
          const figures = bytes.get(stored.id);
          const written = { stored, detail: details.get(stored.id), figures };
          const lostEarlier = lacksEarlier && isBereft(stored, result);
          const found = lostEarlier
            ? [lostComparison(account.code, stored)]
            : compareResults(written, { code: account.code, result, snapshotHash });
          const resultHash = lostEarlier ? stored.resultHash : replayedHash(result, figures);
          return { accountId: account.id, resultHash, isOther: resultHash !== stored.resultHash, found };
        });
        return { after: (page.at(-1) as StoredRequirement).accountId, compared };
      },
      { isolation: 'REPEATABLE READ', statementTimeoutMs },
    );
  }

  /** Takes the accounts that an interrupted replay compared into the hash of the run: as stored, or as it found them. */
  private async hashStored({ context, plan }: Replay, kept: ReplayState, tally: ReplayTally): Promise<void> {
    let after: string | null = null;
    for (let more = kept.after !== null; more;) {
      const page: StoredRequirement[] = await this.stores.requirements.findWritten(context, plan.run, {
        first: rowsPerPage,
        after,
      });
      const compared = page.filter(({ accountId }) => accountId <= (kept.after as string));
      for (const { accountId, resultHash } of compared)
        tally.hash.add({ accountId, resultHash: kept.otherHashes[accountId] ?? resultHash });
      after = page.at(-1)?.accountId ?? null;
      more = compared.length === rowsPerPage;
    }
  }
}

/** Whether a requirement on doubtful data was held against an earlier one that is not there any more. */
function isBereft(stored: StoredRequirement, { qualityReasons }: AccountResult): boolean {
  return qualityReasons.includes(nothingEarlier) && !stored.qualityReasons.includes(nothingEarlier);
}

/** A requirement that stood on an earlier one, of a month that was given up: it cannot be computed again. */
function lostComparison(account: string, stored: StoredRequirement): ReplayDifference {
  const replayed = 'the earlier requirement was given up with its month under the retention policy';
  return { account, field: 'earlierRequirement', stored: stored.qualityReasons.join('; '), replayed };
}

/** Counts what was compared. */
class ReplayTally {
  readonly hash = startRunHash();
  accounts: number;
  private after: string | null;
  private differenceCount: number;
  private readonly differences: ReplayDifference[];
  private readonly otherHashes: Record<string, string>;

  constructor(kept: ReplayState | null) {
    this.accounts = kept?.accounts ?? 0;
    this.after = kept?.after ?? null;
    this.differenceCount = kept?.differenceCount ?? 0;
    this.differences = [...(kept?.differences ?? [])];
    this.otherHashes = { ...kept?.otherHashes };
  }

  take({ after, compared }: StepResult): void {
    for (const { accountId, resultHash, isOther, found } of compared) {
      this.hash.add({ accountId, resultHash });
      if (isOther) this.otherHashes[accountId] = resultHash;
      if (found.length > 0) this.note(found);
    }
    this.accounts += compared.length;
    this.after = after;
  }

  note(found: readonly ReplayDifference[]): void {
    this.differenceCount += found.length;
    this.differences.push(...found.slice(0, differencesShown - this.differences.length));
  }

  digest(): string {
    return this.hash.digest();
  }

  state(): ReplayState {
    const { after, accounts, differenceCount, differences, otherHashes } = this;
    return { after, accounts, differenceCount, differences, otherHashes };
  }
}
