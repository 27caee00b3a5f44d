/** Remembers the keys added last, so many at most; older ones are forgotten. */
export class RecentKeys {
  private readonly keys = new Set<string>();

  constructor(private readonly maximum: number) {}

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** @returns whether the key was not remembered before */
  add(key: string): boolean {
    if (this.keys.has(key)) return false;
    this.keys.add(key);
    if (this.keys.size > this.maximum) for (const oldest of this.keys) return this.keys.delete(oldest);
    return true;
  }
}
