import { formatInstant, type Instant } from '@ballast/domain';
import { buildVolatilitySurface, defaultQuoteLimits } from '@ballast/market-data';
import { IdempotencyStore, InstrumentStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { assembleMarket } from './assemble-market';
import { contentOf } from './market-content';
import { isFrozen, MarketGuard } from './market-guard';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey, requireSentence } from '../caller/required-text';
import { clockSkewMs, requireConsistent, type StatedMarket } from './stated-market';
import { UseCaseError } from '../caller/use-case-error';

/** A market as a client states it. */
export interface PublishMarketSnapshotCommand extends StatedMarket {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  /** Instant for which the data holds; now when absent. */
  readonly asOf?: Instant | undefined;
  /** Where the data comes from, one line; who publishes it when absent. */
  readonly source?: string | undefined;
  readonly now: Instant;
}

/** What became of a stated market. */
export interface PublishedMarket {
  readonly snapshotId: string;
  /** False when the same content was published before. */
  readonly isNew: boolean;
  /** True when the circuit breaker keeps the snapshot aside: it is stored, but not evaluated on. */
  readonly frozen: boolean;
}

const operation = 'publishMarketSnapshot';
const underlyingsMaximum = 1_000;
const quotesMaximum = 10_000;

/** Stores a market that a client states as one immutable snapshot, once per key, past the guard that files pass. */
@Injectable()
export class PublishMarketSnapshot {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly instruments: InstrumentStore,
    private readonly guard: MarketGuard,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'; InputRefusals naming every member that contradicts what is known;
   *         PersistenceError 'CONFLICT' when the key was used for another request. Nothing is stored then
   */
  async execute(principal: Principal, command: PublishMarketSnapshotCommand): Promise<PublishedMarket> {
    requirePermission(principal, 'publish-snapshots');
    const { firmId, accountIds, subject } = principal;
    if (accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot publish a market of the firm');
    const { idempotencyKey, now, ...stated } = command;
    requireIdempotencyKey(idempotencyKey);
    requireSize('underlyings', stated.underlyings.length, { minimum: 1, maximum: underlyingsMaximum });
    requireSize('quotes', stated.quotes.length, { minimum: 0, maximum: quotesMaximum });
    const source = stated.source === undefined ? `stated by ${subject}` : requireSentence(stated.source, 'source');
    const asOf = stated.asOf ?? now;
    if (asOf > now + clockSkewMs)
      throw new UseCaseError('BAD_USER_INPUT', `asOf: in the future, got ${formatInstant(asOf)}`, 'asOf');
    const request = plainRequest({ ...stated, asOf: stated.asOf ?? null, source });
    const { response } = await this.idempotency.once(
      { firmId },
      { operation, key: idempotencyKey, request },
      (transaction) => this.publish(transaction, { ...command, asOf, source }),
    );
    return response;
  }

  private async publish(
    transaction: TenantTransaction,
    command: PublishMarketSnapshotCommand & { readonly asOf: Instant; readonly source: string },
  ): Promise<PublishedMarket> {
    const { asOf, source, underlyings, quotes, fx } = command;
    const instruments = await this.instruments.findByIds(
      transaction,
      quotes.map(({ instrumentId }) => instrumentId),
    );
    const known = await this.instruments.findUnderlyings(transaction);
    requireConsistent({ underlyings, quotes, fx, asOf }, { known, instruments });
    await this.instruments.upsertUnderlyings(
      transaction,
      underlyings.map(({ underlyingId: id, kind, currency }) => ({ id, kind, currency })),
    );
    const built = assembleMarket(contentOf({ underlyings, quotes, fx }, asOf), instruments, {
      asOf,
      limits: defaultQuoteLimits,
    });
    const surfaces = [...built.snapshot.underlyings.keys()].flatMap(
      (id) => buildVolatilitySurface(built.snapshot, instruments, id) ?? [],
    );
    const { header, isNew, event } = await this.guard.publish(transaction, { built, instruments, surfaces, source });
    return { snapshotId: header.id, isNew, frozen: isFrozen(event) };
  }
}

function requireSize(
  field: string,
  count: number,
  range: { readonly minimum: number; readonly maximum: number },
): void {
  if (count >= range.minimum && count <= range.maximum) return;
  throw new UseCaseError(
    'BAD_USER_INPUT',
    `${field}: expected ${range.minimum} to ${range.maximum}, got ${count}`,
    field,
  );
}

/** The request as plain JSON, for comparison with an earlier one under the same key. */
function plainRequest(request: object): unknown {
  return JSON.parse(JSON.stringify(request));
}
