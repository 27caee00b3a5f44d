import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Instant, Methodology as MethodologyName } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { Methodology } from '../graphql/enums';

export const RiskParameterStatus = { PROPOSED: 'PROPOSED', APPROVED: 'APPROVED', REJECTED: 'REJECTED' } as const;
registerEnumType(RiskParameterStatus, {
  name: 'RiskParameterStatus',
  description: 'Whether a parameter set may be used.',
  valuesMap: {
    PROPOSED: { description: 'Waits for a second person.' },
    APPROVED: { description: 'In force from its effective date.' },
    REJECTED: { description: 'Never in force.' },
  },
});

@ObjectType({ description: 'One value of a parameter set.' })
export class RiskParameter {
  @Field({ description: 'Path of the parameter, for example `underlyings.BTC.priceScanRange`.' })
  key!: string;

  @Field({ description: 'Its value as JSON text: numbers are fractions or amounts as the methodology documents them.' })
  value!: string;
}

@ObjectType({ description: 'Parameters of one methodology, versioned and dated; never changed once approved.' })
export class RiskParameterSet {
  @Field(() => ID, { description: 'Opaque identifier of the set.' })
  id!: string;

  @Field(() => Methodology, { description: 'Rules these parameters belong to.' })
  methodology!: MethodologyName;

  @Field(() => Int, { description: "Counts the firm's sets of the methodology from 1." })
  version!: number;

  @Field({ description: 'What people call the set.' })
  name!: string;

  @Field(() => DateTimeScalar, { description: 'Instant from which the set applies, once approved.' })
  effectiveFrom!: Instant;

  @Field(() => RiskParameterStatus, { description: 'Whether the set may be used.' })
  status!: string;

  @Field({
    description: 'SHA-256 of the canonical content in hexadecimal digits; every requirement carries the one it used.',
  })
  contentHash!: string;

  @Field({ description: 'Who proposed the set: subject of the token or user of the command line.' })
  proposedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  proposedAt!: Instant;

  @Field(() => String, {
    nullable: true,
    description: 'The other person, who approved or rejected it; null while proposed.',
  })
  decidedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that person decided; null while proposed.' })
  decidedAt!: Instant | null;
}
