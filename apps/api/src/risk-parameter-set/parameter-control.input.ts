import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Instant, Methodology as MethodologyName } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { Methodology } from '../graphql/enums';
import { UserError } from '../graphql/user-error.model';
import { RiskParameterSet } from './risk-parameter-set.model';

@InputType({ description: 'A parameter set for another person to decide on.' })
export class ProposeRiskParametersInput {
  @Field({
    description: 'Chosen by the client, 1 to 128 characters: sending it again returns the set proposed the first time.',
  })
  idempotencyKey!: string;

  @Field(() => Methodology, { description: 'Rules the parameters belong to.' })
  methodology!: MethodologyName;

  @Field({ description: 'What people will call the set; one line of at most 1000 characters.' })
  name!: string;

  @Field(() => DateTimeScalar, {
    description: 'Instant from which the set applies once approved; may lie in the past.',
  })
  effectiveFrom!: Instant;

  @Field({
    description:
      'JSON text of an object: overrides of the published default set by key, house rules under `house`, figures for recommended buffers under `sizing`. An unknown key is refused.',
  })
  parameters!: string;
}

@InputType({ description: 'The decision on a proposed parameter set.' })
export class DecideRiskParametersInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again decides nothing twice.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Proposal to decide on, by its opaque identifier.' })
  parameterSetId!: string;
}

@ObjectType({ description: 'Answer to a proposal of, or a decision on, a parameter set.' })
export class RiskParametersPayload {
  @Field(() => RiskParameterSet, { nullable: true, description: 'The set as it stands now; null when refused.' })
  parameterSet!: RiskParameterSet | null;

  @Field(() => [UserError], {
    description:
      'Why nothing happened, for example `SECOND_PERSON_REQUIRED` when the proposer decides or `INVALID_PARAMETER`; empty when it did.',
  })
  userErrors!: readonly UserError[];
}
