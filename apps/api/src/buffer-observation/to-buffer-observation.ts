import type { BufferObservation as StoredObservation } from '@ballast/use-cases';
import { toMoneyOrNull } from '../money/money.model';
import type { BufferObservation } from './buffer-observation.model';

/** Shows a stored observation as the API does. */
export function toBufferObservation(stored: StoredObservation): BufferObservation {
  const { accountId, at, bufferRatio, status, quality, runId } = stored;
  return {
    accountId,
    at,
    equity: toMoneyOrNull(stored.equity),
    maintenance: toMoneyOrNull(stored.maintenance),
    initial: toMoneyOrNull(stored.initial),
    buffer: toMoneyOrNull(stored.buffer),
    bufferRatio,
    status,
    quality,
    runId,
  };
}
