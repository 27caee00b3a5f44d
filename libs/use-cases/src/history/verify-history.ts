import path from 'node:path';
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
  type VerificationState,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { UseCaseError } from '../caller/use-case-error';
import { readKeptState, removeKeptState, writeKeptState } from './kept-state';

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
    /** Aborted to stop after the rows at hand; what was compared is kept for `resume`. */
    readonly signal?: AbortSignal;
    /** Go on where a verification of the firm was stopped; from the first row where none was. */
    readonly resume?: boolean;
    /** Rows compared by one statement; see HistoryChainStore. */
    readonly pieceSize?: number;
  }): AsyncGenerator<FirmVerification> {
    const file = input.headFile ?? historyHeadFile(this.database.settings);
    const { signal, pieceSize } = input;
    for (const { id: firmId, code: firmCode } of await this.choose(input.firmCode)) {
      if (signal?.aborted === true) return;
      const heads = await readHistoryHeads(file, firmId);
      const onProgress = (progress: VerificationProgress): void => input.onProgress?.(firmCode, progress);
      const kept = input.resume === true ? await readKeptState<VerificationState>(this.stateFile(firmId)) : null;
      const verification = await this.chain.verify(
        { firmId },
        {
          ...{ heads, onProgress },
          ...(signal === undefined ? {} : { signal }),
          ...(pieceSize === undefined ? {} : { pieceSize }),
          ...(kept === null ? {} : { resume: kept }),
        },
      );
      if (verification.stopped === null) await removeKeptState(this.stateFile(firmId));
      else await writeKeptState(this.stateFile(firmId), verification.stopped);
      yield { firmCode, ...verification };
    }
  }

  private stateFile(firmId: string): string {
    return path.join(this.database.settings.dataDir, 'verifications', `${firmId}.json`);
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
