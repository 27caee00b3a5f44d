import { DomainError } from '@ballast/domain';
import { SetBufferPolicy, UseCaseError } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { given } from '../graphql/given';
import type { RequestContext } from '../graphql/request-context';
import { SetBufferPolicyInput, SetBufferPolicyPayload } from './buffer-policy.input';
import { toBufferPolicy } from './buffer-policy.model';

@Resolver()
export class SetBufferPolicyResolver {
  constructor(private readonly setPolicy: SetBufferPolicy) {}

  @Mutation(() => SetBufferPolicyPayload, {
    description: 'Sets the levels of the buffer ladder and the currency haircuts from a date on.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 100 + childComplexity,
  })
  async setBufferPolicy(
    @Context() { principal, now }: RequestContext,
    @Args('input', { description: 'The policy to set.' }) input: SetBufferPolicyInput,
  ): Promise<SetBufferPolicyPayload> {
    try {
      const { idempotencyKey } = input;
      const { policy } = await this.setPolicy.execute(principal, { ...given(input), idempotencyKey, now });
      return { bufferPolicy: toBufferPolicy(policy), userErrors: [] };
    } catch (error) {
      const isRefusal = error instanceof DomainError || (error instanceof UseCaseError && error.code === 'NOT_FOUND');
      if (!isRefusal) throw error;
      const { code, field, message } = error;
      return { bufferPolicy: null, userErrors: [{ code, field: field ?? null, message }] };
    }
  }
}
