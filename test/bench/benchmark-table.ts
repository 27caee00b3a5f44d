/**
 * Rounds, medians, bars and the printed table.
 */
import type { AbsentContestant, Contestant, Measurement, Task } from './contestant';

/** What came of one contestant. */
export interface Entry {
  readonly task: Task;
  readonly name: string;
  /** Units per second in every round, ascending; empty when absent. */
  readonly rates: readonly number[];
  readonly checksum: number;
  /** Why there are no rates. */
  readonly reason?: string;
}

/** A requirement on the medians of the table. */
export interface Bar {
  readonly title: string;
  /** Measured figure; null when a contestant was absent. */
  readonly measure: (entries: readonly Entry[]) => number | null;
  readonly required: number;
  readonly comparison: 'at least' | 'at most';
  readonly unit: string;
}

/**
 * Runs all contestants of a task in turn, round by round, so that a slow spell of the machine hits all of them.
 *
 * @param options.rounds        odd, so that the median is a measured round
 * @param options.milliseconds  time of one run
 */
export function runRounds(
  contestants: readonly (Contestant | AbsentContestant)[],
  options: { readonly rounds: number; readonly milliseconds: number },
): readonly Entry[] {
  const measurements = new Map<Contestant, Measurement[]>();
  const present = contestants.filter((contestant): contestant is Contestant => 'run' in contestant);
  for (const contestant of present) contestant.run(options.milliseconds);
  for (let round = 0; round < options.rounds; round++) {
    for (const contestant of present) {
      const measured = measurements.get(contestant) ?? [];
      measurements.set(contestant, [...measured, contestant.run(options.milliseconds)]);
    }
  }
  return contestants.map((contestant) => {
    const { task, name } = contestant;
    if (!('run' in contestant)) return { task, name, rates: [], checksum: NaN, reason: contestant.reason };
    const measured = measurements.get(contestant) ?? [];
    const rates = measured.map(({ units, seconds }) => units / seconds).sort((a, b) => a - b);
    return { task, name, rates, checksum: measured[0]?.checksum ?? NaN };
  });
}

/** The middle rate [units/s]; null for an absent contestant. */
export function medianRate(entries: readonly Entry[], task: Task, name: string): number | null {
  const entry = entries.find((candidate) => candidate.task === task && candidate.name === name);
  return entry?.rates[Math.floor(entry.rates.length / 2)] ?? null;
}

/** Lays out one Markdown table per task; the first contestant of a task is the one the others are compared with. */
export function formatTables(entries: readonly Entry[]): string {
  const tasks = [...new Set(entries.map(({ task }) => task))];
  return tasks.map((task) => formatTask(task, entries)).join('\n\n');
}

/** Lays out the bars: what is required, what was measured, whether it holds. */
export function formatBars(bars: readonly Bar[], entries: readonly Entry[]): string {
  const lines = bars.map(({ title, measure, required, comparison, unit }) => {
    const measured = measure(entries);
    const holds = measured !== null && (comparison === 'at least' ? measured >= required : measured <= required);
    const verdict = measured === null ? 'not measured' : holds ? 'holds' : 'MISSED';
    return `| ${title} | ${comparison} ${required} ${unit} | ${measured === null ? '–' : `${short(measured)} ${unit}`} | ${verdict} |`;
  });
  return ['| bar | required | measured | |', '|---|---|---|---|', ...lines].join('\n');
}

function formatTask(task: Task, entries: readonly Entry[]): string {
  const own = entries.filter((entry) => entry.task === task);
  const first = own.find(({ rates }) => rates.length > 0);
  const reference = first === undefined ? null : medianRate(own, task, first.name);
  const perUnit = task === 'American scenario array';
  const lines = own.map((entry) => {
    const median = medianRate(own, task, entry.name);
    if (median === null || reference === null) return `| ${entry.name} | – | – | – | ${entry.reason ?? ''} |`;
    const show = (rate: number) => (perUnit ? short(1e6 / rate) : short(rate / 1e6));
    const [low, high] = [entry.rates[0] as number, entry.rates[entry.rates.length - 1] as number];
    const range = perUnit ? `${show(high)} … ${show(low)}` : `${show(low)} … ${show(high)}`;
    return `| ${entry.name} | ${show(median)} | ${range} | ${short(median / reference)} | ${entry.checksum.toPrecision(12)} |`;
  });
  const unit =
    { 'price and Greeks': 'M/s', 'scenario grid': 'M/s', 'implied volatility': 'M/s' }[task as string] ?? 'µs';
  const header = `| ${task} | median ${unit} | range | relative speed | checksum |`;
  return [header, '|---|---:|---:|---:|---|', ...lines].join('\n');
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
