/**
 * How long a breach probability takes for an account of twenty lines on three underlyings that offset one another.
 *
 *   node tools/build.cjs && node dist/test/bench/breach.bench.js [methodology]
 *
 * 8 × 1,024 paths of ten instants each. The last column extrapolates full revaluation of the account at every instant of
 * every path from a hundred of them in the same run.
 */
import {
  computeBreachProbability,
  defaultBreachQuestion,
  finish,
  measureState,
  prepareState,
  type PreparedState,
  shiftState,
} from '@ballast/buffer';
import { americanBreachCase, breachAccount, breachCases } from '../support/breach-account';
import { normals, seriesOf } from '../support/price-history';
import { describeMachine } from './machine';

const revaluations = 100;

/** Processor seconds of a call. */
function cost<Result>(call: () => Result): { readonly seconds: number; readonly result: Result } {
  const start = process.cpuUsage();
  const result = call();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, result };
}

function revalue({ portfolio, snapshot, rules }: PreparedState): void {
  const [id = ''] = snapshot.underlyings.keys();
  const prepared = prepareState({ portfolio, snapshot }, rules);
  for (let turn = 0; turn < revaluations; turn += 1) {
    const { state } = shiftState(prepared, { byUnderlying: { [id]: { spot: 0.001 * (turn - 50) } }, days: 1 });
    measureState(prepareState(state, rules));
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const wanted = process.argv[2];
print(describeMachine());
print('| account | evaluation | probability | largest error ÷ maintenance | processor s | full revaluation, s |');
print('| --- | --- | --- | --- | --- | --- |');
for (const kind of [...breachCases, americanBreachCase]) {
  if (wanted !== undefined && kind.name !== wanted) continue;
  const prepared = breachAccount(kind, { lines: 20, seed: 5, cushion: 0.3 });
  const ids = [...prepared.snapshot.underlyings.keys()];
  const scale = kind.methodology.startsWith('CRYPTO') ? 0.045 : 0.02;
  const returns = ids.map((id, place) => [id, normals(500, 20 + place).map((value) => scale * value)] as const);
  const series = seriesOf(Object.fromEntries(returns));
  const measure = measureState(prepared);
  if (measure.status === 'indeterminate') throw new Error(`${kind.name} has no value`);
  const { maintenance } = measure.figures;
  const { seconds, result } = cost(() =>
    finish(computeBreachProbability(prepared, { series }, { ...defaultBreachQuestion })),
  );
  const full = (cost(() => revalue(prepared)).seconds / revaluations) * 8 * 1024 * 10;
  const error = (result?.check?.largestError ?? NaN) / maintenance;
  const share = `${(100 * (result?.probability ?? NaN)).toFixed(2)} % ± ${(100 * (result?.standardError ?? NaN)).toFixed(2)}`;
  print(
    `| ${kind.name} | ${result?.evaluation} | ${share} | ${error.toExponential(1)} | ${seconds.toFixed(1)} | ${full.toFixed(0)} |`,
  );
}
