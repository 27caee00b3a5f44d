import { Decimal, DomainError } from '@ballast/domain';
import { InputRefusals, RecordBalance } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import { toBalance } from './balance.model';
import { RecordBalanceInput, RecordBalancePayload } from './record-balance.input';

const refused = { balance: null, changed: null, warnings: [] };

@Resolver()
export class RecordBalanceResolver {
  constructor(private readonly recordBalanceOf: RecordBalance) {}

  @Mutation(() => RecordBalancePayload, {
    description: 'States the cash an account holds in one currency from an instant on.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 100 + childComplexity,
  })
  async recordBalance(
    @Context() { principal, now }: RequestContext,
    @Args('input', { description: 'The balance, whose it is, and since when.' }) input: RecordBalanceInput,
  ): Promise<RecordBalancePayload> {
    const { idempotencyKey, accountCode, currency, amount, reason } = input;
    const valueAt = input.valueAt ?? undefined;
    try {
      const command = { idempotencyKey, accountCode, currency, amount, valueAt, reason, now };
      const { changed, warnings = [], ...recorded } = await this.recordBalanceOf.execute(principal, command);
      const balance = toBalance({ currency: recorded.currency, amount: new Decimal(recorded.amount) });
      return { balance, changed, warnings, userErrors: [] };
    } catch (error) {
      if (error instanceof InputRefusals) return { ...refused, userErrors: error.refusals };
      if (!(error instanceof DomainError)) throw error;
      const { code, field, message } = error;
      return { ...refused, userErrors: [{ code, field: field ?? null, message }] };
    }
  }
}
