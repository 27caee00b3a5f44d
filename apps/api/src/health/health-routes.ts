import type { FastifyInstance } from 'fastify';

/** How the process is, in words for an orchestrator and an operator. */
export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reason?: string;
  /** Instant of the latest completed run of the firm that was evaluated longest ago; null before the first run. */
  readonly asOf?: string | null;
  /** Milliseconds from that instant to now, ≥ 0. */
  readonly ageMs?: number | null;
}

/**
 * Tells orchestrators how the process is: `live` as long as it answers, `ready` when it can also reach its records and is
 * not draining. A ready answer says how old the oldest latest run is, so that a blind risk engine does not look well.
 */
export function addHealthRoutes(fastify: FastifyInstance, readiness: () => Promise<Readiness>): void {
  fastify.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const { ready, reason, ...runs } = await readiness();
    const body = ready ? { status: 'ok', ...runs } : { status: 'unavailable', reason };
    return reply
      .header('cache-control', 'no-store')
      .code(ready ? 200 : 503)
      .send(body);
  });
}
