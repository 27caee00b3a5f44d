import type { Account as DomainAccount } from '@ballast/domain';
import { AssessAccountRisk, toBreachOutput, toValueAtRiskOutput } from '@ballast/use-cases';
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Account } from '../account/account.model';
import { byName } from '../graphql/by-name';
import { given } from '../graphql/given';
import type { RequestContext } from '../graphql/request-context';
import { extendDeadline } from '../http/request-bounds';
import { BreachProbabilityInput, type PriceSymbolInput, RecommendedBufferInput, ValueAtRiskInput } from './risk.input';
import { BreachProbability, ValueAtRisk } from './risk.model';
import { RecommendedBuffer } from './sizing.model';
import { toRecommendedBuffer } from './to-recommended-buffer';

/** Cost of an answer that simulates the account, in answered fields. */
const costOfSimulation = ({ childComplexity }: { childComplexity: number }): number => 10_000 + childComplexity;

/** What an account may lose, and how likely its buffer does not last. */
@Resolver(() => Account)
export class AccountRiskResolver {
  constructor(private readonly assessRisk: AssessAccountRisk) {}

  @ResolveField(() => ValueAtRisk, {
    description:
      'Value at risk and expected shortfall of what the account holds now, on the latest snapshot and imported daily prices.',
    complexity: costOfSimulation,
  })
  async valueAtRisk(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
    @Args('input', { description: 'Method, confidence, horizon and history.' }) input: ValueAtRiskInput,
  ): Promise<ValueAtRisk> {
    extendDeadline(request);
    const { symbols, window, ...question } = input;
    const { question: asked, found } = await this.assessRisk.valueAtRisk(
      session,
      { account, now },
      { ...given({ window }), ...symbolsOf(symbols), question: given(question) },
    );
    const result = found === null ? 'INDETERMINATE' : found === 'NONE' ? null : found;
    const output = toValueAtRiskOutput(result, asked, account.baseCurrency);
    return { ...output, diversification: output.diversification.valueAtRisk };
  }

  @ResolveField(() => BreachProbability, {
    description:
      'Probability that the buffer is exhausted within a horizon: the account and its requirement are revalued along simulated paths.',
    complexity: costOfSimulation,
  })
  async breachProbability(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
    @Args('input', { description: 'Horizon, steps and history.' }) input: BreachProbabilityInput,
  ): Promise<BreachProbability> {
    extendDeadline(request);
    const { symbols, window, volatilities, ...question } = input;
    const stated = byName(volatilities ?? [], ({ volatility }) => volatility, 'volatilities');
    const { question: asked, found } = await this.assessRisk.breachProbability(
      session,
      { account, now },
      { ...given({ window }), ...symbolsOf(symbols), question: { ...given(question), volatilities: stated } },
    );
    return toBreachOutput(found, asked, account.baseCurrency);
  }

  @ResolveField(() => RecommendedBuffer, {
    description:
      'How large a buffer the account should have for what it holds now, reason by reason, and how soon to look at it again.',
    complexity: costOfSimulation,
  })
  async recommendedBuffer(
    @Parent() account: DomainAccount,
    @Context() { session, now, request }: RequestContext,
    @Args('input', {
      type: () => RecommendedBufferInput,
      nullable: true,
      description: 'Which stored prices count; what is absent takes its default.',
    })
    input?: RecommendedBufferInput | null,
  ): Promise<RecommendedBuffer> {
    extendDeadline(request);
    const { symbols, window } = input ?? {};
    const choice = { ...given({ window }), ...symbolsOf(symbols) };
    const found = await this.assessRisk.recommendedBuffer(session, { account, now }, choice);
    return toRecommendedBuffer(found, account.baseCurrency);
  }
}

function symbolsOf(symbols: readonly PriceSymbolInput[] | null | undefined) {
  if (symbols == null) return {};
  return { symbols: byName(symbols, ({ symbol }) => symbol, 'symbols') };
}
