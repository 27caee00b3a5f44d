import { Field, Float, ID, InputType } from '@nestjs/graphql';

@InputType({ description: 'How much an underlying moves when the market does.' })
export class BetaInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { description: 'Its move per 1.00 of the market move; 1 moves with it, < 0 against it.' })
  beta!: number;
}
