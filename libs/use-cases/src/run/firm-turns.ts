/** What is done for every firm in turn. */
export interface FirmWork {
  /** One turn of one firm. */
  readonly turn: (firmId: string) => Promise<unknown>;
  /** Told of a turn that failed; other firms and later turns go on. */
  readonly onFailure: (firmId: string, failure: unknown) => void;
  /** Firms worked for at a time. */
  readonly parallelism: number;
}

/**
 * Gives every firm its turns, some at a time. A firm whose turn is not over gets no second one, and nobody waits for it:
 * others take their next turn meanwhile.
 */
export class FirmTurns {
  private readonly open = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private waiting: string[] = [];
  private stopped = false;

  constructor(private readonly work: FirmWork) {}

  /** Asks for a turn of each firm that has none open; does nothing after `stop`. */
  request(firmIds: readonly string[]): void {
    if (this.stopped) return;
    for (const firmId of firmIds) {
      if (this.open.has(firmId)) continue;
      this.open.add(firmId);
      this.waiting.push(firmId);
    }
    this.fill();
  }

  /** Gives up the turns that have not begun and waits for the others. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.waiting = [];
    await Promise.all(this.running);
  }

  private fill(): void {
    while (this.running.size < this.work.parallelism) {
      const firmId = this.waiting.shift();
      if (firmId === undefined) return;
      const turn = this.take(firmId).finally(() => {
        this.running.delete(turn);
        this.open.delete(firmId);
        this.fill();
      });
      this.running.add(turn);
    }
  }

  private async take(firmId: string): Promise<void> {
    try {
      await this.work.turn(firmId);
    } catch (failure) {
      this.work.onFailure(firmId, failure);
    }
  }
}
