import type { DataQuality } from '@ballast/domain';
import type { FileProblem, StreamLine } from '@ballast/formats';

/** What came of a stream at once: its lines, good and bad, and the file that is whole with them. */
export interface StreamBatch {
  readonly lines: readonly (StreamLine | { readonly problem: FileProblem })[];
  /** Told with the last lines of a file of a directory; it is not read again once they are committed. */
  readonly file?: { readonly fileName: string; readonly sha256: string };
}

/** What became of the lines of a stream. */
export interface StreamCounts {
  readonly lines: number;
  /** Newer than what was known of the same contract, underlying, forward or rate. */
  readonly taken: number;
  /** Of those, the ones that newer lines replaced before a snapshot was made. */
  readonly coalesced: number;
  /** Stated before, by number or by time and content. */
  readonly repeated: number;
  /** Older than what was known. */
  readonly outOfOrder: number;
  readonly rejected: number;
  readonly heartbeats: number;
  /** How often messages were missing or the stream was silent. */
  readonly gaps: number;
}

/** What happens while a stream is followed. */
export type FollowEvent =
  | { readonly event: 'started'; readonly stream: string; readonly snapshotId: string | null; readonly sequence: number | null }
  | ({ readonly event: 'committed' } & CommittedSnapshot)
  | ({ readonly event: 'evaluated' } & EvaluatedAccounts)
  | { readonly event: 'gap'; readonly reason: string }
  | { readonly event: 'rejected'; readonly problem: FileProblem }
  | { readonly event: 'waiting'; readonly reason: string }; // prettier-ignore

/** A snapshot that a stream made. */
export interface CommittedSnapshot {
  readonly snapshotId: string;
  /** RFC 3339 in UTC. */
  readonly asOf: string;
  readonly hash: string;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  /** True when the circuit breaker keeps the snapshot aside: it is stored, but not evaluated on. */
  readonly frozen: boolean;
  /** Underlyings with new prices, of their own or of their contracts. */
  readonly moved: readonly string[];
  readonly quotes: number;
}

/** A run over the accounts that hold what moved. */
export interface EvaluatedAccounts {
  readonly runId: string;
  readonly state: string;
  readonly snapshotId: string;
  readonly accounts: number;
  readonly indeterminate: number;
  readonly degraded: number;
  readonly held: number;
}

/** What was done with a stream from its start to its end. */
export interface FollowReport extends StreamCounts {
  readonly stream: string;
  readonly snapshots: number;
  readonly runs: number;
  /** Number of the last message; null where the source counts none. */
  readonly sequence: number | null;
  /** True while the circuit breaker does not believe the feed. */
  readonly suspect: boolean;
  /** Rejected lines, the first thousand. */
  readonly problems: readonly FileProblem[];
}
