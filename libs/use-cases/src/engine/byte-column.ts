/** Bytes that are written one after the other, with a view for moving several at once. */
export interface ByteScratch {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Room for so many bytes; what is in it before it is written is undefined. */
export function byteScratch(size: number): ByteScratch {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** Short texts in UTF-8, one after the other, to be copied into what is hashed without becoming strings again. */
export class ByteColumn {
  private scratch = byteScratch(65_536);
  /** Where each text begins, and where the last one ends. */
  private readonly starts: number[] = [0];
  private largest = 0;

  /** How many texts there are. */
  get length(): number {
    return this.starts.length - 1;
  }

  /** Bytes of the longest text; 0 without any. */
  get longest(): number {
    return this.largest;
  }

  push(text: string): void {
    const start = this.starts.at(-1) as number;
    const { bytes } = this.scratch;
    if (bytes.length < start + 3 * text.length) {
      this.scratch = byteScratch(2 * bytes.length + 3 * text.length);
      this.scratch.bytes.set(bytes);
    }
    const size = this.scratch.bytes.write(text, start, 'utf8');
    this.starts.push(start + size);
    this.largest = Math.max(this.largest, size);
  }

  /** How many bytes a text has. */
  sizeOf(index: number): number {
    return (this.starts[index + 1] as number) - (this.starts[index] as number);
  }

  /** Copies a text to a place of `target`, which has to have room. @returns where it ends there */
  copyTo(target: ByteScratch, at: number, index: number): number {
    const { bytes, view } = this.scratch;
    const end = this.starts[index + 1] as number;
    let from = this.starts[index] as number;
    let next = at;
    // A call per text costs more than the few words it would copy.
    for (; from + 4 <= end; from += 4) {
      target.view.setInt32(next, view.getInt32(from, true), true);
      next += 4;
    }
    for (; from < end; from += 1) target.bytes[next++] = bytes[from] as number;
    return next;
  }
}
