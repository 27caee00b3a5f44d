import type { Type } from '@nestjs/common';
import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'Where a page of a connection lies.' })
export class PageInfo {
  @Field({ description: 'True when rows follow this page; pass `endCursor` as `after` to read them.' })
  hasNextPage!: boolean;

  @Field({ description: 'True when the page was asked for with `after`, so rows lie before it.' })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first row of the page; null when the page is empty.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last row of the page; null when the page is empty.',
  })
  endCursor!: string | null;
}

/** One page as resolvers return it; `totalCount` stays undefined unless the client selected it. */
export interface ConnectionPage<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfo;
  readonly totalCount?: number;
}

/**
 * Makes the Relay connection type of a node.
 *
 * @param order  the order of the rows in words, for the documentation
 */
export function connectionOf<Node>(node: Type<Node>, name: string, order: string): Type<ConnectionPage<Node>> {
  @ObjectType(`${name}Edge`, { description: 'One row of a list and its place in the order.' })
  class Edge {
    @Field({ description: 'Opaque place of this row; pass it as `after` to read the rows behind it.' })
    cursor!: string;

    @Field(() => node, { description: 'The row itself.' })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list, ${order}.` })
  class Connection {
    @Field(() => [Edge], { description: 'Rows of this page, at most the `first` asked for and never more than 500.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Whether and where the list goes on.' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      nullable: true,
      description: 'Rows of the whole list under the same filter. Costs a count, so it is computed only when selected.',
    })
    totalCount?: number;
  }
  return Connection as unknown as Type<ConnectionPage<Node>>;
}
