import { Field, ObjectType } from '@nestjs/graphql';
import { type CashBalance, currencyScale } from '@ballast/domain';
import { DecimalScalar } from '../graphql/decimal.scalar';

@ObjectType({ description: 'Cash of one currency, as in force now.' })
export class Balance {
  @Field({ description: 'ISO 4217 code or coin symbol of the cash.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: 'Units of the currency: credit > 0, debit < 0.' })
  amount!: string;
}

/** Shows a balance with at least the digits of its currency, and with all digits it has. */
export function toBalance({ currency, amount }: CashBalance): Balance {
  return { currency, amount: amount.toFixed(Math.max(currencyScale(currency), amount.decimalPlaces())) };
}
