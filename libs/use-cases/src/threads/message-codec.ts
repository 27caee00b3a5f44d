import { types } from 'node:util';
import { Decimal } from '@ballast/domain';

/** Marks what stands for a Decimal; no domain value has a member of this name. */
const decimalMark = '$decimal';

/**
 * Turns a domain value into one that can be posted to another thread: Decimals become marked digits, deferred members are
 * read. Maps, sets, typed arrays and plain values pass as they are.
 *
 * @throws TypeError for a function, which has no meaning elsewhere
 */
export function toMessage(value: unknown): unknown {
  if (typeof value === 'function') throw new TypeError('a function cannot be posted to another thread');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Decimal.isDecimal(value)) return { [decimalMark]: value.toString() };
  if (Array.isArray(value)) return value.map(toMessage);
  if (types.isMap(value)) return new Map([...value].map(([key, item]) => [key, toMessage(item)]));
  if (types.isSet(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toMessage(item)]));
}

/** Turns a posted value back into the domain value it was made from; the same digits give the same Decimal. */
export function fromMessage(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(fromMessage);
  if (types.isMap(value)) return new Map([...value].map(([key, item]) => [key, fromMessage(item)]));
  if (types.isSet(value)) return value;
  const digits = (value as Record<string, unknown>)[decimalMark];
  if (typeof digits === 'string') return new Decimal(digits);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromMessage(item)]));
}
