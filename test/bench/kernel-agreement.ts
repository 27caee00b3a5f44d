/**
 * The kernel against the scalar functions on a million random rows: `npm run bench -- agreement`.
 */
import { plainPricingBatch, type BlackScholesColumns, type PricingBatch } from '@ballast/pricing';
import { createKernelPricingBatch, createKernelRows } from '@ballast/revaluation';
import { measureAgreement, quantities } from '../support/kernel-agreement';
import { buildKernelCases, createResults } from '../support/kernel-cases';

/** Prints, per model and quantity, the worst difference in units of the allowed one. */
export function reportAgreement(count: number, print: (line: string) => void): void {
  const kernel = createKernelPricingBatch();
  const rows = buildKernelCases(count, 20261121);
  print(`kernel against scalar functions, ${count} rows, worst |difference| / allowed difference (must be ≤ 1)`);
  for (const model of ['blackScholes', 'black76'] as const) {
    const results = createResults(count);
    const reference = createResults(count);
    const report = compute(kernel, model, rows, results);
    const plain = compute(plainPricingBatch, model, rows, reference);
    const worst = measureAgreement(rows, results, reference, { futures: model === 'black76' });
    const line = quantities.map((quantity) => `${quantity} ${worst[quantity].ratio.toFixed(3)}`).join(', ');
    print(`${model}: ${line}; bad rows ${report.badCount} and ${plain.badCount}`);
  }
  const left = rowsLeftToScalar(rows);
  print(
    `Black-Scholes rows valued by the scalar functions: ${kinds.map((kind) => `${kind} ${left(kind)}`).join(', ')}`,
  );
}

const kinds = ['markets', 'money', 'tails', 'scales', 'limits'] as const;

/** Share of each kind of row (see buildKernelCases) that lies outside the box of the lanes. */
function rowsLeftToScalar(rows: BlackScholesColumns): (kind: (typeof kinds)[number]) => string {
  const count = rows.spot.length;
  const kernelRows = createKernelRows(count);
  for (const name of Object.keys(rows) as (keyof BlackScholesColumns)[]) kernelRows.inputs[name].set(rows[name]);
  const flagged = kernelRows.value('blackScholesRows', count);
  const kindOf = (row: number) => kinds[[50, 70, 90, 98, 100].findIndex((end) => row % 100 < end)];
  return (kind) => {
    const all = Array.from({ length: Math.min(count, 100) }, (_, row) => row).filter((row) => kindOf(row) === kind);
    const share = flagged.filter((row) => kindOf(row) === kind).length / ((all.length * count) / 100);
    return `${(100 * share).toFixed(3)} %`;
  };
}

function compute(
  batch: PricingBatch,
  model: 'blackScholes' | 'black76',
  rows: BlackScholesColumns,
  results: ReturnType<typeof createResults>,
) {
  if (model === 'blackScholes') return batch.computeBlackScholesBatch(rows, results);
  const { spot, strike, yearsToExpiry, rate, volatility, right } = rows;
  return batch.computeBlack76Batch({ forward: spot, strike, yearsToExpiry, rate, volatility, right }, results);
}
