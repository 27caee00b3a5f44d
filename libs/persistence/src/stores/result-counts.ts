import type { DataQuality } from '@ballast/domain';
import type { AccountResult } from '../account-result';

/** How many accounts of a run have a result, and of what kind. */
export interface ResultCounts {
  readonly done: number;
  readonly indeterminate: number;
  readonly degraded: number;
  readonly held: number;
}

export function countResults(results: readonly Pick<AccountResult, 'quality'>[]): ResultCounts {
  const countOf = (quality: DataQuality): number => results.filter((result) => result.quality === quality).length;
  return {
    done: results.length,
    indeterminate: countOf('INDETERMINATE'),
    degraded: countOf('DEGRADED'),
    held: countOf('HELD'),
  };
}
