import { DomainError } from '@ballast/domain';
import {
  InputRefusals,
  PublishMarketSnapshot,
  type PublishMarketSnapshotCommand,
  ReadMarketSnapshot,
} from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import type { UserError } from '../graphql/user-error.model';
import { PublishMarketSnapshotInput, PublishMarketSnapshotPayload } from './publish-market-snapshot.input';

@Resolver()
export class PublishMarketSnapshotResolver {
  constructor(
    private readonly publishSnapshot: PublishMarketSnapshot,
    private readonly readSnapshot: ReadMarketSnapshot,
  ) {}

  @Mutation(() => PublishMarketSnapshotPayload, {
    description: 'Stores the market of one instant as an immutable snapshot; all of it is stored, or nothing.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity,
  })
  async publishMarketSnapshot(
    @Context() { principal, loaders, now }: RequestContext,
    @Args('input', { description: 'The market, and since when it holds.' }) input: PublishMarketSnapshotInput,
  ): Promise<PublishMarketSnapshotPayload> {
    try {
      const { snapshotId, isNew, frozen } = await this.publishSnapshot.execute(principal, { ...toCommand(input), now });
      const snapshot = await loaders.load(this.readSnapshot, snapshotId);
      return { snapshot, isNew, frozen, userErrors: [] };
    } catch (error) {
      return { snapshot: null, isNew: null, frozen: null, userErrors: userErrorsOf(error) };
    }
  }
}

function toCommand(input: PublishMarketSnapshotInput): Omit<PublishMarketSnapshotCommand, 'now'> {
  return {
    idempotencyKey: input.idempotencyKey,
    asOf: input.asOf ?? undefined,
    source: input.source ?? undefined,
    underlyings: input.underlyings.map(({ price, quotedAt, forwards, ...state }) => ({
      ...state,
      price: price ?? null,
      quotedAt: quotedAt ?? undefined,
      forwards: (forwards ?? []).map(({ rate, ...forward }) => ({ ...forward, ...(rate == null ? {} : { rate }) })),
    })),
    quotes: input.quotes.map(({ instrumentId, bid, ask, mark, impliedVolatility, openInterest, volume, quotedAt }) => ({
      instrumentId,
      bid: bid ?? null,
      ask: ask ?? null,
      mark: mark ?? null,
      impliedVolatility: impliedVolatility ?? null,
      ...(openInterest == null ? {} : { openInterest }),
      ...(volume == null ? {} : { volume }),
      quotedAt: quotedAt ?? undefined,
    })),
    fx: input.fx ?? [],
  };
}

function userErrorsOf(error: unknown): readonly UserError[] {
  if (error instanceof InputRefusals) return error.refusals;
  if (!(error instanceof DomainError)) throw error;
  const { code, field, message } = error;
  return [{ code, field: field ?? null, message }];
}
