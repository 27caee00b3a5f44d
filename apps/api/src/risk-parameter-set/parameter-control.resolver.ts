import { DecideRiskParameters, ProposeRiskParameters, type RiskParameterSet as StoredSet } from '@ballast/use-cases';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import type { UserError } from '../graphql/user-error.model';
import { toUserError } from '../graphql/to-user-error';
import {
  DecideRiskParametersInput,
  ProposeRiskParametersInput,
  RiskParametersPayload,
} from './parameter-control.input';

interface Payload {
  readonly parameterSet: StoredSet | null;
  readonly userErrors: readonly UserError[];
}

/** Parameters under control: one person proposes, another decides. */
@Resolver()
export class ParameterControlResolver {
  constructor(
    private readonly propose: ProposeRiskParameters,
    private readonly decide: DecideRiskParameters,
  ) {}

  @Mutation(() => RiskParametersPayload, {
    description:
      'Proposes a parameter set and computes what it would do to every account; it applies once another person approves it.',
    complexity: ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity,
  })
  proposeRiskParameters(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'Which methodology, from when, and what changes.' })
    input: ProposeRiskParametersInput,
  ): Promise<Payload> {
    const { parameters: parametersText, ...rest } = input;
    return answer(() => this.propose.execute(principal, { ...rest, parametersText }));
  }

  @Mutation(() => RiskParametersPayload, {
    description: 'Puts a proposed parameter set into force from its effective date; not by the person who proposed it.',
  })
  approveRiskParameters(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'Which set.' }) input: DecideRiskParametersInput,
  ): Promise<Payload> {
    return answer(() => this.decide.execute(principal, { ...input, status: 'APPROVED' }));
  }

  @Mutation(() => RiskParametersPayload, {
    description: 'Rejects a proposed parameter set for ever; it is kept. Not by the person who proposed it.',
  })
  rejectRiskParameters(
    @Context() { principal }: RequestContext,
    @Args('input', { description: 'Which set.' }) input: DecideRiskParametersInput,
  ): Promise<Payload> {
    return answer(() => this.decide.execute(principal, { ...input, status: 'REJECTED' }));
  }
}

async function answer(work: () => Promise<StoredSet>): Promise<Payload> {
  try {
    return { parameterSet: await work(), userErrors: [] };
  } catch (error) {
    return { parameterSet: null, userErrors: [toUserError(error, refusals)] };
  }
}

const refusals = ['NOT_FOUND', 'CONFLICT', 'SECOND_PERSON_REQUIRED', 'INVALID_PARAMETER', 'PARAMETERS_MISSING'];
