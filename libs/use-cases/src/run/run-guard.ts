import { type FirmControls, parseFirmControls, releaseControlsIn } from '@ballast/buffer';
import {
  type Account,
  formatInstant,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  type Position,
} from '@ballast/domain';
import { findDataFindings, type ShareSplit } from '@ballast/market-data';
import {
  FeedStore,
  findLastGivenUp,
  FirmControlsStore,
  HeldRequirementStore,
  PositionStore,
  type StoredRequirement,
  type TenantTransaction,
  type TrustedRecord,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { AccountGuard } from './account-guard';
import { accountIdsOf } from './account-ids';
import { describeFxTriangles, marketFeed } from '../market/market-guard';
import { MarketReferences } from '../market/market-references';
import type { RunContracts } from './run-contracts';
import type { RunInputs } from './run-inputs';

/** What a guard needs to know of a run. */
export interface GuardedRun {
  readonly accounts: readonly Account[];
  readonly inputs: RunInputs;
  readonly snapshot: MarketSnapshot;
  readonly asOf: Instant;
  /** Now for a live run: what is known of the feed since the snapshot counts too. */
  readonly positionsAt: Instant;
  readonly knownAt: Instant;
}

/** Finds for every account of a run what its new requirement is compared with, and what is wrong with its data. */
@Injectable()
export class RunGuard {
  constructor(
    private readonly held: HeldRequirementStore,
    private readonly controls: FirmControlsStore,
    private readonly positions: PositionStore,
    private readonly feeds: FeedStore,
    private readonly references: MarketReferences,
  ) {}

  /**
   * @param known  the last trusted requirements of the accounts, when they need not be read again
   * @returns the guard of each account, by identifier; the same record gives the same guards, so a replay can ask again
   */
  async read(
    transaction: TenantTransaction,
    run: GuardedRun,
    known?: ReadonlyMap<string, TrustedRecord>,
  ): Promise<ReadonlyMap<string, AccountGuard>> {
    const { accounts, asOf, knownAt } = run;
    const ids = accountIdsOf(accounts);
    const trusted = known ?? (await this.held.findTrusted(transaction, ids, { asOf, knownAt }));
    const stored = await this.controls.findInEffect(transaction, { asOf, knownAt });
    const controls: FirmControls = parseFirmControls(stored?.controls ?? {}, asOf);
    const last = await this.feeds.findLast(transaction, marketFeed, { at: run.positionsAt, knownAt });
    const suspect = [
      ...(last?.state.mode === 'SUSPECT' ? [`FEED_SUSPECT: since ${formatInstant(last.at)} at the latest`] : []),
      ...(last?.reasons.filter((reason) => reason.startsWith('FEED_GAP')) ?? []),
    ];
    const triangles = describeFxTriangles(run);
    const { orphans, currencies } = await this.readCatalogue(transaction, run);
    const market = { suspect, triangles, orphans, currencies };
    const findings = new Map(accounts.map((account) => [account.id, findingsOf(run, account, market)]));
    const doubtful = ids.filter((id) => (findings.get(id) ?? []).length > 0 && trusted.has(id));
    const unchanged = await this.findUnchanged(transaction, run, { ids: doubtful, trusted });
    const limits = controlsByCurrency(controls, run);
    return new Map(
      accounts.map(({ id, baseCurrency }) => {
        const trust = {
          findings: findings.get(id) ?? [],
          trusted: trusted.get(id) ?? null,
          samePositions: unchanged.has(id),
        };
        return [id, { trust, controls: limits.get(baseCurrency) ?? controls }];
      }),
    );
  }

  /**
   * The same for accounts of a past run. Where the retention policy gave up what requirements were compared with, what is left is
   * older and stands for none of it: for a held one its hold tells, and any other passed the gate.
   *
   * @param page  requirements of these accounts as they were written
   */
  async readRecorded(
    transaction: TenantTransaction,
    run: GuardedRun,
    page: readonly StoredRequirement[],
  ): Promise<ReadonlyMap<string, AccountGuard>> {
    const ids = run.accounts.map(({ id }) => id);
    const trusted = await this.held.findTrusted(transaction, ids, run);
    const gap = await findLastGivenUp(transaction, run.asOf);
    if (gap === null) return this.read(transaction, run, trusted);
    const lost = page.filter(({ accountId }) => (trusted.get(accountId)?.asOf ?? -Infinity) < gap);
    const held = lost.filter(({ quality, hold }) => quality === 'HELD' || hold !== undefined);
    const released = await this.held.findReleased(transaction, held);
    for (const stored of lost) {
      const record = released.get(stored.accountId);
      if (record !== undefined) trusted.set(stored.accountId, record);
      else if (!isNamedBy(stored, trusted.get(stored.accountId))) trusted.delete(stored.accountId);
    }
    return this.read(transaction, run, trusted);
  }

  /**
   * Contracts that expire on no session of their exchange: calendars may have changed since the snapshot was taken. What
   * shards of a run share is looked at once, and what a later shard adds then.
   */
  private async readCatalogue(
    transaction: TenantTransaction,
    { inputs, snapshot, knownAt }: GuardedRun,
  ): Promise<CheckedCatalogue> {
    const { instruments } = inputs;
    const before = checkedCatalogues.get(instruments);
    const isOfRun = before?.knownAt === knownAt && before.snapshot === snapshot;
    const checked: CheckedCatalogue = isOfRun ? before : { knownAt, snapshot, orphans: new Set(), currencies: [] };
    if (!isOfRun) checkedCatalogues.set(instruments, checked);
    const start = checked.currencies.length;
    const fresh = instruments.list.slice(start);
    if (fresh.length === 0) return checked;
    const found = await this.references.findOrphanExpiries(transaction, fresh, snapshot.underlyings, knownAt);
    for (const id of found) checked.orphans.add(id);
    // Another shard may look at the same contracts meanwhile, and finds the same.
    fresh.forEach((one, index) => {
      const isSound = !found.has(one.id) && !hasFindings(snapshot, one);
      checked.currencies[start + index] = isSound ? one.currency : null;
    });
    return checked;
  }

  private async findUnchanged(
    transaction: TenantTransaction,
    run: GuardedRun,
    { ids, trusted }: { readonly ids: readonly string[]; readonly trusted: ReadonlyMap<string, TrustedRecord> },
  ): Promise<ReadonlySet<string>> {
    const idsByRun = new Map<string, { record: TrustedRecord; ids: string[] }>();
    for (const id of ids) {
      const record = trusted.get(id);
      if (record === undefined) continue;
      const group = idsByRun.get(record.runId) ?? { record, ids: [] };
      group.ids.push(id);
      idsByRun.set(record.runId, group);
    }
    const unchanged = new Set<string>();
    for (const { record, ids: members } of idsByRun.values()) {
      const moment = { validAt: record.positionsAt, knownAt: record.knownAt };
      const before = await this.positions.findAsOf(transaction, members, moment);
      for (const id of members) {
        if (describeBook(before.get(id)) === describeBook(run.inputs.positions.get(id))) unchanged.add(id);
      }
    }
    return unchanged;
  }
}

/** Whether a requirement on doubtful data says that it was held up by an earlier one. */
function isNamedBy({ qualityReasons }: StoredRequirement, record: TrustedRecord | undefined): boolean {
  return record !== undefined && qualityReasons.some((reason) => reason.includes(formatInstant(record.asOf)));
}

/** The limits of the firm as they hold in each base currency of the accounts, one object for all accounts of one. */
function controlsByCurrency(
  controls: FirmControls,
  { accounts, snapshot }: Pick<GuardedRun, 'accounts' | 'snapshot'>,
): ReadonlyMap<string, FirmControls> {
  const currencies = new Set(accounts.map(({ baseCurrency }) => baseCurrency));
  return new Map([...currencies].map((currency) => [currency, releaseControlsIn(controls, { currency, snapshot })]));
}

/** What is wrong with the market of a run as a whole. */
interface MarketFindings {
  readonly suspect: readonly string[];
  readonly triangles: readonly string[];
  /** Contracts that expire on no session of their exchange. */
  readonly orphans: ReadonlySet<string>;
  /** Currency of each contract by number; null where something is wrong with it. */
  readonly currencies: readonly (string | null)[];
}

/** What was found about the first contracts of a catalogue, which only grows. */
interface CheckedCatalogue {
  readonly knownAt: Instant;
  readonly snapshot: MarketSnapshot;
  readonly orphans: Set<string>;
  readonly currencies: (string | null)[];
}

const checkedCatalogues = new WeakMap<RunContracts, CheckedCatalogue>();

/** Whether all that an account holds is in its base currency, and nothing of it pledged, in doubt or an orphan. */
function isPlain({ inputs }: GuardedRun, { id, baseCurrency }: Account, { currencies }: MarketFindings): boolean {
  if (inputs.splits.length > 0 || (inputs.collateral.get(id) ?? []).length > 0) return false;
  for (const { currency } of inputs.balances.get(id) ?? []) if (currency !== baseCurrency) return false;
  const numbers = inputs.numbers.get(id);
  if (numbers === undefined) return true;
  for (let index = 0; index < numbers.length; index += 1)
    if (currencies[numbers[index] as number] !== baseCurrency) return false;
  return true;
}

function findingsOf(run: GuardedRun, account: Account, market: MarketFindings): readonly string[] {
  const { inputs, snapshot } = run;
  const { id, baseCurrency } = account;
  if (isPlain(run, account, market)) return inputs.positions.bookOf(id) === undefined ? [] : market.suspect;
  const held: Instrument[] = [];
  const pledges = inputs.collateral.get(id) ?? [];
  const pledged = pledges.flatMap(({ asset, price, share }) =>
    price === undefined ? [share?.underlying ?? asset] : [],
  );
  const currencies = [
    ...(inputs.balances.get(id) ?? []).map(({ currency }) => currency),
    ...pledges.map(({ asset, currency }) => currency ?? snapshot.underlyings.get(asset)?.currency ?? baseCurrency),
  ];
  let isConverted = currencies.some((currency) => currency !== baseCurrency);
  let isDoubtful = findDataFindings(snapshot, [], pledged).length > 0;
  for (const instrumentId of inputs.positions.bookOf(id)?.instrumentIds ?? []) {
    const instrument = inputs.instruments.get(instrumentId);
    if (instrument === undefined) continue;
    held.push(instrument);
    isConverted ||= instrument.currency !== baseCurrency;
    isDoubtful ||= hasFindings(snapshot, instrument) || market.orphans.has(instrumentId);
  }
  const ofRates = isConverted ? market.triangles : [];
  const ofSplits = inputs.splits.length === 0 ? [] : splitFindings({ inputs, snapshot }, { held, pledged });
  if (held.length === 0 && pledged.length === 0) return [...ofRates, ...ofSplits];
  if (!isDoubtful && ofSplits.length === 0) return [...new Set([...market.suspect, ...ofRates])];
  const ofCalendar = held
    .filter((contract) => market.orphans.has(contract.id))
    .map(({ id: one }) => `CAL_ORPHAN: ${one}`);
  const found = [...ofCalendar, ...ofSplits, ...findDataFindings(snapshot, held, pledged)];
  return [...new Set([...market.suspect, ...ofRates, ...found])];
}

/** What many accounts hold is looked at once per market. */
const doubtBySnapshot = new WeakMap<MarketSnapshot, Map<Instrument, boolean>>();

function hasFindings(snapshot: MarketSnapshot, instrument: Instrument): boolean {
  const doubts = doubtBySnapshot.get(snapshot) ?? new Map<Instrument, boolean>();
  doubtBySnapshot.set(snapshot, doubts);
  const known = doubts.get(instrument) ?? findDataFindings(snapshot, [instrument]).length > 0;
  doubts.set(instrument, known);
  return known;
}

/** Findings on the prices of the names an account holds, or has pledged without a price of its own. */
function splitFindings(
  { inputs, snapshot }: Pick<GuardedRun, 'inputs' | 'snapshot'>,
  { held, pledged }: { readonly held: readonly Instrument[]; readonly pledged: readonly string[] },
): readonly string[] {
  return unsplitPrices(snapshot, new Set([...held.map(({ underlying }) => underlying), ...pledged]), inputs.splits);
}

/** Prices of old shares, divided by the split, under positions in new ones. */
function unsplitPrices(
  { underlyings }: MarketSnapshot,
  names: ReadonlySet<string>,
  splits: readonly ShareSplit[],
): readonly string[] {
  return splits.flatMap(({ underlying, numerator, denominator, effectiveAt }) => {
    const quote = underlyings.get(underlying);
    if (!names.has(underlying) || quote === undefined || quote.quotedAt >= effectiveAt) return [];
    const split = `${numerator}:${denominator} at ${formatInstant(effectiveAt)}`;
    const told = `${underlying} was split ${split}, after its price of ${formatInstant(quote.quotedAt)}`;
    return [`PRICE_STALE: ${told}, which is divided by the split until a new one arrives`];
  });
}

/** Contracts and quantities of a book as one text, whatever the order of its rows. */
function describeBook(positions: readonly Position[] | undefined): string {
  return (positions ?? [])
    .map(({ instrumentId, quantity }) => `${instrumentId} ${quantity.toFixed()}`)
    .sort()
    .join('\n');
}
