import { CommandFailure, exitCodes } from '../exit-code';
import { parsedValue } from '../option-value';

/** Reads `--threads`. @throws CommandFailure for anything but a whole number from 1 to 64 */
export function threadCount(value: string, previous: unknown): number {
  return parsedValue(value, previous, (text) => {
    const count = /^[1-9]\d?$/.test(text) ? Number(text) : Number.NaN;
    if (count <= 64) return count;
    throw new CommandFailure(exitCodes.usage, '--threads: expected a whole number from 1 to 64');
  });
}
