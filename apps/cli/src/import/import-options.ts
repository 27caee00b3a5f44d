import type { Instant } from '@ballast/domain';
import type { MarketFormat } from '@ballast/formats';

/** Options of `ballast import` as they stand on the command line. */
export interface ImportOptions {
  readonly firm?: string;
  readonly json?: boolean;
  readonly expectRows?: number;
  readonly control?: string;
  readonly validFrom?: Instant;
  readonly mode?: 'REPLACE' | 'MERGE';
  readonly asOf?: Instant;
  readonly format?: MarketFormat;
  readonly underlying?: string;
  readonly underlyingPrice?: string;
  readonly date?: string;
  readonly rate?: number;
  readonly dividendYield?: number;
  readonly schedule?: string;
  readonly vintage?: string;
  readonly secondSource?: readonly string[];
  readonly staleAfter?: number;
  readonly follow?: boolean;
  readonly every?: number;
  readonly silence?: number;
  readonly stream?: string;
}

/** `ballast import`: loads files into a firm, whole or not at all. */
