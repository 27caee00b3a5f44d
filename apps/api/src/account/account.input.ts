import { Field, InputType, registerEnumType } from '@nestjs/graphql';
import type { Methodology as MethodologyName } from '@ballast/domain';
import { BufferStatus, Methodology, OrderDirection } from '../graphql/enums';

export const AccountOrderField = { BUFFER_RATIO: 'BUFFER_RATIO', CODE: 'CODE' } as const;
registerEnumType(AccountOrderField, {
  name: 'AccountOrderField',
  description: 'What accounts are ordered by; ties are broken by account id.',
  valuesMap: {
    BUFFER_RATIO: {
      description: 'Latest buffer / maintenance requirement: ascending shows the account nearest to trouble first.',
    },
    CODE: { description: "The firm's short name of the account." },
  },
});

@InputType({ description: 'Order of a list of accounts; accounts without the value come last in both directions.' })
export class AccountOrder {
  @Field(() => AccountOrderField, { description: 'What to order by.' })
  field!: keyof typeof AccountOrderField;

  @Field(() => OrderDirection, { defaultValue: 'ASC', description: 'Whether the smallest or the largest comes first.' })
  direction!: 'ASC' | 'DESC';
}

@InputType({ description: 'Which accounts to list; every part given must hold.' })
export class AccountFilter {
  @Field(() => [BufferStatus], {
    nullable: true,
    description: 'Only accounts whose latest status is one of these; accounts that no run has seen match none.',
  })
  statuses?: (keyof typeof BufferStatus)[] | null;

  @Field(() => Methodology, { nullable: true, description: 'Only accounts whose requirement follows these rules.' })
  methodology?: MethodologyName | null;

  @Field(() => String, { nullable: true, description: 'Only accounts stated in this currency, for example `USD`.' })
  baseCurrency?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only accounts whose code or name contains this text, in any case.',
  })
  search?: string | null;
}
