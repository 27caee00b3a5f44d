import { canonicalJson, Decimal, type MarketSnapshot, type Methodology } from '@ballast/domain';
import { decodeRequirementFigures } from '@ballast/margin';
import {
  contentHash,
  Database,
  type AccountResult,
  type MarginRun,
  type RequirementDetail,
  type StoredRequirement,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { engineVersion } from './engine-version';
import { hashRun, type MethodInEffect } from './evaluate-account';
import { RecordedEvaluation, ReplayStores } from './recorded-evaluation';
import { hashResultAsText } from './result-hash';
import { UseCaseError } from '../caller/use-case-error';

/** A figure that the stored inputs do not give again. */
export interface ReplayDifference {
  /** Code of the account; null for the run itself. */
  readonly account: string | null;
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

/** What a replay found. */
export interface ReplayReport {
  readonly run: MarginRun;
  readonly accounts: number;
  /** Version that recomputed; the run names the one that wrote. */
  readonly engineVersion: string;
  readonly differenceCount: number;
  /** The first hundred. */
  readonly differences: readonly ReplayDifference[];
}

/** Accounts recomputed between two looks at the database. */
const accountsPerStep = 200;
const differencesShown = 100;
const textShown = 200;
const ratioDecimals = 12;

interface Replay {
  readonly context: TenantContext;
  readonly run: MarginRun;
  readonly snapshot: MarketSnapshot;
  readonly snapshotHash: string;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
}

/**
 * Recomputes a run from what was recorded of its inputs and compares every figure bit for bit; of a PARTIAL run the accounts
 * that have a result.
 */
@Injectable()
export class ReplayRun {
  constructor(
    private readonly database: Database,
    private readonly stores: ReplayStores,
    private readonly recorded: RecordedEvaluation,
  ) {}

  /**
   * @param input.accountCode  only this account; all of the run when absent
   * @throws UseCaseError 'NOT_FOUND' for an unknown run, account, or a run that has no requirement of it; 'CONFLICT' for a
   *         run that has no results
   */
  async execute(input: {
    readonly firmId: string;
    readonly runId: string;
    readonly accountCode?: string;
    readonly onProgress?: (done: number, total: number) => void;
  }): Promise<ReplayReport> {
    const context: TenantContext = { firmId: input.firmId };
    const replay = await this.prepare(context, input.runId);
    const accountId = await this.findAccountId(context, input.accountCode);
    const total = accountId === undefined ? replay.run.accountsDone : 1;
    const differences: ReplayDifference[] = [];
    const hashes: Pick<AccountResult, 'accountId' | 'resultHash'>[] = [];
    let differenceCount = 0;
    const note = (found: readonly ReplayDifference[]): void => {
      differenceCount += found.length;
      differences.push(...found.slice(0, differencesShown - differences.length));
    };
    let after: string | null = null;
    for (let more = true; more;) {
      const page: StoredRequirement[] = await this.stores.requirements.findWritten(context, replay.run, {
        first: accountsPerStep,
        after,
        ...(accountId === undefined ? {} : { accountIds: [accountId] }),
      });
      for (const { found, ...pair } of await this.replayStep(replay, page)) {
        hashes.push(pair);
        note(found);
      }
      after = page.at(-1)?.accountId ?? null;
      more = page.length === accountsPerStep;
      input.onProgress?.(hashes.length, total);
    }
    if (hashes.length !== total) note([difference(null, 'accounts', total, hashes.length)]);
    if (accountId === undefined)
      note(compare(null, { resultHash: replay.run.resultHash }, { resultHash: hashRun(hashes) }));
    return { run: replay.run, accounts: hashes.length, engineVersion, differenceCount, differences };
  }

  private async prepare(context: TenantContext, runId: string): Promise<Replay> {
    const run = await this.stores.runs.findById(context, runId);
    if (run === null) throw new UseCaseError('NOT_FOUND', `no run ${runId}`, 'run');
    if (run.state !== 'COMPLETED' && run.state !== 'PARTIAL')
      throw new UseCaseError('CONFLICT', `run ${runId} is ${run.state}: it has no results`);
    const stored = await this.stores.snapshots.load(context, run.snapshotId);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    const methods = await this.recorded.prepareMethods(context, run);
    const { snapshot } = stored;
    return { context, run, snapshot, snapshotHash: contentHash(snapshot), methods };
  }

  private async findAccountId(context: TenantContext, code: string | undefined): Promise<string | undefined> {
    if (code === undefined) return undefined;
    const account = await this.stores.accounts.findByCode(context, code);
    if (account === null) throw new UseCaseError('NOT_FOUND', `no account has the code ${code}`, 'account');
    return account.id;
  }

  private async replayStep(replay: Replay, page: readonly StoredRequirement[]) {
    const { context, snapshotHash } = replay;
    const { requirements } = this.stores;
    const results = await this.database.withTenant(context, (tx) => this.recorded.evaluate(tx, replay, page), {
      isolation: 'REPEATABLE READ',
    });
    const details = await requirements.findDetails(context, page);
    const figures = await requirements.findFigures(context, page);
    return results.map(({ account, stored, result }) => {
      const bytes = figures.get(stored.id);
      const detail = details.get(stored.id);
      const resultHash = bytes === undefined ? hashResultAsText(result) : result.resultHash;
      const replayed = { ...figuresOf(result), ...bytesOf(result.figures), snapshotHash, resultHash };
      const found = compare(account.code, { ...storedFigures(stored, detail), ...bytesOf(bytes) }, replayed);
      return { accountId: account.id, resultHash, found };
    });
  }
}

type Figures = Readonly<Record<string, unknown>>;

/** What the run wrote, by field. */
function storedFigures(stored: StoredRequirement, detail: RequirementDetail | undefined): Figures {
  const { initialRequirement, maintenanceRequirement, netOptionValue, equity, collateralValue, buffer, excess } =
    stored;
  const { methodology, parameterSetId, bufferRatio, status, quality, qualityReasons, warnings, worstScenario } = stored;
  const { computedStatus, leverage, parameterHash, snapshotHash, inputHash, resultHash } = stored;
  return {
    ...{ initialRequirement, maintenanceRequirement, netOptionValue, equity, collateralValue, buffer, excess },
    ...{
      bufferRatio,
      leverage,
      methodology,
      parameterSetId,
      status,
      computedStatus,
      quality,
      qualityReasons,
      warnings,
    },
    ...{ worstScenario, ...(detail ?? {}), parameterHash, snapshotHash, inputHash, resultHash },
  };
}

/** Figures kept as bytes, by field; nothing for rows without them. */
function bytesOf(bytes: Uint8Array | undefined): Figures {
  if (bytes === undefined) return {};
  const { model, losses, greeks } = decodeRequirementFigures(bytes);
  return { model, scenarioLosses: losses, greeks };
}

/** What a result stores: nothing of a figure on which nobody may rely. */
function figuresOf(result: AccountResult): Figures {
  const { requirement, equity, collateralValue, buffer, excess, bufferRatio, leverage, equityComponents } = result;
  const { status, computedStatus, quality, qualityReasons, parameterSetId, parameterHash, inputHash, resultHash } =
    result;
  const { methodology, initialRequirement, maintenanceRequirement, netOptionValue, warnings, worstScenario } =
    requirement;
  const { model, scenarios, breakdown, contributions, greeks } = requirement;
  const figures = {
    ...{
      initialRequirement,
      maintenanceRequirement,
      netOptionValue,
      equity,
      collateralValue,
      buffer,
      excess,
      leverage,
    },
    bufferRatio: bufferRatio?.toDecimalPlaces(ratioDecimals, Decimal.ROUND_FLOOR) ?? null,
  };
  const isUnknown = quality === 'INDETERMINATE';
  return {
    ...(isUnknown ? Object.fromEntries(Object.keys(figures).map((name) => [name, null])) : figures),
    equityComponents: isUnknown ? [] : equityComponents,
    collateral: isUnknown ? [] : result.collateral,
    ...{ methodology, parameterSetId, status, computedStatus, quality, qualityReasons, warnings, worstScenario },
    ...{ model, scenarios, breakdown, contributions, greeks, parameterHash, inputHash, resultHash },
  };
}

function compare(account: string | null, stored: Figures, replayed: Figures): ReplayDifference[] {
  return Object.keys(stored).flatMap((field) => {
    const isEqual = canonicalJson(stored[field]) === canonicalJson(replayed[field]);
    return isEqual ? [] : [difference(account, field, stored[field], replayed[field])];
  });
}

function difference(account: string | null, field: string, stored: unknown, replayed: unknown): ReplayDifference {
  const shown = (value: unknown): string => canonicalJson(value).slice(0, textShown);
  return { account, field, stored: shown(stored), replayed: shown(replayed) };
}
