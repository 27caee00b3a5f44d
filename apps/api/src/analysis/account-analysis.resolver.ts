import { type Account as DomainAccount, Decimal, type Instant, parseCurrency } from '@ballast/domain';
import { AnalyseAccount, AttributeAccount, type MarketShift } from '@ballast/use-cases';
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Account } from '../account/account.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { byName } from '../graphql/by-name';
import { given } from '../graphql/given';
import type { RequestContext } from '../graphql/request-context';
import { extendDeadline } from '../http/request-bounds';
import { RequirementAttribution } from './attribution.model';
import { BetaInput } from './beta.input';
import { type MarketShiftInput, RestorationInput, WhatIfInput } from './analysis.input';
import { toAttribution, toLiquidationLevel, toMoves, toRestorationPlan, toWhatIfResult } from './to-analysis';
import { LiquidationLevel, MarketLevels, RestorationPlan } from './way-back.model';
import { WhatIfResult } from './what-if.model';

/** Cost of an answer that revalues the account, in answered fields. */
const costOfAnswer =
  (cost: number) =>
  (field: { childComplexity: number }): number =>
    cost + field.childComplexity;

/** What an account would look like, where its buffer ends, and the way back. */
@Resolver(() => Account)
export class AccountAnalysisResolver {
  constructor(
    private readonly analyseAccount: AnalyseAccount,
    private readonly attributeAccount: AttributeAccount,
  ) {}

  @ResolveField(() => RequirementAttribution, {
    description:
      'Why requirement and buffer changed between the latest runs at two instants, each on its own inputs as they were known to it.',
    complexity: costOfAnswer(3_000),
  })
  async attribution(
    @Parent() account: DomainAccount,
    @Context() { session, request }: RequestContext,
    @Args('from', {
      type: () => DateTimeScalar,
      description: 'The earlier instant: the latest run up to it is the start.',
    })
    from: Instant,
    @Args('to', {
      type: () => DateTimeScalar,
      description: 'The later instant, not before `from`: the latest run up to it is the end.',
    })
    to: Instant,
  ): Promise<RequirementAttribution> {
    extendDeadline(request);
    return toAttribution(await this.attributeAccount.execute(session, { account, from, to }));
  }

  @ResolveField(() => WhatIfResult, {
    description:
      'The account before and after trades, cash movements and a move of the market, on what it holds now and the latest snapshot.',
    complexity: costOfAnswer(500),
  })
  async whatIf(
    @Parent() account: DomainAccount,
    @Context() { session, now }: RequestContext,
    @Args('input', { description: 'What would be done.' }) input: WhatIfInput,
  ): Promise<WhatIfResult> {
    const question = {
      trades: (input.trades ?? []).map(({ instrumentId, quantity, price, feePerContract }) => ({
        instrumentId,
        quantity,
        ...given({ price, feePerContract }),
      })),
      cash: (input.cash ?? []).map(({ currency, amount }) => ({
        currency: parseCurrency(currency, 'cash.currency'),
        amount,
      })),
      shift: toShift(input.shifts),
      ...(input.cover == null ? {} : { covered: input.cover }),
    };
    return toWhatIfResult(await this.analyseAccount.whatIf(session, { account, now }, question));
  }

  @ResolveField(() => [LiquidationLevel], {
    description:
      'Prices, per underlying the account depends on, at which equity equals the maintenance requirement, found by revaluing the whole account. Empty when it cannot be valued.',
    complexity: costOfAnswer(15_000),
  })
  async liquidationLevels(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
  ): Promise<readonly LiquidationLevel[]> {
    extendDeadline(request);
    return (await this.analyseAccount.liquidationLevels(session, { account, now })).map(toLiquidationLevel);
  }

  @ResolveField(() => MarketLevels, {
    nullable: true,
    description:
      'Moves of all prices together, and of all volatilities, at which equity equals the maintenance requirement. Null when it cannot be valued.',
    complexity: costOfAnswer(15_000),
  })
  async marketLevels(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
    @Args('betas', {
      type: () => [BetaInput],
      nullable: true,
      description: 'Betas of underlyings of this account; 1 where one is not named, refused for any other name.',
    })
    betas?: BetaInput[] | null,
  ): Promise<MarketLevels | null> {
    extendDeadline(request);
    const stated = byName(betas ?? [], ({ beta }) => beta, 'betas');
    const levels = await this.analyseAccount.marketLevels(session, { account, now }, stated);
    return levels === null ? null : { prices: toMoves(levels.prices), volatility: toMoves(levels.volatility) };
  }

  @ResolveField(() => RestorationPlan, {
    description:
      'Smallest deposit, and cheapest closing and hedging trades, that bring the account back to its target level.',
    complexity: costOfAnswer(5_000),
  })
  async restoration(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
    @Args('input', {
      type: () => RestorationInput,
      nullable: true,
      description: 'Target, hedges and costs; closing alone at the marks when absent.',
    })
    input?: RestorationInput | null,
  ): Promise<RestorationPlan> {
    extendDeadline(request);
    const question = {
      target: input?.target ?? 'CALL',
      hedges: (input?.hedges ?? []).map(({ instrumentId, maximum }) => ({ instrumentId, maximum })),
      costs: { halfSpread: input?.halfSpread ?? 0, feePerContract: input?.feePerContract ?? new Decimal(0) },
      budget: input?.budget ?? 2_000,
    } as const;
    return toRestorationPlan(await this.analyseAccount.restoration(session, { account, now }, question));
  }
}

function toShift(input: MarketShiftInput | null | undefined): MarketShift {
  const { spot, volatility, days, underlyings } = input ?? {};
  const own = byName(
    underlyings ?? [],
    (item) => given({ spot: item.spot, volatility: item.volatility }),
    'shifts.underlyings',
  );
  return { ...given({ spot, volatility, days }), byUnderlying: own };
}
