/** How a requirement moves with the market (EMIR RTS 153/2013 Art. 28; CPMI-IOSCO disclosure). */
export interface Procyclicality {
  /** Largest requirement / smallest. */
  readonly peakToTrough: number;
  /** Largest rise over n days, relative: 0.5 = 50 %. */
  readonly rise: number;
  readonly riseDays: number;
}

/** @param requirements  > 0, one per day, oldest first */
export function measureProcyclicality(requirements: ArrayLike<number>, riseDays: number): Procyclicality {
  let [peak, trough, rise] = [0, Infinity, 0];
  for (let day = 0; day < requirements.length; day += 1) {
    const now = requirements[day] as number;
    peak = Math.max(peak, now);
    trough = Math.min(trough, now);
    if (day >= riseDays) rise = Math.max(rise, now / (requirements[day - riseDays] as number) - 1);
  }
  return { peakToTrough: peak / trough, rise, riseDays };
}
