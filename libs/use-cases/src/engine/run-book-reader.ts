import type { Account, MarketSnapshot } from '@ballast/domain';
import { Database, type TenantContext } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { AccountGuard } from '../run/account-guard';
import { RunGuard } from '../run/run-guard';
import { inSharesAt } from '../market/split-reader';
import { type HeldInputs, type RunCatalogue, RunInputReader, type RunInputs, type RunMoment } from '../run/run-inputs';

/** What accounts held, and what their new figures are compared with. */
export interface RunBook {
  readonly inputs: RunInputs;
  /** The snapshot in the shares that are held: of shares split since, the last price divided. */
  readonly snapshot: MarketSnapshot;
  readonly guards: ReadonlyMap<string, AccountGuard>;
}

/** Reads the inputs and the guards of a run's accounts, each of one moment of the database. */
@Injectable()
export class RunBookReader {
  constructor(
    private readonly database: Database,
    private readonly inputs: RunInputReader,
    private readonly guard: RunGuard,
  ) {}

  /**
   * @param catalogue  what other shards of the run share with this one; absent: a run of its own
   * @param known      what need not be read again
   */
  async read(
    context: TenantContext,
    accounts: readonly Account[],
    run: RunMoment & { readonly snapshot: MarketSnapshot },
    catalogue?: RunCatalogue,
    known?: HeldInputs,
  ): Promise<RunBook> {
    const { snapshot, ...moment } = run;
    const { asOf, positionsAt, knownAt } = moment;
    return this.database.withTenant(
      context,
      async (transaction) => {
        const inputs = await this.inputs.read(transaction, accounts, moment, catalogue, known);
        const { instruments } = inputs;
        const market = inSharesAt(snapshot, inputs, { instruments, positionsAt });
        const guarded = { accounts, inputs, snapshot: market, asOf, positionsAt, knownAt };
        return { inputs, snapshot: market, guards: await this.guard.read(transaction, guarded, known?.trusted) };
      },
      { isolation: 'REPEATABLE READ', statementTimeoutMs },
    );
  }

  /** Reads what all shards of a run share. */
  async readCatalogue(context: TenantContext, run: RunMoment): Promise<RunCatalogue> {
    return this.database.withTenant(context, (transaction) => this.inputs.readCatalogue(transaction, run));
  }
}

/** A shard reads thousands of positions from a table of millions, on a server that may be busy with other shards [ms]. */
const statementTimeoutMs = 300_000;
