import { Decimal, instantOf, type Instant, type Money } from '@ballast/domain';
import { toBinaryArray } from './binary-array';
import { PersistenceError } from './persistence-error';
import { isUuid } from './tenant';

const scaleMaximum = 20;
/** |value| < 10^26 exactly when the exponent of the first digit is below. */
const exponentLimit = 26;

/**
 * Writes an exact number for a `finite_numeric` column. Digits that the column cannot hold are refused, never rounded.
 *
 * @throws PersistenceError 'VALUE_REFUSED' naming the field and the value
 */
export function toNumeric(value: Decimal, field: string): string {
  if (value.isFinite() && value.e < exponentLimit && value.decimalPlaces() <= scaleMaximum) return value.toFixed();
  const shown = value.toString().slice(0, 60);
  throw new PersistenceError(
    'VALUE_REFUSED',
    `${field}: expected a finite number of at most 26 integer and ${scaleMaximum} fraction digits, got ${shown}`,
  );
}

export function toNumericOrNull(value: Decimal | null | undefined, field: string): string | null {
  return value == null ? null : toNumeric(value, field);
}

/** Writes a model value for a `finite_double` column. @throws PersistenceError 'VALUE_REFUSED' for NaN and infinity */
export function toDoubleOrNull(value: number | null | undefined, field: string): number | null {
  if (value == null) return null;
  if (Number.isFinite(value)) return value;
  throw new PersistenceError('VALUE_REFUSED', `${field}: expected a finite number, got ${value}`);
}

/** RFC 3339 text of an instant; what Postgres reads without regard to any time zone setting. */
export function toTimestamp(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function toTimestampOrNull(instant: Instant | null | undefined): string | null {
  return instant == null ? null : toTimestamp(instant);
}

export function decimalOf(text: string): Decimal {
  return new Decimal(text);
}

export function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : new Decimal(text);
}

export function instantOrNull(date: Date | null): Instant | null {
  return date === null ? null : instantOf(date.getTime());
}

export function instantFrom(date: Date): Instant {
  return instantOf(date.getTime());
}

export function moneyOrNull(text: string | null, currency: string): Money | null {
  return text === null ? null : { amount: new Decimal(text), currency };
}

/** Milliseconds as Postgres writes them. */
export function instantFromText(milliseconds: string): Instant {
  return instantOf(Number(milliseconds));
}

/** Money over its recorded digits; the Decimal is made when somebody counts with it, and showing it needs none. */
export class RecordedMoney implements Money {
  constructor(
    readonly digits: string,
    readonly currency: string,
  ) {}

  get amount(): Decimal {
    return new Decimal(this.digits);
  }
}

/** Keeps a member only when it has a value: optional members of domain types are absent, not null. */
export function present<Key extends string, Value>(key: Key, value: Value | null): { [K in Key]?: Value } {
  return (value === null ? {} : { [key]: value }) as { [K in Key]?: Value };
}

/** Turns rows into one array per column, the form that `unnest` takes. */
export function toColumns(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  const columns: unknown[][] = Array.from({ length: width }, () => new Array<unknown>(rows.length));
  rows.forEach((row, index) => {
    for (let column = 0; column < width; column += 1) (columns[column] as unknown[])[index] = row[column];
  });
  return columns;
}

/** Lists that do not change, and what was written for them. */
const written = new WeakMap<readonly string[], Buffer>();

/**
 * Writes identifiers as the array parameter `$n::uuid[]`, in binary. A frozen list, which several statements of a run name,
 * is written once.
 *
 * @param ids  UUIDs, as isUuid tells them
 * @throws RangeError for what is none
 */
export function uuidList(ids: readonly string[]): Buffer {
  const known = written.get(ids);
  if (known !== undefined) return known;
  const bytes = toBinaryArray('uuid', ids);
  if (Object.isFrozen(ids)) written.set(ids, bytes);
  return bytes;
}

const distinct = new WeakMap<readonly string[], readonly string[]>();

/** Those of a list that are UUIDs, each once: what is none names nothing. Of a frozen list that is found out once. */
export function distinctUuids(ids: readonly string[]): readonly string[] {
  const known = distinct.get(ids);
  if (known !== undefined) return known;
  const found = Object.freeze([...new Set(ids.filter(isUuid))]);
  if (Object.isFrozen(ids)) distinct.set(ids, found);
  return found;
}
