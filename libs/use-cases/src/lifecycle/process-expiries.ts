import {
  Decimal,
  DomainError,
  type ExpiryEvent,
  formatInstant,
  type Instant,
  instantOf,
  type MarketSnapshot,
} from '@ballast/domain';
import { readSettlementPriceFile, type SettlementPriceRecord, type SourceFile } from '@ballast/formats';
import {
  Database,
  type ExpiredSeries,
  LifecycleHoldingReader,
  MarketSnapshotStore,
  PersistenceError,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type AppliedLifecycleEvent, ApplyLifecycleEvents } from './apply-lifecycle-events';
import { describeSource, hashFiles } from '../import/import-report';
import { UseCaseError } from '../caller/use-case-error';

/** Which expiries to process, and at what prices. */
export interface ProcessExpiriesCommand {
  readonly firmId: string;
  readonly recordedBy: string;
  /** Series that expired at or before this. */
  readonly at: Instant;
  /**
   * Settlement prices; where the file has none for a series, the market snapshot taken within an hour of the expiry. Series
   * that settle to a special opening quotation take the file's of session am and nothing else.
   */
  readonly settlement?: SourceFile;
}

/** A series that ended and is still held. */
export interface UnprocessedSeries extends ExpiredSeries {
  readonly reason: string;
}

export interface ExpiryReport {
  readonly processed: readonly (AppliedLifecycleEvent & { readonly instrumentId: string; readonly price: Decimal })[];
  /** Must be empty before an account's requirement is sound again. */
  readonly unprocessed: readonly UnprocessedSeries[];
}

/** How long after an expiry a market snapshot still shows the price at which it was fixed [ms]. */
const snapshotToleranceMs = 3_600_000;

/**
 * Settles every series that expired and is held: in cash, by delivery or as lapsed. Each series is a transaction of its
 * own; one without a price, or that cannot be settled, is left as it is and reported.
 */
@Injectable()
export class ProcessExpiries {
  constructor(
    private readonly database: Database,
    private readonly holders: LifecycleHoldingReader,
    private readonly snapshots: MarketSnapshotStore,
    private readonly events: ApplyLifecycleEvents,
  ) {}

  /** @throws FileRefusal for a bad file of settlement prices */
  async execute(command: ProcessExpiriesCommand): Promise<ExpiryReport> {
    const scope = { firmId: command.firmId };
    const prices = command.settlement === undefined ? [] : readSettlementPriceFile(command.settlement).rows;
    const records = prices.map(({ value }) => value);
    const fileSource = command.settlement === undefined ? '' : describeSource(hashFiles([command.settlement]));
    const processed: ExpiryReport['processed'][number][] = [];
    const unprocessed: UnprocessedSeries[] = [];
    const cache = new Map<Instant, MarketSnapshot | null>();
    for (const series of await this.holders.findExpired(scope, command.at)) {
      const stated = priceOf(records, series);
      const found =
        stated === undefined ? await this.snapshotPrice(scope, series, cache) : { price: stated, source: fileSource };
      if (found.price === null) {
        unprocessed.push({ ...series, reason: found.source });
        continue;
      }
      try {
        processed.push(await this.settle(command, series, { price: found.price, source: found.source }));
      } catch (failure) {
        if (!isRefusal(failure)) throw failure;
        unprocessed.push({ ...series, reason: failure.message });
      }
    }
    return { processed, unprocessed };
  }

  /** Series that expired at or before a time and are still held: what processing would meet. */
  async findUnprocessed(scope: { readonly firmId: string }, at: Instant): Promise<readonly ExpiredSeries[]> {
    return this.holders.findExpired(scope, at);
  }

  private async settle(
    command: ProcessExpiriesCommand,
    series: ExpiredSeries,
    { price, source }: { readonly price: Decimal; readonly source: string },
  ): Promise<ExpiryReport['processed'][number]> {
    const { instrumentId, expiry } = series;
    const { firmId, recordedBy } = command;
    const count = await this.database.withTenant({ firmId }, (tx) =>
      this.holders.countEvents(tx, { type: 'expiry', instrumentId }),
    );
    const id = `expiry/${instrumentId}${count === 0 ? '' : `/${count + 1}`}`;
    const event: ExpiryEvent = { id, type: 'expiry', instrumentId, effectiveAt: expiry, price };
    const [applied] = await this.events.execute({ firmId, recordedBy, source, events: [event] });
    const result = applied as AppliedLifecycleEvent;
    if (result.accounts === 0)
      throw new UseCaseError('CONFLICT', `${instrumentId} was not held at its expiry, but is held after it`);
    return { ...result, instrumentId, price };
  }

  private async snapshotPrice(
    scope: { readonly firmId: string },
    { instrumentId, underlying, expiry, settlementSession }: ExpiredSeries,
    cache: Map<Instant, MarketSnapshot | null>,
  ): Promise<{ readonly price: Decimal | null; readonly source: string }> {
    if (settlementSession === 'am') {
      const reason = `${instrumentId} settles to the special opening quotation of ${underlying} for ${formatInstant(expiry)}`;
      return { price: null, source: `PRICE_MISSING: ${reason}, which no settlement price of session am states` };
    }
    let snapshot = cache.get(expiry);
    if (snapshot === undefined) {
      const header = await this.snapshots.findAsOf(scope, instantOf(expiry + snapshotToleranceMs));
      snapshot = header === null ? null : ((await this.snapshots.load(scope, header.id))?.snapshot ?? null);
      cache.set(expiry, snapshot);
    }
    const quote = snapshot?.underlyings.get(underlying);
    const nothing = `PRICE_MISSING: no settlement price of ${underlying} for ${formatInstant(expiry)}`;
    if (snapshot == null || quote?.price == null) return { price: null, source: nothing };
    if (quote.quotedAt < expiry) {
      return {
        price: null,
        source: `PRICE_STALE: ${nothing.slice(15)}; the latest quote is of ${formatInstant(quote.quotedAt)}`,
      };
    }
    return { price: quote.price, source: `market snapshot of ${formatInstant(snapshot.asOf)}` };
  }
}

/** A row for this very expiry wins over one for all; an opening quotation settles what settles to one, and nothing else. */
function priceOf(
  records: readonly SettlementPriceRecord[],
  { underlying, expiry, settlementSession }: ExpiredSeries,
): Decimal | undefined {
  const rows = records.filter((record) => record.underlying === underlying && record.session === settlementSession);
  return (rows.find((row) => row.expiry === expiry) ?? rows.find((row) => row.expiry === undefined))?.price;
}

function isRefusal(failure: unknown): failure is Error {
  if (failure instanceof PersistenceError) return failure.code !== 'UNAVAILABLE';
  return failure instanceof DomainError || failure instanceof UseCaseError;
}
