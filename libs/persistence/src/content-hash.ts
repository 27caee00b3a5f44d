import { hash } from 'node:crypto';
import { canonicalJson } from '@ballast/domain';

/** SHA-256 of a value's canonical JSON as 64 hexadecimal digits: equal content, equal hash. */
export function contentHash(value: unknown): string {
  return textHash(canonicalJson(value));
}

/** SHA-256 of a text in UTF-8 as 64 hexadecimal digits. */
export function textHash(text: string): string {
  return hash('sha256', text, 'hex');
}
