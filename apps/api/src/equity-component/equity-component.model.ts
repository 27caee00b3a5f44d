import { Field, ObjectType } from '@nestjs/graphql';
import { Decimal } from '@ballast/domain';
import type { EquityComponent as StoredComponent } from '@ballast/use-cases';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { Money, toMoney } from '../money/money.model';

@ObjectType({
  description:
    'One line of equity: everything of one kind in one currency. The amounts of all lines add up to the equity exactly.',
})
export class EquityComponent {
  @Field({
    description:
      'Stable machine word: `cash`, `holdings` (shares and coins), `option-value`, `unrealised-pnl`, `collateral`, `rounding`.',
  })
  kind!: string;

  @Field({ description: 'Currency of the gross amount.' })
  currency!: string;

  @Field(() => Money, { description: 'Before conversion, rounded down; owed amounts are < 0.' })
  grossAmount!: Money;

  @Field(() => DecimalScalar, {
    description: 'Units of the base currency for one of `currency`; 1 for the base currency.',
  })
  fxRate!: Decimal;

  @Field(() => DecimalScalar, {
    description: 'Share by which the foreign currency is valued worse, 0…1: assets lower, debts higher.',
  })
  fxHaircut!: Decimal;

  @Field(() => Money, {
    description: 'What counts in equity, in the base currency, rounded down; < 0 where it is owed.',
  })
  amount!: Money;
}

/** Shows a stored component as the API does. */
export function toEquityComponent(stored: StoredComponent): EquityComponent {
  const { kind, currency, grossAmount, fxRate, fxHaircut, amount } = stored;
  return {
    kind,
    currency,
    grossAmount: toMoney(grossAmount),
    fxRate: new Decimal(fxRate),
    fxHaircut: new Decimal(fxHaircut),
    amount: toMoney(amount),
  };
}
