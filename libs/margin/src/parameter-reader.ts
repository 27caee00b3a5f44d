import { DomainError, describeValue } from '@ballast/domain';

/** Admissible range of a number parameter; bounds are inclusive unless named exclusive. */
export interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly integer?: boolean;
}

/** A refusal of one parameter: path, rule and value in the message. */
export function parameterError(path: string, rule: string, value: unknown): DomainError {
  return new DomainError('INVALID_PARAMETER', `${path}: ${rule}, got ${describeValue(value)}`, path);
}

/**
 * Takes a value as an object whose keys are all known.
 *
 * @param knownKeys  the keys the object may have; undefined = any key (a map by identifier)
 * @throws DomainError 'INVALID_PARAMETER' naming the path of the unknown key
 */
export function readObject(
  value: unknown,
  path: string,
  knownKeys?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw parameterError(path, 'expected an object', value);
  for (const key of Object.keys(value)) {
    if (knownKeys !== undefined && !knownKeys.includes(key)) {
      const rule = `unknown key; known keys are ${knownKeys.join(', ')}`;
      throw new DomainError('INVALID_PARAMETER', `${path}.${key}: ${rule}`, `${path}.${key}`);
    }
  }
  return value as Record<string, unknown>;
}

/** Takes a value as a finite number within a range. @throws DomainError 'INVALID_PARAMETER' */
export function readNumber(value: unknown, path: string, range: NumberRange = {}): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw parameterError(path, 'expected a finite number', value);
  if (range.integer === true && !Number.isInteger(value)) throw parameterError(path, 'expected a whole number', value);
  if (range.minimum !== undefined && value < range.minimum)
    throw parameterError(path, `expected a number ≥ ${range.minimum}`, value);
  if (range.exclusiveMinimum !== undefined && value <= range.exclusiveMinimum)
    throw parameterError(path, `expected a number > ${range.exclusiveMinimum}`, value);
  if (range.maximum !== undefined && value > range.maximum)
    throw parameterError(path, `expected a number ≤ ${range.maximum}`, value);
  return value;
}

/** Takes a value as one of a closed list of words. @throws DomainError 'INVALID_PARAMETER' */
export function readChoice<Choice extends string>(value: unknown, path: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw parameterError(path, `expected one of ${choices.join(' | ')}`, value);
  return found;
}

/** Takes a value as true or false. @throws DomainError 'INVALID_PARAMETER' */
export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw parameterError(path, 'expected true or false', value);
  return value;
}

/** Takes a value as a non-empty text. @throws DomainError 'INVALID_PARAMETER' */
export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length === 0) throw parameterError(path, 'expected a non-empty text', value);
  return value;
}

/**
 * Takes a value as a list and reads every item with its own path.
 *
 * @throws DomainError 'INVALID_PARAMETER' when it is no list or shorter than `minimumLength`
 */
export function readList<Item>(
  value: unknown,
  path: string,
  readItem: (item: unknown, itemPath: string) => Item,
  minimumLength = 0,
): readonly Item[] {
  if (!Array.isArray(value)) throw parameterError(path, 'expected a list', value);
  if (value.length < minimumLength) throw parameterError(path, `expected at least ${minimumLength} items`, value);
  return value.map((item, index) => readItem(item, `${path}[${index}]`));
}

/**
 * Reads an optional key: the override where the object has it, else the value of the default set.
 *
 * @example
 * override(object, 'coverFraction', 'parameters.GC', 0.33, (value, path) => readNumber(value, path, { minimum: 0 }))
 */
export function override<Value>(
  object: Readonly<Record<string, unknown>>,
  key: string,
  path: string,
  fallback: Value,
  read: (value: unknown, valuePath: string) => Value,
): Value {
  const value = object[key];
  return value === undefined ? fallback : read(value, `${path}.${key}`);
}
