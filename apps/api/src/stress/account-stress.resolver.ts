import { type Account as DomainAccount, underlyingKinds } from '@ballast/domain';
import {
  type StressMove,
  type StressQuestion,
  type StressScenario,
  StressStoredAccount,
  UseCaseError,
} from '@ballast/use-cases';
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Account } from '../account/account.model';
import { byName } from '../graphql/by-name';
import { given } from '../graphql/given';
import type { RequestContext } from '../graphql/request-context';
import { extendDeadline } from '../http/request-bounds';
import { type ReverseStressInput, StressInput, type StressScenarioInput } from './stress.input';
import { StressResult } from './stress.model';
import { toStressResult } from './to-stress';

/** An account in crises that were, in those the caller thinks of, and in the nearest that would exhaust it. */
@Resolver(() => Account)
export class AccountStressResolver {
  constructor(private readonly stressAccount: StressStoredAccount) {}

  @ResolveField(() => StressResult, {
    description:
      'The account revalued in full, requirement included, under scenarios of the library and of your own, and the moves that exhaust its buffer.',
    complexity: ({ childComplexity }: { childComplexity: number }) => costOfStress + childComplexity,
  })
  async stress(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
    @Args('input', { description: 'Which scenarios, and whether to search what exhausts the buffer.' })
    input: StressInput,
  ): Promise<StressResult> {
    extendDeadline(request);
    return toStressResult(await this.stressAccount.execute(session, { account, now }, toQuestion(input)));
  }
}

/**
 * Cost in answered fields of the most that one question may ask, a revaluation per scenario and two searches: what is in
 * an input object does not change the cost of a document.
 */
const costOfStress = 10_000;

function toQuestion(input: StressInput): StressQuestion {
  return {
    names: input.scenarios ?? [],
    custom: (input.custom ?? []).map(toScenario),
    classes: byName(input.assetClasses ?? [], ({ assetClass }) => assetClass, 'assetClasses'),
    reverse: input.reverse == null ? null : toReverse(input.reverse),
  };
}

function toScenario(input: StressScenarioInput): StressScenario {
  const { name, betas, kinds, underlyings, direction, negativePrices, days } = input;
  const market = given({ spot: input.spot, volatility: input.volatility, rate: input.rate });
  const unknown = (kinds ?? []).find(({ kind }) => !underlyingKinds.includes(kind));
  if (unknown !== undefined)
    throw new UseCaseError(
      'BAD_USER_INPUT',
      `custom.kinds: expected one of ${underlyingKinds.join(', ')}`,
      'custom.kinds',
    );
  const byKind = (kinds ?? []).map(({ kind, ...move }) => ({ underlying: kind, ...move }));
  return {
    name,
    title: name,
    origin: 'CUSTOM',
    sources: [],
    ...(Object.keys(market).length === 0 ? {} : { market }),
    betas: byName(betas ?? [], ({ beta }) => beta, 'custom.betas'),
    byKind: byName(byKind, toMove, 'custom.kinds'),
    byUnderlying: byName(underlyings ?? [], toMove, 'custom.underlyings'),
    direction: direction ?? 'AS_STATED',
    negativePrices: negativePrices ?? 'REFUSE',
    ...given({ days }),
  };
}

function toReverse(input: ReverseStressInput): NonNullable<StressQuestion['reverse']> {
  const { horizonDays, correlation, budget } = input;
  return {
    ...given({ horizonDays, correlation, budget }),
    volatilities: byName(input.volatilities ?? [], ({ volatility }) => volatility, 'reverse.volatilities'),
    betas: byName(input.betas ?? [], ({ beta }) => beta, 'reverse.betas'),
    correlations: (input.correlations ?? []).map(({ left, right, correlation: value }) => ({
      left,
      right,
      correlation: value,
    })),
  };
}

function toMove(input: { readonly [Key in keyof StressMove]?: number | null | undefined }): StressMove {
  const { spot, spotBy, spotTo, volatility, rate } = input;
  return given({ spot, spotBy, spotTo, volatility, rate });
}
