/**
 * How fast a what-if answers for an account of fifty lines that is held in memory, next to full revaluation.
 *
 *   node tools/build.cjs && node dist/test/bench/what-if.bench.js
 *
 * A question is one trade in a listed contract; the answer has before, after and change of every figure, status, worst
 * scenario, Greeks and the affordable quantity. Full revaluation prepares the market anew for both sides and gives the
 * same figures without the affordable quantity.
 */
import { computeWhatIf, evaluateState, prepareState, applyTrades, type WhatIfAnswer } from '@ballast/buffer';
import { heldState, type WhatIfCase, whatIfAccount, whatIfCases, whatIfTrade } from '../support/what-if-account';
import { describeMachine } from './machine';

interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

const questions = Number(process.env['WHAT_IF_BENCH_QUESTIONS'] ?? 101);
const revaluations = 5;
const barMilliseconds = 5;

function time(call: () => unknown): Timing {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  call();
  const used = process.cpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (used.user + used.system) / 1000 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function medianOf(timings: readonly Timing[]): Timing {
  return { wall: median(timings.map(({ wall }) => wall)), cpu: median(timings.map(({ cpu }) => cpu)) };
}

/** What an answer shows, so that nothing of it stays uncomputed. */
function shown({ before, after, change, affordable }: WhatIfAnswer): unknown {
  const { worstScenario, greeks, initialRequirement, maintenanceRequirement } = after.requirement;
  return [
    worstScenario,
    greeks,
    initialRequirement,
    maintenanceRequirement,
    before.assessment,
    after.assessment,
    change,
    affordable,
  ];
}

function revalue(kind: WhatIfCase, turn: number): unknown {
  const account = whatIfAccount(kind);
  const before = prepareState(account, account.rules);
  const again = whatIfAccount(kind);
  const { portfolio } = applyTrades(prepareState(again, again.rules), [whatIfTrade(again, turn)]);
  const [first, second] = [evaluateState(before), evaluateState(prepareState({ ...again, portfolio }, again.rules))];
  return [first, second].map(({ requirement, assessment }) => [
    requirement.worstScenario,
    requirement.greeks,
    assessment,
  ]);
}

function measure(kind: WhatIfCase) {
  const account = whatIfAccount(kind);
  const state = heldState(account);
  const ask = (turn: number) =>
    shown(computeWhatIf(state, { trades: [whatIfTrade(account, turn)], cash: [], shift: {} }));
  for (let turn = 0; turn < 30; turn += 1) ask(turn);
  const asked: Timing[] = [];
  const revalued: Timing[] = [];
  for (let turn = 0; turn < questions; turn += 1) {
    asked.push(time(() => ask(turn)));
    if (turn % Math.ceil(questions / revaluations) === 0) revalued.push(time(() => revalue(kind, turn)));
  }
  return { name: kind.name, asked: medianOf(asked), revalued: medianOf(revalued) };
}

function main(): void {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(`${describeMachine()}.\n\nMedians of ${questions} questions, ${revaluations} full revaluations in between.\n`);
  print('| account of 50 lines | what-if ms | processor ms | full revaluation ms | processor ms | under 5 ms |');
  print('|---|---:|---:|---:|---:|---|');
  for (const kind of whatIfCases) {
    const { name, asked, revalued } = measure(kind);
    const cells = [asked.wall, asked.cpu, revalued.wall, revalued.cpu].map((value) => value.toFixed(2));
    print(`| ${name} | ${cells.join(' | ')} | ${asked.cpu < barMilliseconds ? 'yes' : 'no'} |`);
    if (!(asked.cpu < barMilliseconds)) process.exitCode = 1;
  }
}

main();
