import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServiceMetrics } from './service-metrics';

/**
 * Serves `GET /metrics`. The page names firms and counts accounts, so it is shown to holders of the configured token, or,
 * where none is configured, to callers on this machine only; everybody else is told that there is nothing.
 */
export function addMetricsRoutes(
  fastify: FastifyInstance,
  { metrics, token }: { readonly metrics: ServiceMetrics; readonly token: string | undefined },
): void {
  fastify.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!mayRead(request, token)) return reply.code(404).send({ message: 'Not found.' });
    const { contentType, body } = await metrics.text();
    return reply.header('content-type', contentType).send(body);
  });
}

function mayRead(request: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return isLoopback(request.socket.remoteAddress ?? '') && !isForwarded(request);
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

/** A proxy on this machine would lend its address to callers from anywhere. */
function isForwarded({ headers }: FastifyRequest): boolean {
  return headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
