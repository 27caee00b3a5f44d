import { createHash } from 'node:crypto';
import { type Instant, instantOf } from '@ballast/domain';
import type { QuoteLimits } from '@ballast/market-data';
import {
  AccountStore,
  type MarginRun,
  MarginRunStore,
  MarketStreamStore,
  PersistenceError,
  type StreamClaim,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { findAttempts } from '../run/run-attempts';
import { RunMargin } from '../run/run-margin';
import { UseCaseError } from '../caller/use-case-error';
import type { FollowEvent, FollowReport, StreamBatch } from './follow-report';
import { Bell } from './bell';
import { StreamIntake } from './stream-intake';
import { StreamPublisher, takenOver } from './stream-publisher';
import type { StreamSession } from './stream-session';

/** How a stream is followed. */
export interface FollowCommand {
  readonly firmId: string;
  readonly recordedBy: string;
  /** Name under which it is remembered how far the stream was taken. */
  readonly stream: string;
  readonly limits: QuoteLimits;
  /** Shortest time between two snapshots [ms]: what comes within it is one snapshot. */
  readonly everyMs: number;
  /** A stream of which nothing was heard for so long [ms] is silent. */
  readonly silenceMs: number;
  /** The clock of the wall; ages of quotes and messages of the future are judged by it. */
  readonly now: () => Instant;
  /** Told at once of everything that happens; must not throw. */
  readonly onEvent: (event: FollowEvent) => void;
  /** Told how the lines are doing, some times a second at most. */
  readonly onProgress?: (counts: StreamIntake['counts']) => void;
}

/** A stream that is being followed. */
interface Following {
  readonly command: FollowCommand;
  readonly owner: { claim: StreamClaim };
  readonly session: StreamSession;
  readonly intake: StreamIntake;
  readonly told: { snapshots: number; runs: number; suspect: boolean; gaps: string[]; givenUp: string | null };
}

/** Wait before what the record refused is tried again [ms], and how often that is done after the end of the stream. */
const retryMs = 1_000;
const lastTriesMaximum = 30;
const gapsNamedMaximum = 5;

/**
 * Follows a stream of quotes: bursts become one snapshot with the latest of each contract, each snapshot passes the guard
 * and the circuit breaker, and the accounts that hold what moved are evaluated anew. What was committed is remembered with
 * the place in the stream, so that another process goes on there.
 */
@Injectable()
export class FollowMarket {
  constructor(
    private readonly publisher: StreamPublisher,
    private readonly streams: MarketStreamStore,
    private readonly runMargin: RunMargin,
    private readonly runs: MarginRunStore,
    private readonly accounts: AccountStore,
  ) {}

  /**
   * Works until the batches end, then commits and evaluates what is left.
   *
   * @throws UseCaseError 'CONFLICT' while another process follows the stream, or once one does; PersistenceError 'UNAVAILABLE' when the record cannot be had at the start, or for half a minute after the end
   *         of the stream; what was not committed then is in the stream after the last number committed
   */
  async execute(command: FollowCommand, batches: AsyncIterable<StreamBatch>): Promise<FollowReport> {
    const { stream } = command;
    const context: TenantContext = { firmId: command.firmId };
    const claim = await this.streams.claim(context, stream);
    if (claim === null) throw takenOver(stream);
    const owner = { claim };
    try {
      return await this.follow(command, owner, batches);
    } finally {
      await owner.claim.release().catch(() => undefined);
    }
  }

  /** Whether a file of a directory was taken before. */
  isTaken(firmId: string, file: { readonly stream: string; readonly fileName: string; readonly sha256: string }) {
    return this.streams.hasFile({ firmId }, file);
  }

  private async follow(
    command: FollowCommand,
    owner: Following['owner'],
    batches: AsyncIterable<StreamBatch>,
  ): Promise<FollowReport> {
    const { onEvent, stream, firmId } = command;
    const session = await this.publisher.open({ firmId }, command);
    const told: Following['told'] = { snapshots: 0, runs: 0, suspect: false, gaps: [], givenUp: null };
    const intake = new StreamIntake(session.book, session.position, {
      onRejected: (problem) => onEvent({ event: 'rejected', problem }),
      onGap: (reason) => {
        told.gaps.push(reason);
        onEvent({ event: 'gap', reason });
      },
    });
    const following = { command, owner, session, intake, told };
    onEvent({ event: 'started', stream, snapshotId: session.baseId, sequence: session.position });
    await this.oweUnfinished(following);
    await this.work(following, batches).finally(() => this.publisher.close(session));
    const { counts, position, problems } = intake;
    const { snapshots, runs, suspect } = told;
    return { ...counts, stream, snapshots, runs, sequence: position ?? session.position, suspect, problems };
  }

  /**
   * A snapshot that was committed and not evaluated is evaluated now, for everything that it may have moved; one that was
   * kept aside when the feed is believed again.
   */
  private async oweUnfinished({ session, told }: Following): Promise<void> {
    const { context, stream, baseId } = session;
    const position = await this.streams.findPosition(context, stream);
    if (position === null) return;
    told.suspect = position.isKeptAside;
    if (!position.isKeptAside) {
      // A process that died in the middle of a run left it open.
      await this.runs.failAbandoned(context);
      for (const id of new Set([position.snapshotId, baseId ?? position.snapshotId]))
        if (isDone((await findAttempts(this.runs, context, nameOf(session, id))).last)) return;
    }
    for (const id of session.book.underlyingIds) session.owed.add(id);
    for (const currency of session.book.currencies) session.owedCurrencies.add(currency);
  }

  private async work(following: Following, batches: AsyncIterable<StreamBatch>): Promise<void> {
    const { command, intake } = following;
    const bell = new Bell();
    let heardAt = performance.now();
    let silent = false;
    let ended = false;
    let failure: unknown = null;
    const reading = (async () => {
      for await (const batch of batches) {
        if (intake.accept(batch, command.now())) {
          heardAt = performance.now();
          silent = false;
        }
        bell.ring();
      }
    })()
      .catch((caught: unknown) => (failure = caught ?? new Error('the stream broke')))
      .finally(() => {
        ended = true;
        bell.ring();
      });
    for (let tries = 0; ;) {
      const startedAt = performance.now();
      if (!silent && !ended && startedAt - heardAt >= command.silenceMs) {
        silent = true;
        intake.noteSilence(command.silenceMs / 1_000);
      }
      const done = await this.turn(following).catch((caught: unknown) => this.mayTryAgain(following, caught));
      command.onProgress?.(intake.counts);
      tries = ended && !done ? tries + 1 : 0;
      if (tries > lastTriesMaximum) throw new PersistenceError('UNAVAILABLE', 'the record does not take what is left');
      if (ended && done && !intake.hasWork && !isOwing(following)) break;
      if (!done) await bell.wait(retryMs);
      else if (intake.hasWork)
        await bell.sleep(Math.max(0, startedAt + command.everyMs - performance.now()), () => ended);
      else if (!ended) await bell.wait(Math.max(1, silent ? 60_000 : heardAt + command.silenceMs - performance.now()));
    }
    await reading;
    if (failure !== null) throw failure;
  }

  /** One snapshot and one run at most. @returns false when something is left that a later turn has to do */
  private async turn(following: Following): Promise<boolean> {
    const { command, session, intake, told } = following;
    await this.keepClaim(following);
    await this.recordGaps(following);
    if (intake.hasWork) {
      const drained = intake.drain();
      const since = instantOf(command.now() - command.limits.ageMaximumMs);
      const pending = { ...drained, position: intake.position, notices: intake.openGaps(since) };
      try {
        const { committed, ...rest } = await this.publisher.publish(session, pending);
        intake.settle(rest);
        if (committed !== null) {
          told.snapshots += 1;
          told.suspect = committed.frozen;
          command.onEvent({ event: 'committed', ...committed });
        }
      } catch (failure) {
        intake.restore(drained);
        throw failure;
      }
    }
    return isOwing(following) ? this.evaluate(following) : true;
  }

  /** Evaluates the accounts that hold what moved, once per snapshot. @returns false when the run failed */
  private async evaluate({ command, session, told }: Following): Promise<boolean> {
    const { context, baseId } = session;
    const underlyings = [...session.owed].sort();
    const currencies = [...session.owedCurrencies].sort();
    if (baseId === null) return true;
    const now = instantOf(Date.now());
    const moved = { underlyingIds: underlyings, currencies };
    if (!(await this.accounts.hasHolders(context, moved, { validAt: now, knownAt: now }))) return settleOwed(session);
    const { key: idempotencyKey, last } = await findAttempts(this.runs, context, nameOf(session, baseId));
    if (idempotencyKey === null) {
      if (last?.state !== 'FAILED') return settleOwed(session);
      told.givenUp = baseId;
      return true;
    }
    const { firmId, recordedBy: requestedBy } = command;
    const run = await this.runMargin.execute({
      ...{ firmId, requestedBy, underlyings, currencies, snapshotId: baseId, idempotencyKey },
    });
    told.runs += 1;
    command.onEvent({
      ...{ event: 'evaluated', runId: run.id, state: run.state, snapshotId: baseId, accounts: run.accountCount },
      ...{ indeterminate: run.accountsIndeterminate, degraded: run.accountsDegraded, held: run.accountsHeld },
    });
    return isDone(run) && settleOwed(session);
  }

  /** A claim ends with its connection, which the record may have lost. */
  private async keepClaim({ session: { context, stream }, owner }: Following): Promise<void> {
    if (owner.claim.isHeld()) return;
    const again = await this.streams.claim(context, stream);
    if (again === null) throw takenOver(stream);
    owner.claim = again;
  }

  private async recordGaps({ command, session, intake, told }: Following): Promise<void> {
    const { gaps } = told;
    if (gaps.length === 0) return;
    const named = gaps.slice(0, gapsNamedMaximum).join('; ');
    const reason = gaps.length <= gapsNamedMaximum ? named : `${named}; and ${gaps.length - gapsNamedMaximum} more`;
    const { stream, recordedBy } = command;
    await this.streams.record(session.context, [
      { kind: 'GAP', stream, recordedBy, sequence: intake.position, reason },
    ]);
    told.gaps.splice(0, gaps.length);
  }

  /** The stream goes on while the record is away; what else goes wrong ends it. */
  private mayTryAgain({ command }: Following, failure: unknown): boolean {
    const { code, message } = failure as { readonly code?: unknown; readonly message?: string };
    const passes =
      (failure instanceof PersistenceError && (code === 'UNAVAILABLE' || code === 'CONFLICT')) ||
      (failure instanceof UseCaseError && code === 'UNAVAILABLE');
    if (!passes) throw failure;
    command.onEvent({ event: 'waiting', reason: message ?? String(failure) });
    return false;
  }
}

/** Nothing is added to what is owed while it is being evaluated. */
function settleOwed(session: StreamSession): true {
  session.owed.clear();
  session.owedCurrencies.clear();
  return true;
}

/** Whether accounts are to be evaluated on a snapshot that is believed and did not fail every attempt. */
function isOwing({ session, told }: Following): boolean {
  const { owed, owedCurrencies } = session;
  return owed.size + owedCurrencies.size > 0 && !told.suspect && session.baseId !== told.givenUp;
}

/**
 * What the run of a snapshot is called in its key. The same snapshot may be evaluated for several streams, for what each of
 * them moved; a key is shorter than the name of a stream may be.
 */
function nameOf({ stream }: StreamSession, snapshotId: string): string {
  return `market stream ${createHash('sha256').update(stream).digest('hex').slice(0, 16)} ${snapshotId}`;
}

function isDone(run: Pick<MarginRun, 'state'> | null): boolean {
  return run?.state === 'COMPLETED' || run?.state === 'PARTIAL';
}
