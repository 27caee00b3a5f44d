import type { Decimal } from './decimal';

/** Contracts of one instrument held by one account. */
export interface Position {
  /** Identifier of the instrument. */
  readonly instrumentId: string;
  /** Contracts held: long > 0, short < 0. */
  readonly quantity: Decimal;
  /** Average price paid per unit, where known: the base of unrealised profit of futures-style instruments. */
  readonly averagePrice?: Decimal;
}
