import { type PriceCase, PriceContract, type PriceFigures, UseCaseError } from '@ballast/use-cases';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import { PriceInput } from './price.input';
import { PriceResult } from './price.model';

/** Steps of a tree that one request may ask for; the work grows with their square. */
const stepsMaximum = 5_000;
/** The first step gives delta, the second gamma. */
const stepsMinimum = 2;
const stepsUsual = 801;
/** Squared steps of a tree that take as long as answering one field. */
const squaredStepsPerField = 600;

/** Cost of a price in answered fields; a tree beyond the maximum is refused before it is built. */
function costOfPrice({ args, childComplexity }: { args: Record<string, unknown>; childComplexity: number }): number {
  const { model, steps } = (args['input'] ?? {}) as Partial<PriceInput>;
  const built = model === 'binomial-crr' ? (steps ?? stepsUsual) : 0;
  const tree = built > 0 && built <= stepsMaximum ? Math.ceil((built * built) / squaredStepsPerField) : 0;
  return 200 + tree + childComplexity;
}

@Resolver(() => PriceResult)
export class PriceResolver {
  constructor(private readonly priceContract: PriceContract) {}

  @Query(() => PriceResult, {
    description: 'Prices one contract from the terms given, without any account.',
    complexity: costOfPrice,
  })
  price(
    @Context() { session }: RequestContext,
    @Args('input', { description: 'Terms and market of the contract.' }) input: PriceInput,
  ): Promise<PriceFigures> {
    return this.priceContract.execute(session, toPriceCase(input));
  }
}

/** Checks which price belongs to the model and carries the input over. */
function toPriceCase(input: PriceInput): PriceCase {
  const { model, right, yearsToExpiry, rate, volatility } = input;
  const terms = { right, strike: input.strike.toNumber(), yearsToExpiry, rate, volatility };
  if (model === 'black76' || model === 'bachelier') {
    refuseGiven(input, ['spot', 'dividendYield']);
    return { ...terms, model, forward: required(input, 'forward') };
  }
  refuseGiven(input, ['forward']);
  const steps = input.steps ?? stepsUsual;
  if (steps < stepsMinimum || steps > stepsMaximum)
    throw new UseCaseError(
      'BAD_USER_INPUT',
      `steps: expected ${stepsMinimum} to ${stepsMaximum}, got ${steps}`,
      'input.steps',
    );
  const dividendYield = input.dividendYield ?? 0;
  return { ...terms, model, spot: required(input, 'spot'), dividendYield, steps, mode: input.mode ?? 'accurate' };
}

function required(input: PriceInput, field: 'spot' | 'forward'): number {
  const value = input[field];
  if (value == null) throw new UseCaseError('BAD_USER_INPUT', `${field}: required by ${input.model}`, `input.${field}`);
  return value.toNumber();
}

function refuseGiven(input: PriceInput, fields: readonly ('spot' | 'forward' | 'dividendYield')[]): void {
  const given = fields.find((field) => input[field] != null);
  if (given !== undefined)
    throw new UseCaseError('BAD_USER_INPUT', `${given}: not an input of ${input.model}`, `input.${given}`);
}
