/** Characters kept at most, of all plans together: some 16 MB. */
const keptMaximum = 16_000_000;

/**
 * Texts written of values that never change and outlive a request, so that each is written once per plan. They go with the
 * value, and all at once when there are too many.
 */
export class KeptTexts {
  private length = 0;
  private generation = 0;

  /** @param maximum  characters kept at most */
  constructor(private readonly maximum = keptMaximum) {}

  /** Makes a place for the texts of one part of one plan. */
  place(): {
    readonly get: (value: object) => string | undefined;
    readonly set: (value: object, text: string) => void;
  } {
    let texts = new WeakMap<object, string>();
    let generation = this.generation;
    const current = (): WeakMap<object, string> => {
      if (generation === this.generation) return texts;
      generation = this.generation;
      texts = new WeakMap();
      return texts;
    };
    return {
      get: (value) => current().get(value),
      set: (value, text) => {
        this.makeRoom(text.length);
        current().set(value, text);
      },
    };
  }

  private makeRoom(more: number): void {
    this.length += more;
    if (this.length <= this.maximum) return;
    this.length = more;
    this.generation += 1;
  }
}
