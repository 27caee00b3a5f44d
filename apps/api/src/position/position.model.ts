import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Decimal } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DecimalScalar } from '../graphql/decimal.scalar';

@ObjectType({ description: 'Contracts of one instrument held by one account.' })
export class Position {
  @Field(() => ID, { description: 'Identifier of the contract held, without reading its terms.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, { description: 'Contracts: long > 0, short < 0; never 0.' })
  quantity!: Decimal;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Average price paid per unit of underlying, in the contract's currency; null when not delivered.",
  })
  averagePrice?: Decimal;
}

export const PositionConnection = connectionOf(Position, 'Position', 'by instrument identifier');
