import { SetFirmControls } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { given } from '../graphql/given';
import type { RequestContext } from '../graphql/request-context';
import { toUserError } from '../graphql/to-user-error';
import { SetRiskControlsInput, SetRiskControlsPayload, toRiskControls } from './risk-controls.model';

/** The limits of the release gate and the cadence of runs. */
@Resolver()
export class SetRiskControlsResolver {
  constructor(private readonly controls: SetFirmControls) {}

  @Mutation(() => SetRiskControlsPayload, {
    description: 'Sets from a date on which moves of requirements are held and how often runs are expected.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 100 + childComplexity,
  })
  async setRiskControls(
    @Context() { principal, now }: RequestContext,
    @Args('input', { description: 'Which limits change, and since when.' }) input: SetRiskControlsInput,
  ): Promise<SetRiskControlsPayload> {
    const { idempotencyKey } = input;
    const { releaseAmountByCurrency: amounts, ...stated } = given(input);
    const byCurrency =
      amounts === undefined
        ? {}
        : { releaseAmountByCurrency: Object.fromEntries(amounts.map(({ currency, amount }) => [currency, amount])) };
    try {
      const set = await this.controls.execute(principal, { ...stated, ...byCurrency, idempotencyKey, now });
      return { controls: toRiskControls(set), userErrors: [] };
    } catch (error) {
      return { controls: null, userErrors: [toUserError(error, ['INVALID_PARAMETER'])] };
    }
  }
}
