import { type MarginRun as StoredRun, ReleaseHeldRequirement } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import { toUserError } from '../graphql/to-user-error';
import type { UserError } from '../graphql/user-error.model';
import { ReleaseHeldRequirementsInput, ReleaseHeldRequirementsPayload } from './release-held.input';

interface Payload {
  readonly run: StoredRun | null;
  readonly releasedAccountIds: readonly string[];
  readonly stillHeld: number;
  readonly userErrors: readonly UserError[];
}

@Resolver()
export class ReleaseHeldResolver {
  constructor(private readonly release: ReleaseHeldRequirement) {}

  @Mutation(() => ReleaseHeldRequirementsPayload, {
    description: 'Confirms requirements that moved too far; from then on they decide status and calls.',
  })
  async releaseHeldRequirements(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'Which requirements, and why.' }) input: ReleaseHeldRequirementsInput,
  ): Promise<Payload> {
    const { accountCode, ...rest } = input;
    try {
      const outcome = await this.release.execute(principal, { ...rest, accountCode: accountCode ?? undefined });
      const releasedAccountIds = outcome.released.map(({ accountId }) => accountId);
      return { run: outcome.run, releasedAccountIds, stillHeld: outcome.stillHeld, userErrors: [] };
    } catch (error) {
      const userErrors = [toUserError(error, ['NOT_FOUND', 'CONFLICT'])];
      return { run: null, releasedAccountIds: [], stillHeld: 0, userErrors };
    }
  }
}
