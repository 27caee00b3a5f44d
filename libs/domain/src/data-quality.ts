/**
 * How good the data behind an answer was.
 * OK fresh; DEGRADED a fallback was used; STALE no new run in twice the cadence; INDETERMINATE no number can be given
 * (amounts are absent, never zero); HELD a large move waits for a person.
 */
export const dataQualities = ['OK', 'DEGRADED', 'STALE', 'INDETERMINATE', 'HELD'] as const;

export type DataQuality = (typeof dataQualities)[number];
