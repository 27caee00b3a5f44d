import {
  type MarginRun,
  type RequirementDetail,
  type RequirementKey,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { RecordedEvaluation, type RecordedRunPlan, ReplayStores } from '../run/recorded-evaluation';
import { UseCaseError } from '../caller/use-case-error';

/** A run with all that its accounts have in common. */
export type PreparedRun = Required<RecordedRunPlan>;

/**
 * Explanations of requirements: as they were stored, or computed again from the recorded inputs for the accounts of runs
 * that keep figures alone. What is computed again must give the stored result hash, else it explains something else.
 */
@Injectable()
export class RequirementExplanations {
  constructor(
    private readonly stores: ReplayStores,
    private readonly recorded: RecordedEvaluation,
  ) {}

  /** Reads once what all accounts of a run are explained with, for whoever explains many of them page by page. */
  async prepare(tx: TenantTransaction, run: MarginRun): Promise<PreparedRun> {
    const methods = await this.recorded.prepareMethods(tx, run);
    const shared = await this.recorded.share(tx, { run, methods });
    const stored = await this.stores.snapshots.load(tx, run.snapshotId);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    return { run, methods, shared, snapshot: stored.snapshot };
  }

  /**
   * @param prepared  the run of all the keys, where more than these are explained
   * @returns explanations by requirement id; a requirement that does not exist is absent
   * @throws UseCaseError 'CONFLICT' where the recorded inputs no longer give the stored figures
   */
  async find(
    tx: TenantTransaction,
    keys: readonly RequirementKey[],
    prepared?: PreparedRun,
  ): Promise<ReadonlyMap<string, RequirementDetail>> {
    const found = await this.stores.requirements.findDetails(tx, keys);
    const idsByRun = new Map<string, string[]>();
    for (const { runId, accountId } of keys) {
      if (found.has(`${runId}.${accountId}`)) continue;
      const ids = idsByRun.get(runId) ?? [];
      ids.push(accountId);
      idsByRun.set(runId, ids);
    }
    for (const [runId, accountIds] of idsByRun) {
      const plan = prepared ?? (await this.planOf(tx, runId));
      if (plan !== null) await this.recompute(tx, plan, accountIds, found);
    }
    return found;
  }

  private async planOf(tx: TenantTransaction, runId: string): Promise<RecordedRunPlan | null> {
    const run = await this.stores.runs.findById(tx, runId);
    return run === null ? null : { run, methods: await this.recorded.prepareMethods(tx, run) };
  }

  private async recompute(
    tx: TenantTransaction,
    plan: RecordedRunPlan,
    accountIds: readonly string[],
    found: Map<string, RequirementDetail>,
  ): Promise<void> {
    const { run } = plan;
    const page: readonly StoredRequirement[] = await this.stores.requirements.findWritten(tx, run, {
      first: accountIds.length,
      accountIds,
    });
    if (page.length === 0) return;
    for (const { account, stored, result } of await this.recorded.evaluate(tx, plan, page)) {
      if (result.resultHash !== stored.resultHash) {
        const message = `run ${run.id}, account ${account.code}: the recorded inputs no longer give the recorded figures; see ballast replay`;
        throw new UseCaseError('CONFLICT', message);
      }
      const { model, scenarios, breakdown, contributions, greeks } = result.requirement;
      const isUnknown = result.quality === 'INDETERMINATE';
      found.set(stored.id, {
        ...{ model, scenarios, breakdown, contributions, greeks },
        equityComponents: isUnknown ? [] : result.equityComponents,
        collateral: isUnknown ? [] : result.collateral,
      });
    }
  }
}
