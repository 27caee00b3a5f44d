/**
 * Hashes of batch inputs and results that do not depend on the machine: little-endian bytes, one bit pattern for NaN.
 */
import { createHash } from 'node:crypto';

/** SHA-256 over the columns in the order given, as hex. */
export function hashColumns(columns: readonly Float64Array[]): string {
  const hash = createHash('sha256');
  for (const column of columns) {
    const view = new DataView(new ArrayBuffer(column.length * 8));
    column.forEach((value, index) => {
      if (value !== value) view.setBigUint64(index * 8, CANONICAL_NAN, true);
      else view.setFloat64(index * 8, value, true);
    });
    hash.update(new Uint8Array(view.buffer));
  }
  return hash.digest('hex');
}

const CANONICAL_NAN = 0x7ff8000000000000n;
