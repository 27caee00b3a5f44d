/** Short texts in UTF-8, one after the other, to be copied into what is hashed without becoming strings again. */
export class ByteColumn {
  private bytes = Buffer.allocUnsafe(65_536);
  /** Where each text begins, and where the last one ends. */
  private readonly starts: number[] = [0];

  /** How many texts there are. */
  get length(): number {
    return this.starts.length - 1;
  }

  push(text: string): void {
    const start = this.starts.at(-1) as number;
    if (this.bytes.length < start + 3 * text.length) {
      const larger = Buffer.allocUnsafe(2 * this.bytes.length + 3 * text.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.starts.push(start + this.bytes.write(text, start, 'utf8'));
  }

  /** How many bytes a text has. */
  sizeOf(index: number): number {
    return (this.starts[index + 1] as number) - (this.starts[index] as number);
  }

  /** Copies a text to a place of `target`, which has to have room. @returns where it ends there */
  copyTo(target: Uint8Array, at: number, index: number): number {
    const { bytes } = this;
    const end = this.starts[index + 1] as number;
    let next = at;
    for (let from = this.starts[index] as number; from < end; from += 1) target[next++] = bytes[from] as number;
    return next;
  }
}
