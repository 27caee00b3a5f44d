import type { Instant } from '@ballast/domain';
import type { AttributionFactor as FactorName } from '@ballast/use-cases';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { Money } from '../money/money.model';
import { AccountFigures } from './what-if.model';

export const AttributionFactor = {
  TRADES: 'trades',
  PRICE: 'price',
  VOLATILITY: 'volatility',
  TIME: 'time',
  RATES: 'rates',
  PARAMETERS: 'parameters',
  CASH: 'cash',
} as const satisfies Record<string, FactorName>;
registerEnumType(AttributionFactor, {
  name: 'AttributionFactor',
  description: 'What can differ between two instants of an account.',
  valuesMap: {
    TRADES: { description: 'Positions and collateral.' },
    PRICE: { description: 'Prices of underlyings and of what is no option, and exchange rates.' },
    VOLATILITY: { description: 'Implied volatility of each option at its strike.' },
    TIME: { description: 'Days that passed, with what expired in them.' },
    RATES: { description: 'Interest rates, yields and the carry in forwards.' },
    PARAMETERS: { description: 'Methodology, risk parameters, house rules and buffer policy.' },
    CASH: { description: 'Balances: deposits, withdrawals and what trades were paid with.' },
  },
});

@ObjectType({ description: 'One end of a change: the account on the inputs of a run, as they were known to it.' })
export class AttributionEnd {
  @Field(() => ID, { description: 'Margin run whose inputs were taken.' })
  runId!: string;

  @Field(() => DateTimeScalar, { description: 'Instant that the run evaluated.' })
  asOf!: Instant;

  @Field(() => AccountFigures, { description: 'What those inputs require and leave, before holds and ratchets.' })
  figures!: AccountFigures;
}

@ObjectType({ description: 'Later − earlier of the figures that a change is explained for.' })
export class AttributedChange {
  @Field(() => Money, { description: 'Change of the initial requirement; > 0 = more is required.' })
  initial!: Money;

  @Field(() => Money, { description: 'Change of the maintenance requirement; > 0 = more is required.' })
  maintenance!: Money;

  @Field(() => Money, { description: 'Change of equity; < 0 = lost.' })
  equity!: Money;

  @Field(() => Money, { description: 'Change of equity − maintenance; < 0 = nearer to trouble.' })
  buffer!: Money;
}

@ObjectType({ description: 'Part of a change that belongs to one underlying.' })
export class UnderlyingAttribution extends AttributedChange {
  @Field(() => ID, {
    nullable: true,
    description:
      'What the contracts are written on, for example `SPX`; null for what belongs to the account as a whole: cash, time, parameters, collateral, exchange rates.',
  })
  underlying!: string | null;
}

@ObjectType({ description: 'What one factor did; the factors add up to the change to the last digit.' })
export class FactorAttribution extends AttributedChange {
  @Field(() => AttributionFactor, { description: 'What differed.' })
  factor!: FactorName;

  @Field(() => [UnderlyingAttribution], { description: 'Its parts by underlying; they add up to the factor exactly.' })
  byUnderlying!: readonly UnderlyingAttribution[];
}

@ObjectType({ description: 'Why requirement and buffer changed between two runs, whatever the order of events.' })
export class RequirementAttribution {
  @Field(() => AttributionEnd, { description: 'The earlier end.' })
  from!: AttributionEnd;

  @Field(() => AttributionEnd, { description: 'The later end.' })
  to!: AttributionEnd;

  @Field(() => AttributedChange, { description: 'Later − earlier.' })
  change!: AttributedChange;

  @Field(() => [FactorAttribution], { description: 'The change by cause, seven rows.' })
  factors!: readonly FactorAttribution[];

  @Field(() => [UnderlyingAttribution], {
    description: 'The change by underlying, all causes together; the rows add up to it exactly.',
  })
  byUnderlying!: readonly UnderlyingAttribution[];
}
