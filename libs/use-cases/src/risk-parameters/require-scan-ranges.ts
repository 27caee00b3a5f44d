import { DomainError } from '@ballast/domain';

/**
 * A price scan range of 0 isolates a part of a methodology in a study; in a firm's own set it would ask nothing for the
 * moves of a commodity.
 *
 * @param parameters  as they came, checked for shape before
 * @throws DomainError 'INVALID_PARAMETER' naming the range
 */
export function requireScanRanges(parameters: unknown, path = 'parameters'): void {
  if (typeof parameters !== 'object' || parameters === null) return;
  for (const [key, member] of Object.entries(parameters)) {
    const at = `${path}.${key}`;
    if (path.endsWith('.priceScanRange') && member === 0) {
      throw new DomainError('INVALID_PARAMETER', `${at}: expected a number > 0, got 0`, at);
    }
    requireScanRanges(member, at);
  }
}
