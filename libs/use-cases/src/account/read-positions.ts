import type { Instant, Position } from '@ballast/domain';
import { type Page, PositionStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { MomentQuestion } from '../question/moment-question';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

/** Which page of an account's positions. */
export interface PositionPageQuestion extends MomentQuestion {
  readonly accountId: string;
  readonly first: number;
  readonly after?: string | undefined;
}

/**
 * Reads an account's positions page by page. A past moment shows what was known then; of an account about which nothing
 * was known yet, what was learnt later about that moment. A question with `knownAt` is exact in both times.
 * A list read without a moment shows every page as of the moment of its first
 * page: the cursors carry it.
 */
@Injectable()
export class ReadPositions {
  constructor(private readonly positions: PositionStore) {}

  /** @throws UseCaseError 'BAD_USER_INPUT', PersistenceError 'VALUE_REFUSED' for a cursor of another list */
  async execute(session: ReadSession, question: PositionPageQuestion): Promise<Page<Position>> {
    requirePermission(session.principal, 'read-accounts');
    const { accountId, first } = question;
    const { validAt, after } = openCursor(question);
    const page = await session.read(async (tx) => {
      const knownAt = question.knownAt ?? (await this.momentOfBelief(tx, question));
      return this.positions.findPageAsOf(tx, { accountId, first, after: after ?? null, validAt, knownAt });
    });
    const items = page.items.map(({ node, cursor }) => ({ node, cursor: `${validAt.toString(36)}.${cursor}` }));
    return { items, hasNextPage: page.hasNextPage };
  }

  /** How many rows all pages have; as `execute`. */
  async count(session: ReadSession, question: PositionPageQuestion): Promise<number> {
    requirePermission(session.principal, 'read-accounts');
    const { accountId } = question;
    const { validAt } = openCursor(question);
    return session.read(async (tx) => {
      const knownAt = question.knownAt ?? (await this.momentOfBelief(tx, question));
      return this.positions.countAsOf(tx, { accountId, validAt, knownAt });
    });
  }

  private async momentOfBelief(
    tx: TenantTransaction,
    { accountId, asOf, now }: PositionPageQuestion,
  ): Promise<Instant | undefined> {
    if (asOf === undefined || asOf >= now) return undefined;
    return (await this.positions.isKnownBy(tx, accountId, asOf)) ? asOf : undefined;
  }
}

/** The moment of the list, and where the page begins. */
function openCursor({ after, asOf, now }: PositionPageQuestion): { validAt: Instant; after?: string } {
  if (after === undefined) return { validAt: asOf ?? now };
  const match = /^([0-9a-z]{1,10})\.([\w-]{1,1000})$/.exec(after);
  if (match === null) throw new UseCaseError('BAD_USER_INPUT', 'after: not a cursor of this list', 'after');
  const moment = Number.parseInt(match[1] as string, 36) as Instant;
  return { validAt: asOf ?? moment, after: match[2] as string };
}
