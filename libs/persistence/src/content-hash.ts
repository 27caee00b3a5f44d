import { createHash } from 'node:crypto';
import { canonicalJson } from '@ballast/domain';

/** SHA-256 of a value's canonical JSON as 64 hexadecimal digits: equal content, equal hash. */
export function contentHash(value: unknown): string {
  return textHash(canonicalJson(value));
}

/** SHA-256 of a text in UTF-8 as 64 hexadecimal digits. */
export function textHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
