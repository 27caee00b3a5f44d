import type { INestApplicationContext } from '@nestjs/common';
import { AccountBufferResolver } from '../account/account-buffer.resolver';
import { AccountResolver } from '../account/account.resolver';
import type { RequestContext } from '../graphql/request-context';
import { MarginRequirementResolver } from '../margin-requirement/margin-requirement.resolver';
import type { HotField } from './query-plan';
import type { SharedContext } from './shared-reads';

/**
 * Fields that front ends ask for all day, each read by its own resolver without the framework in between. They read through
 * the loaders only, so requests that share a transaction share their statements. Everything else takes the general way.
 */
export function hotFieldsOf(app: INestApplicationContext): ReadonlyMap<string, HotField<SharedContext>> {
  const accounts = app.get(AccountResolver);
  const buffers = app.get(AccountBufferResolver);
  const requirements = app.get(MarginRequirementResolver);
  // Resolvers take of the context what is shared.
  const whole = (context: SharedContext) => context as RequestContext;
  const fields: Readonly<Record<string, HotField<SharedContext>>> = {
    'Query.account': (_root, { id, code }, context) => accounts.account(whole(context), id, code),
    'Query.accounts': (_root, { first, orderBy, filter, after }, context, info) =>
      accounts.accounts(whole(context), info, first, orderBy, filter, after),
    'Account.requirement': (account, { asOf, knownAt }, context) =>
      buffers.requirement(account, whole(context), asOf, knownAt),
    'MarginRequirement.ageMs': (requirement, _none, context) => requirements.ageMs(requirement, whole(context)),
    'MarginRequirement.scenarios': (requirement, { underlying }, context) =>
      requirements.scenarios(requirement, whole(context), underlying),
    'MarginRequirement.breakdown': (requirement, _none, context) => requirements.breakdown(requirement, whole(context)),
    'MarginRequirement.contributions': (requirement, _none, context) =>
      requirements.contributions(requirement, whole(context)),
  };
  return new Map(Object.entries(fields));
}
