import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Methodology as MethodologyName } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { Methodology } from '../graphql/enums';

@ObjectType({ description: "A client's margin account at the caller's firm." })
export class Account {
  @Field(() => ID, { description: 'Opaque identifier, stable for ever and unknown to other firms.' })
  id!: string;

  @Field({ description: "The firm's own short name of the account, unique within the firm, for example `CC-001`." })
  code!: string;

  @Field({ description: 'What people call the account; free text, not unique.' })
  name!: string;

  @Field({ description: 'Currency in which requirement, equity and buffer of the account are stated.' })
  baseCurrency!: string;

  @Field(() => Methodology, { description: "Rules by which the account's requirement is computed." })
  methodology!: MethodologyName;
}

export const AccountConnection = connectionOf(Account, 'Account', 'in the order asked for, ties by account id');
