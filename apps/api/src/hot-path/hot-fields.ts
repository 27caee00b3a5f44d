import type { Instant } from '@ballast/domain';
import {
  type ListedAccount,
  ReadRequirements,
  type RequirementQuestion,
  type StoredRequirement,
} from '@ballast/use-cases';
import type { INestApplicationContext } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import { AccountBufferResolver } from '../account/account-buffer.resolver';
import { AccountResolver } from '../account/account.resolver';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected } from '../graphql/connection-page';
import type { RequestContext } from '../graphql/request-context';
import { MarginRequirementResolver } from '../margin-requirement/margin-requirement.resolver';
import { type MarginRequirementParent, toMarginRequirement } from '../margin-requirement/to-margin-requirement';
import type { HotField, SettledFields } from './query-plan';
import type { SharedContext } from './shared-reads';

type AccountPage = ConnectionPage<ListedAccount>;

/** Newest requirement of each row of a page that was read ahead: a row of such a page has one for good. */
const newestOfRow = new WeakMap<ListedAccount, MarginRequirementParent | null>();

/** A page as it was read ahead last, with the requirements its rows have. */
interface ReadPage {
  readonly found: readonly (StoredRequirement | null)[];
  readonly page: AccountPage;
}
const readPages = new WeakMap<AccountPage, ReadPage>();

interface PageQuestions {
  readonly now: Instant;
  readonly questions: readonly RequirementQuestion[];
}
const questionsOfPages = new WeakMap<AccountPage, PageQuestions>();

/**
 * Reads the newest requirements of a page together where they are selected, instead of one question per row.
 *
 * @returns the page with rows that have their requirements: the same object as long as rows and requirements are the same
 */
async function readAhead(
  read: ReadRequirements,
  page: AccountPage,
  { loaders, now }: SharedContext,
  info: GraphQLResolveInfo,
): Promise<AccountPage> {
  if (!isSelected(info, 'edges', 'node', 'requirement')) return page;
  let asked = questionsOfPages.get(page);
  if (asked?.now !== now) {
    asked = { now, questions: page.edges.map(({ node: { id, newest } }) => ({ accountId: id, newest, now })) };
    questionsOfPages.set(page, asked);
  }
  const found = await loaders.load(read, asked.questions);
  const known = readPages.get(page);
  if (known?.found.every((requirement, index) => requirement === found[index])) return known.page;
  const edges = page.edges.map(({ cursor, node }, index) => {
    const row = { ...node };
    const requirement = found[index] ?? null;
    newestOfRow.set(row, requirement === null ? null : toMarginRequirement(requirement));
    return { cursor, node: row };
  });
  const readPage = { found, page: { ...page, edges } };
  readPages.set(page, readPage);
  return readPage.page;
}

/** The requirement of a row of a page that was read ahead. */
function newestOf(row: unknown): MarginRequirementParent | null {
  const requirement = newestOfRow.get(row as ListedAccount);
  if (requirement === undefined) throw new Error('the row was not read ahead');
  return requirement;
}

/** By root field, what is settled with what that field returns: it is a function of the object alone. */
export const settledFields: SettledFields = new Map([['Query.accounts', new Map([['Account.requirement', newestOf]])]]);

/** Types whose objects are kept as long as the record says the same, and never change. */
export const keptTypes: ReadonlySet<string> = new Set(['AccountConnection', 'Account', 'MarginRequirement']);

/** Fields with a reader whose lists are the same objects as long as the object they stand on is. */
export const keptLists: ReadonlySet<string> = new Set(['MarginRequirement.scenarios']);

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
      return readAhead(readRequirements, page as AccountPage, context, info);
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
