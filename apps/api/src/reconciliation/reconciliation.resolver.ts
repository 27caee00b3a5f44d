import {
  defaultTolerances,
  InputRefusals,
  type MarginRun as StoredRun,
  ReadMarginRuns,
  ReadReconciliations,
  type Reconciliation as StoredReconciliation,
  type ReconciliationTolerances,
  ResolveBreaks,
  StartReconciliation,
  type StoredBreak,
} from '@ballast/use-cases';
import { Args, Context, ID, Info, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { toUserError } from '../graphql/to-user-error';
import type { UserError } from '../graphql/user-error.model';
import { MarginRun } from '../margin-run/margin-run.model';
import {
  type ReconciliationToleranceInput,
  ResolveReconciliationBreaksInput,
  ResolveReconciliationBreaksPayload,
  StartReconciliationInput,
  StartReconciliationPayload,
} from './reconciliation.input';
import { Reconciliation, ReconciliationBreakConnection } from './reconciliation.model';

/** Comparisons of runs with statements of other houses. */
@Resolver(() => Reconciliation)
export class ReconciliationResolver {
  constructor(
    private readonly read: ReadReconciliations,
    private readonly start: StartReconciliation,
    private readonly resolve: ResolveBreaks,
    private readonly readRuns: ReadMarginRuns,
  ) {}

  @Query(() => Reconciliation, {
    nullable: true,
    description: 'One comparison of a run with a statement; null when the firm has none of that identifier.',
  })
  reconciliation(
    @Context() { session }: RequestContext,
    @Args('id', { type: () => ID, description: 'Opaque identifier of the reconciliation.' }) id: string,
  ): Promise<StoredReconciliation | null> {
    return this.read.find(session, id);
  }

  @ResolveField(() => MarginRun, { nullable: true, description: 'The run that was compared.' })
  run(@Parent() { runId }: StoredReconciliation, @Context() { loaders }: RequestContext): Promise<StoredRun | null> {
    return loaders.load(this.readRuns, runId);
  }

  @ResolveField()
  coversEveryAccount(@Parent() { coversFirm }: StoredReconciliation): boolean {
    return coversFirm;
  }

  @ResolveField(() => ReconciliationBreakConnection, {
    description: 'What disagrees, in order of the account.',
    complexity: costOfPage(50),
  })
  async breaks(
    @Parent() { id, breakCount, openBreakCount }: StoredReconciliation,
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('openOnly', {
      type: () => Boolean,
      nullable: true,
      defaultValue: false,
      description: 'True: leave out breaks that a second person confirmed as settled.',
    })
    openOnly: boolean | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<StoredBreak>> {
    const page = pageArguments(first ?? 50, after);
    const rows = await this.read.breaks(session, { reconciliationId: id, open: openOnly ?? false, ...page });
    const total = isSelected(info, 'totalCount') ? (openOnly === true ? openBreakCount : breakCount) : undefined;
    return toConnectionPage(rows, page, (row) => row, total);
  }

  @Mutation(() => StartReconciliationPayload, {
    description: 'Compares a statement with a run, traces every break and stores both, once per statement and run.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity,
  })
  async startReconciliation(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'Statement, run and tolerances.' }) input: StartReconciliationInput,
  ): Promise<{
    readonly reconciliation: StoredReconciliation | null;
    readonly repeated: boolean | null;
    readonly userErrors: readonly UserError[];
  }> {
    const name = input.statementName ?? 'statement';
    try {
      const outcome = await this.start.execute(principal, {
        idempotencyKey: input.idempotencyKey,
        statement: { name, bytes: Buffer.from(input.statement, 'utf8') },
        runId: input.runId ?? undefined,
        coversFirm: input.coversEveryAccount ?? undefined,
        tolerances: tolerancesOf(input.tolerances ?? {}),
      });
      return { ...outcome, userErrors: [] };
    } catch (error) {
      return { reconciliation: null, repeated: null, userErrors: refusalsOf(error) };
    }
  }

  @Mutation(() => ResolveReconciliationBreaksPayload, {
    description: 'Settles breaks: one person proposes with a note, another confirms or rejects.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 100 + childComplexity,
  })
  async resolveReconciliationBreaks(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'Which breaks, what is done, and why.' }) input: ResolveReconciliationBreaksInput,
  ): Promise<{
    readonly reconciliation: StoredReconciliation | null;
    readonly breaks: readonly number[];
    readonly userErrors: readonly UserError[];
  }> {
    const { breaks, ...rest } = input;
    try {
      const { reconciliation, ordinals } = await this.resolve.execute(principal, { ...rest, ordinals: breaks ?? null });
      return { reconciliation, breaks: ordinals, userErrors: [] };
    } catch (error) {
      const userErrors = [toUserError(error, ['NOT_FOUND', 'CONFLICT', 'SECOND_PERSON_REQUIRED'])];
      return { reconciliation: null, breaks: [], userErrors };
    }
  }
}

function tolerancesOf(input: ReconciliationToleranceInput): ReconciliationTolerances {
  const { quantity, price, amount } = defaultTolerances;
  return {
    quantity: { ...quantity, absolute: input.quantity ?? quantity.absolute },
    price: { absolute: input.price ?? price.absolute, relative: input.relativePrice ?? price.relative },
    amount: { absolute: input.amount ?? amount.absolute, relative: input.relativeAmount ?? amount.relative },
  };
}

/** Every bad row of a statement is one error. */
function refusalsOf(error: unknown): readonly UserError[] {
  return error instanceof InputRefusals ? error.refusals : [toUserError(error, ['NOT_FOUND', 'CONFLICT'])];
}
