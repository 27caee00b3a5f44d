export { createKernelPricingBatch, kernelPricingBatch } from './kernel-pricing-batch';
export { createKernelRows, type KernelRows } from './kernel-rows';
export { KernelUnavailableError, kernelPath } from './kernel-module';
export { createResidentBatch, type ResidentBatch } from './resident-batch';
export { selectPricingBatch, type PricingBatchChoice } from './select-pricing-batch';
export { createValueScenarios } from './value-scenarios';
