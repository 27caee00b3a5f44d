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
  if (value instanceof Map) return canonicalJson(Object.fromEntries(value));
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== undefined) {
    if ('toFixed' in value && typeof value.toFixed === 'function') return JSON.stringify(value.toFixed());
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw new DomainError('INVALID_PARAMETER', `a ${typeof value} has no canonical form`);
}
