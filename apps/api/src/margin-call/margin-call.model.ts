import type { MarginCallCloseReason, MarginCallEventKind, MarginCallState as StateName } from '@ballast/use-cases';
import type { Instant } from '@ballast/domain';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { Money } from '../money/money.model';

const same = <Name extends string>(names: readonly Name[]): { readonly [K in Name]: K } =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [K in Name]: K };

export const MarginCallState = same<StateName>([
  ...(['RAISED', 'ACKNOWLEDGED', 'PARTLY_MET', 'MET', 'OVERDUE', 'ESCALATED', 'WAIVED', 'CLOSED'] as const),
]);
registerEnumType(MarginCallState, {
  name: 'MarginCallState',
  description: 'How far a demand for money has come. Everything but CLOSED is open; an account has one open call.',
  valuesMap: {
    RAISED: { description: 'A run found the account below the call level; nobody has reacted yet.' },
    ACKNOWLEDGED: { description: 'The client was reached; nothing has been paid.' },
    PARTLY_MET: { description: 'Something was paid in time, something is outstanding.' },
    MET: { description: 'Nothing is outstanding; open until equity rises above the release level.' },
    OVERDUE: { description: 'The due time passed with something outstanding: the account is to be liquidated.' },
    ESCALATED: { description: 'Still unpaid after the escalation time; the penalty is charged.' },
    WAIVED: { description: 'Two people let it be, as long as the need does not outgrow what they saw.' },
    CLOSED: { description: 'Over; see the close reason.' },
  },
});

export const MarginCallEventType = same<MarginCallEventKind>([
  ...(['RAISED', 'AMOUNT_UPDATED', 'ACKNOWLEDGED', 'PAYMENT_RECORDED', 'OVERDUE'] as const),
  ...(['ESCALATED', 'WAIVER_PROPOSED', 'WAIVER_LAPSED', 'WAIVED', 'CLOSED'] as const),
]);
registerEnumType(MarginCallEventType, {
  name: 'MarginCallEventType',
  description: 'One step in the life of a margin call.',
  valuesMap: {
    RAISED: { description: 'A run asked for money.' },
    AMOUNT_UPDATED: { description: 'A later run found another need.' },
    ACKNOWLEDGED: { description: 'Somebody reached the client.' },
    PAYMENT_RECORDED: { description: 'Money arrived.' },
    OVERDUE: { description: 'The due time passed unmet.' },
    ESCALATED: { description: 'The second deadline passed unmet.' },
    WAIVER_PROPOSED: { description: 'The first of two people wants to let it be.' },
    WAIVER_LAPSED: { description: 'A proposal ended because the need changed.' },
    WAIVED: { description: 'The second person agreed.' },
    CLOSED: { description: 'The end, for the reason given.' },
  },
});

export const MarginCallCloseReasonName = same<MarginCallCloseReason>(['RELEASED', 'MET', 'OUTGROWN']);
registerEnumType(MarginCallCloseReasonName, {
  name: 'MarginCallCloseReason',
  description: 'Why a demand ended.',
  valuesMap: {
    RELEASED: { description: 'Equity rose above the release multiple of maintenance.' },
    MET: { description: 'It had been paid; the account fell below the call level anew, and another one follows.' },
    OUTGROWN: { description: 'The need outgrew what had been waived, and another one follows.' },
  },
});

@ObjectType({ description: 'Two people letting a demand be: one proposes, another approves.' })
export class MarginCallWaiver {
  @Field({ description: 'Subject of the first person.' })
  proposedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When the first person asked for it.' })
  proposedAt!: Instant;

  @Field({ description: 'What the first person gave as ground.' })
  reason!: string;

  @Field(() => Money, { description: 'Outstanding at the proposal: what the waiver covers; ≥ 0.' })
  amount!: Money;

  @Field(() => String, { nullable: true, description: 'Subject of the second person; null while nobody agreed.' })
  approvedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the second person agreed; null until then.' })
  approvedAt!: Instant | null;
}

@ObjectType({ description: 'Deadlines that an open call would have by the exchange calendar of now.' })
export class MarginCallDeadlines {
  @Field(() => DateTimeScalar, { description: 'Close of the session that would be the last to pay in.' })
  dueAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'Close of the session after which it would be escalated.' })
  escalatesAt!: Instant;
}

@ObjectType({ description: 'A step of a margin call and how the call stood after it.' })
export class MarginCallEvent {
  @Field(() => Int, { description: 'Counts the steps of the call from 1.' })
  number!: number;

  @Field(() => MarginCallEventType, { description: 'What happened.' })
  kind!: MarginCallEventKind;

  @Field(() => DateTimeScalar, {
    description: 'When it happened in business time: as-of time of a run, or a deadline.',
  })
  at!: Instant;

  @Field(() => DateTimeScalar, { description: 'When the record learnt of it.' })
  knownAt!: Instant;

  @Field({ description: 'Subject of the person, or `system` for runs and deadlines.' })
  actor!: string;

  @Field(() => String, { nullable: true, description: 'What was said about it; null when nothing was.' })
  reason!: string | null;

  @Field(() => ID, { nullable: true, description: 'Margin run that caused it; null when no run did.' })
  runId!: string | null;

  @Field(() => MarginCallState, {
    nullable: true,
    description: 'Where the call stood before; null when it was raised.',
  })
  stateBefore!: StateName | null;

  @Field(() => MarginCallState, { description: 'Where the call stood afterwards.' })
  stateAfter!: StateName;

  @Field(() => Money, { description: 'Need by the last run on good data, after the step; ≥ 0.' })
  amount!: Money;

  @Field(() => Money, { description: 'Still to be paid after the step; ≥ 0.' })
  outstanding!: Money;

  @Field(() => Money, { nullable: true, description: 'Money that arrived, in its own currency, > 0; null otherwise.' })
  payment!: Money | null;
}

@ObjectType({ description: 'A demand for money that restores an account above what it must hold.' })
export class MarginCall {
  @Field(() => ID, { description: 'Opaque name of the demand, unique within the firm; mutations take it.' })
  id!: string;

  @Field(() => ID, { description: 'Identifier of the account that owes it.' })
  accountId!: string;

  @Field(() => MarginCallState, { description: 'How far it has come.' })
  state!: StateName;

  @Field(() => DateTimeScalar, { description: 'As-of time of the run that asked for it.' })
  raisedAt!: Instant;

  @Field(() => ID, { description: 'Margin run that asked for it.' })
  runId!: string;

  @Field(() => DateTimeScalar, { description: 'Last instant at which money is in time, by the business calendar.' })
  dueAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'Instant after which an unmet one is escalated.' })
  escalatesAt!: Instant;

  @Field(() => Money, {
    description: 'max(initial, call target × maintenance) − equity of the last run on good data; ≥ 0.',
  })
  amount!: Money;

  @Field(() => DateTimeScalar, { description: 'As-of time of the run behind the amount.' })
  evaluatedAt!: Instant;

  @Field(() => Money, { description: 'Payments recorded so far, converted and after currency haircut; ≥ 0.' })
  paid!: Money;

  @Field(() => Money, {
    description:
      'Still to be paid: the amount less payments its run did not see; ≥ 0, and 0 when met, waived or closed.',
  })
  outstanding!: Money;

  @Field(() => Money, {
    description: "Interest owed for being late so far, by the firm's dated terms; ≥ 0, rounded up.",
  })
  lateFee!: Money;

  @Field(() => Money, { description: 'Charge for escalation; ≥ 0, and 0 unless it was escalated; rounded up.' })
  liquidationPenalty!: Money;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the client was reached; null until then.' })
  acknowledgedAt!: Instant | null;

  @Field(() => String, { nullable: true, description: 'Subject of who reached the client; null until then.' })
  acknowledgedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'What the client said; null when nothing was noted.' })
  note!: string | null;

  @Field(() => MarginCallWaiver, { nullable: true, description: 'Proposal to let it be; null when there is none.' })
  waiver!: MarginCallWaiver | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As-of time of the run that ended it; null while open.' })
  closedAt!: Instant | null;

  @Field(() => MarginCallCloseReasonName, { nullable: true, description: 'Why it ended; null while open.' })
  closeReason!: MarginCallCloseReason | null;
}

export const MarginCallConnection = connectionOf(MarginCall, 'MarginCall', 'the last raised first');
