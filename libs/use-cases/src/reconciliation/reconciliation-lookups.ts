import type { LaterBelief } from '@ballast/buffer';
import { type Decimal, Decimal as Exact, type Instant, type Instrument, type StatedPosition } from '@ballast/domain';
import { InstrumentStore, PositionStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { AssetStores } from '../run/run-inputs';

/** What the record says today of one account, by contract, currency and asset. */
export interface LaterBeliefs {
  readonly positionOf: (instrumentId: string) => LaterBelief;
  readonly cashOf: (currency: string) => LaterBelief;
  readonly collateralOf: (asset: string) => LaterBelief;
}

/** Looks up what the inputs of a run do not hold: what is believed today, and contracts that only a statement names. */
@Injectable()
export class ReconciliationLookups {
  constructor(
    private readonly positions: PositionStore,
    private readonly assets: AssetStores,
    private readonly instruments: InstrumentStore,
  ) {}

  /** Reads an account as it is believed today to have been at the run, and as it is now. */
  async later(
    tx: TenantTransaction,
    accountId: string,
    at: { readonly run: Instant; readonly now: Instant },
  ): Promise<LaterBeliefs> {
    const read = async (validAt: Instant) => {
      const positions = (await this.positions.findAsOf(tx, [accountId], { validAt })).get(accountId) ?? [];
      const cash = (await this.assets.balances.findAsOf(tx, [accountId], { validAt })).get(accountId) ?? [];
      const pledged = (await this.assets.collateral.findAsOf(tx, [accountId], { validAt })).get(accountId) ?? [];
      return {
        positions: new Map(positions.map(({ instrumentId, quantity }) => [instrumentId, quantity])),
        cash: new Map(cash.map(({ currency, amount }) => [currency, amount])),
        collateral: new Map(pledged.map(({ asset, quantity }) => [asset, quantity])),
      };
    };
    const corrected = await read(at.run);
    const now = await read(at.now);
    type Part = keyof typeof now;
    const belief = (part: Part, key: string): LaterBelief => ({
      corrected: corrected[part].get(key) ?? none,
      now: now[part].get(key) ?? none,
    });
    return {
      positionOf: (id) => belief('positions', id),
      cashOf: (currency) => belief('cash', currency),
      collateralOf: (asset) => belief('collateral', asset),
    };
  }

  /** Finds contracts that a statement names and an account of ours does not hold: by identifier, else by terms. */
  async instrumentsOf(
    tx: TenantTransaction,
    stated: readonly StatedPosition[],
  ): Promise<ReadonlyMap<string, Instrument>> {
    const ids = stated.map(({ instrumentId }) => instrumentId);
    const found = new Map<string, Instrument>(await this.instruments.findByIds(tx, ids));
    for (const { instrumentId, contract } of stated) {
      if (found.has(instrumentId) || contract === undefined) continue;
      const listed = await this.instruments.findByUnderlying(tx, contract.root);
      const same = listed.find(
        (candidate) =>
          candidate.type === 'option' &&
          candidate.right === contract.right &&
          candidate.strike.equals(contract.strike) &&
          new Date(candidate.expiry).toISOString().startsWith(contract.expiryDate),
      );
      if (same !== undefined) found.set(instrumentId, same);
    }
    return found;
  }
}

const none: Decimal = new Exact(0);
