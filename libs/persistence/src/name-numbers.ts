/** Names in UTF-8, one after the other, with a view for looking at several bytes at once. */
interface NameBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Most bytes that a code unit of a text takes in UTF-8. */
const bytesPerUnit = 3;
const tab = 0x09;
/** Offset basis and prime of FNV-1a, taken over words. */
const [basis, prime] = [0x811c9dc5 | 0, 0x01000193];

/**
 * Numbers names from 0 in the order in which they are added, and finds the numbers of a list of names by their bytes: a run
 * looks up millions of names that it has met before, and none of them has to become a text of its own.
 */
export class NameNumbers {
  private names = nameBytes(65_536);
  /** Where each name begins, and where the last one ends. */
  private starts = new Int32Array(1_024);
  /** Number + 1 by hash, 0 where there is none; twice as many as names at least. */
  private slots = new Int32Array(2_048);
  private count = 0;
  private scratch = nameBytes(4_096);

  /** How many names were added. */
  get length(): number {
    return this.count;
  }

  /** @returns the number of the name, which it keeps when it is added again */
  add(name: string): number {
    const size = this.write(name);
    const hash = hashOf(this.scratch.view, 0, size);
    const known = this.find(hash, 0, size);
    if (known >= 0) return known;
    this.reserve(size);
    const start = this.starts[this.count] as number;
    this.names.bytes.set(this.scratch.bytes.subarray(0, size), start);
    this.starts[this.count + 1] = start + size;
    this.place(hash, this.count);
    return this.count++;
  }

  /** −1 for a name that was not added. */
  numberOf(name: string): number {
    const size = this.write(name);
    return this.find(hashOf(this.scratch.view, 0, size), 0, size);
  }

  /**
   * Writes the numbers of the names of a list, −1 for one that was not added.
   *
   * @param list  names separated by tabs; at least one
   * @param into  has room for as many as the list has characters
   * @returns where they end
   */
  numberList(list: string, into: Int32Array, at: number): number {
    const size = this.write(list);
    const { bytes, view } = this.scratch;
    let next = at;
    let start = 0;
    for (let end = 0; end <= size; end += 1) {
      if (end < size && bytes[end] !== tab) continue;
      into[next++] = this.find(hashOf(view, start, end), start, end);
      start = end + 1;
    }
    return next;
  }

  /** Writes a text into the scratch. @returns how many bytes it has */
  private write(text: string): number {
    const most = bytesPerUnit * text.length;
    if (this.scratch.bytes.length < most) this.scratch = nameBytes(2 * most);
    return this.scratch.bytes.write(text, 0, 'utf8');
  }

  /** The number of the name between two places of the scratch; −1 when it has none. */
  private find(hash: number, start: number, end: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] as number) - 1;
      if (number < 0 || this.isName(number, start, end)) return number;
    }
  }

  private isName(number: number, start: number, end: number): boolean {
    const from = this.starts[number] as number;
    if ((this.starts[number + 1] as number) - from !== end - start) return false;
    const { names, scratch } = this;
    let at = start;
    const offset = from - start;
    for (; at + 4 <= end; at += 4)
      if (scratch.view.getInt32(at, true) !== names.view.getInt32(at + offset, true)) return false;
    for (; at < end; at += 1) if (scratch.bytes[at] !== names.bytes[at + offset]) return false;
    return true;
  }

  private place(hash: number, number: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number + 1;
  }

  /** Makes room for one more name. */
  private reserve(size: number): void {
    const end = this.starts[this.count] as number;
    if (this.names.bytes.length < end + size) {
      const larger = nameBytes(2 * (end + size));
      larger.bytes.set(this.names.bytes.subarray(0, end));
      this.names = larger;
    }
    if (this.count + 2 > this.starts.length) {
      const larger = new Int32Array(2 * this.starts.length);
      larger.set(this.starts);
      this.starts = larger;
    }
    if (2 * (this.count + 1) <= this.slots.length) return;
    this.slots = new Int32Array(2 * this.slots.length);
    for (let number = 0; number < this.count; number += 1) {
      const [start, stop] = [this.starts[number] as number, this.starts[number + 1] as number];
      this.place(hashOf(this.names.view, start, stop), number);
    }
  }
}

function nameBytes(size: number): NameBytes {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

function hashOf(view: DataView, start: number, end: number): number {
  let hash = basis ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), prime);
  for (; at < end; at += 1) hash = Math.imul(hash ^ view.getUint8(at), prime);
  // The high bits of the last word have to reach the low ones, which choose the slot.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
