import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatBars, formatTables, medianRate, runRounds, type Bar, type Entry } from './benchmark-table';
import type { Contestant, Task } from './contestant';
import { compilerVersion, nativeContestants, plainName } from './native-contestants';
import { npmContestants } from './npm-contestants';
import { ownContestants } from './own-contestants';
import { buildWorkload } from './workload';

const workload = buildWorkload(128);
const own = ownContestants(workload);
const checksums = (contestants: readonly Contestant[], task: Task) =>
  contestants.filter((contestant) => contestant.task === task).map((contestant) => contestant.run(0).checksum);

describe('the contestants of the benchmark compute the same', () => {
  it.each<[Task, number]>([
    ['price and Greeks', 1e-13],
    ['scenario grid', 1e-13],
    ['American scenario array', 1e-6],
  ])('%s', (task, tolerance) => {
    const [first, ...others] = checksums(own, task) as [number, ...number[]];
    expect(first).toBeGreaterThan(0);
    for (const other of others) expect(Math.abs(other / first - 1)).toBeLessThanOrEqual(tolerance);
  });

  it('implied volatilities: those the quotes were made with', () => {
    const expected = workload.rows.volatility.reduce((sum, volatility) => sum + volatility, 0);
    const [checksum] = checksums(own, 'implied volatility') as [number];
    expect(Math.abs(checksum / expected - 1)).toBeLessThanOrEqual(1e-13);
  });

  it('the packages of the registry: the same prices where there is no dividend yield', () => {
    const rows = { ...workload.rows, dividendYield: new Float64Array(128) };
    const [kernel] = ownContestants({ ...workload, rows });
    const reference = (kernel as Contestant).run(0).checksum;
    for (const contestant of npmContestants({ ...workload, rows })) {
      expect([contestant.name, Math.abs(contestant.run(0).checksum / reference - 1) < 1e-5]).toEqual([
        contestant.name,
        true,
      ]);
    }
  });
});

const maybe = compilerVersion() === null ? describe.skip : describe;
maybe('plain and vectorised C++ (skipped: no C++ compiler present)', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('computes the same from the same bytes', () => {
    const native = nativeContestants(workload, folder, ['plain.cpp', 'vector.cpp']);
    const plain = native.filter((contestant): contestant is Contestant => 'run' in contestant);
    expect(plain.length).toBeGreaterThanOrEqual(3);
    for (const contestant of plain) {
      const [expected] = checksums(own, contestant.task) as [number];
      expect(Math.abs(contestant.run(1).checksum / expected - 1)).toBeLessThanOrEqual(1e-13);
    }
    const absent = native.find(({ name }) => name === 'QuantLib BlackCalculator');
    expect(absent).toMatchObject({ reason: 'not asked for' });
  }, 60_000);
});

describe('the table of the benchmark', () => {
  const entry = (name: string, rates: readonly number[]): Entry => ({
    ...{ task: 'price and Greeks', name, rates, checksum: 12.5 },
  });
  const entries = [entry('kernel', [3e6, 4e6, 9e6]), entry(plainName, [1e6, 2e6, 2.5e6])];
  const speedUp: Bar = {
    ...{ title: 'speed-up', required: 1.6, comparison: 'at least', unit: '×' },
    measure: (all) => {
      const [a, b] = ['kernel', plainName].map((name) => medianRate(all, 'price and Greeks', name));
      return a == null || b == null ? null : a / b;
    },
  };

  it('states medians, ranges and speeds relative to the first', () => {
    const lines = formatTables(entries).split('\n');
    expect(lines[2]).toBe('| kernel | 4.00 | 3.00 … 9.00 | 1.00 | 12.5000000000 |');
    expect(lines[3]).toBe(`| ${plainName} | 2.00 | 1.00 … 2.50 | 0.50 | 12.5000000000 |`);
  });

  it('says whether a bar holds, is missed or could not be measured', () => {
    expect(formatBars([speedUp], entries)).toContain('| 2.00 × | holds |');
    expect(formatBars([{ ...speedUp, required: 2.1 }], entries)).toContain('| MISSED |');
    const absent = [entries[0] as Entry, { ...entry(plainName, []), reason: 'no compiler' }];
    expect(formatBars([speedUp], absent)).toContain('| – | not measured |');
    expect(formatTables(absent)).toContain(`| ${plainName} | – | – | – | no compiler |`);
  });

  it('runs contestants in turn and keeps the absent ones', () => {
    const turns: string[] = [];
    const contestant = (name: string): Contestant => ({
      ...{ task: 'scenario grid', name },
      run: () => {
        turns.push(name);
        return { units: turns.length, seconds: 1, checksum: 1 };
      },
    });
    const absent = { task: 'scenario grid', name: 'c', reason: 'none' } as const;
    const run = runRounds([contestant('a'), contestant('b'), absent], { rounds: 3, milliseconds: 1 });
    expect(turns.join('')).toBe('abababab');
    expect(run.map(({ rates }) => rates)).toEqual([[3, 5, 7], [4, 6, 8], []]);
  });
});
