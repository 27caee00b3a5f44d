import { type MarginRun as StoredRun, StartMarginRun, UseCaseError } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import type { UserError } from '../graphql/user-error.model';
import { StartMarginRunInput, StartMarginRunPayload } from './margin-run.input';

interface Payload {
  readonly run: StoredRun | null;
  readonly userErrors: readonly UserError[];
}

@Resolver()
export class StartMarginRunResolver {
  constructor(private readonly startRun: StartMarginRun) {}

  @Mutation(() => StartMarginRunPayload, {
    description: "Starts to evaluate the firm's accounts; the answer comes while the run is being computed.",
    complexity: ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity,
  })
  async startMarginRun(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'What to evaluate.' }) input: StartMarginRunInput,
  ): Promise<Payload> {
    try {
      const run = await this.startRun.execute(principal, {
        idempotencyKey: input.idempotencyKey,
        asOf: input.asOf ?? undefined,
        snapshotId: input.snapshotId ?? undefined,
        accountCodes: input.accountCodes ?? undefined,
      });
      return { run, userErrors: [] };
    } catch (error) {
      if (!(error instanceof UseCaseError) || error.code !== 'NOT_FOUND') throw error;
      return { run: null, userErrors: [{ code: error.code, field: error.field ?? null, message: error.message }] };
    }
  }
}
