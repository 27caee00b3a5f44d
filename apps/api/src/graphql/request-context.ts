import type { Instant } from '@ballast/domain';
import type { Principal, ReadSession } from '@ballast/use-cases';
import type { FastifyRequest } from 'fastify';
import type { Loaders } from './loaders';

/** What every resolver of one request shares. Nothing of it outlives the request, so nothing of it can leak to another. */
export interface RequestContext {
  readonly principal: Principal;
  /** One transaction per request in which row level security shows the caller's firm only; opened at the first read. */
  readonly session: ReadSession;
  readonly loaders: Loaders;
  readonly request: FastifyRequest;
  /** When the request arrived: one moment for everything it asks about now. */
  readonly now: Instant;
  /** Tells metrics, logs and traces which operation this is. */
  readonly nameOperation: (operation: string) => void;
}
