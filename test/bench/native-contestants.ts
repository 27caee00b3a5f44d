/**
 * The C++ contestants: compiled on the spot where a compiler is found, absent with a reason where not.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AbsentContestant, Contestant, Task } from './contestant';
import { encodeWorkload, type Workload } from './workload';

export const plainName = 'plain C++ (std::exp, log, erfc)';
export const vectorName = 'vectorised C++ (AVX-512, libmvec, -Ofast)';

/**
 * Compiles and lists the native contestants; programs and inputs are kept under `folder`.
 *
 * @param sources  which of the C++ files to compile; the contestants of the others are absent
 */
export function nativeContestants(
  workload: Workload,
  folder: string,
  sources: readonly string[] = ['plain.cpp', 'vector.cpp', 'quantlib.cpp'],
): readonly (Contestant | AbsentContestant)[] {
  mkdirSync(folder, { recursive: true });
  const inputFile = path.join(folder, 'inputs.bin');
  writeFileSync(inputFile, encodeWorkload(workload));
  const program = (source: string, options: readonly string[]): Program =>
    sources.includes(source) ? compile(source, folder, options) : { reason: 'not asked for' };
  const plain = program('plain.cpp', []);
  const vector = hasAvx512() ? program('vector.cpp', vectorFlags) : { reason: 'the processor has no AVX-512' };
  const quantlib = program('quantlib.cpp', ['-lQuantLib']);
  const entry = (task: Task, name: string, native: Program, mode: string): Contestant | AbsentContestant =>
    'reason' in native
      ? { task, name, reason: native.reason }
      : { task, name, run: (milliseconds) => runProgram(native.file, mode, inputFile, milliseconds) };
  return [
    entry('price and Greeks', plainName, plain, 'price'),
    entry('price and Greeks', vectorName, vector, 'price'),
    entry('price and Greeks', 'QuantLib BlackCalculator', quantlib, 'calculator'),
    entry('price and Greeks', 'QuantLib AnalyticEuropeanEngine', quantlib, 'engine'),
    entry('scenario grid', plainName, plain, 'scenarios'),
    entry('scenario grid', 'plain C++, logarithms hoisted as in the kernel', plain, 'scenarios-hoisted'),
    entry('American scenario array', 'QuantLib QdFp, fast scheme', quantlib, 'american-fast'),
    entry('American scenario array', 'QuantLib QdFp, accurate scheme', quantlib, 'american-accurate'),
    entry('American scenario array', 'QuantLib Barone-Adesi-Whaley', quantlib, 'baw'),
  ];
}

/** The compiler and flags the table states. */
export const compilerFlags = ['-std=c++17', '-O3', '-march=native'];

/** What makes gcc use all eight lanes and libmvec. */
const vectorFlags = ['-Ofast', '-mprefer-vector-width=512'];

function hasAvx512(): boolean {
  return existsSync('/proc/cpuinfo') && /^flags.*\bavx512dq\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

/** First line of `g++ --version`, null without a compiler. */
export function compilerVersion(): string | null {
  const run = spawnSync('g++', ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? (run.stdout.split('\n')[0] as string) : null;
}

type Program = { readonly file: string } | { readonly reason: string };

function compile(source: string, folder: string, options: readonly string[]): Program {
  const file = path.join(sourceFolder(), source);
  if (compilerVersion() === null) return { reason: 'no compiler' };
  const hash = createHash('sha256')
    .update(readFileSync(file))
    .update([...compilerFlags, ...options].join(' '))
    .digest('hex');
  const program = path.join(folder, `${path.basename(source, '.cpp')}-${hash.slice(0, 12)}`);
  if (existsSync(program)) return { file: program };
  const run = spawnSync('g++', [...compilerFlags, '-o', program, file, ...options], { encoding: 'utf8' });
  if (run.status === 0) return { file: program };
  const missing = /fatal error: (ql\S+): No such file/.exec(run.stderr);
  return { reason: missing ? 'QuantLib is not installed' : `does not compile: ${run.stderr.slice(0, 200)}` };
}

/** The C++ sources stay in test/bench; this file runs from there or from dist. */
function sourceFolder(): string {
  const here = path.join(__dirname, 'plain.cpp');
  return existsSync(here) ? __dirname : path.resolve(__dirname, '../../../test/bench');
}

function runProgram(program: string, mode: string, inputFile: string, milliseconds: number) {
  const run = spawnSync(program, [mode, inputFile, String(milliseconds)], { encoding: 'utf8' });
  const [units, seconds, checksum] = run.stdout.trim().split(' ').map(Number);
  if (run.status !== 0 || !checksum || !units || !seconds) throw new Error(`${program} ${mode} failed: ${run.stderr}`);
  return { units, seconds, checksum };
}
