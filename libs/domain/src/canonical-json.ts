import { DomainError } from './domain-error';

/**
 * Writes a value as canonical JSON: object keys sorted by code unit, no white space, undefined members left out,
 * numbers in shortest round-trip form, anything with `toFixed` and no JSON form (a Decimal) as plain digits.
 * Equal content gives equal text, so a hash of it identifies the content.
 *
 * @throws DomainError 'NOT_FINITE' for NaN and ±Infinity, which JSON would silently turn into null
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new DomainError('NOT_FINITE', `${value} has no canonical form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return canonicalList(value);
  if (typeof value === 'object' && value !== undefined) {
    if ('toFixed' in value && typeof value.toFixed === 'function') return JSON.stringify(value.toFixed());
    if (value instanceof Map) return canonicalJson(Object.fromEntries(value));
    return canonicalMembers(value as Readonly<Record<string, unknown>>);
  }
  throw new DomainError('INVALID_PARAMETER', `a ${typeof value} has no canonical form`);
}

// Snapshots are hashed whole, so these two build their text in place instead of through lists of pieces.
function canonicalList(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += `${text === '' ? '' : ','}${canonicalJson(item ?? null)}`;
  return `[${text}]`;
}

function canonicalMembers(members: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
