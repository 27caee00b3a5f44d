import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { LocalDateScalar } from '../graphql/local-date.scalar';

export const BreakState = { OPEN: 'OPEN', PROPOSED: 'PROPOSED', RESOLVED: 'RESOLVED' } as const;
registerEnumType(BreakState, {
  name: 'BreakState',
  description: 'How far a break of a reconciliation is settled.',
  valuesMap: {
    OPEN: { description: 'Nobody has settled it, or a proposal was rejected.' },
    PROPOSED: { description: 'One person said why; another has to confirm.' },
    RESOLVED: { description: 'Confirmed by a second person.' },
  },
});

export const BreakResolutionAction = { PROPOSE: 'PROPOSE', APPROVE: 'CONFIRM', REJECT: 'REJECT' } as const;
registerEnumType(BreakResolutionAction, {
  name: 'BreakResolutionAction',
  description: 'A step in settling a break.',
  valuesMap: {
    PROPOSE: { description: 'Says why the break is settled; it waits for another person.' },
    APPROVE: { description: 'Agrees with a proposal of somebody else.' },
    REJECT: { description: 'Disagrees with a proposal of somebody else; the break is open again.' },
  },
});

export const ReconciliationBreakKind = Object.fromEntries(
  [
    'ACCOUNT_MISSING_IN_RUN',
    'ACCOUNT_MISSING_IN_STATEMENT',
    'POSITION_MISSING_IN_RUN',
    'POSITION_MISSING_IN_STATEMENT',
    'POSITION_QUANTITY',
    'PRICE',
    'CASH',
    'COLLATERAL_MISSING_IN_RUN',
    'COLLATERAL_MISSING_IN_STATEMENT',
    'COLLATERAL_QUANTITY',
    'COLLATERAL_PRICE',
    'COLLATERAL_VALUE',
    'COLLATERAL_TOTAL',
    'INITIAL_REQUIREMENT',
    'MAINTENANCE_REQUIREMENT',
    'EQUITY',
  ].map((kind) => [kind, kind]),
);
registerEnumType(ReconciliationBreakKind, {
  name: 'ReconciliationBreakKind',
  description: 'What disagrees between a run and a statement.',
  valuesMap: {
    ACCOUNT_MISSING_IN_RUN: { description: 'The statement names an account that the run did not evaluate.' },
    ACCOUNT_MISSING_IN_STATEMENT: { description: 'The run has an account that is not empty and not in the statement.' },
    POSITION_MISSING_IN_RUN: { description: 'A contract is held in the statement only.' },
    POSITION_MISSING_IN_STATEMENT: { description: 'A contract is held by us only.' },
    POSITION_QUANTITY: { description: 'Both hold the contract in different quantities.' },
    PRICE: { description: 'Both price the contract, beyond tolerance apart.' },
    CASH: { description: 'The balance of one currency.' },
    COLLATERAL_MISSING_IN_RUN: { description: 'An asset is pledged in the statement only.' },
    COLLATERAL_MISSING_IN_STATEMENT: { description: 'An asset is pledged with us only.' },
    COLLATERAL_QUANTITY: { description: 'Both hold the asset in different quantities.' },
    COLLATERAL_PRICE: { description: 'Price per unit of a pledged asset.' },
    COLLATERAL_VALUE: { description: 'Value of a pledged asset after haircuts.' },
    COLLATERAL_TOTAL: { description: 'Value of all pledged assets after haircuts.' },
    INITIAL_REQUIREMENT: { description: 'What each house asks for to open the positions.' },
    MAINTENANCE_REQUIREMENT: { description: 'What each house asks for to keep the positions.' },
    EQUITY: { description: 'Net worth as each house values cash, positions and pledged assets.' },
  },
});

@ObjectType({ description: 'One input that the statement has differently, and what it does to our figure.' })
export class BreakCauseStep {
  @Field({
    description:
      '`position`, `price`, `cash`, `collateral` (quantity), `collateral-price` or `collateral-value` (after haircuts).',
  })
  input!: string;

  @Field({ description: 'Contract, currency or asset.' })
  item!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'What the run used; null when it had nothing.' })
  ours!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'What the statement says; null for many inputs at once.' })
  theirs!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Change of our figure in the base currency when this input is taken from the statement after those before it, > 0 higher; null when it cannot be valued.',
  })
  effect!: string | null;
}

@ObjectType({ description: "A line of the breakdown that moves when the statement's inputs are taken." })
export class BreakCauseComponent {
  @Field({ description: 'Stable machine word of the line, as in `breakdown`.' })
  kind!: string;

  @Field({ description: 'The line in words.' })
  label!: string;

  @Field(() => DecimalScalar, { description: 'Amount on our inputs in the base currency.' })
  ours!: string;

  @Field(() => DecimalScalar, { description: "Amount on the statement's inputs in the base currency." })
  recomputed!: string;

  @Field(() => DecimalScalar, { description: 'recomputed − ours.' })
  change!: string;
}

@ObjectType({ description: 'Why a value differs, as far as our record and model can tell.' })
export class BreakCause {
  @Field({ description: 'One sentence for a person.' })
  summary!: string;

  @Field(() => [BreakCauseStep], { description: 'Inputs that differ; their effects and `unexplained` add up.' })
  steps!: readonly BreakCauseStep[];

  @Field(() => [BreakCauseComponent], { description: 'Lines of the breakdown that move, largest first, at most 12.' })
  components!: readonly BreakCauseComponent[];

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Our figure on the statement's inputs in the base currency; null where nothing was recomputed.",
  })
  recomputed!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'theirs − recomputed: what no input explains, > 0 they ask for more; null where nothing was recomputed.',
  })
  unexplained!: string | null;
}

@ObjectType({ description: 'One step in settling a break; nothing of it is ever rewritten.' })
export class BreakResolution {
  @Field(() => BreakResolutionAction, { description: 'What was done.' })
  action!: (typeof BreakResolutionAction)[keyof typeof BreakResolutionAction];

  @Field({ description: 'Why, in one line.' })
  note!: string;

  @Field({ description: 'Who did it.' })
  recordedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  recordedAt!: Instant;
}

@ObjectType({ description: 'One disagreement between a run and a statement, with its cause and how it was settled.' })
export class ReconciliationBreak {
  @Field(() => ID, { description: 'Opaque identifier of the break.' })
  id!: string;

  @Field(() => Int, { description: 'Number of the break within its reconciliation, from 1.' })
  ordinal!: number;

  @Field({ description: "The firm's short name of the account, or the unknown code of the statement." })
  accountCode!: string;

  @Field(() => ReconciliationBreakKind, { description: 'What disagrees.' })
  kind!: string;

  @Field({ description: 'Contract, asset, currency or figure; empty for whole accounts.' })
  item!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Value of the run; null when there is none or it is unknown.',
  })
  ours!: Decimal | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Value of the statement; null when it has none.' })
  theirs!: Decimal | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'theirs − ours; null where one is unknown.' })
  difference!: Decimal | null;

  @Field(() => String, { nullable: true, description: 'Currency of an amount or a price; null for quantities.' })
  currency!: string | null;

  @Field(() => BreakState, { description: 'How far it is settled.' })
  state!: keyof typeof BreakState;

  @Field(() => BreakCause, { description: 'Why it differs.' })
  cause!: BreakCause;

  @Field(() => [BreakResolution], { description: 'Steps so far, oldest first.' })
  resolutions!: readonly BreakResolution[];
}

@ObjectType({ description: 'One comparison of a run with a statement of a clearing house or prime broker.' })
export class Reconciliation {
  @Field(() => ID, { description: 'Opaque identifier of the reconciliation.' })
  id!: string;

  @Field({ description: 'What people call it: the last part of the path it was read from.' })
  statementName!: string;

  @Field({ description: 'SHA-256 of the statement, 64 hexadecimal digits.' })
  statementSha256!: string;

  @Field(() => LocalDateScalar, { nullable: true, description: 'Day the statement is of; null when it does not say.' })
  statementDate!: string | null;

  @Field({ description: 'True when accounts that the statement leaves out are breaks.' })
  coversEveryAccount!: boolean;

  @Field(() => [String], { description: 'What a careful reader should know, for example days that differ.' })
  warnings!: readonly string[];

  @Field(() => Int, { description: 'Accounts of the run that were looked at.' })
  accountCount!: number;

  @Field(() => Int, { description: 'Values that agree within tolerance.' })
  matchedCount!: number;

  @Field(() => Int, { description: 'Values that do not.' })
  breakCount!: number;

  @Field(() => Int, { description: 'Breaks that no second person has confirmed as settled.' })
  openBreakCount!: number;

  @Field({ description: 'Who asked for it.' })
  startedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was done.' })
  startedAt!: Instant;
}

export const ReconciliationBreakConnection = connectionOf(
  ReconciliationBreak,
  'ReconciliationBreak',
  'by account code, then positions, prices, cash, collateral and figures',
);
