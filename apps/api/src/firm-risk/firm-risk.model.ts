import type { Instant } from '@ballast/domain';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { BufferStatus, DataQuality } from '../graphql/enums';
import { GreeksGroup } from '../greeks/greeks.model';
import { Money } from '../money/money.model';
import { StressFigure } from '../stress/stress.model';

export const RiskGrouping = { UNDERLYING: 'UNDERLYING', EXPIRY: 'EXPIRY' } as const;
registerEnumType(RiskGrouping, {
  name: 'RiskGrouping',
  description: 'How the Greeks of a firm are summed.',
  valuesMap: {
    UNDERLYING: { description: 'One group per underlying.' },
    EXPIRY: { description: 'One group per underlying and expiry day.' },
  },
});

@ObjectType({ description: 'One of the accounts that lose most in a scenario.' })
export class FirmScenarioAccount {
  @Field(() => ID, { description: 'Opaque identifier of the account.' })
  id!: string;

  @Field({ description: 'Code under which the firm keeps the account.' })
  code!: string;

  @Field({ description: 'Name of the client or book.' })
  name!: string;

  @Field(() => Money, { description: 'Equity now − equity in the scenario; > 0.' })
  loss!: Money;

  @Field(() => Money, { description: 'Cash, positions and collateral after haircut, now; < 0 is owed.' })
  equity!: Money;

  @Field(() => Money, { description: 'The same in the scenario; < 0 is owed.' })
  stressedEquity!: Money;

  @Field(() => Money, { description: 'Stressed equity − stressed maintenance requirement; < 0 = below it.' })
  stressedBuffer!: Money;

  @Field(() => Money, { description: 'max(0, −stressed equity): what nothing of the account covers.' })
  lossOverCollateral!: Money;

  @Field(() => BufferStatus, { description: 'Step of the ladder in the scenario.' })
  status!: keyof typeof BufferStatus;
}

@ObjectType({
  description:
    'One scenario over all accounts: sums of what `Account.stress` says of each. No account pays for another: only `loss` nets gains against losses.',
})
export class FirmScenario {
  @Field({ description: 'Name of the library, for example `1987-10-19`.' })
  name!: string;

  @Field({ description: 'What happened, in a sentence.' })
  title!: string;

  @Field(() => [String], { description: 'Where its figures come from; assumptions say so.' })
  sources!: readonly string[];

  @Field(() => [StressFigure], {
    description: 'The same figure by figure, with how far each was checked; empty for custom ones.',
  })
  figures!: readonly StressFigure[];

  @Field(() => Int, { description: 'Accounts with figures in the scenario.' })
  accounts!: number;

  @Field(() => Int, { description: 'Accounts that the scenario cannot value; they take no part in it.' })
  accountsRefused!: number;

  @Field(() => Money, { description: 'Σ (equity now − equity in the scenario); < 0 = the accounts gain together.' })
  loss!: Money;

  @Field(() => Money, { description: 'The same over the accounts that lose; ≥ 0.' })
  grossLoss!: Money;

  @Field(() => Money, {
    description: 'Stressed loss over collateral, Σ max(0, −equity in the scenario): what clients would owe; ≥ 0.',
  })
  lossOverCollateral!: Money;

  @Field(() => Money, {
    description: 'Σ max(0, loss − initial requirement now): loss that requirements do not cover; ≥ 0.',
  })
  lossOverRequirement!: Money;

  @Field(() => Money, { description: 'Σ equity in the scenario; < 0 is owed by clients together.' })
  stressedEquity!: Money;

  @Field(() => Int, { description: 'Accounts with equity below maintenance in the scenario.' })
  breaches!: number;

  @Field(() => Int, { description: 'Those of them that are not below it now: who would breach.' })
  newBreaches!: number;

  @Field(() => Int, { description: 'Accounts that would owe money: equity below 0.' })
  deficits!: number;

  @Field(() => [FirmScenarioAccount], { description: 'The accounts that lose most, the largest loss first.' })
  topAccounts!: readonly FirmScenarioAccount[];
}

@ObjectType({ description: 'One name and its part of a total.' })
export class ConcentrationShare {
  @Field({ description: 'Underlying, or code of the account.' })
  name!: string;

  @Field(() => Money, { description: 'What is shared out, of this name; ≥ 0.' })
  amount!: Money;

  @Field(() => Money, {
    nullable: true,
    description: 'Of an underlying: Σ over accounts of delta × price with its sign; > 0 = gains when it rises.',
  })
  net!: Money | null;

  @Field(() => Float, { description: 'amount / total: ≥ 0, at most 1.' })
  share!: number;
}

@ObjectType({ description: 'How unevenly an amount is spread over names.' })
export class Concentration {
  @Field({ description: 'What is shared out, and how it was computed.' })
  basis!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'Herfindahl index, Σ share²: 1/n when n names are alike, 1 when one has all; null when there is nothing.',
  })
  herfindahl!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: '1 / herfindahl, ≥ 1: how many names of one size are as concentrated.',
  })
  effectiveNames!: number | null;

  @Field(() => Int, { description: 'Names with an amount.' })
  names!: number;

  @Field(() => Money, { description: 'Sum over all names; ≥ 0.' })
  total!: Money;

  @Field(() => [ConcentrationShare], { description: 'Names with the largest amounts, in falling order.' })
  largest!: readonly ConcentrationShare[];
}

@ObjectType({
  description:
    'All accounts of the firm together, as the latest completed run saw them, now and under stress. Amounts are sums over the accounts that can be valued.',
})
export class FirmRisk {
  @Field(() => ID, { description: 'Run whose snapshot, positions and parameters were used.' })
  runId!: string;

  @Field(() => DateTimeScalar, { description: 'Instant of that run.' })
  asOf!: Instant;

  @Field(() => Float, { description: 'Milliseconds since then; ≥ 0.' })
  ageMs!: number;

  @Field(() => DataQuality, { description: 'DEGRADED when accounts take no part, INDETERMINATE when none does.' })
  quality!: keyof typeof DataQuality;

  @Field(() => [String], { description: 'Why the quality is not OK, with the accounts that take no part.' })
  qualityReasons!: readonly string[];

  @Field({ description: 'Currency of all amounts, converted at the rates of the snapshot.' })
  currency!: string;

  @Field({ description: 'Version of the scenario library: the day its figures were last changed.' })
  libraryVersion!: string;

  @Field(() => Int, { description: 'How many were looked at: every account of the caller’s firm.' })
  accounts!: number;

  @Field(() => Int, { description: 'Accounts that could not be valued or converted and take no part.' })
  accountsExcluded!: number;

  @Field(() => Money, { description: 'Σ equity; < 0 is owed by clients.' })
  equity!: Money;

  @Field(() => Money, { description: 'Σ collateral after haircut; ≥ 0.' })
  collateralValue!: Money;

  @Field(() => Money, { description: 'Σ initial requirements; ≥ 0.' })
  initial!: Money;

  @Field(() => Money, { description: 'Σ maintenance requirements; ≥ 0.' })
  maintenance!: Money;

  @Field(() => Int, { description: 'Accounts with equity below maintenance now.' })
  breaches!: number;

  @Field(() => [GreeksGroup], {
    description: 'Greeks of what all accounts hold together, netted contract by contract.',
  })
  greeks!: readonly GreeksGroup[];

  @Field(() => [FirmScenario], { description: 'In the order of the names asked for.' })
  scenarios!: readonly FirmScenario[];

  @Field(() => FirmScenario, {
    nullable: true,
    description: 'The scenario with the largest loss over collateral, among equal ones with the largest loss.',
  })
  worstScenario!: FirmScenario | null;

  @Field(() => Concentration, { description: 'Of gross exposure over underlyings.' })
  byUnderlying!: Concentration;

  @Field(() => Concentration, { description: 'Of maintenance requirements over accounts.' })
  byAccount!: Concentration;
}
