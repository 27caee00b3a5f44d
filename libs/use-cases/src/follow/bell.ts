/** Wakes who waits; a ring while nobody waits is kept. */
export class Bell {
  private wake: (() => void) | null = null;
  private rung = false;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Waits for the next ring, at most so long [ms]. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
    this.rung = false;
  }

  /** Waits so long [ms], whoever rings, unless `isOver`. */
  async sleep(milliseconds: number, isOver: () => boolean): Promise<void> {
    const until = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0 && !isOver(); left = until - performance.now()) await this.wait(left);
  }
}
