/**
 * What the benchmark compares: named ways of doing one task on the same inputs.
 */

/** The tasks of the benchmark. */
export type Task = 'price and Greeks' | 'scenario grid' | 'implied volatility' | 'American scenario array';

/** One timed run. */
export interface Measurement {
  /** Options, option-scenarios, volatilities or arrays computed. */
  readonly units: number;
  /** Processor time, so that a busy machine does not count against whoever ran when it was busy. */
  readonly seconds: number;
  /** Sum of the results of one pass, to show that contestants computed the same. */
  readonly checksum: number;
}

/** One way of doing a task. */
export interface Contestant {
  readonly task: Task;
  readonly name: string;
  /** Repeats passes over the inputs for about the given time. */
  run(milliseconds: number): Measurement;
}

/** A contestant that cannot run here, and why. */
export interface AbsentContestant {
  readonly task: Task;
  readonly name: string;
  readonly reason: string;
}

/** Repeats a pass for about the given time. */
export function measurePasses(
  milliseconds: number,
  unitsPerPass: number,
  pass: () => void,
): Omit<Measurement, 'checksum'> {
  const start = cpuSeconds();
  let units = 0;
  let seconds = 0;
  do {
    pass();
    units += unitsPerPass;
    seconds = cpuSeconds() - start;
  } while (seconds * 1000 < milliseconds);
  return { units, seconds };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Adds up columns. */
export function sumOf(columns: readonly Float64Array[]): number {
  return columns.reduce((total, column) => total + column.reduce((sum, value) => sum + value, 0), 0);
}
