/** Numbers of names in memory that threads have in common; safe to post to another thread, which then sees the same. */
export interface NameDirectory {
  /** Open hash table of number + 1; 0 where it is empty. A power of two long. */
  readonly table: Int32Array;
  /** Where each name begins in `units`, and how many it has. */
  readonly extents: Int32Array;
  /** Names in UTF-16. */
  readonly units: Uint16Array;
  /** Names numbered so far, and units taken. */
  readonly taken: Int32Array;
}

/** Names of contracts are shorter on average. */
const unitsPerName = 40;

/** Makes a directory for up to `capacity` names, ≥ 1. */
export function createNameDirectory(capacity: number): NameDirectory {
  let length = 4;
  while (length < 2 * capacity) length *= 2;
  return {
    table: new Int32Array(new SharedArrayBuffer(4 * length)),
    extents: new Int32Array(new SharedArrayBuffer(8 * capacity)),
    units: new Uint16Array(new SharedArrayBuffer(2 * unitsPerName * capacity)),
    taken: new Int32Array(new SharedArrayBuffer(8)),
  };
}

/**
 * Opens a directory for one thread: gives the number of a name, the same in every thread, and gives it one when it has none.
 * Threads never wait for each other: one that loses the race for a name's entry takes the winner's number, and uses the one it
 * had reserved for the next name.
 *
 * @returns numbers from 0; −1 when the directory is full
 */
export function openNameDirectory(directory: NameDirectory): (name: string) => number {
  const { table } = directory;
  const mask = table.length - 1;
  /** Reserved, and entered for no name yet. */
  let spare: number | null = null;
  return (name) => {
    let own: number | null = null;
    for (let at = hashOf(name) & mask; ; at = (at + 1) & mask) {
      let entry = Atomics.load(table, at);
      if (entry === 0) {
        own ??= spare = reserve(directory, name, spare);
        if (own === null) return -1;
        entry = Atomics.compareExchange(table, at, 0, own + 1);
        if (entry === 0) {
          spare = null;
          return own;
        }
      }
      if (isAt(directory, entry - 1, name)) return entry - 1;
    }
  };
}

/**
 * Writes a name where nobody else writes; others see it once its number is in the table.
 *
 * @param spare  a number that was reserved before; null to reserve one
 * @returns null when there is no number or no room left
 */
function reserve({ extents, units, taken }: NameDirectory, name: string, spare: number | null): number | null {
  const { length } = name;
  const isRoomy = spare !== null && (extents[2 * spare + 1] as number) >= length;
  if (!isRoomy && Atomics.load(taken, 1) + length > units.length) return null;
  if (spare === null && 2 * Atomics.load(taken, 0) >= extents.length) return null;
  const number = spare ?? Atomics.add(taken, 0, 1);
  const start = isRoomy ? (extents[2 * number] as number) : Atomics.add(taken, 1, length);
  if (2 * number >= extents.length || start + length > units.length) return null;
  for (let index = 0; index < length; index += 1) units[start + index] = name.charCodeAt(index);
  extents[2 * number] = start;
  extents[2 * number + 1] = length;
  return number;
}

function isAt({ extents, units }: NameDirectory, number: number, name: string): boolean {
  const start = extents[2 * number] as number;
  if (extents[2 * number + 1] !== name.length) return false;
  for (let index = 0; index < name.length; index += 1)
    if (units[start + index] !== name.charCodeAt(index)) return false;
  return true;
}

/** FNV-1a over UTF-16. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
