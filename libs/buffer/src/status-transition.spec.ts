import type { DataQuality } from '@ballast/domain';
import { type BufferStatus, bufferStatuses } from './buffer-status';
import { transitionStatus } from './status-transition';

const move = (computedStatus: BufferStatus, previousStatus: BufferStatus | undefined, quality: DataQuality) =>
  transitionStatus({ computedStatus, previousStatus, quality });

describe('transitionStatus', () => {
  it.each([
    ['HEALTHY', 'MARGIN_CALL', 'HEALTHY'],
    ['WATCH', 'LIQUIDATION', 'WATCH'],
    ['MARGIN_CALL', 'LIQUIDATION', 'MARGIN_CALL'],
    ['MARGIN_CALL', 'HEALTHY', 'MARGIN_CALL'],
    ['LIQUIDATION', 'WATCH', 'LIQUIDATION'],
    [undefined, 'LIQUIDATION', 'WATCH'],
    ['INDETERMINATE', 'MARGIN_CALL', 'WATCH'],
    ['HEALTHY', 'WATCH', 'HEALTHY'],
    ['WATCH', 'HEALTHY', 'WATCH'],
    [undefined, 'WATCH', 'WATCH'],
    [undefined, 'HEALTHY', 'HEALTHY'],
    ['INDETERMINATE', 'HEALTHY', 'HEALTHY'],
    ['MARGIN_CALL', 'MARGIN_CALL', 'MARGIN_CALL'],
  ] as const)('on degraded data: after %s, computed %s is reported as %s', (previous, computed, reported) => {
    for (const quality of ['DEGRADED', 'STALE', 'HELD'] as const) {
      const { status, computedStatus, heldReason } = move(computed, previous, quality);
      expect([status, computedStatus]).toEqual([reported, computed]);
      expect(heldReason === null).toBe(status === computed);
      if (heldReason !== null) expect(heldReason).toContain(quality);
    }
  });

  it('moves freely on good data, and reports what cannot be valued as it is', () => {
    for (const previous of [undefined, ...bufferStatuses])
      for (const computed of bufferStatuses) {
        expect(move(computed, previous, 'OK')).toEqual({
          status: computed,
          computedStatus: computed,
          heldReason: null,
        });
        expect(move('INDETERMINATE', previous, 'DEGRADED').status).toBe('INDETERMINATE');
      }
  });
});
