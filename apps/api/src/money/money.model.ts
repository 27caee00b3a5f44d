import { formatMoney, type Money as DomainMoney } from '@ballast/domain';
import { Field, ObjectType } from '@nestjs/graphql';
import { DecimalScalar } from '../graphql/decimal.scalar';

/** An amount as the API shows it: digits at the currency's scale. */
@ObjectType({ description: 'An exact amount of one currency.' })
export class Money {
  @Field(() => DecimalScalar, {
    description: "Digits at the currency's own scale (2 for USD, 8 for BTC). Negative means owed by the account.",
  })
  amount!: string;

  @Field({ description: 'ISO 4217 code or coin symbol, for example `USD` or `BTC`.' })
  currency!: string;
}

/** Shows a domain amount at its currency's scale. */
export function toMoney(money: DomainMoney): Money {
  return { amount: formatMoney(money), currency: money.currency };
}

/** Shows an amount that is absent where no figure can be given. */
export function toMoneyOrNull(money: DomainMoney | null): Money | null {
  return money === null ? null : toMoney(money);
}
