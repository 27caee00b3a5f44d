/**
 * The hashes of the fixed batch on this engine: `npm run bench -- hash`, and `hash write` to commit them.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { plainPricingBatch } from '@ballast/pricing';
import { createKernelPricingBatch } from '@ballast/revaluation';
import { hashFixedBatch } from '../support/fixed-batch';
import { hashFixedOptions } from '../support/fixed-options';

/** Prints the hashes of both sets of batch functions and of the functions of one option; `write` makes them the committed ones. */
export function reportHashes(print: (line: string) => void, write: boolean): void {
  const hashes = {
    kernel: hashFixedBatch(createKernelPricingBatch()),
    scalar: hashFixedBatch(plainPricingBatch),
    options: hashFixedOptions(),
  };
  print(`Node ${process.versions.node}, V8 ${process.versions.v8}`);
  print(JSON.stringify(hashes, null, 2));
  if (write) writeFileSync(COMMITTED, `${JSON.stringify(hashes, null, 2)}\n`);
}

const COMMITTED = path.resolve(__dirname, '../../../test/property/fixed-batch-hashes.json');
