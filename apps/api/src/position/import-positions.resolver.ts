import { InputRefusals, ReadAccount, RecordPositions } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import { ImportPositionsInput, ImportPositionsPayload } from './import-positions.input';

@Resolver()
export class ImportPositionsResolver {
  constructor(
    private readonly recordPositions: RecordPositions,
    private readonly readAccount: ReadAccount,
  ) {}

  @Mutation(() => ImportPositionsPayload, {
    description: 'States what an account holds from an instant on; all of it is stored, or nothing.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 500 + childComplexity,
  })
  async importPositions(
    @Context() { principal, session, now }: RequestContext,
    @Args('input', { description: 'The positions, whose they are, and since when.' }) input: ImportPositionsInput,
  ): Promise<ImportPositionsPayload> {
    const { idempotencyKey, accountCode, positions } = input;
    const mode = input.mode ?? 'REPLACE';
    const asOf = input.asOf ?? undefined;
    try {
      const command = { idempotencyKey, accountCode, positions, asOf, mode, now };
      const { changed, unchanged, warnings = [] } = await this.recordPositions.execute(principal, command);
      const account = await this.readAccount.execute(session, { id: undefined, code: accountCode });
      return { account, changed, unchanged, warnings, userErrors: [] };
    } catch (error) {
      if (!(error instanceof InputRefusals)) throw error;
      return { account: null, changed: null, unchanged: null, warnings: [], userErrors: error.refusals };
    }
  }
}
