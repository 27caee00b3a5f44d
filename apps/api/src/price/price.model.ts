import { Field, Float, ObjectType } from '@nestjs/graphql';

const nullable = { nullable: true } as const;

@ObjectType({
  description:
    'Price of one contract and its raw partial derivatives, per unit of the underlying, unrounded. A derivative that the model does not define is null. Forward models hold the forward fixed.',
})
export class PriceResult {
  @Field(() => Float, { description: 'Present value per unit of the underlying, in its currency; ≥ 0.' })
  price!: number;

  @Field(() => Float, { description: '∂V/∂S (forward models: ∂V/∂F): call 0…1, put −1…0.' })
  delta!: number;

  @Field(() => Float, { description: '∂²V/∂S² per unit of price; ≥ 0.' })
  gamma!: number;

  @Field(() => Float, { description: '∂V/∂σ per 1.00 of volatility; ≥ 0.' })
  vega!: number;

  @Field(() => Float, { description: '∂V/∂t per year that passes; < 0 for most options.' })
  theta!: number;

  @Field(() => Float, { description: '∂V/∂r per 1.00 of rate; forward models: −T·V.' })
  rho!: number;

  @Field(() => Float, {
    ...nullable,
    description: '∂V/∂q per 1.00 of dividend yield; call ≤ 0, put ≥ 0. Spot models only.',
  })
  dividendRho?: number;

  @Field(() => Float, { ...nullable, description: '∂²V/∂S∂σ: change of delta per 1.00 of volatility.' })
  vanna?: number;

  @Field(() => Float, { ...nullable, description: '∂²V/∂σ²: change of vega per 1.00 of volatility.' })
  volga?: number;

  @Field(() => Float, { ...nullable, description: 'Change of delta per year that passes (calendar derivative).' })
  charm?: number;

  @Field(() => Float, { ...nullable, description: 'Change of vega per year that passes (calendar derivative).' })
  veta?: number;

  @Field(() => Float, { ...nullable, description: '∂³V/∂S³: change of gamma per unit of price.' })
  speed?: number;

  @Field(() => Float, { ...nullable, description: '∂³V/∂S²∂σ: change of gamma per 1.00 of volatility.' })
  zomma?: number;

  @Field(() => Float, { ...nullable, description: 'Change of gamma per year that passes (calendar derivative).' })
  color?: number;

  @Field(() => Float, { ...nullable, description: '∂V/∂K: call ≤ 0, put ≥ 0.' })
  dualDelta?: number;

  @Field(() => Float, {
    ...nullable,
    description: '∂²V/∂K² per unit of strike; ≥ 0, the discounted density at the strike.',
  })
  dualGamma?: number;
}
