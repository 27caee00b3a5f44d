import { ReadFirmRisk } from '@ballast/use-cases';
import { Args, Context, Int, Query, Resolver } from '@nestjs/graphql';
import { given } from '../graphql/given';
import type { RequestContext } from '../graphql/request-context';
import { extendDeadline } from '../http/request-bounds';
import { FirmRisk, RiskGrouping } from './firm-risk.model';
import { toFirmRisk } from './to-firm-risk';

/** Cost in answered fields of revaluing every account of the firm under every scenario. */
const costOfFirm = ({ childComplexity }: { childComplexity: number }): number => 20_000 + childComplexity;

/** The whole firm: what its accounts come to together, now and under stress. */
@Resolver(() => FirmRisk)
export class FirmRiskResolver {
  constructor(private readonly readFirmRisk: ReadFirmRisk) {}

  @Query(() => FirmRisk, {
    description:
      'Net Greeks, stress and concentration across the firm’s accounts, as the latest completed run saw them; NOT_FOUND before the first run.',
    complexity: costOfFirm,
  })
  async firmRisk(
    @Context() { session, now, request }: RequestContext,
    @Args('by', {
      type: () => RiskGrouping,
      defaultValue: RiskGrouping.UNDERLYING,
      description: 'How the Greeks are summed; stress and concentration do not depend on it.',
    })
    by: keyof typeof RiskGrouping,
    @Args('scenarios', {
      type: () => [String],
      nullable: true,
      description: 'Names of the scenario library, at most all of it; all of it when absent or empty.',
    })
    scenarios?: readonly string[] | null,
    @Args('currency', {
      type: () => String,
      nullable: true,
      description: 'Currency of all amounts, for example `USD`; the base currency of most accounts when absent.',
    })
    currency?: string | null,
    @Args('top', {
      type: () => Int,
      nullable: true,
      defaultValue: 10,
      description: 'Rows of each list of largest accounts and names, 0 to 50.',
    })
    top?: number | null,
  ): Promise<FirmRisk> {
    extendDeadline(request);
    const asked = { by, scenarios: scenarios ?? [], top: top ?? 10, now, ...given({ currency }) };
    return toFirmRisk(await this.readFirmRisk.execute(session, asked));
  }
}
