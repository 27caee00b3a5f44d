import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Database, type MarginRun } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
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
    const text = await readFile(this.fileOf(run), 'utf8').catch(() => null);
    const kept = text === null ? null : parse(text);
    if (kept?.run !== run.id || kept.resultHash !== run.resultHash || kept.engineVersion !== engineVersion) return null;
    return kept;
  }

  /** A file is replaced whole, so that a process that dies while writing leaves the state before. */
  async write(run: MarginRun, state: ReplayState): Promise<void> {
    const file = this.fileOf(run);
    const kept: KeptState = { ...state, run: run.id, resultHash: run.resultHash, engineVersion };
    await mkdir(path.dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(kept));
    await rename(draft, file);
  }

  async forget(run: MarginRun): Promise<void> {
    await rm(this.fileOf(run), { force: true });
  }

  private fileOf({ id }: MarginRun): string {
    return path.join(this.database.settings.dataDir, 'replays', `${id}.json`);
  }
}

function parse(text: string): KeptState | null {
  try {
    return JSON.parse(text) as KeptState | null;
  } catch {
    return null;
  }
}
