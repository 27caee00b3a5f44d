import {
  type RequirementDetail,
  type RequirementKey,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { RecordedEvaluation, ReplayStores } from '../run/recorded-evaluation';
import { UseCaseError } from '../caller/use-case-error';

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

  /**
   * @returns explanations by requirement id; a requirement that does not exist is absent
   * @throws UseCaseError 'CONFLICT' where the recorded inputs no longer give the stored figures
   */
  async find(tx: TenantTransaction, keys: readonly RequirementKey[]): Promise<ReadonlyMap<string, RequirementDetail>> {
    const found = await this.stores.requirements.findDetails(tx, keys);
    const idsByRun = new Map<string, string[]>();
    for (const { runId, accountId } of keys) {
      if (found.has(`${runId}.${accountId}`)) continue;
      const ids = idsByRun.get(runId) ?? [];
      ids.push(accountId);
      idsByRun.set(runId, ids);
    }
    for (const [runId, accountIds] of idsByRun) await this.recompute(tx, runId, accountIds, found);
    return found;
  }

  private async recompute(
    tx: TenantTransaction,
    runId: string,
    accountIds: readonly string[],
    found: Map<string, RequirementDetail>,
  ): Promise<void> {
    const run = await this.stores.runs.findById(tx, runId);
    if (run === null) return;
    const page: readonly StoredRequirement[] = await this.stores.requirements.findWritten(tx, run, {
      first: accountIds.length,
      accountIds,
    });
    if (page.length === 0) return;
    const methods = await this.recorded.prepareMethods(tx, run);
    for (const { account, stored, result } of await this.recorded.evaluate(tx, { run, methods }, page)) {
      if (result.resultHash !== stored.resultHash) {
        const message = `run ${runId}, account ${account.code}: the recorded inputs no longer give the recorded figures; see ballast replay`;
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
