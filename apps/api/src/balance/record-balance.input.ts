import { Field, InputType, ObjectType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { UserError } from '../graphql/user-error.model';
import { Balance } from './balance.model';

@InputType({
  description: 'The cash an account holds in one currency from an instant on: the balance, not a movement.',
})
export class RecordBalanceInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again returns the first answer.' })
  idempotencyKey!: string;

  @Field({ description: "The firm's short name of the account." })
  accountCode!: string;

  @Field({ description: 'ISO 4217 code or coin symbol of the cash, for example `USD`.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: 'Units of the currency: credit > 0, debit < 0, 0 none.' })
  amount!: Decimal;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it is held; now when absent. An instant in the past corrects what was believed.',
  })
  valueAt?: Instant | null;

  @Field({ description: 'Why, one line of 1 to 1000 characters; it stays in the record beside who said it.' })
  reason!: string;
}

@ObjectType({ description: 'Answer to `recordBalance`: the balance, or why none was recorded.' })
export class RecordBalancePayload {
  @Field(() => Balance, { nullable: true, description: 'The balance as recorded; null when refused.' })
  balance!: Balance | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False when the account held just that already; null when refused.',
  })
  changed!: boolean | null;

  @Field(() => [String], {
    description: 'What a careful person should know of what was recorded: a value time more than 31 days ahead.',
  })
  warnings!: readonly string[];

  @Field(() => [UserError], { description: 'Reasons for which nothing was recorded; empty when it was.' })
  userErrors!: readonly UserError[];
}
