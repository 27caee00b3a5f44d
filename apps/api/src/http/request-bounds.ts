import rateLimit from '@fastify/rate-limit';
import type { Principal } from '@ballast/use-cases';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statusOf } from '../graphql/error-code';
import type { FirmAdmission } from './firm-admission';
import type { HotPath } from '../hot-path/hot-path';
import { graphqlPath, introduce, principalOf, refuseRequest } from './request-gate';

/** Longest time a query may take from its arrival to its answer [ms]. */
export const queryDeadline = 5_000;
/** The same for a mutation: a proposal evaluates every account of the firm. */
export const mutationDeadline = 30_000;

/** Requests of one firm that may wait for a place. */
export const queuedMaximum = 1_000;
const rateWindow = 60_000;

const late = {
  code: 'UNAVAILABLE',
  message:
    'the answer took too long; ask for less, or send a mutation again under the same idempotency key to learn its outcome',
} as const;

export interface RequestLimits {
  /** Root fields one token may ask for per minute. */
  readonly ratePerMinute: number;
  /** Places of a firm; a request that needs a transaction of its own takes one. */
  readonly admission: FirmAdmission;
  /** Asked first; what it does not answer goes on. */
  readonly hotPath: Pick<HotPath, 'answer'>;
}

interface Bound {
  readonly arrived: number;
  readonly reply: FastifyReply;
  timer: NodeJS.Timeout | undefined;
  readonly onDeadline: (() => void)[];
}

const bounds = new WeakMap<object, Bound>();
type Charge = (request: FastifyRequest) => Promise<{ readonly isExceeded: boolean; readonly ttlInSeconds: number }>;
const charges = new WeakMap<object, Charge>();
/** By the server that took the connection, for what comes over sockets. */
const serverCharges = new WeakMap<object, Charge>();

/**
 * Bounds what one caller can take of the service: root fields per minute and token, requests of one firm at once, and the
 * time to an answer. Runs behind the gate, when the body has arrived, so that a slow sender holds no place.
 */
export async function addRequestBounds(fastify: FastifyInstance, limits: RequestLimits): Promise<void> {
  await fastify.register(rateLimit, { global: false, cache: 10_000 });
  const charge = fastify.createRateLimit({
    max: limits.ratePerMinute,
    timeWindow: rateWindow,
    keyGenerator: keyOf,
  }) as unknown as Charge;
  serverCharges.set(fastify.server, charge);
  const { admission, hotPath } = limits;
  fastify.addHook('preHandler', async (request, reply) => {
    const principal = principalOf(request);
    if (principal === undefined || request.routeOptions.url !== graphqlPath) return;
    const arrived = performance.now();
    const rate = await charge(request);
    if (rate.isExceeded) return refuseRate(reply, rate.ttlInSeconds);
    const bound: Bound = { arrived, reply, timer: undefined, onDeadline: [] };
    const hot = hotPath.answer(request, () => reply.sent || reply.raw.destroyed);
    if (hot !== null && (await answerHot(hot, bound))) return reply;
    const place = await admission.enter(principal.firmId, queryDeadline);
    if (place === 'queue-full') return refuseRate(reply, 1);
    if (place === 'waited-too-long') return refuseLate(reply);
    reply.raw.once('close', place);
    if (reply.raw.destroyed) {
      // The caller left while waiting: nobody would read the answer.
      place();
      return reply.hijack();
    }
    charges.set(request.raw, charge);
    bounds.set(request.raw, bound);
    reply.raw.once('close', () => clearTimeout(bound.timer));
    setDeadline(bound, queryDeadline);
    return undefined;
  });
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    clearTimeout(bounds.get(request.raw)?.timer);
    done(null, payload);
  });
}

/** Sends what the short way answers within the time of a query. @returns false when the general way has to answer */
async function answerHot(answer: Promise<Buffer | null>, bound: Bound): Promise<boolean> {
  const { reply } = bound;
  setDeadline(bound, queryDeadline);
  const text = await answer;
  clearTimeout(bound.timer);
  if (reply.sent) return true;
  if (reply.raw.destroyed) {
    reply.hijack();
    return true;
  }
  if (text === null) return false;
  void reply.type('application/json; charset=utf-8').send(text);
  return true;
}

/** Registers what gives up its resources when the time of a request is over. */
export function atDeadline(request: FastifyRequest, giveUp: () => void): void {
  bounds.get(request.raw)?.onDeadline.push(giveUp);
}

/** Gives a request the longer time of a mutation. */
export function extendDeadline(request: FastifyRequest): void {
  const bound = bounds.get(request.raw);
  if (bound !== undefined) setDeadline(bound, mutationDeadline);
}

/**
 * Charges a request for root fields beyond its first, so that aliases buy nothing.
 *
 * @returns seconds to wait when the token has used up its minute, else null
 */
export async function chargeRootFields(request: FastifyRequest, more: number): Promise<number | null> {
  const charge = charges.get(request.raw);
  if (charge === undefined) return null;
  for (let count = 0; count < more; count += 1) {
    const { isExceeded, ttlInSeconds } = await charge(request);
    if (isExceeded) {
      bounds.get(request.raw)?.reply.header('retry-after', String(ttlInSeconds));
      return ttlInSeconds;
    }
  }
  return null;
}

/**
 * Charges a caller for a subscription that begins on a connection.
 *
 * @param request  the request that opened the connection
 * @returns seconds to wait when the caller has used up its minute, else null
 */
export async function chargeSubscription(request: FastifyRequest, principal: Principal): Promise<number | null> {
  const charge = serverCharges.get(request.server.server);
  if (charge === undefined) throw new Error('the rate of the server is not set up');
  introduce(request, principal);
  const { isExceeded, ttlInSeconds } = await charge(request);
  return isExceeded ? Math.max(1, ttlInSeconds) : null;
}

function keyOf(request: FastifyRequest): string {
  const { firmId = '', subject = '' } = principalOf(request) ?? {};
  return `${firmId}:${subject}`;
}

function setDeadline(bound: Bound, milliseconds: number): void {
  clearTimeout(bound.timer);
  const left = Math.max(0, bound.arrived + milliseconds - performance.now());
  bound.timer = setTimeout(() => {
    for (const giveUp of bound.onDeadline) giveUp();
    answerLate(bound.reply);
  }, left);
}

/** Answers past the resolvers, which may still be at work; what they return later is dropped. */
function answerLate(reply: FastifyReply): void {
  if (reply.sent) return;
  reply.hijack();
  const { code, message } = late;
  const body = JSON.stringify({ data: null, errors: [{ message, extensions: { code } }] });
  reply.raw.writeHead(statusOf(code), {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'application/json; charset=utf-8',
    'retry-after': '1',
  });
  reply.raw.end(body);
}

function refuseRate(reply: FastifyReply, seconds: number): FastifyReply {
  const wait = Math.max(1, seconds);
  const message = `too many requests: wait ${wait} s`;
  return refuseRequest(reply, { code: 'RATE_LIMITED', message, header: ['retry-after', String(wait)] });
}

function refuseLate(reply: FastifyReply): FastifyReply {
  return refuseRequest(reply, { ...late, header: ['retry-after', '1'] });
}
