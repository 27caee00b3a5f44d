import type { Instant } from '@ballast/domain';
import { type BufferStatusCounts, BufferHistoryStore, FirmStore, MarginRunStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';

/** What the people who keep the service running want to know of one firm. */
export interface FirmOperations {
  readonly firmCode: string;
  /** The newest completed run; null when there is none. */
  readonly latestRun: {
    readonly asOf: Instant;
    /** When it was done by the clock of the process that did it. */
    readonly finishedAt: Instant;
    readonly durationMs: number;
    readonly accountCount: number;
    readonly accountsIndeterminate: number;
  } | null;
  /** Accounts by the status of their latest observation. */
  readonly accountsByStatus: BufferStatusCounts;
}

/** Reads how every firm of the installation stands, for metrics and health checks: counts and times, no client data. */
@Injectable()
export class ReadOperations {
  constructor(
    private readonly firms: FirmStore,
    private readonly runs: MarginRunStore,
    private readonly history: BufferHistoryStore,
  ) {}

  async execute(): Promise<readonly FirmOperations[]> {
    const found: FirmOperations[] = [];
    for (const { id: firmId, code: firmCode } of await this.firms.findAll()) {
      const run = await this.runs.findLatestCompleted({ firmId });
      const accountsByStatus = await this.history.countByStatus({ firmId });
      const finishedAt = run?.finishedAt ?? null;
      const latestRun =
        run === null || finishedAt === null
          ? null
          : {
              asOf: run.asOf,
              finishedAt,
              durationMs: finishedAt - run.startedAt,
              accountCount: run.accountCount,
              accountsIndeterminate: run.accountsIndeterminate,
            };
      found.push({ firmCode, latestRun, accountsByStatus });
    }
    return found;
  }
}
