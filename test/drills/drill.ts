import path from 'node:path';

/** `full` is what `npm run drills` does and docs/reliability.md reports; `quick` is part of every test run. */
export type Intensity = 'quick' | 'full';

/** How a drill is held. */
export interface DrillPlan {
  readonly intensity: Intensity;
  /** Threads of each worker that a drill starts, ≥ 1. */
  readonly threads: number;
  /** Length of a drill that goes on for as long as it is told [min]; its own when absent. */
  readonly minutes?: number;
}

/** What a drill found, in a few words and figures; a promise that does not hold is thrown instead. */
export interface DrillOutcome {
  readonly figures: string;
  /** Why the drill could not be held here. */
  readonly skipped?: string;
}

export interface Drill {
  readonly id: string;
  /** What is done to the service. */
  readonly title: string;
  /** What has to hold nevertheless. */
  readonly promise: string;
  /** False for what ordinary tests hold in short already, and this drill holds at length. */
  readonly inEveryRun?: false;
  readonly run: (plan: DrillPlan) => Promise<DrillOutcome>;
}

/** Throws unless a promise holds. */
export function requireThat(holds: boolean, broken: string): asserts holds {
  if (!holds) throw new Error(`promise broken: ${broken}`);
}

/** A file of the build, from the sources as well as from the build itself. */
export function builtFile(name: string): string {
  const root = path.resolve(__dirname, '../..');
  return path.basename(root) === 'dist' ? path.join(root, name) : path.join(root, 'dist', name);
}

/** Numbers from 0 to 1 that a seed decides (mulberry32), so that a drill that failed can be held again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Longest of some times [ms], in seconds with one digit. */
export function longest(times: readonly number[]): string {
  return `${(Math.max(0, ...times) / 1_000).toFixed(1)} s`;
}
