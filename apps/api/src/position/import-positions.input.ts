import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import { Account } from '../account/account.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { UserError } from '../graphql/user-error.model';

/** How stated positions are taken. */
export enum PositionImportMode {
  REPLACE = 'REPLACE',
  MERGE = 'MERGE',
}

registerEnumType(PositionImportMode, {
  name: 'PositionImportMode',
  description: 'How stated positions are laid over those held.',
  valuesMap: {
    REPLACE: { description: 'They are the whole book: what is not named is gone.' },
    MERGE: { description: 'Only the named contracts change; quantity 0 ends one.' },
  },
});

@InputType({ description: 'One contract and how much of it an account holds.' })
export class PositionInput {
  @Field(() => ID, { description: 'Identifier of a listed contract, for example `BTC-16JAN26-82000-C`.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, { description: 'Contracts: long > 0, short < 0; 0 means none.' })
  quantity!: Decimal;
}

@InputType({ description: 'What an account holds from an instant on; a statement for the past corrects it.' })
export class ImportPositionsInput {
  @Field({
    description: 'Chosen by the client, 1 to 128 characters: sending it again returns the first answer.',
  })
  idempotencyKey!: string;

  @Field({ description: "The firm's short name of the account." })
  accountCode!: string;

  @Field(() => [PositionInput], { description: 'At most 10 000; a contract is named once.' })
  positions!: PositionInput[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when they are held; now when absent. Earlier statements stay in the history.',
  })
  asOf?: Instant | null;

  @Field(() => PositionImportMode, {
    nullable: true,
    defaultValue: 'REPLACE',
    description: 'Whether they are the whole book or a part of it.',
  })
  mode!: keyof typeof PositionImportMode | null;
}

@ObjectType({ description: 'Answer to `importPositions`: what changed, or why nothing did.' })
export class ImportPositionsPayload {
  @Field(() => Account, { nullable: true, description: 'The account as it stands now; null when refused.' })
  account!: Account | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Positions that changed, those a whole book ended included; ≥ 0, null when refused.',
  })
  changed!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Positions stated as they were held already; ≥ 0, null when refused.',
  })
  unchanged!: number | null;

  @Field(() => [String], {
    description: 'What a careful person should know of what was stored: a time more than 31 days ahead.',
  })
  warnings!: readonly string[];

  @Field(() => [UserError], { description: 'Every reason for which nothing was stored; empty when it was.' })
  userErrors!: readonly UserError[];
}
