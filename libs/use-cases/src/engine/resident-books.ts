import type { Account, Instant, Instrument } from '@ballast/domain';
import {
  AccountStore,
  Database,
  HeldRequirementStore,
  type MarginRun,
  type SettledRecord,
  SettledRecordStore,
  type TenantContext,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { RunContracts } from '../run/run-contracts';
import { type HeldInputs, RunInputReader, type RunMoment } from '../run/run-inputs';
import { type CommittedMove, FirmResidence, type ResidentNeeds } from './firm-residence';

/** Whom a move of prices concerns, and what they held. */
export interface MovedBook {
  /** In order of the identifier. */
  readonly accounts: readonly Account[];
  readonly held: HeldInputs;
  /** Terms of contracts met before, the same objects every time. */
  readonly terms: ReadonlyMap<string, Instrument>;
  /** The contracts that they hold by number, when they held the same at the last move; the numbers are in `held`. */
  readonly instruments: RunContracts | null;
}

/** The stores that holdings and standing are read from. */
@Injectable()
export class ResidentStores {
  constructor(
    readonly database: Database,
    readonly accounts: AccountStore,
    readonly settled: SettledRecordStore,
    readonly trusted: HeldRequirementStore,
  ) {}
}

/** Firms whose books are kept. */
const firmsKept = 4;

/**
 * Keeps in memory, between one move of prices and the next, what its holders hold and where they stand. What is kept is used
 * as long as the hash chain of the firm's record says that nothing else was written to it, and is read again where it was.
 */
@Injectable()
export class ResidentBooks {
  private readonly residences = new Map<string, FirmResidence>();
  private readonly used = new Set<string>();

  constructor(
    private readonly stores: ResidentStores,
    private readonly inputs: RunInputReader,
  ) {}

  /** Takes the books of a firm for one run; null while another run of this process has them. End it with `release`. */
  take(context: TenantContext): ResidentTurn | null {
    const { firmId } = context;
    if (this.used.has(firmId)) return null;
    this.used.add(firmId);
    const residence = this.residences.get(firmId) ?? new FirmResidence();
    this.residences.delete(firmId);
    for (const id of [...this.residences.keys()].slice(0, this.residences.size - firmsKept + 1))
      if (!this.used.has(id)) this.residences.delete(id);
    const release = (isSound: boolean): void => {
      this.used.delete(firmId);
      if (isSound) this.residences.set(firmId, residence);
    };
    return new ResidentTurn(context, residence, { stores: this.stores, inputs: this.inputs, release });
  }
}

interface TurnTools {
  readonly stores: ResidentStores;
  readonly inputs: RunInputReader;
  readonly release: (isSound: boolean) => void;
}

/** The books of a firm in the hands of one run. */
export class ResidentTurn {
  private settled: SettledRecord | null = null;
  private moment: RunMoment | null = null;
  private underlyingIds: readonly string[] = [];

  constructor(
    private readonly context: TenantContext,
    private readonly residence: FirmResidence,
    private readonly tools: TurnTools,
  ) {}

  /** The instant up to which the run knows the record. */
  async settle(): Promise<Instant> {
    this.settled = await this.tools.stores.settled.settle(this.context, this.residence.since);
    return this.settled.instant;
  }

  /**
   * Whom a move of these underlyings concerns at a moment, whose `knownAt` is what `settle` gave; null, and nothing is read of
   * them, when there are more than `most`.
   */
  async bring(underlyingIds: readonly string[], moment: RunMoment, most: number): Promise<MovedBook | null> {
    const { stores } = this.tools;
    const { settled, residence } = this;
    if (settled === null) throw new Error('the books of a firm are brought before its record was settled');
    const { knownAt: before } = residence.moment ?? {};
    const stated = residence.hasStatements(settled)
      ? await stores.settled.findStated(this.context, before as Instant)
      : null;
    residence.advance(settled, moment, stated);
    this.moment = moment;
    this.underlyingIds = underlyingIds;
    return stores.database.withTenant(
      this.context,
      async (tx) => {
        const ids = await this.findHolders(tx, underlyingIds, moment);
        if (ids.length > most) return null;
        await this.readMissing(tx, residence.missing(ids), moment);
        residence.addAccounts(await stores.accounts.findByIds(tx, residence.unknownAccounts(ids)));
        const numbered = residence.numbered(underlyingIds);
        const { accounts } = numbered ?? { accounts: residence.accountsOf(ids) };
        const { terms } = residence;
        return { accounts, held: residence.held(numbered), terms, instruments: numbered?.instruments ?? null };
      },
      { isolation: 'REPEATABLE READ', statementTimeoutMs },
    );
  }

  /** The run was committed by a transaction: what it found is what the next one compares with. */
  keep(run: Pick<MarginRun, 'id' | 'asOf' | 'positionsAt' | 'knownAt'>, committed: CommittedMove): void {
    if (this.settled === null || this.moment === null) return;
    this.residence.keep(run, committed, this.underlyingIds);
    this.tools.release(true);
  }

  /** The run is done by others: what it finds is a change like any other. */
  leave(): void {
    this.tools.release(true);
  }

  /** Nothing was committed, or nobody knows: the next run reads everything. */
  drop(): void {
    this.tools.release(false);
  }

  private async findHolders(
    tx: TenantTransaction,
    underlyingIds: readonly string[],
    { positionsAt: validAt, knownAt }: RunMoment,
  ): Promise<readonly string[]> {
    const { accounts, settled } = this.tools.stores;
    const known = this.residence.holders(underlyingIds);
    if (known !== null && known.doubtful.length === 0) return known.ids;
    const moved = { underlyingIds };
    const found = await accounts.findHolders(tx, moved, { validAt, knownAt }, known?.doubtful);
    const changesAt = await settled.findNextHolders(tx, underlyingIds, { validAt, knownAt }, known?.doubtful);
    const ids = found.map(({ id }) => id);
    return this.residence.addHolders(underlyingIds, ids, changesAt);
  }

  private async readMissing(tx: TenantTransaction, needs: ResidentNeeds, moment: RunMoment): Promise<void> {
    const { residence } = this;
    const { stores, inputs } = this.tools;
    const { asOf, positionsAt: validAt, knownAt } = moment;
    if (needs.holdings.length > 0) {
      const holdings = await inputs.readHoldings(tx, needs.holdings, moment);
      const changesAt = await stores.settled.findNextChange(tx, needs.holdings, { validAt, knownAt });
      residence.addHoldings(needs.holdings, holdings, changesAt);
    }
    if (needs.standing.length > 0) {
      const statuses = await inputs.readStatuses(tx, needs.standing, moment);
      const trusted = await stores.trusted.findTrusted(tx, needs.standing, { asOf, knownAt });
      const changesAt = await stores.settled.findNextRequirement(tx, needs.standing, asOf);
      residence.addStanding(needs.standing, { statuses, trusted }, changesAt);
    }
  }
}

/** The first move after a start reads what everybody holds [ms]. */
const statementTimeoutMs = 300_000;
