import {
  adjustContract,
  type Account,
  canonicalJson,
  type CollateralPosition,
  type CorporateAction,
  type CorporateActionEvent,
  Decimal,
  type Holding,
  type Instant,
  type Instrument,
  type UnderlyingKind,
} from '@ballast/domain';
import {
  AccountStore,
  CollateralStore,
  InstrumentStore,
  LifecycleHoldingReader,
  PositionStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { adjustedContractId } from './adjusted-contract-id';
import { UseCaseError } from '../caller/use-case-error';

/** What an event concerns, read once for all accounts. */
export interface LifecycleReferences {
  readonly kinds: ReadonlyMap<string, UnderlyingKind>;
  /** The holding that each underlying is delivered as. */
  readonly shares: ReadonlyMap<string, Instrument>;
  /** Contracts that deliverables name. */
  readonly components: ReadonlyMap<string, Instrument>;
}

interface ContractChange {
  readonly from: Instrument;
  readonly to: Instrument;
}

/** Reads holdings and contracts for life-cycle events. */
@Injectable()
export class LifecycleBook {
  constructor(
    readonly accounts: AccountStore,
    readonly instruments: InstrumentStore,
    private readonly positions: PositionStore,
    readonly holders: LifecycleHoldingReader,
    private readonly collateral: CollateralStore,
  ) {}

  /** Holdings of accounts at a time with their contracts, by account; the accounts are locked until the event is written. */
  async holdingsOf(tx: TenantTransaction, accountIds: readonly string[], at: Instant): Promise<Map<string, Holding[]>> {
    await this.holders.lockAccounts(tx, accountIds);
    const positions = await this.positions.findAsOf(tx, accountIds, { validAt: at });
    const ids = [...positions.values()].flatMap((list) => list.map(({ instrumentId }) => instrumentId));
    const instruments = await this.instruments.findByIds(tx, ids);
    return new Map(
      [...positions].map(([accountId, list]) => [
        accountId,
        list.map(({ instrumentId, quantity, averagePrice }) => {
          const instrument = instruments.get(instrumentId) as Instrument;
          return averagePrice === undefined ? { instrument, quantity } : { instrument, quantity, averagePrice };
        }),
      ]),
    );
  }

  /** What accounts have pledged at a time, by account; the accounts are locked until the event is written. */
  async pledgesOf(
    tx: TenantTransaction,
    accountIds: readonly string[],
    at: Instant,
  ): Promise<Map<string, CollateralPosition[]>> {
    await this.holders.lockAccounts(tx, accountIds);
    return this.collateral.findAsOf(tx, accountIds, { validAt: at });
  }

  /**
   * Who pledges shares of an underlying at a time, with all that they pledge; and the shares by the names under which they
   * may be pledged: that of the underlying, one share per unit, and those of the instruments that hold it.
   */
  async pledgesOfUnderlying(
    tx: TenantTransaction,
    underlying: string,
    at: Instant,
  ): Promise<{
    readonly pledgeable: ReadonlyMap<string, Instrument>;
    readonly pledges: ReadonlyMap<string, readonly CollateralPosition[]>;
  }> {
    const contracts = await this.instruments.findByUnderlying(tx, underlying);
    const shares = contracts.filter(({ type }) => type === 'underlying');
    const known = (await this.instruments.findUnderlyings(tx)).get(underlying);
    if (known === undefined) throw new UseCaseError('NOT_FOUND', `no underlying ${underlying}`, 'underlying');
    const pledgeable = new Map([...shares, shareOf(underlying, known.currency)].map((share) => [share.id, share]));
    const pledgers = await this.collateral.findPledgers(tx, [...pledgeable.keys()], at);
    return { pledgeable, pledges: await this.pledgesOf(tx, pledgers, at) };
  }

  /** @throws UseCaseError 'NOT_FOUND' */
  async instrument(tx: TenantTransaction, id: string): Promise<Instrument> {
    const found = (await this.instruments.findByIds(tx, [id])).get(id);
    if (found === undefined) throw new UseCaseError('NOT_FOUND', `no instrument ${id}`, 'instrument');
    return found;
  }

  /** @throws UseCaseError 'NOT_FOUND' */
  async account(tx: TenantTransaction, code: string): Promise<Account> {
    const found = await this.accounts.findByCode(tx, code);
    if (found === null) throw new UseCaseError('NOT_FOUND', `no account ${code}`, 'account');
    return found;
  }

  /**
   * What contracts may deliver. The share of an underlying that nobody holds yet is registered under the underlying's own
   * name, one unit each.
   *
   * @throws UseCaseError 'NOT_FOUND' for an unknown underlying, 'CONFLICT' when its name belongs to another contract
   */
  async references(tx: TenantTransaction, contracts: readonly Instrument[]): Promise<LifecycleReferences> {
    const underlyings = [...new Set(contracts.map(({ underlying }) => underlying))].sort();
    const known = await this.instruments.findUnderlyings(tx);
    const shares = new Map<string, Instrument>();
    for (const id of underlyings) shares.set(id, await this.share(tx, id));
    const named = contracts.flatMap(({ deliverable }) => deliverable?.components ?? []);
    const components = await this.instruments.findByIds(
      tx,
      named.map(({ instrumentId }) => instrumentId),
    );
    return { kinds: new Map([...known].map(([id, { kind }]) => [id, kind])), shares, components };
  }

  /** Finds or registers what an underlying is held as. */
  private async share(tx: TenantTransaction, id: string): Promise<Instrument> {
    const found = (await this.instruments.findShares(tx, [id])).get(id);
    if (found !== undefined) return found;
    const underlying = (await this.instruments.findUnderlyings(tx)).get(id);
    if (underlying === undefined) throw new UseCaseError('NOT_FOUND', `no underlying ${id}`, 'underlying');
    const taken = (await this.instruments.findByIds(tx, [id])).get(id);
    if (taken !== undefined) {
      throw new UseCaseError(
        'CONFLICT',
        `${id} names a ${taken.type}; import what holds the underlying ${id} first`,
        'underlying',
      );
    }
    const share = shareOf(id, underlying.currency);
    await this.instruments.upsertMany(tx, [share]);
    return share;
  }

  /**
   * The new terms of held contracts that a corporate action changes, by old identifier; registered, so that all accounts
   * and later repeats get the same contract. Together with the share that is handed over.
   */
  async adjustedContracts(
    tx: TenantTransaction,
    event: CorporateActionEvent,
    held: readonly Instrument[],
  ): Promise<{ readonly contracts: ReadonlyMap<string, Instrument>; readonly share: Instrument }> {
    const { action, underlying } = event;
    const target = ('newUnderlying' in action ? action.newUnderlying : undefined) ?? underlying;
    await this.registerUnderlying(tx, { id: target, like: underlying });
    const share = await this.share(tx, target);
    const changes: ContractChange[] = [];
    for (const from of held) {
      if (from.underlying !== underlying || from.type === 'underlying') continue;
      const adjustment = adjustContract(from, action, { instrumentId: share.id });
      if (adjustment.outcome !== 'replaced' || !adjustment.isNewContract) continue;
      changes.push({ from, to: adjustment.instrument });
    }
    const contracts = await this.nameContracts(tx, changes, action);
    await this.instruments.upsertMany(tx, [...contracts.values()]);
    return { contracts, share };
  }

  /** Gives each adjusted contract the first identifier that is free or holds the very same terms. */
  private async nameContracts(
    tx: TenantTransaction,
    changes: readonly ContractChange[],
    action: CorporateAction,
  ): Promise<Map<string, Instrument>> {
    const candidatesOf = ({ from }: ContractChange): string[] =>
      [0, 1, 2, 3, 4].map((attempt) => adjustedContractId(from, action, attempt));
    const taken = await this.instruments.findByIds(tx, changes.flatMap(candidatesOf));
    return new Map(
      changes.map((change) => {
        const terms = { ...change.to, adjustedFrom: change.from.id };
        const id = candidatesOf(change).find((candidate) => {
          const known = taken.get(candidate);
          return known === undefined || canonicalJson(known) === canonicalJson({ ...terms, id: candidate });
        });
        if (id !== undefined) return [change.from.id, { ...terms, id }];
        throw new UseCaseError('CONFLICT', `${change.from.id}: no free identifier for its adjusted form`, 'instrument');
      }),
    );
  }

  private async registerUnderlying(
    tx: TenantTransaction,
    { id, like }: { readonly id: string; readonly like: string },
  ): Promise<void> {
    const known = await this.instruments.findUnderlyings(tx);
    const model = known.get(like);
    if (model === undefined) throw new UseCaseError('NOT_FOUND', `no underlying ${like}`, 'underlying');
    if (!known.has(id)) await this.instruments.upsertUnderlyings(tx, [{ ...model, id }]);
  }
}

function shareOf(id: string, currency: string): Instrument {
  return { id, type: 'underlying', underlying: id, multiplier: new Decimal(1), currency, settlement: 'linear' };
}
