import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';

export const InstrumentType = {
  OPTION: 'option',
  FUTURE: 'future',
  PERPETUAL: 'perpetual',
  UNDERLYING: 'underlying',
} as const;
registerEnumType(InstrumentType, {
  name: 'InstrumentType',
  description: 'Kind of a contract.',
  valuesMap: {
    OPTION: { description: 'Right to buy or sell the underlying at the strike.' },
    FUTURE: { description: 'Obligation to settle at expiry, marked to market daily.' },
    PERPETUAL: { description: 'Future without expiry.' },
    UNDERLYING: { description: 'The underlying itself: a share, a coin, a unit of an index.' },
  },
});

export const OptionRight = { CALL: 'call', PUT: 'put' } as const;
registerEnumType(OptionRight, {
  name: 'OptionRight',
  description: 'What an option gives the right to.',
  valuesMap: { CALL: { description: 'To buy the underlying.' }, PUT: { description: 'To sell the underlying.' } },
});

export const ExerciseStyle = { EUROPEAN: 'european', AMERICAN: 'american' } as const;
registerEnumType(ExerciseStyle, {
  name: 'ExerciseStyle',
  description: 'When an option may be exercised.',
  valuesMap: { EUROPEAN: { description: 'At expiry only.' }, AMERICAN: { description: 'At any time up to expiry.' } },
});

export const Settlement = { LINEAR: 'linear', INVERSE: 'inverse' } as const;
registerEnumType(Settlement, {
  name: 'Settlement',
  description: 'In what a contract is priced and settled.',
  valuesMap: {
    LINEAR: { description: "Price and result in the underlying's quote currency." },
    INVERSE: { description: 'Price, premium and result in the coin.' },
  },
});

export const PremiumStyle = { EQUITY: 'equity', FUTURES: 'futures' } as const;
registerEnumType(PremiumStyle, {
  name: 'PremiumStyle',
  description: 'How the price of an option is paid.',
  valuesMap: {
    EQUITY: { description: 'Up front; the value of the option is part of equity.' },
    FUTURES: { description: 'Marked to market daily; only the unrealised profit is part of equity.' },
  },
});

export const Delivery = { CASH: 'cash', PHYSICAL: 'physical' } as const;
registerEnumType(Delivery, {
  name: 'Delivery',
  description: 'How a contract ends.',
  valuesMap: {
    CASH: { description: 'In cash against the settlement price.' },
    PHYSICAL: { description: 'In delivery of what it is written on.' },
  },
});

export const SettlementSession = { AM: 'am', PM: 'pm' } as const;
registerEnumType(SettlementSession, {
  name: 'SettlementSession',
  description: 'Which price settles a contract.',
  valuesMap: {
    AM: { description: 'A special opening quotation of the expiry day, stated apart.' },
    PM: { description: 'The price at the expiry.' },
  },
});

@ObjectType({ description: 'One part of what a contract hands over.' })
export class DeliverableComponent {
  @Field(() => ID, { description: 'Identifier of the holding handed over.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, { description: 'Units per contract; > 0.' })
  quantity!: Decimal;
}

@ObjectType({ description: 'What one contract hands over on exercise after a corporate action.' })
export class Deliverable {
  @Field(() => [DeliverableComponent], { description: 'Holdings handed over per contract.' })
  components!: DeliverableComponent[];

  @Field(() => DecimalScalar, {
    description: "Cash handed over per contract in the contract's currency, ≥ 0; the strike is stated net of it.",
  })
  cash!: Decimal;
}

@ObjectType({ description: 'A contract as listed: terms that never change.' })
export class Instrument {
  @Field(() => ID, {
    description: 'Identifier used in positions and quotes, for example `BTC-16JAN26-82000-C`; unique within the firm.',
  })
  id!: string;

  @Field(() => InstrumentType, { description: 'Kind of the contract.' })
  type!: string;

  @Field(() => ID, { description: 'Identifier of the underlying, for example `BTC`.' })
  underlying!: string;

  @Field(() => DecimalScalar, { description: 'Units of the underlying per contract; > 0.' })
  multiplier!: Decimal;

  @Field({
    description: "Currency of price and result: the underlying's quote currency when linear, the coin when inverse.",
  })
  currency!: string;

  @Field(() => Settlement, { description: 'In what the contract is priced and settled.' })
  settlement!: string;

  @Field(() => OptionRight, { nullable: true, description: 'Call or put; null unless the contract is an option.' })
  right?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Exercise price in the underlying's quote currency per unit; null unless the contract is an option.",
  })
  strike?: Decimal | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Instant of expiry; null for perpetuals and for the underlying itself.',
  })
  expiry?: Instant | null;

  @Field(() => ExerciseStyle, {
    nullable: true,
    description: 'When it may be exercised; null unless the contract is an option.',
  })
  exercise?: string | null;

  @Field(() => PremiumStyle, {
    nullable: true,
    description: 'How its price is paid; null unless the contract is an option.',
  })
  premiumStyle?: string | null;

  @Field(() => Delivery, {
    nullable: true,
    description: 'How it ends; null: options on shares deliver, everything else settles in cash.',
  })
  delivery?: string | null;

  @Field(() => SettlementSession, {
    nullable: true,
    description: 'AM: settled to a special opening quotation, never on the close; null: PM.',
  })
  settlementSession?: string | null;

  @Field(() => Deliverable, {
    nullable: true,
    description: 'What it hands over where that is not `multiplier` units of the underlying; null otherwise.',
  })
  deliverable?: Deliverable | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Contract that a corporate action turned into this one; null for a contract as first listed.',
  })
  adjustedFrom?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Exchange calendar that its expiry must lie on, for example `US-EQUITY-OPTIONS`; null when not stated.',
  })
  calendar?: string | null;
}

export const InstrumentConnection = connectionOf(Instrument, 'Instrument', 'by identifier');
