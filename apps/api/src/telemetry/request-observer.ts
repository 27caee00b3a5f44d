import { randomUUID } from 'node:crypto';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { writeLogLine } from '../http/process-log';
import { graphqlPath, principalOf } from '../http/request-gate';
import type { ServiceMetrics } from '../metrics/service-metrics';
import { unknownOperation } from './operation-name';

interface Observed {
  readonly requestId: string;
  readonly began: bigint;
  readonly span: Span;
  operation: string;
}

const observed = new WeakMap<object, Observed>();

/** Tells the observer of a request which operation it turned out to be. */
export function nameOperation(request: FastifyRequest, operation: string): void {
  const entry = observed.get(request.raw);
  if (entry === undefined) return;
  entry.operation = operation;
  entry.span.updateName(operation).setAttribute('graphql.operation', operation);
}

/**
 * Watches every request of the GraphQL endpoint: an identifier that goes back to the caller, a span (the caller's trace
 * goes on), a histogram entry, and one log line when it is answered. Bodies, variables and tokens are never looked at.
 */
export function addRequestObserver(fastify: FastifyInstance, metrics: ServiceMetrics): void {
  const tracer = trace.getTracer('ballast');
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isObserved(request)) return done();
    const requestId = identifierOf(request);
    const parent = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(`${request.method} ${graphqlPath}`, { kind: SpanKind.SERVER }, parent);
    span.setAttributes({
      'http.request.method': request.method,
      'url.path': graphqlPath,
      'ballast.request_id': requestId,
    });
    observed.set(request.raw, { requestId, began: process.hrtime.bigint(), span, operation: unknownOperation });
    reply.header('x-request-id', requestId);
    done();
  });
  // The body arrives outside the context of the first hook, so the span becomes the active one here.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const entry = observed.get(request.raw);
    if (entry === undefined) done();
    else context.with(trace.setSpan(context.active(), entry.span), done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const entry = observed.get(request.raw);
    if (entry !== undefined) finish(entry, request, reply.statusCode, metrics);
    done();
  });
}

function finish(entry: Observed, request: FastifyRequest, status: number, metrics: ServiceMetrics): void {
  const { span, operation, requestId, began } = entry;
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  metrics.observe({ operation, status, seconds });
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  const { firmId, subject } = principalOf(request) ?? {};
  const milliseconds = Math.round(seconds * 1e4) / 10;
  writeLogLine({ level: 'info', message: 'answered', requestId, operation, status, milliseconds, firmId, subject });
}

function isObserved(request: FastifyRequest): boolean {
  return (request.routeOptions.url ?? request.url.split('?', 1)[0]) === graphqlPath;
}

/** The caller's own identifier where it is a plain word, so that its log and ours can be laid side by side. */
function identifierOf({ headers }: FastifyRequest): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : randomUUID();
}
