/**
 * The pricing benchmark.
 *
 *   npm run bench                  the tables, on standard output
 *   npm run bench -- write         the same, and into docs/benchmarks.md
 *   npm run bench -- agreement     the kernel against the scalar functions on a million rows
 *   npm run bench -- hash          the hashes of the fixed batch on this engine; `hash write` commits them
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatBars, formatTables, medianRate, runRounds, type Bar } from './benchmark-table';
import type { Task } from './contestant';
import { reportAgreement } from './kernel-agreement';
import { reportHashes } from './kernel-hash';
import { describeMachine } from './machine';
import { nativeContestants, plainName, vectorName } from './native-contestants';
import { npmContestants } from './npm-contestants';
import {
  americanFastName,
  copyingName,
  impliedVolatilityName,
  kernelName,
  ownContestants,
  scenarioKernelName,
} from './own-contestants';
import { buildWorkload } from './workload';

const bars: readonly Bar[] = [
  {
    title: 'kernel price + 4 Greeks over plain C++',
    measure: (entries) =>
      ratio(medianRate(entries, 'price and Greeks', kernelName), medianRate(entries, 'price and Greeks', plainName)),
    ...{ required: 1.6, comparison: 'at least', unit: '×' },
  },
  {
    title: "kernel with the caller's columns copied over plain C++",
    measure: (entries) =>
      ratio(medianRate(entries, 'price and Greeks', copyingName), medianRate(entries, 'price and Greeks', plainName)),
    ...{ required: 1.6, comparison: 'at least', unit: '×' },
  },
  {
    title: 'kernel price + 4 Greeks over AVX-512 C++',
    measure: (entries) =>
      ratio(medianRate(entries, 'price and Greeks', kernelName), medianRate(entries, 'price and Greeks', vectorName)),
    ...{ required: 0.4, comparison: 'at least', unit: '×' },
  },
  {
    title: 'kernel scenario revaluation over plain C++',
    measure: (entries) =>
      ratio(medianRate(entries, 'scenario grid', scenarioKernelName), medianRate(entries, 'scenario grid', plainName)),
    ...{ required: 1.5, comparison: 'at least', unit: '×' },
  },
  {
    title: 'implied volatility',
    measure: (entries) => ratio(medianRate(entries, 'implied volatility', impliedVolatilityName), 1e6),
    ...{ required: 1, comparison: 'at least', unit: 'M/s' },
  },
  {
    title: 'American array of 16 scenarios, fast mode',
    measure: (entries) => ratio(1e6, medianRate(entries, 'American scenario array', americanFastName)),
    ...{ required: 200, comparison: 'at most', unit: 'µs' },
  },
];

function ratio(numerator: number | null, denominator: number | null): number | null {
  return numerator === null || denominator === null ? null : numerator / denominator;
}

function runBenchmark(): string {
  const machine = describeMachine();
  const workload = buildWorkload(ROWS);
  const folder = path.resolve(__dirname, '../../bench');
  const contestants = [
    ...ownContestants(workload),
    ...nativeContestants(workload, folder),
    ...npmContestants(workload),
  ];
  const tasks = [...new Set(contestants.map(({ task }) => task))] as Task[];
  const entries = tasks.flatMap((task) => {
    process.stderr.write(`${task} …\n`);
    return runRounds(
      contestants.filter((contestant) => contestant.task === task),
      { rounds: ROUNDS, milliseconds: RUN_MILLISECONDS },
    );
  });
  const method = `${ROWS} options, ${ROUNDS} interleaved rounds of ${RUN_MILLISECONDS} ms of processor time per contestant, one core, medians.`;
  return [`${machine}.`, method, formatTables(entries), formatBars(bars, entries)].join('\n\n');
}

function writeReport(report: string): void {
  const file = path.resolve(__dirname, '../../../docs/benchmarks.md');
  const document = readFileSync(file, 'utf8');
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${file} has no place for the tables`);
  writeFileSync(file, `${document.slice(0, start + START.length)}\n\n${report}\n\n${document.slice(end)}`);
}

function main(command: string | undefined, option: string | undefined): void {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  switch (command) {
    case undefined:
    case 'write': {
      const report = runBenchmark();
      print(report);
      if (command === 'write') writeReport(report);
      return;
    }
    case 'agreement':
      return reportAgreement(1_000_000, print);
    case 'hash':
      return reportHashes(print, option === 'write');
    default:
      throw new Error(`unknown command ${command}; known: write, agreement, hash`);
  }
}

const ROWS = 8192;
// Many short rounds: a slow spell of a shared host then hits few of them, and all contestants alike.
const ROUNDS = 27;
const RUN_MILLISECONDS = 50;
const START = '<!-- tables -->';
const END = '<!-- /tables -->';

main(process.argv[2], process.argv[3]);
