// Values of options, checked while the command line is read, so that a wrong one ends with exit code 2.
import { InvalidArgumentError } from 'commander';

/** Takes a value that must not be empty and must be given once. @throws InvalidArgumentError */
export function singleValue(value: string, previous: unknown): string {
  if (previous !== undefined) throw new InvalidArgumentError('The option is given twice.');
  if (value === '') throw new InvalidArgumentError('The value is empty.');
  return value;
}

/** Applies a reader of values to an option given once. @throws InvalidArgumentError with the reader's reason */
export function parsedValue<Value>(value: string, previous: unknown, read: (text: string) => Value): Value {
  const text = singleValue(value, previous);
  try {
    return read(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
