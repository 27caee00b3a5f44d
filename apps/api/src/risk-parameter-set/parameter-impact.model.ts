import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { DataQuality as QualityName, Decimal, Instant, Methodology as MethodologyName } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { BufferStatus, DataQuality, Methodology } from '../graphql/enums';
import { Money } from '../money/money.model';

@ObjectType({ description: 'Requirement of one account with the parameters in effect and with the proposed ones.' })
export class ParameterImpactRow {
  @Field(() => ID, { description: 'Opaque identifier, the one `account(id:)` takes.' })
  accountId!: string;

  @Field({ description: "The firm's own short name of the account." })
  accountCode!: string;

  @Field(() => Methodology, { description: "Rules of the account; only those of the proposal's methodology change." })
  methodology!: MethodologyName;

  @Field(() => Money, {
    nullable: true,
    description: 'Initial requirement now, ≥ 0; null where no figure can be given.',
  })
  initialBefore!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Initial requirement under the proposal, ≥ 0; null where none can be given.',
  })
  initialAfter!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Initial after − before: > 0 more has to be held; null without both.',
  })
  initialChange!: Money | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Change of the initial requirement in per cent of before, 25.00 = a quarter more; null from 0 or unknown.',
  })
  initialChangePercent!: Decimal | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Maintenance requirement now, ≥ 0; null where no figure can be given.',
  })
  maintenanceBefore!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Maintenance requirement under the proposal, ≥ 0; null where none can be given.',
  })
  maintenanceAfter!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Maintenance after − before: > 0 more has to be held; null without both.',
  })
  maintenanceChange!: Money | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Change of the maintenance requirement in per cent of before; null from 0 or unknown.',
  })
  maintenanceChangePercent!: Decimal | null;

  @Field(() => BufferStatus, { description: 'Step of the ladder with the parameters in effect.' })
  statusBefore!: keyof typeof BufferStatus;

  @Field(() => BufferStatus, { description: 'Step of the ladder under the proposal.' })
  statusAfter!: keyof typeof BufferStatus;

  @Field(() => DataQuality, { description: 'INDETERMINATE where the proposal leaves the account without a figure.' })
  qualityAfter!: QualityName;

  @Field(() => [String], { description: 'Why the proposal gives no figure; empty otherwise.' })
  reasons!: readonly string[];
}

@ObjectType({ description: 'Requirements added up over the accounts of one methodology and base currency.' })
export class ParameterImpactTotal {
  @Field(() => Methodology, { description: 'Rules of the accounts.' })
  methodology!: MethodologyName;

  @Field(() => Int, { description: 'Accounts in the group; those without a figure on one side are not in the sums.' })
  accountCount!: number;

  @Field(() => Int, { description: 'Accounts whose requirement changes; ≥ 0.' })
  changedCount!: number;

  @Field(() => Money, { description: 'Sum of initial requirements with the parameters in effect; ≥ 0.' })
  initialBefore!: Money;

  @Field(() => Money, { description: 'Sum of initial requirements under the proposal; ≥ 0.' })
  initialAfter!: Money;

  @Field(() => Money, { description: 'Sum of maintenance requirements with the parameters in effect; ≥ 0.' })
  maintenanceBefore!: Money;

  @Field(() => Money, { description: 'Sum of maintenance requirements under the proposal; ≥ 0.' })
  maintenanceAfter!: Money;
}

@ObjectType({
  description:
    'What a parameter set would do to every account, computed once when it was proposed, on the latest market and what was held then.',
})
export class ParameterImpact {
  @Field(() => DateTimeScalar, { description: 'When the report was computed.' })
  computedAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Instant of the market data; null when there was none.' })
  asOf!: Instant | null;

  @Field(() => Int, { description: 'Accounts in the report; 0 when there was no market to compute on.' })
  accountCount!: number;

  @Field(() => [ParameterImpactTotal], { description: 'Sums by methodology and base currency.' })
  totals!: readonly ParameterImpactTotal[];
}

export const ParameterImpactRowConnection = connectionOf(
  ParameterImpactRow,
  'ParameterImpactRow',
  'largest move first, ties by account id',
);
