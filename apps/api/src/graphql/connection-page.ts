import { type Page, UseCaseError } from '@ballast/use-cases';
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { ConnectionPage } from './connection.model';
import { pageSizeMaximum } from './page-size';

/** How much of a list a client asks for. */
export interface PageArguments {
  readonly first: number;
  readonly after: string | undefined;
}

/**
 * Checks and clamps the arguments of a connection.
 *
 * @throws UseCaseError 'BAD_USER_INPUT' for a page size below 1
 */
export function pageArguments(first: number, after: string | null | undefined): PageArguments {
  if (first < 1) throw new UseCaseError('BAD_USER_INPUT', `first: expected at least 1, got ${first}`, 'first');
  return { first: Math.min(first, pageSizeMaximum), after: after ?? undefined };
}

/**
 * Turns a page of the record into the Relay form.
 *
 * @param toNode      mapping of one row to what the API shows
 * @param totalCount  given only when the client selected it
 */
export function toConnectionPage<Row, Node>(
  page: Page<Row>,
  { after }: PageArguments,
  toNode: (row: Row) => Node,
  totalCount?: number,
): ConnectionPage<Node> {
  const edges = page.items.map(({ node, cursor }) => ({ cursor, node: toNode(node) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    ...(totalCount === undefined ? {} : { totalCount }),
  };
}

/** Pages shown as they are, as long as the record's page is kept; the one shown last of each. */
const shownPages = new WeakMap<Page<unknown>, { readonly key: string; readonly shown: ConnectionPage<unknown> }>();

/** `toConnectionPage` of rows that are shown as they are: the same page shown in the same way is the same object. */
export function keepConnectionPage<Row>(
  page: Page<Row>,
  { after }: PageArguments,
  totalCount?: number,
): ConnectionPage<Row> {
  const key = `${after !== undefined} ${totalCount}`;
  const known = shownPages.get(page);
  if (known?.key === key) return known.shown as ConnectionPage<Row>;
  const shown = toConnectionPage(page, { first: page.items.length, after }, (row) => row, totalCount);
  shownPages.set(page, { key, shown });
  return shown;
}

/** Tells whether the client selected a field of the value being resolved, directly or through fragments. */
export function isSelected(info: GraphQLResolveInfo, ...path: string[]): boolean {
  return info.fieldNodes.some((node) => node.selectionSet !== undefined && selects(node.selectionSet, path, info));
}

function selects(set: SelectionSetNode, path: readonly string[], info: GraphQLResolveInfo): boolean {
  const [head, ...rest] = path;
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value !== head) return false;
      return rest.length === 0 || (selection.selectionSet !== undefined && selects(selection.selectionSet, rest, info));
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : info.fragments[selection.name.value]?.selectionSet;
    return inner !== undefined && selects(inner, path, info);
  });
}
