import type { Instant } from '@ballast/domain';
import { Database, retireMonths, type RetiredMonth, rollUpBacklog, rollUpBacklogs } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { UseCaseError } from '../caller/use-case-error';
import { VerifyHistory } from './verify-history';

/** What maintenance did, or with `dryRun` would do. */
export interface HistoryMaintenance {
  /** Partitions made ahead. */
  readonly partitionsMade: number;
  readonly months: readonly RetiredMonth[];
}

/** Months that partitions are made ahead for. */
const monthsAhead = 3;

/** Keeps the record in shape: partitions ahead of time, and retention when the operator has set one. */
@Injectable()
export class MaintainHistory {
  constructor(
    private readonly database: Database,
    private readonly verifyHistory: VerifyHistory,
  ) {}

  /** Rolls up what large runs left for later. @returns how many observations */
  async rollUp(firmId: string): Promise<number> {
    return rollUpBacklog(this.database, { firmId });
  }

  /**
   * @param input.now  the month of this instant is the current one
   * @param input.keepMonths  whole months of history to keep; absent: all
   * @throws UseCaseError 'CONFLICT' when the chain is not sound: nothing is given up then; PersistenceError
   *         'CONFIGURATION_INVALID' when this process may not act as the owner
   */
  async execute(input: {
    readonly now: Instant;
    readonly keepMonths?: number;
    readonly dryRun: boolean;
    readonly operator: string;
  }): Promise<HistoryMaintenance> {
    const partitionsMade = input.dryRun ? 0 : await this.database.ensurePartitionsAhead(input.now, monthsAhead);
    if (!input.dryRun) await rollUpBacklogs(this.database);
    if (input.keepMonths === undefined) return { partitionsMade, months: [] };
    for await (const { firmCode, breakCount } of this.verifyHistory.execute({})) {
      if (breakCount === 0) continue;
      throw new UseCaseError(
        'CONFLICT',
        `history of ${firmCode} is not sound: nothing is given up before that is settled`,
      );
    }
    const { now, keepMonths, dryRun, operator } = input;
    const owner = await this.database.openOwnerSession();
    try {
      return { partitionsMade, months: await retireMonths(owner, { now, keepMonths, dryRun, operator }) };
    } finally {
      await owner.end();
    }
  }
}
