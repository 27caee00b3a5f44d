import {
  AcknowledgeMarginCall,
  RecordMarginCallPayment,
  type StoredMarginCall,
  WaiveMarginCall,
} from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import { toUserError } from '../graphql/to-user-error';
import {
  AcknowledgeMarginCallInput,
  MarginCallPayload,
  RecordMarginCallPaymentInput,
  WaiveMarginCallInput,
} from './margin-call.input';
import { toMarginCall } from './to-margin-call';

const refusals = [
  'NOT_FOUND',
  'CONFLICT',
  'SECOND_PERSON_REQUIRED',
  'INVALID_PARAMETER',
  'INVALID_CURRENCY',
  'FX_MISSING',
];
const complexity = ({ childComplexity }: { childComplexity: number }): number => 100 + childComplexity;

/** What people do to margin calls. */
@Resolver()
export class ChangeMarginCallResolver {
  constructor(
    private readonly acknowledge: AcknowledgeMarginCall,
    private readonly pay: RecordMarginCallPayment,
    private readonly waive: WaiveMarginCall,
  ) {}

  @Mutation(() => MarginCallPayload, { description: 'Records that the client was reached about a call.', complexity })
  acknowledgeMarginCall(
    @Context() { principal, now }: RequestContext,
    @Args('input', { description: 'Which call, and what the client said.' }) input: AcknowledgeMarginCallInput,
  ): Promise<MarginCallPayload> {
    return answer(this.acknowledge.execute(principal, { ...input, note: input.note ?? undefined, now }));
  }

  @Mutation(() => MarginCallPayload, {
    description: 'Records money that arrived for a call; the account’s cash grows by it.',
    complexity,
  })
  recordMarginCallPayment(
    @Context() { principal, now }: RequestContext,
    @Args('input', { description: 'Which call, how much, when.' }) input: RecordMarginCallPaymentInput,
  ): Promise<MarginCallPayload> {
    return answer(this.pay.execute(principal, { ...input, now }));
  }

  @Mutation(() => MarginCallPayload, {
    description: 'Proposes to let a call be, or approves what another person proposed.',
    complexity,
  })
  waiveMarginCall(
    @Context() { principal, now }: RequestContext,
    @Args('input', { description: 'Which call, and on what ground.' }) input: WaiveMarginCallInput,
  ): Promise<MarginCallPayload> {
    return answer(this.waive.execute(principal, { ...input, now }));
  }
}

async function answer(change: Promise<StoredMarginCall>): Promise<MarginCallPayload> {
  try {
    return { marginCall: toMarginCall(await change), userErrors: [] };
  } catch (error) {
    return { marginCall: null, userErrors: [toUserError(error, refusals)] };
  }
}
