import type { FastifyInstance } from 'fastify';

/**
 * Tells orchestrators how the process is: `live` as long as it answers, `ready` when it can also reach its records and is
 * not draining.
 */
export function addHealthRoutes(
  fastify: FastifyInstance,
  readiness: () => Promise<{ readonly ready: boolean; readonly reason?: string }>,
): void {
  fastify.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const { ready, reason } = await readiness();
    const body = ready ? { status: 'ok' } : { status: 'unavailable', reason };
    return reply
      .header('cache-control', 'no-store')
      .code(ready ? 200 : 503)
      .send(body);
  });
}
