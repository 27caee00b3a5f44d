import { type ListedAccount, ReadRequirements } from '@ballast/use-cases';
import type { INestApplicationContext } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import { AccountBufferResolver } from '../account/account-buffer.resolver';
import { AccountResolver } from '../account/account.resolver';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected } from '../graphql/connection-page';
import type { RequestContext } from '../graphql/request-context';
import { MarginRequirementResolver } from '../margin-requirement/margin-requirement.resolver';
import { type MarginRequirementParent, toMarginRequirement } from '../margin-requirement/to-margin-requirement';
import type { HotField } from './query-plan';
import type { SharedContext } from './shared-reads';

/** Requirements that were read with the page their accounts are rows of; they live as long as those rows. */
const newestOfRow = new WeakMap<ListedAccount, MarginRequirementParent>();

/** Reads the newest requirements of a page together where they are selected, instead of one question per row. */
async function readAhead(
  read: ReadRequirements,
  { edges }: ConnectionPage<ListedAccount>,
  { loaders, now }: SharedContext,
  info: GraphQLResolveInfo,
): Promise<void> {
  if (!isSelected(info, 'edges', 'node', 'requirement')) return;
  const questions = edges.map(({ node: { id, newest } }) => ({ accountId: id, newest, now }));
  const found = await loaders.load(read, questions);
  edges.forEach(({ node }, index) => {
    const requirement = found[index];
    if (requirement != null) newestOfRow.set(node, toMarginRequirement(requirement));
  });
}

/** Fields that tell an age, with the instant whose age it is: the only ones that change while nothing else does. */
export const ageFields: ReadonlyMap<string, (source: unknown) => number> = new Map([
  ['MarginRequirement.ageMs', (requirement: unknown) => (requirement as MarginRequirementParent).asOf],
]);

/**
 * Fields that front ends ask for all day, each read by its own resolver without the framework in between. They read through
 * the loaders only, so requests that share a transaction share their statements. Everything else takes the general way.
 *
 * Their answers are kept while the record stays as it is. What such a field shows may depend on the time of the question
 * only where its use case says until when (`ReadSession.noteUntil`), or where it is one of `ageFields`.
 */
export function hotFieldsOf(app: INestApplicationContext): ReadonlyMap<string, HotField<SharedContext>> {
  const accounts = app.get(AccountResolver);
  const buffers = app.get(AccountBufferResolver);
  const requirements = app.get(MarginRequirementResolver);
  const readRequirements = app.get(ReadRequirements);
  // Resolvers take of the context what is shared.
  const whole = (context: Omit<SharedContext, 'witnessLife'>) => context as RequestContext;
  const fields: Readonly<Record<string, HotField<SharedContext>>> = {
    'Query.account': (_root, { id, code }, context) => accounts.account(whole(context), id, code),
    'Query.accounts': async (_root, { first, orderBy, filter, after }, context, info) => {
      const page = await accounts.accounts(whole(context), info, first, orderBy, filter, after);
      await readAhead(readRequirements, page as ConnectionPage<ListedAccount>, context, info);
      return page;
    },
    'Account.requirement': (account: ListedAccount, { asOf, knownAt }, context) =>
      (asOf == null && knownAt == null ? newestOfRow.get(account) : undefined) ??
      buffers.requirement(account, whole(context), asOf, knownAt),
    'MarginRequirement.scenarios': (requirement, { underlying }, context) =>
      requirements.scenarios(requirement, whole(context), underlying),
    'MarginRequirement.breakdown': (requirement, _none, context) => requirements.breakdown(requirement, whole(context)),
    'MarginRequirement.contributions': (requirement, _none, context) =>
      requirements.contributions(requirement, whole(context)),
  };
  return new Map(Object.entries(fields));
}
