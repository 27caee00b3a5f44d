import type { CommonSpanColumns } from '@ballast/margin';
import type { PersistenceOptions, ShardOutcome } from '@ballast/persistence';
import type { EnginePhase } from '../engine/engine-phases';
import type { ShardJob } from '../engine/job-queue';
import type { ColumnsWanted } from '../engine/run-columns';

/** Marks the threads that work on shards. */
export const shardThreadRole = 'shards';

/** What a thread is begun with. */
export interface ShardThreadData {
  readonly role: typeof shardThreadRole;
  readonly database: PersistenceOptions;
  /** Counted up while the thread's event loop turns. */
  readonly pulse: Int32Array;
}

/** What a thread is told. */
export type ShardOrder =
  | { readonly order: 'work'; readonly id: number; readonly job: ShardJob; readonly worker: string }
  /** The process has to stop: the shard is left for another delivery. */
  | { readonly order: 'leave'; readonly id: number }
  | { readonly order: 'take columns'; readonly id: number; readonly columns: CommonSpanColumns }
  /** No work is left: close connections and end. */
  | { readonly order: 'end' };

/** What a thread tells. */
export type ShardReport =
  /** Its code is loaded. */
  | { readonly report: 'ready' }
  | {
      readonly report: 'done';
      readonly id: number;
      readonly outcome: ShardOutcome | 'nothing to do';
      /** Time of the thread since it began [ms]. */
      readonly phases: Readonly<Record<EnginePhase, number>>;
    }
  | { readonly report: 'failed'; readonly id: number; readonly failure: Error }
  | { readonly report: 'wants columns'; readonly id: number; readonly wanted: ColumnsWanted }
  | { readonly report: 'event'; readonly message: string; readonly failure: Error | null };
