/**
 * Records that never change, kept by their whole key for those who are asked for again: a bounded number, the one not asked
 * for the longest goes first. Only for rows of append-only tables, and only for callers whose own statement has just
 * returned the key: that a record is here gives nobody the right to see it.
 */
export class RecentRecords<Value> {
  private readonly records = new Map<string, Value>();

  /** @param maximum  records kept, ≥ 1 */
  constructor(private readonly maximum: number) {}

  get(key: string): Value | undefined {
    const value = this.records.get(key);
    if (value === undefined) return undefined;
    this.records.delete(key);
    this.records.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.records.delete(key);
    const [oldest] = this.records.keys();
    if (this.records.size >= this.maximum && oldest !== undefined) this.records.delete(oldest);
    this.records.set(key, value);
  }

  get size(): number {
    return this.records.size;
  }
}
