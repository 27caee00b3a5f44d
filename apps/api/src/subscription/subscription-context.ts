import { instantOf } from '@ballast/domain';
import type { Database, TenantTransaction } from '@ballast/persistence';
import { type Principal, ReadSession } from '@ballast/use-cases';
import type { VerifiedToken } from '../authentication/token';
import { Loaders } from '../graphql/loaders';
import type { RequestContext } from '../graphql/request-context';
import type { ToClientError } from './safe-stream';

/** Streams one subject may have open in one process. */
const streamsPerSubject = 50;

const openStreams = new Map<string, number>();

/** What the resolvers of a subscription share; valid while its connection lives. */
export interface SubscriptionContext extends Omit<RequestContext, 'request'> {
  /** When the token of the connection ends [ms since 1970]. */
  readonly expiresAt: number;
  readonly toClientError: ToClientError;
  /** Takes a place in the caller's share of open streams; null when there is none left. */
  readonly takeStream: () => (() => void) | null;
}

/** Builds the context of a connection that was authenticated by its first message. */
export function subscriptionContext(
  database: Database,
  { principal, expiresAt }: VerifiedToken,
  toClientError: ToClientError,
): SubscriptionContext {
  return {
    principal,
    expiresAt,
    toClientError,
    takeStream: () => takeStream(principal),
    nameOperation: () => undefined,
    // Every value is read anew: what one value of a stream read must not answer for the next.
    get session() {
      return new BriefSession(database, principal);
    },
    get loaders() {
      return new Loaders(new BriefSession(database, principal));
    },
    get now() {
      return instantOf(Date.now());
    },
  };
}

/** A session whose every read is a transaction of its own, because nobody says when a value has been shown. */
class BriefSession extends ReadSession {
  constructor(
    private readonly record: Database,
    principal: Principal,
  ) {
    super(record, principal);
  }

  override async read<T>(work: (transaction: TenantTransaction) => Promise<T>): Promise<T> {
    const session = new ReadSession(this.record, this.principal);
    try {
      return await session.read(work);
    } finally {
      await session.close();
    }
  }
}

function takeStream({ firmId, subject }: Principal): (() => void) | null {
  const key = `${firmId} ${subject}`;
  const open = openStreams.get(key) ?? 0;
  if (open >= streamsPerSubject) return null;
  openStreams.set(key, open + 1);
  return () => {
    const left = (openStreams.get(key) ?? 1) - 1;
    if (left > 0) openStreams.set(key, left);
    else openStreams.delete(key);
  };
}
