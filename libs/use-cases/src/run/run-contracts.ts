import type { Instrument } from '@ballast/domain';
import { NameNumbers } from '@ballast/persistence';

/**
 * The contracts of a run by identifier, numbered from 0 in the order in which they were met. Only grows, and a number stays
 * with its contract, so whatever a run finds out about contracts can stand in columns.
 */
export class RunContracts extends Map<string, Instrument> {
  private readonly contracts: Instrument[] = [];
  /** Numbers of the contracts by identifier. */
  readonly names = new NameNumbers();

  /** The contracts by number. */
  get list(): readonly Instrument[] {
    return this.contracts;
  }

  /** A contract that is known already keeps its number and its terms. */
  override set(id: string, contract: Instrument): this {
    if (this.has(id)) return this;
    this.names.add(id);
    this.contracts.push(contract);
    return super.set(id, contract);
  }
}
