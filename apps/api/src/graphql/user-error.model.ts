import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A refusal for reasons of the business: data, not a fault of the request.' })
export class UserError {
  @Field({ description: 'Stable machine word, for example `PARAMETERS_MISSING` or `NOT_FOUND`.' })
  code!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the input field to blame, for example `snapshotId`; null when none is.',
  })
  field!: string | null;

  @Field({ description: 'The reason in words for people; may change between versions.' })
  message!: string;
}
