/** One line of a report; what does not apply is null. Amounts are plain decimals at the scale of their currency. */
export interface ReportLine {
  /** Stable machine word of the part of the report, for example `requirement` or `position`. */
  readonly section: string;
  /** Stable machine word or identifier, for example `maintenance` or an instrument. */
  readonly item: string;
  /** For people. */
  readonly description: string;
  /** Levels below the section's first line, ≥ 0. */
  readonly depth: number;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  /** How the amount came about. */
  readonly basis: string | null;
}

/** A report on one account or one firm. */
export interface ReportDocument {
  readonly kind: 'statement' | 'summary';
  readonly firm: { readonly code: string; readonly name: string };
  /** Null for a report on the whole firm. */
  readonly account: { readonly code: string; readonly name: string } | null;
  /** RFC 3339: the instant for which the figures hold. */
  readonly asOf: string;
  readonly run: string;
  /** `OK`, or the worst word of the data behind the figures. */
  readonly quality: string;
  readonly qualityReasons: readonly string[];
  /** Age of the market data at `asOf` [seconds]. */
  readonly marketAgeSeconds: number;
  readonly lines: readonly ReportLine[];
  /** SHA-256 over all results of the run, and over those of the account. */
  readonly resultHash: string | null;
  readonly accountResultHash: string | null;
}

/** Headings of the sections, in the order in which they are shown. */
export const reportSections: Readonly<Record<string, string>> = {
  summary: 'Summary',
  equity: 'Equity',
  requirement: 'How the requirement came about',
  position: 'Positions',
  collateral: 'Collateral',
  call: 'Margin calls',
  status: 'Accounts by status',
  quality: 'Accounts by quality of their data',
  coverage: 'Coverage',
  deficit: 'Largest deficits',
  'open-call': 'Open calls',
  period: 'Calls of the period',
  note: 'Notes',
};

type Given = Pick<ReportLine, 'section' | 'item' | 'description'> & Partial<ReportLine>;

export function reportLine(given: Given): ReportLine {
  return { depth: 0, quantity: null, price: null, amount: null, currency: null, basis: null, ...given };
}
