import { contentHash } from './content-hash';
import { PersistenceError } from './persistence-error';

export interface PageRequest {
  /** Rows wanted, 1…10 000. */
  readonly first: number;
  /** Cursor of the last row seen. */
  readonly after?: string | null | undefined;
}

/** One page of a list, and whether there is more. */
export interface Page<T> {
  readonly items: readonly { readonly node: T; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}

/**
 * Cursors of one list: they hold the sort key of a row and a fingerprint of the list (firm, order, filter), so that a
 * cursor of another list, firm or filter is refused instead of silently skipping rows.
 */
export class KeysetCursors {
  /** Fingerprint of the list. */
  readonly list: string;

  /** @param list  everything that decides which rows come in which order */
  constructor(list: Readonly<Record<string, unknown>>) {
    this.list = contentHash(list).slice(0, 12);
  }

  encode(key: readonly (string | null)[]): string {
    return Buffer.from(JSON.stringify([this.list, ...key]), 'utf8').toString('base64url');
  }

  /**
   * @param patterns  what each part of the key must look like; null is accepted where `nullable` says so
   * @throws PersistenceError 'VALUE_REFUSED' for a text that is not a cursor of this list
   */
  decode(text: string, patterns: readonly KeyPart[]): (string | null)[] {
    const refusal = (): PersistenceError => new PersistenceError('VALUE_REFUSED', 'after: not a cursor of this list');
    if (text.length > 1_000) throw refusal();
    let parts: unknown;
    try {
      parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    } catch {
      throw refusal();
    }
    if (!Array.isArray(parts) || parts.length !== patterns.length + 1 || parts[0] !== this.list) throw refusal();
    const key = parts.slice(1) as unknown[];
    key.forEach((part, index) => {
      const { pattern, nullable } = patterns[index] as KeyPart;
      if (!(part === null ? nullable === true : typeof part === 'string' && pattern.test(part))) throw refusal();
    });
    return key as (string | null)[];
  }

  /** Cuts the extra row that was asked for to learn whether there is more. */
  toPage<Row, T>(
    rows: readonly Row[],
    first: number,
    convert: (row: Row) => { readonly node: T; readonly key: readonly (string | null)[] },
  ): Page<T> {
    const items = rows.slice(0, first).map((row) => {
      const { node, key } = convert(row);
      return { node, cursor: this.encode(key) };
    });
    return { items, hasNextPage: rows.length > first };
  }
}

export interface KeyPart {
  readonly pattern: RegExp;
  readonly nullable?: boolean;
}

export const keyParts = {
  uuid: { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ },
  instant: { pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/ },

  identifier: { pattern: /^[^\u0000-\u001f\u007f]{1,128}$/ },
  decimal: { pattern: /^-?\d{1,26}(\.\d{1,20})?$/ },
} as const;

/** @throws PersistenceError 'VALUE_REFUSED' */
export function checkPageSize(first: number): number {
  if (Number.isInteger(first) && first >= 1 && first <= 10_000) return first;
  throw new PersistenceError(
    'VALUE_REFUSED',
    `first: expected a whole number from 1 to 10000, got ${String(first).slice(0, 40)}`,
  );
}
