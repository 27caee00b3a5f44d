import path from 'node:path';
import { Database, type MarginRun } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { readKeptState, removeKeptState, writeKeptState } from '../history/kept-state';
import { engineVersion } from './engine-version';
import type { ReplayDifference } from './replay-comparison';

/** How far a replay has come, in order of the account. */
export interface ReplayState {
  /** Last account that was compared; null before the first. */
  readonly after: string | null;
  readonly accounts: number;
  readonly differenceCount: number;
  /** The first differences. */
  readonly differences: readonly ReplayDifference[];
  /** Result hashes that differ from the stored ones, by account. */
  readonly otherHashes: Readonly<Record<string, string>>;
}

/** What a state belongs to: of another engine, or another run, it says nothing. */
interface KeptState extends ReplayState {
  readonly run: string;
  readonly resultHash: string | null;
  readonly engineVersion: string;
}

/** Keeps how far replays have come in `DATA_DIR/replays`, one file per run, so that one that was stopped can go on. */
@Injectable()
export class ReplayProgress {
  constructor(private readonly database: Database) {}

  /** @returns null where no replay of the run by this engine was interrupted */
  async read(run: MarginRun): Promise<ReplayState | null> {
    const kept = await readKeptState<KeptState>(this.fileOf(run));
    if (kept?.run !== run.id || kept.resultHash !== run.resultHash || kept.engineVersion !== engineVersion) return null;
    return kept;
  }

  async write(run: MarginRun, state: ReplayState): Promise<void> {
    const kept: KeptState = { ...state, run: run.id, resultHash: run.resultHash, engineVersion };
    await writeKeptState(this.fileOf(run), kept);
  }

  async forget(run: MarginRun): Promise<void> {
    await removeKeptState(this.fileOf(run));
  }

  private fileOf({ id }: MarginRun): string {
    return path.join(this.database.settings.dataDir, 'replays', `${id}.json`);
  }
}
