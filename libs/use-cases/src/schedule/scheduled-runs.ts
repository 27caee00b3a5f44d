import { parseFirmControls } from '@ballast/buffer';
import { formatInstant, type Instant, instantOf } from '@ballast/domain';
import {
  FirmControlsStore,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  PersistenceError,
  RestatedAccountStore,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { defaultShardSize, wholeRunMaximum } from '../engine/sharded-runs';
import { findAttempts } from '../run/run-attempts';
import { RunMargin } from '../run/run-margin';

const requestedBy = 'schedule';
/** Beginning of the names of runs over accounts whose positions were stated anew. */
const restatedName = 'restated positions ';

const usualCut = { wholeMaximum: wholeRunMaximum, shardSize: defaultShardSize };

/** Runs over whole firms by the clock; each at most once, however often it is asked for. */
@Injectable()
export class ScheduledRuns {
  constructor(
    private readonly runMargin: RunMargin,
    private readonly runs: MarginRunStore,
    private readonly snapshots: MarketSnapshotStore,
    private readonly controls: FirmControlsStore,
    private readonly restatedAccounts: RestatedAccountStore,
  ) {}

  /**
   * The run of a day, as of the instant it was due at, also when it is made up for later.
   *
   * @returns null for a firm without a market by then
   */
  async endOfDay(firmId: string, due: Instant): Promise<MarginRun | null> {
    if ((await this.snapshots.findAsOf({ firmId }, due)) === null) return null;
    return this.once(`end of day ${formatInstant(due)}`, { firmId, asOf: due, requestedBy });
  }

  /**
   * A run at what is held now, when the cadence of the firm has passed since the last run over the firm began. A firm whose
   * run is still at work, or that has no market, is passed over. Figures are as of the newest market, or of the last run over
   * the firm where that is later: behind an end-of-day run of the same market they would not be the newest.
   */
  async intraday(firmId: string, now: Instant): Promise<MarginRun | null> {
    const scope = { firmId };
    if ((await this.snapshots.findLatest(scope)) === null) return null;
    const stored = await this.controls.findInEffect(scope, { asOf: now });
    const { cadenceMs } = parseFirmControls(stored?.controls ?? {}, now);
    const last = await this.runs.findLastWhole(scope);
    if (last !== null && (last.state === 'RUNNING' || now - last.startedAt < cadenceMs)) return null;
    const slot = formatInstant(instantOf(now - (now % Math.max(60_000, cadenceMs))));
    const newest = await this.runs.findLatestCompleted(scope);
    return this.once(`intraday ${slot}`, {
      firmId,
      requestedBy,
      ...(newest === null ? {} : { notBefore: newest.asOf }),
    });
  }

  /**
   * A run at what is held now over the accounts whose newest figures do not show what was stated of their positions:
   * everything that was stated meanwhile is one run. A firm that was never evaluated waits for its first run, of whatever
   * instant, and one of which such a run is under way for its end. Figures are as of the newest market, or of the figures
   * they take the place of where those are later.
   *
   * @param cut  how many accounts are evaluated in one piece at most, and how many a shard has where there are more
   */
  async restated(
    firmId: string,
    cut: { readonly wholeMaximum: number; readonly shardSize: number } = usualCut,
  ): Promise<MarginRun | null> {
    await this.runs.failAbandoned({ firmId });
    const found = await this.restatedAccounts.find({ firmId }, { requestedBy, keyPrefix: restatedName });
    if (found === null) return null;
    const { codes: accountCodes, figuresAsOf: notBefore, name } = found;
    const shards = accountCodes.length > cut.wholeMaximum ? { shardSize: cut.shardSize } : {};
    return this.once(`${restatedName}${name}`, { firmId, requestedBy, accountCodes, notBefore, ...shards });
  }

  /** Opens the run unless that was done. One in shards goes on by itself: this job may hold the only place to work on them. */
  private async once(name: string, command: Parameters<RunMargin['start']>[0]): Promise<MarginRun | null> {
    const scope = { firmId: command.firmId };
    await this.runs.failAbandoned(scope);
    const { key, last } = await findAttempts(this.runs, scope, name);
    if (key === null) return last;
    try {
      const { run, finished } = await this.runMargin.start({ ...command, idempotencyKey: key });
      if (run.shardCount === null) return await finished;
      finished.catch(() => undefined);
      return run;
    } catch (failure) {
      // Another process opened the run under the same key, and works on it.
      if (failure instanceof PersistenceError && failure.code === 'CONFLICT') return null;
      throw failure;
    }
  }
}
