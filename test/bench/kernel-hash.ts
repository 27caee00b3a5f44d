/**
 * The hashes of the fixed batch on this engine: `npm run bench -- hash`.
 */
import { plainPricingBatch } from '@ballast/pricing';
import { createKernelPricingBatch } from '@ballast/revaluation';
import { hashFixedBatch } from '../support/fixed-batch';

/** Prints one line per set of batch functions. */
export function reportHashes(print: (line: string) => void): void {
  const sets = { kernel: createKernelPricingBatch(), scalar: plainPricingBatch };
  for (const [name, batch] of Object.entries(sets)) {
    print(`${name} ${process.version} ${JSON.stringify(hashFixedBatch(batch))}`);
  }
}
