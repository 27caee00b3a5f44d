import type { BufferStatus } from '@ballast/buffer';
import type { Account, CashBalance, Instant, Instrument } from '@ballast/domain';
import {
  type KnownLink,
  type MarginRun,
  PositionBooks,
  type SettledRecord,
  type StatedPositions,
  type TrustedRecord,
} from '@ballast/persistence';
import type { RunContracts } from '../run/run-contracts';
import type { HeldInputs, RunInputs, RunMoment } from '../run/run-inputs';
import type { CommittedResult } from './commit-in-pieces';

/** Accounts of which something has to be read. */
export interface ResidentNeeds {
  /** Positions and cash. */
  readonly holdings: readonly string[];
  /** Status and last trusted requirement. */
  readonly standing: readonly string[];
}

/** Whom a move concerned, in order of the identifier, and the contracts that they hold by number. */
export interface NumberedHolders {
  readonly accounts: readonly Account[];
  readonly instruments: RunContracts;
  readonly numbers: RunInputs['numbers'];
}

/** What a run committed of whom. */
export interface CommittedMove extends NumberedHolders {
  readonly results: readonly CommittedResult[];
  /** Number of the transaction, as the links of the chain carry it. */
  readonly transaction: string;
}

/** Tables that a run after a move of prices reads every time, or not at all. */
const unrelated = new Set([
  ...['margin_runs', 'margin_run_parameter_sets', 'margin_run_shards', 'margin_run_shard_ends', 'buffer_observations'],
  ...['market_snapshots', 'feed_events', 'price_history', 'record_writes', 'history_retirements'],
  ...['risk_parameter_sets', 'parameter_impacts', 'parameter_impact_rows', 'buffer_policies', 'firm_controls'],
  ...['haircut_schedules', 'calendar_changes', 'margin_calls', 'margin_call_events'],
  ...['reconciliations', 'reconciliation_breaks', 'break_resolutions', 'file_deliveries'],
  // Terms of a contract never change; prices, forwards and rates are read by snapshot.
  ...['underlyings', 'underlying_quotes', 'forward_quotes', 'fx_rates'],
]);
const ofStatements = ['positions', 'position_statements'] as const;
/** Pledges, and instruments, which may be names of pledged shares. */
const ofHolders = ['collateral_statements', 'collateral_holdings', 'instruments'] as const;
const ofStanding = ['requirements', 'held_requirements', 'requirement_releases'] as const;

/** Chained tables whose changes are understood. */
export const understoodTables: ReadonlySet<string> = new Set<string>([
  ...[...unrelated, ...ofStatements, ...ofHolders, ...ofStanding],
  ...['balances', 'account_versions'],
]);

/** Accounts kept per firm: some 6 kB each. */
const accountsMaximum = 50_000;

/**
 * What a process remembers of a firm between two runs after moves of prices, and what of it a change of the record makes
 * doubtful. Changes it does not understand make it forget everything.
 */
export class FirmResidence {
  /** Of the last run that used it; null before the first. */
  moment: RunMoment | null = null;
  private link: KnownLink | null = null;
  /** Transactions of the runs that were kept since the record was last settled. */
  private own: string[] = [];
  /** When holdings, or who holds what, change although nobody writes. */
  private changesAt: Instant | null = null;
  /** The first market of a requirement that is known and not the last one yet. */
  private standingChangesAt: Instant | null = null;
  private positions = new PositionBooks([]);
  private balances = new Map<string, readonly CashBalance[]>();
  private statuses = new Map<string, BufferStatus>();
  private trusted = new Map<string, TrustedRecord>();
  private readonly withHoldings = new Set<string>();
  private readonly withStanding = new Set<string>();
  private readonly holdersByName = new Map<string, { readonly ids: Set<string>; readonly doubtful: Set<string> }>();
  /** Of books and accounts as they are: whatever is read again makes it another one. */
  private edition = 0;
  private readonly numberedByName = new Map<string, NumberedHolders & { readonly edition: number }>();
  readonly terms = new Map<string, Instrument>();
  private readonly accounts = new Map<string, Account>();

  /** The point of the record up to which it is known; null when nothing is. */
  get since(): { readonly link: KnownLink; readonly own: readonly string[] } | null {
    return this.link === null ? null : { link: this.link, own: this.own };
  }

  /** Whether positions were stated since the last run. */
  hasStatements({ changes }: SettledRecord): boolean {
    return this.moment !== null && ofStatements.some((table) => changes.has(table));
  }

  /**
   * Goes on to a later moment, forgetting what changed on the way.
   *
   * @param stated  accounts whose positions were stated since the last run; null when none were
   */
  advance(settled: SettledRecord, moment: RunMoment, stated: StatedPositions | null): void {
    const { changes, head, isContinued } = settled;
    if (this.link === null || !isContinued || this.isPassed(moment) || !isUnderstood(changes, stated)) this.forget();
    const isOvertaken = this.standingChangesAt !== null && moment.asOf >= this.standingChangesAt;
    if (isOvertaken || ofStanding.some((table) => changes.has(table))) this.forgetStanding();
    if (changes.has('account_versions')) this.forgetAccounts();
    if (changes.has('balances')) this.forgetHoldings(this.withHoldings);
    if (ofHolders.some((table) => changes.has(table))) this.holdersByName.clear();
    this.forgetHoldings(stated?.accountIds ?? []);
    for (const { doubtful } of this.holdersByName.values()) for (const id of stated?.accountIds ?? []) doubtful.add(id);
    if (this.withHoldings.size > accountsMaximum) this.forget();
    this.link = head;
    this.own = [];
    this.moment = moment;
  }

  /** Accounts that hold something on any of these underlyings, and those that may do so since their positions changed. */
  holders(
    underlyingIds: readonly string[],
  ): { readonly ids: readonly string[]; readonly doubtful: readonly string[] } | null {
    const known = this.holdersByName.get(nameOf(underlyingIds));
    return known === undefined ? null : { ids: [...known.ids], doubtful: [...known.doubtful] };
  }

  /**
   * @param found      holders among the doubtful accounts, or all when none were known
   * @param changesAt  when others may hold something although nobody writes
   * @returns all
   */
  addHolders(underlyingIds: readonly string[], found: readonly string[], changesAt: Instant | null): readonly string[] {
    this.changesAt = earlier(this.changesAt, changesAt);
    const name = nameOf(underlyingIds);
    const known = this.holdersByName.get(name);
    const ids = new Set([...(known?.ids ?? [])].filter((id) => known?.doubtful.has(id) !== true));
    for (const id of found) ids.add(id);
    if (this.holdersByName.size >= namesMaximum) this.holdersByName.clear();
    this.holdersByName.set(name, { ids, doubtful: new Set() });
    this.numberedByName.delete(name);
    return [...ids];
  }

  /** Whom the last move of these underlyings concerned; null unless nothing of them was doubtful or read again since. */
  numbered(underlyingIds: readonly string[]): NumberedHolders | null {
    const known = this.numberedByName.get(nameOf(underlyingIds));
    const holders = this.holders(underlyingIds);
    if (known === undefined || known.edition !== this.edition || holders === null) return null;
    if (holders.doubtful.length > 0 || holders.ids.length !== known.accounts.length) return null;
    return this.missing(holders.ids).holdings.length > 0 ? null : known;
  }

  unknownAccounts(ids: readonly string[]): readonly string[] {
    return ids.filter((id) => !this.accounts.has(id));
  }

  addAccounts(accounts: ReadonlyMap<string, Account>): void {
    for (const [id, account] of accounts) this.accounts.set(id, account);
    if (accounts.size > 0) this.edition += 1;
  }

  /** In order of the identifier; an account that is not known is absent. */
  accountsOf(ids: readonly string[]): readonly Account[] {
    return [...ids].sort().flatMap((id) => this.accounts.get(id) ?? []);
  }

  missing(ids: readonly string[]): ResidentNeeds {
    return {
      holdings: ids.filter((id) => !this.withHoldings.has(id)),
      standing: ids.filter((id) => !this.withStanding.has(id)),
    };
  }

  addHoldings(
    ids: readonly string[],
    { positions, balances }: Pick<RunInputs, 'positions' | 'balances'>,
    changesAt: Instant | null,
  ): void {
    this.edition += 1;
    this.positions = this.positions.replaced(ids, positions);
    for (const id of ids) {
      const cash = balances.get(id);
      if (cash === undefined) this.balances.delete(id);
      else this.balances.set(id, cash);
      this.withHoldings.add(id);
    }
    this.changesAt = earlier(this.changesAt, changesAt);
  }

  addStanding(
    ids: readonly string[],
    {
      statuses,
      trusted,
    }: { readonly statuses: RunInputs['previousStatuses']; readonly trusted: HeldInputs['trusted'] },
    changesAt: Instant | null,
  ): void {
    this.standingChangesAt = earlier(this.standingChangesAt, changesAt);
    for (const [id, status] of statuses) this.statuses.set(id, status);
    for (const [id, record] of trusted) this.trusted.set(id, record);
    for (const id of ids) this.withStanding.add(id);
  }

  held(numbered: NumberedHolders | null): HeldInputs {
    const { positions, balances, statuses: previousStatuses, trusted } = this;
    return { positions, balances, previousStatuses, trusted, numbers: numbered?.numbers ?? null };
  }

  /** Takes over what a run committed, as the next one would read it. */
  keep(
    { id: runId, asOf, positionsAt, knownAt }: Pick<MarginRun, 'id' | 'asOf' | 'positionsAt' | 'knownAt'>,
    committed: CommittedMove,
    underlyingIds: readonly string[],
  ): void {
    this.own.push(committed.transaction);
    for (const [id, terms] of committed.instruments) this.terms.set(id, terms);
    if (this.numberedByName.size >= numberedMaximum) this.numberedByName.clear();
    const { accounts, instruments, numbers } = committed;
    this.numberedByName.set(nameOf(underlyingIds), { accounts, instruments, numbers, edition: this.edition });
    for (const { accountId, status, quality, initial, maintenance } of committed.results) {
      if (status !== 'INDETERMINATE') this.statuses.set(accountId, status);
      if (quality !== 'OK' || initial === null || maintenance === null) continue;
      this.trusted.set(accountId, { runId, asOf, positionsAt, knownAt, initial, maintenance });
    }
  }

  /** Whether a moment is none that follows the last one with nothing in between. */
  private isPassed({ asOf, positionsAt, knownAt }: RunMoment): boolean {
    const { moment, changesAt } = this;
    if (moment === null) return false;
    if (asOf <= moment.asOf || positionsAt < moment.positionsAt || knownAt <= moment.knownAt) return true;
    return changesAt !== null && (positionsAt >= changesAt || knownAt >= changesAt);
  }

  private forget(): void {
    this.positions = new PositionBooks([]);
    this.balances.clear();
    this.withHoldings.clear();
    this.holdersByName.clear();
    this.terms.clear();
    this.forgetAccounts();
    this.changesAt = null;
    this.forgetStanding();
  }

  private forgetAccounts(): void {
    this.accounts.clear();
    this.numberedByName.clear();
    this.edition += 1;
  }

  private forgetStanding(): void {
    this.statuses.clear();
    this.trusted.clear();
    this.withStanding.clear();
    this.standingChangesAt = null;
  }

  private forgetHoldings(ids: Iterable<string>): void {
    for (const id of [...ids]) this.withHoldings.delete(id);
  }
}

/** Combinations of underlyings whose holders are kept, and of those whose contracts stay numbered. */
const namesMaximum = 500;
const numberedMaximum = 20;

function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function nameOf(underlyingIds: readonly string[]): string {
  return [...underlyingIds].sort().join('\t');
}

/** Whether every change is one whose consequences are known: statements of positions that can be named, cash, pledges, results. */
function isUnderstood(changes: SettledRecord['changes'], stated: StatedPositions | null): boolean {
  for (const table of changes.keys()) if (!understoodTables.has(table)) return false;
  if (changes.has('positions') && !changes.has('position_statements')) return false;
  return (changes.get('position_statements') ?? 0) === (stated?.statements ?? 0);
}
