import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { plainPricingBatch, type BlackScholesColumns } from '@ballast/pricing';
import { createKernelPricingBatch, createResidentBatch, kernelPath } from '@ballast/revaluation';
import { hashColumns } from '../support/batch-hash';
import { FIXED_ROWS, hashFixedBatch, sixteenScenarios, type FixedBatchHashes } from '../support/fixed-batch';
import { fixedOptionHashes, type FixedOptionHashes } from '../support/fixed-options';
import { buildKernelCases, createColumns, createGenerator, createResults } from '../support/kernel-cases';

// Written by `npm run bench -- hash write`; the same on every machine and on Node 20, 22 and 24 (docs/benchmarks.md).
const committed = JSON.parse(readFileSync(path.join(__dirname, 'fixed-batch-hashes.json'), 'utf8')) as {
  readonly kernel: FixedBatchHashes;
  readonly scalar: FixedBatchHashes;
  readonly options: FixedOptionHashes;
};

describe('the fixed batch of 10,000 rows', () => {
  it('gives the committed bits on the kernel', () => {
    expect(hashFixedBatch(createKernelPricingBatch())).toEqual(committed.kernel);
  });

  it('gives the committed bits on the scalar functions', () => {
    expect(hashFixedBatch(plainPricingBatch)).toEqual(committed.scalar);
  });
});

describe('the fixed options', () => {
  it.each(Object.keys(fixedOptionHashes) as (keyof FixedOptionHashes)[])('give the committed bits: %s', (name) => {
    expect(fixedOptionHashes[name]()).toBe(committed.options[name]);
  });
});

describe('the bits of a row', () => {
  const rows = buildKernelCases(FIXED_ROWS, 17);
  const names = Object.keys(rows) as (keyof BlackScholesColumns)[];
  const kernel = createKernelPricingBatch();
  const results = createResults(FIXED_ROWS);
  kernel.computeBlackScholesBatch(rows, results);

  it('are the same when computed again, by another instance, and in kernel memory', () => {
    const again = createResults(FIXED_ROWS);
    kernel.computeBlackScholesBatch(rows, again);
    expect(hashOf(again)).toBe(hashOf(results));
    createKernelPricingBatch().computeBlackScholesBatch(rows, again);
    expect(hashOf(again)).toBe(hashOf(results));
    const resident = createResidentBatch(FIXED_ROWS);
    for (const name of names) resident.inputs[name].set(rows[name]);
    resident.computeBlackScholes(FIXED_ROWS);
    expect(hashOf(resident.results)).toBe(hashOf(results));
  });

  it('do not depend on the order of the rows', () => {
    const order = shuffled(FIXED_ROWS);
    const moved = createColumns(FIXED_ROWS);
    for (const name of names) order.forEach((from, to) => (moved[name][to] = rows[name][from] as number));
    const movedResults = createResults(FIXED_ROWS);
    kernel.computeBlackScholesBatch(moved, movedResults);
    const restored = createResults(FIXED_ROWS);
    for (const name of Object.keys(results) as (keyof typeof results)[]) {
      order.forEach((from, to) => (restored[name][from] = movedResults[name][to] as number));
    }
    expect(hashOf(restored)).toBe(hashOf(results));
  });

  it.each([1, 2, 3, 5, 4095, 4096, 4097])('do not depend on a batch size of %d', (size) => {
    const from = 1000;
    const part = Object.fromEntries(names.map((name) => [name, rows[name].slice(from, from + size)]));
    const partResults = createResults(size);
    kernel.computeBlackScholesBatch(part as unknown as BlackScholesColumns, partResults);
    expect(hashColumns([partResults.price, partResults.theta])).toBe(
      hashColumns([results.price.slice(from, from + size), results.theta.slice(from, from + size)]),
    );
  });

  it('do not depend on whether a neighbour has to be discounted far, which takes the longer exponential', () => {
    const mild = Array.from({ length: FIXED_ROWS }, (_, row) => row).filter((row) => {
      const carry = Math.abs(rows.rate[row]!) + Math.abs(rows.dividendYield[row]!);
      return row % 100 < 50 && carry * rows.yearsToExpiry[row]! < 0.345;
    });
    const gathered = (order: readonly number[]) =>
      Object.fromEntries(names.map((name) => [name, Float64Array.from(order, (row) => rows[name][row]!)]));
    const alone = gathered(mild) as unknown as BlackScholesColumns;
    const beside = gathered(mild.flatMap((row, index) => (index % 3 === 0 ? [row, mild[0]!] : [row])));
    const crowded = beside as unknown as BlackScholesColumns;
    const added = mild.flatMap((_, index) => (index % 3 === 0 ? [index + Math.floor(index / 3) + 1] : []));
    for (const row of added) crowded.rate[row] = 1.5 / crowded.yearsToExpiry[row]!;
    const valued = (columns: BlackScholesColumns) => {
      const count = columns.spot.length;
      const [spots, futures] = [createResults(count), createResults(count)];
      kernel.computeBlackScholesBatch(columns, spots);
      kernel.computeBlack76Batch({ ...columns, forward: columns.spot }, futures);
      return [...Object.values(spots), ...Object.values(futures)] as Float64Array[];
    };
    const kept = valued(crowded).map((column) => column.filter((_, row) => !added.includes(row)));
    expect(mild.length).toBeGreaterThan(1000);
    expect(hashColumns(kept)).toBe(hashColumns(valued(alone)));
  });

  it('do not depend on which scenarios stand beside it', () => {
    const contracts = Object.fromEntries(names.map((name) => [name, rows[name].slice(0, 500)]));
    const all = new Float64Array(500 * 16);
    kernel.valueScenarioGrid(contracts as unknown as BlackScholesColumns, sixteenScenarios, 'price', all);
    const one = new Float64Array(500);
    const scenario = sixteenScenarios[9] as (typeof sixteenScenarios)[number];
    kernel.valueScenarioGrid(contracts as unknown as BlackScholesColumns, [scenario], 'price', one);
    expect(hashColumns([all.filter((_, index) => index % 16 === 9)])).toBe(hashColumns([one]));
  });

  it('are the same on two threads', async () => {
    const count = 4000;
    const resident = createResidentBatch(count);
    for (const name of names) resident.inputs[name].set(rows[name].subarray(0, count));
    resident.computeBlackScholes(count);
    const columns = [...Object.values(rows)].map((column: Float64Array) => column.slice(0, count));
    const answers = await Promise.all([1, 2].map(() => valueOnThread(columns)));
    // Lanes alone: rows left to the scalar functions hold what the lanes made of them.
    const kept = lanesOnly(count);
    const expected = Array.from(resident.results.price).filter((_, row) => kept.has(row));
    for (const prices of answers) {
      const actual = Array.from(prices).filter((_, row) => kept.has(row));
      expect(hashColumns([Float64Array.from(actual)])).toBe(hashColumns([Float64Array.from(expected)]));
    }
    expect(kept.size).toBe(2800);
  });
});

function hashOf(results: object): string {
  return hashColumns(Object.values(results) as Float64Array[]);
}

function shuffled(count: number): number[] {
  const random = createGenerator(23);
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other] as number, order[index] as number];
  }
  return order;
}

/** Rows of buildKernelCases that are markets or the money, which the lanes always value. */
function lanesOnly(count: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count }, (_, row) => row).filter((row) => row % 100 < 70));
}

/** Runs the kernel in a thread with an instance of its own. */
function valueOnThread(columns: readonly Float64Array[]): Promise<Float64Array> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const module = new WebAssembly.Module(require('node:fs').readFileSync(workerData.file));
    const kernel = new WebAssembly.Instance(module, {}).exports;
    const count = workerData.columns[0].length;
    const stride = count * 8 + 64;
    const input = kernel.scratchStart();
    const output = input + 7 * stride;
    kernel.memory.grow(Math.ceil((14 * stride + 4 * count) / 65536) + 1);
    workerData.columns.forEach((column, index) => new Float64Array(kernel.memory.buffer, input + index * stride, count).set(column));
    kernel.blackScholesRows(count, input, output, stride, output + 6 * stride);
    parentPort.postMessage(new Float64Array(kernel.memory.buffer, output, count).slice());`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData: { file: kernelPath(), columns } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
