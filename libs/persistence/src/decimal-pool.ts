import { Decimal } from '@ballast/domain';

/**
 * Exact numbers by their digits: tens of thousands of contracts share a handful of multipliers and strikes, and their
 * prices repeat. A Decimal never changes, so all of them may hold the same one.
 */
export class DecimalPool {
  private readonly values = new Map<string, Decimal>();

  of(digits: string): Decimal {
    const known = this.values.get(digits);
    if (known !== undefined) return known;
    const value = new Decimal(digits);
    this.values.set(digits, value);
    return value;
  }

  orNull(digits: string | null): Decimal | null {
    return digits === null ? null : this.of(digits);
  }
}
