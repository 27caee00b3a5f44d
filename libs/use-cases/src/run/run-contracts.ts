import type { Instrument } from '@ballast/domain';

/**
 * The contracts of a run by identifier, numbered from 0 in the order in which they were met. Only grows, and a number stays
 * with its contract, so whatever a run finds out about contracts can stand in columns.
 */
export class RunContracts extends Map<string, Instrument> {
  private readonly contracts: Instrument[] = [];
  private readonly numbers = new Map<string, number>();

  /** The contracts by number. */
  get list(): readonly Instrument[] {
    return this.contracts;
  }

  /** A contract that is known already keeps its number and its terms. */
  override set(id: string, contract: Instrument): this {
    if (this.numbers.has(id)) return this;
    this.numbers.set(id, this.contracts.push(contract) - 1);
    return super.set(id, contract);
  }

  /** −1 for a contract that was not met. */
  readonly numberOf = (id: string): number => this.numbers.get(id) ?? -1;
}
