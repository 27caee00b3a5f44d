import { type FirmControls, parseFirmControls } from '@ballast/buffer';
import {
  type Account,
  formatInstant,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  type Position,
} from '@ballast/domain';
import { findDataFindings } from '@ballast/market-data';
import {
  FeedStore,
  FirmControlsStore,
  HeldRequirementStore,
  PositionStore,
  type TenantTransaction,
  type TrustedRecord,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { AccountGuard } from './account-guard';
import { describeFxTriangles, marketFeed } from './market-guard';
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
  ) {}

  /** @returns the guard of each account, by identifier; the same record gives the same guards, so a replay can ask again */
  async read(transaction: TenantTransaction, run: GuardedRun): Promise<ReadonlyMap<string, AccountGuard>> {
    const { accounts, asOf, knownAt } = run;
    const ids = accounts.map(({ id }) => id);
    const trusted = await this.held.findTrusted(transaction, ids, { asOf, knownAt });
    const stored = await this.controls.findInEffect(transaction, { asOf, knownAt });
    const controls: FirmControls = parseFirmControls(stored?.controls ?? {}, asOf);
    const last = await this.feeds.findLast(transaction, marketFeed, { at: run.positionsAt, knownAt });
    const suspect =
      last?.state.mode === 'SUSPECT' ? [`FEED_SUSPECT: since ${formatInstant(last.at)} at the latest`] : [];
    const triangles = describeFxTriangles(run);
    const findings = new Map(accounts.map((account) => [account.id, findingsOf(run, account, { suspect, triangles })]));
    const doubtful = ids.filter((id) => (findings.get(id) ?? []).length > 0 && trusted.has(id));
    const unchanged = await this.findUnchanged(transaction, run, { ids: doubtful, trusted });
    return new Map(
      ids.map((id) => {
        const trust = {
          findings: findings.get(id) ?? [],
          trusted: trusted.get(id) ?? null,
          samePositions: unchanged.has(id),
        };
        return [id, { trust, controls }];
      }),
    );
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

function findingsOf(
  { inputs, snapshot }: GuardedRun,
  { id, baseCurrency }: Account,
  market: { readonly suspect: readonly string[]; readonly triangles: readonly string[] },
): readonly string[] {
  const held: Instrument[] = [];
  for (const { instrumentId } of inputs.positions.get(id) ?? []) {
    const instrument = inputs.instruments.get(instrumentId);
    if (instrument !== undefined) held.push(instrument);
  }
  const isConverted =
    held.some(({ currency }) => currency !== baseCurrency) ||
    (inputs.balances.get(id) ?? []).some(({ currency }) => currency !== baseCurrency);
  const ofRates = isConverted ? market.triangles : [];
  return held.length === 0 ? ofRates : [...market.suspect, ...ofRates, ...findDataFindings(snapshot, held)];
}

/** Contracts and quantities of a book as one text, whatever the order of its rows. */
function describeBook(positions: readonly Position[] | undefined): string {
  return (positions ?? [])
    .map(({ instrumentId, quantity }) => `${instrumentId} ${quantity.toFixed()}`)
    .sort()
    .join('\n');
}
