import type { Methodology } from './methodology';

/** A margin account of one firm. */
export interface Account {
  readonly id: string;
  /** The firm's own short name of the account, unique within the firm. */
  readonly code: string;
  readonly name: string;
  /** Currency in which requirement, equity and buffer are stated. */
  readonly baseCurrency: string;
  readonly methodology: Methodology;
}
