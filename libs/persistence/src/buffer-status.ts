/** Steps of the buffer ladder, from sound to forced sale; INDETERMINATE when no number can be given. */
export const bufferStatuses = ['HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION', 'INDETERMINATE'] as const;

export type BufferStatus = (typeof bufferStatuses)[number];
