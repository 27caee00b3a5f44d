/**
 * How far a figure of a scenario can be trusted. COMPUTED: a test recomputes it from closes that come with the checkout's
 * reference data. STATED: taken from what its publisher is known to have printed, with nothing here to check it against.
 * ASSUMED: a judgement of this service, because nothing was published.
 */
export const stressVerifications = ['COMPUTED', 'STATED', 'ASSUMED'] as const;
export type StressVerification = (typeof stressVerifications)[number];

/** A close of a series. */
export interface StressClose {
  /** ISO date. */
  readonly date: string;
  readonly value: number;
}

/** Where one figure of a scenario comes from. */
export interface StressFigure {
  /** The moves it stands behind: class or underlying and part, `equity-index.spot`. */
  readonly moves: readonly string[];
  /** Series and closes, or what is assumed. */
  readonly what: string;
  readonly verification: StressVerification;
  /** Publisher, file of the reference data, or motive of the assumption. */
  readonly source: string;
  /** The closes between which it is taken; absent where it is assumed or a level. */
  readonly closes?: { readonly from: StressClose; readonly to: StressClose };
}

/** A figure that lies between two closes of a series. */
export function betweenCloses(figure: {
  readonly series: string;
  readonly from: StressClose;
  readonly to: StressClose;
  readonly moves: readonly string[];
  readonly verification: Exclude<StressVerification, 'ASSUMED'>;
  readonly source: string;
}): StressFigure {
  const { series, from, to, moves, verification, source } = figure;
  const what = `${series} ${from.value} (${from.date}) → ${to.value} (${to.date})`;
  return { moves, what, verification, source, closes: { from, to } };
}

/** A judgement of this service. */
export function assumed(what: string, moves: readonly string[], source = 'judgement of this service'): StressFigure {
  return { moves, what, verification: 'ASSUMED', source };
}
