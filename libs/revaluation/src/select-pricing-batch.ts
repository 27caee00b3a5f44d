/**
 * Chooses the batch functions of the calling thread: the SIMD kernel, or the plain functions where it cannot run.
 */
import { plainPricingBatch, type PricingBatch } from '@ballast/pricing';
import { KernelUnavailableError } from './kernel-module';
import { kernelPricingBatch } from './kernel-pricing-batch';

/** The chosen functions, and why they are not the kernel's if they are not. */
export type PricingBatchChoice =
  | { readonly engine: 'kernel'; readonly batch: PricingBatch }
  | { readonly engine: 'plain'; readonly batch: PricingBatch; readonly reason: string };

/**
 * Returns the kernel's functions, or the plain ones with the reason: several times slower, the same numbers within the
 * accuracy bars. A caller shows the reason where it reports its state.
 */
export function selectPricingBatch(load: () => PricingBatch = kernelPricingBatch): PricingBatchChoice {
  try {
    return { engine: 'kernel', batch: load() };
  } catch (error) {
    if (!(error instanceof KernelUnavailableError)) throw error;
    return { engine: 'plain', batch: plainPricingBatch, reason: error.message };
  }
}
