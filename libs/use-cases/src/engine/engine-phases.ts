/** Parts of a run as the engine's clock tells them apart. */
export const enginePhases = ['prepare', 'load', 'evaluate', 'write'] as const;

export type EnginePhase = (typeof enginePhases)[number];

/**
 * Adds up where the time of a process went [ms]: `prepare` reads what all shards share, `load` a shard's positions,
 * `evaluate` values contracts, nets and scans, `write` commits. Phases of shards worked on side by side overlap.
 */
export class EnginePhases {
  private readonly sums = new Map<EnginePhase, number>();

  add(phase: EnginePhase, milliseconds: number): void {
    this.sums.set(phase, (this.sums.get(phase) ?? 0) + milliseconds);
  }

  async time<T>(phase: EnginePhase, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.add(phase, performance.now() - started);
    }
  }

  /** Sums since the process started [ms]. */
  totals(): Readonly<Record<EnginePhase, number>> {
    const of = (phase: EnginePhase): number => this.sums.get(phase) ?? 0;
    return { prepare: of('prepare'), load: of('load'), evaluate: of('evaluate'), write: of('write') };
  }
}
