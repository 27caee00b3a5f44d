import { defaultBufferPolicy, type PreparedState } from '@ballast/buffer';
import { type Account, instantOf, type Instant, type Instrument } from '@ballast/domain';
import { InstrumentStore, MarketSnapshotStore, RiskParameterStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { portfolioOfHoldings } from '../run/evaluate-account';
import type { ReadSession } from '../question/read-session';
import { holdingsOf, RunInputReader, type RunInputs } from '../run/run-inputs';
import { type AccountSource, type AccountTerms, prepareSource } from '../threads/account-source';
import { inSharesAt } from '../market/split-reader';
import { UseCaseError } from '../caller/use-case-error';

/** An account as analyses start from it, and further contracts that were asked for. */
export interface StoredAccountState {
  readonly prepared: PreparedState;
  /** The same as data, for a computation in a thread. */
  readonly source: AccountSource;
  /** Contracts by identifier: held ones and those asked for that exist. */
  readonly instruments: ReadonlyMap<string, Instrument>;
}

/**
 * Reads what an account holds now and the latest market snapshot, with the parameters, house rules and policy that a run
 * would use: the state that what-if, levels and restoration of a stored account start from.
 */
@Injectable()
export class AccountStateReader {
  constructor(
    private readonly inputs: RunInputReader,
    private readonly snapshots: MarketSnapshotStore,
    private readonly instruments: InstrumentStore,
    private readonly parameters: RiskParameterStore,
  ) {}

  /**
   * @param input.instrumentIds  contracts needed besides the held ones
   * @throws UseCaseError 'NOT_FOUND' without a market snapshot, or for a contract that is not listed
   * @throws DomainError for parameters or positions that cannot be evaluated
   */
  async read(
    session: ReadSession,
    input: { readonly account: Account; readonly instrumentIds: readonly string[]; readonly now: Instant },
  ): Promise<StoredAccountState> {
    const { account, instrumentIds, now } = input;
    return session.read(async (transaction) => {
      const head = await this.snapshots.findLatest(transaction);
      if (head === null)
        throw new UseCaseError('NOT_FOUND', 'there is no market snapshot to analyse on: import one first');
      const positionsAt = instantOf(Math.max(now, head.asOf));
      const inputs = await this.inputs.read(transaction, [account], { asOf: head.asOf, positionsAt, knownAt: now });
      const instruments = await this.instrumentsWith(transaction, inputs, instrumentIds);
      const quoted = [...instruments.keys(), ...inputs.forerunners.keys()];
      const stored = await this.snapshots.loadForInstruments(transaction, head.id, quoted);
      if (stored === null) throw new UseCaseError('NOT_FOUND', 'the market snapshot is gone');
      const snapshot = inSharesAt(stored.snapshot, inputs, { instruments, positionsAt });
      const portfolio = portfolioOfHoldings({
        account,
        holdings: holdingsOf(inputs, account.id),
        instruments,
        listedFutures: inputs.listedFutures,
        schedules: inputs.schedules,
        snapshot,
        asOf: head.asOf,
      });
      const terms = await this.termsOf(transaction, account, inputs, head.asOf);
      const source = { portfolio, snapshot, ...terms };
      return { prepared: prepareSource(source), source, instruments };
    });
  }

  private async instrumentsWith(
    transaction: TenantTransaction,
    inputs: RunInputs,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, Instrument>> {
    const missing = [...new Set(wanted)].filter((id) => !inputs.instruments.has(id));
    const found = missing.length === 0 ? [] : await this.instruments.findByIds(transaction, missing);
    const instruments = new Map([...inputs.instruments, ...found]);
    const unknown = missing.find((id) => !instruments.has(id));
    if (unknown !== undefined) throw new UseCaseError('NOT_FOUND', `no contract has the id ${unknown}`, 'instrumentId');
    return instruments;
  }

  private async termsOf(
    transaction: TenantTransaction,
    { methodology, id, code }: Account,
    inputs: RunInputs,
    asOf: Instant,
  ): Promise<AccountTerms & Pick<AccountSource, 'parameters'>> {
    const set = await this.parameters.findInEffect(transaction, { methodology, asOf });
    const previousStatus = inputs.previousStatuses.get(id);
    return {
      parameters: set?.parameters ?? {},
      code,
      policy: inputs.policies.get(id) ?? defaultBufferPolicy(asOf),
      ...(previousStatus === undefined ? {} : { previousStatus }),
    };
  }
}
