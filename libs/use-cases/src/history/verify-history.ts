import {
  appendHistoryHeads,
  Database,
  FirmStore,
  HistoryChainStore,
  historyHeadFile,
  readHistoryHeads,
  type Firm,
  type HistoryVerification,
  type VerificationProgress,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { UseCaseError } from '../caller/use-case-error';

/** What verification found in one firm. */
export interface FirmVerification extends HistoryVerification {
  readonly firmCode: string;
}

/** Recomputes the hash chain of firms from its beginning and compares it with the rows and with the heads kept outside. */
@Injectable()
export class VerifyHistory {
  constructor(
    private readonly firms: FirmStore,
    private readonly chain: HistoryChainStore,
    private readonly database: Database,
  ) {}

  /**
   * @param input.firmCode  one firm; all when absent
   * @param input.headFile  file of heads to compare with; default: the one that runs append to
   * @throws UseCaseError 'NOT_FOUND' for an unknown firm; PersistenceError 'VALUE_REFUSED' for a file that holds no heads
   */
  async *execute(input: {
    readonly firmCode?: string;
    readonly headFile?: string;
    readonly onProgress?: (firmCode: string, progress: VerificationProgress) => void;
  }): AsyncGenerator<FirmVerification> {
    const file = input.headFile ?? historyHeadFile(this.database.settings);
    for (const { id: firmId, code: firmCode } of await this.choose(input.firmCode)) {
      const heads = await readHistoryHeads(file, firmId);
      const onProgress = (progress: VerificationProgress): void => input.onProgress?.(firmCode, progress);
      yield { firmCode, ...(await this.chain.verify({ firmId }, { heads, onProgress })) };
    }
  }

  /** Appends the verified heads to a file of the caller's choice. @throws UseCaseError when its folder does not exist */
  async exportHeads(file: string, verified: readonly FirmVerification[]): Promise<void> {
    const heads = verified.flatMap(({ head }) => (head === null ? [] : [head]));
    if (await appendHistoryHeads(file, heads)) return;
    throw new UseCaseError('BAD_USER_INPUT', `${file}: no such folder`, 'exportHead');
  }

  private async choose(code: string | undefined): Promise<readonly Firm[]> {
    const firms = await this.firms.findAll();
    if (code === undefined) return firms;
    const firm = firms.find((candidate) => candidate.code === code);
    if (firm === undefined) throw new UseCaseError('NOT_FOUND', `no firm ${code}`, 'firm');
    return [firm];
  }
}
