/**
 * Our own code in the benchmark.
 */
import {
  computeBlackScholesBatch,
  impliedVolatilityBatch,
  valueAmericanScenarioGrid,
  valueScenarioGrid,
} from '@ballast/pricing';
import { createKernelPricingBatch, createResidentBatch } from '@ballast/revaluation';
import { createResults } from '../support/kernel-cases';
import { measurePasses, sumOf, type Contestant } from './contestant';
import type { Workload } from './workload';

export const kernelName = 'our kernel, columns in kernel memory';
export const copyingName = "our kernel, caller's columns copied";
export const scenarioKernelName = 'our kernel';
export const impliedVolatilityName = 'our solver, scalar code';
export const americanFastName = 'our collocation, fast mode';

/** Everything of ours that the workload exercises. */
export function ownContestants(workload: Workload): readonly Contestant[] {
  return [
    residentKernel(workload),
    copyingKernel(workload),
    scalarRows(workload),
    ...scenarioContestants(workload),
    impliedVolatilities(workload),
    americanArray('fast', americanFastName, workload),
    americanArray('accurate', 'our collocation, accurate mode', workload),
  ];
}

function residentKernel({ rows }: Workload): Contestant {
  const count = rows.spot.length;
  const batch = createResidentBatch(count);
  for (const name of Object.keys(rows) as (keyof typeof rows)[]) batch.inputs[name].set(rows[name]);
  return {
    task: 'price and Greeks',
    name: kernelName,
    run: (milliseconds) => {
      const timed = measurePasses(milliseconds, count, () => batch.computeBlackScholes(count));
      return { ...timed, checksum: checksumOf(batch.results) };
    },
  };
}

function copyingKernel({ rows }: Workload): Contestant {
  const kernel = createKernelPricingBatch();
  const results = createResults(rows.spot.length);
  return {
    task: 'price and Greeks',
    name: copyingName,
    run: (milliseconds) => {
      const pass = () => kernel.computeBlackScholesBatch(rows, results);
      return { ...measurePasses(milliseconds, rows.spot.length, pass), checksum: checksumOf(results) };
    },
  };
}

function scalarRows({ rows }: Workload): Contestant {
  const results = createResults(rows.spot.length);
  return {
    task: 'price and Greeks',
    name: 'our scalar code (fifteen sensitivities)',
    run: (milliseconds) => {
      const pass = () => computeBlackScholesBatch(rows, results);
      return { ...measurePasses(milliseconds, rows.spot.length, pass), checksum: checksumOf(results) };
    },
  };
}

function scenarioContestants({ rows, scenarios }: Workload): readonly Contestant[] {
  const outcomes = new Float64Array(rows.spot.length * scenarios.length);
  const kernel = createKernelPricingBatch();
  return [
    { name: scenarioKernelName, value: kernel.valueScenarioGrid },
    { name: 'our scalar code', value: valueScenarioGrid },
  ].map(({ name, value }) => ({
    task: 'scenario grid',
    name,
    run: (milliseconds) => {
      const pass = () => value(rows, scenarios, 'price', outcomes);
      return { ...measurePasses(milliseconds, outcomes.length, pass), checksum: sumOf([outcomes]) };
    },
  }));
}

function impliedVolatilities({ quotes }: Workload): Contestant {
  const count = quotes.forward.length;
  const answers = { volatility: new Float64Array(count), status: new Uint8Array(count) };
  return {
    task: 'implied volatility',
    name: impliedVolatilityName,
    run: (milliseconds) => {
      const pass = () => impliedVolatilityBatch('black76', quotes, answers);
      return { ...measurePasses(milliseconds, count, pass), checksum: sumOf([answers.volatility]) };
    },
  };
}

/** One put at the money of 182 days; the boundaries are solved anew for every array. */
function americanArray(mode: 'fast' | 'accurate', name: string, { scenarios }: Workload): Contestant {
  const column = (value: number) => Float64Array.of(value);
  const contracts = {
    ...{ spot: column(100), strike: column(100), yearsToExpiry: column(182 / 365), rate: column(0.05) },
    ...{ dividendYield: column(0.02), volatility: column(0.25), right: column(-1) },
  };
  // The price of the contract itself is one of the levels of the array, as the extreme moves leave volatility alone.
  const outcomes = new Float64Array(scenarios.length);
  const input = { contracts, scenarios, outcome: 'price', mode } as const;
  return {
    task: 'American scenario array',
    name,
    run: (milliseconds) => {
      // The clock costs several microseconds: it is read once per ten arrays.
      const pass = () => {
        for (let array = 0; array < 10; array++) valueAmericanScenarioGrid(input, outcomes);
      };
      const timed = measurePasses(milliseconds, 10, pass);
      return { ...timed, checksum: sumOf([outcomes]) };
    },
  };
}

/** Price, delta, gamma, vega and theta, as every contestant computes them. */
function checksumOf({ price, delta, gamma, vega, theta }: ReturnType<typeof createResults>): number {
  return sumOf([price, delta, gamma, vega, theta]);
}
