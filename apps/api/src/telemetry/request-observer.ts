import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Principal } from '@ballast/use-cases';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { writeLogLine } from '../http/process-log';
import { graphqlPath, principalOf } from '../http/request-gate';
import type { ServiceMetrics } from '../metrics/service-metrics';
import { unknownOperation } from './operation-name';

/** One request of the GraphQL endpoint that is watched. */
export interface ObservedRequest {
  readonly requestId: string;
  /** When it arrived [ms of `performance.now`]. */
  readonly began: number;
  readonly span: Span;
  operation: string;
}

const observed = new WeakMap<object, ObservedRequest>();

/** Tells the observer of a request which operation it turned out to be. */
export function nameOperation(request: FastifyRequest, operation: string): void {
  const entry = observed.get(request.raw);
  if (entry !== undefined) nameObserved(entry, operation);
}

/** Begins to watch a request: an identifier that goes back to the caller, and a span (the caller's trace goes on). */
export function observe({ method = '', headers }: IncomingMessage, began = performance.now()): ObservedRequest {
  const requestId = identifierOf(headers);
  const parent = propagation.extract(context.active(), headers);
  const span = trace.getTracer('ballast').startSpan(`${method} ${graphqlPath}`, { kind: SpanKind.SERVER }, parent);
  if (span.isRecording())
    span.setAttributes({
      'http.request.method': method,
      'url.path': graphqlPath,
      'ballast.request_id': requestId,
    });
  return { requestId, began, span, operation: unknownOperation };
}

export function nameObserved(entry: ObservedRequest, operation: string): void {
  entry.operation = operation;
  if (entry.span.isRecording()) entry.span.updateName(operation).setAttribute('graphql.operation', operation);
}

/** Runs work below the span of a request. */
export function withinSpan<Result>({ span }: ObservedRequest, work: () => Result): Result {
  return context.with(trace.setSpan(context.active(), span), work);
}

/** Goes on watching, once the framework has it, a request that was begun before. */
export function keepObserving(raw: IncomingMessage, entry: ObservedRequest): void {
  observed.set(raw, entry);
}

/** Ends the watching of an answered request: its span, a histogram entry, and one log line. */
export function finishObserving(
  { span, operation, requestId, began }: ObservedRequest,
  { status, principal }: { readonly status: number; readonly principal: Principal | undefined },
  metrics: Pick<ServiceMetrics, 'observe'>,
): void {
  const seconds = (performance.now() - began) / 1_000;
  metrics.observe({ operation, status, seconds });
  if (span.isRecording()) {
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
  const { firmId, subject } = principal ?? {};
  const milliseconds = Math.round(seconds * 1e4) / 10;
  writeLogLine({ level: 'info', message: 'answered', requestId, operation, status, milliseconds, firmId, subject });
}

/**
 * Watches every request of the GraphQL endpoint: an identifier that goes back to the caller, a span (the caller's trace
 * goes on), a histogram entry, and one log line when it is answered. Bodies, variables and tokens are never looked at.
 */
export function addRequestObserver(fastify: FastifyInstance, metrics: ServiceMetrics): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isObserved(request)) return done();
    const entry = observed.get(request.raw) ?? observe(request.raw);
    observed.set(request.raw, entry);
    reply.header('x-request-id', entry.requestId);
    done();
  });
  // The body arrives outside the context of the first hook, so the span becomes the active one here.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const entry = observed.get(request.raw);
    if (entry === undefined) done();
    else withinSpan(entry, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const entry = observed.get(request.raw);
    const answered = { status: reply.statusCode, principal: principalOf(request) };
    if (entry !== undefined) finishObserving(entry, answered, metrics);
    done();
  });
}

function isObserved(request: FastifyRequest): boolean {
  return (request.routeOptions.url ?? request.url.split('?', 1)[0]) === graphqlPath;
}

/** The caller's own identifier where it is a plain word, so that its log and ours can be laid side by side. */
function identifierOf(headers: IncomingMessage['headers']): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : randomUUID();
}
