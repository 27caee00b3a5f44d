import type { RecommendedBuffer as Sizing } from '@ballast/use-cases';
import type { RecommendedBuffer } from './sizing.model';

/** Puts a sized buffer into the shape of the schema. @param found null: the account cannot be valued */
export function toRecommendedBuffer(found: Sizing | null, currency: string): RecommendedBuffer {
  if (found === null)
    return {
      quality: 'INDETERMINATE',
      currency,
      amount: null,
      buffer: null,
      binding: null,
      components: [],
      reviewInterval: null,
      source: null,
      warnings: [],
    };
  const components = found.components.map(({ inputs, ...component }) => ({
    ...component,
    inputs: Object.entries(inputs).map(([name, value]) => ({ name, value: value === Infinity ? null : value })),
  }));
  return {
    quality: 'OK',
    currency,
    amount: found.amount,
    buffer: found.buffer,
    binding: components.find(({ binding }) => binding) ?? null,
    components,
    reviewInterval: found.reviewInterval,
    source: found.parameters.source,
    warnings: found.warnings,
  };
}
