import rateLimit from '@fastify/rate-limit';
import type { Principal } from '@ballast/use-cases';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statusOf } from '../graphql/error-code';
import type { FirmAdmission } from './firm-admission';
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

/** What a caller is told whose time is over, past the framework. */
export const lateAnswer = {
  status: statusOf(late.code),
  headers: [['retry-after', '1']] as const,
  body: JSON.stringify({ data: null, errors: [{ message: late.message, extensions: { code: late.code } }] }),
} as const;

export interface RequestLimits {
  /** Root fields one token may ask for per minute. */
  readonly ratePerMinute: number;
  /** Places of a firm; a request that needs a transaction of its own takes one. */
  readonly admission: FirmAdmission;
}

/** What is left of the minute of a caller. */
export interface Rate {
  readonly isExceeded: boolean;
  readonly ttlInSeconds: number;
}

/** Counts one root field of a caller. */
export type Charge = (principal: Principal) => Promise<Rate>;

interface Bound {
  readonly arrived: number;
  readonly reply: FastifyReply;
  timer: NodeJS.Timeout | undefined;
  readonly onDeadline: (() => void)[];
}

const bounds = new WeakMap<object, Bound>();
/** Requests that the short way has charged and could not answer, and when their bodies had arrived. */
const charged = new WeakMap<object, number>();
const charges = new WeakMap<object, Charge>();
/** By the server that took the connection, for what comes over sockets. */
const serverCharges = new WeakMap<object, Charge>();

/**
 * Bounds what one caller can take of the service: root fields per minute and token, requests of one firm at once, and the
 * time to an answer. Runs behind the gate, when the body has arrived, so that a slow sender holds no place.
 */
export async function addRequestBounds(
  fastify: FastifyInstance,
  { ratePerMinute, admission }: RequestLimits,
): Promise<Charge> {
  const charge = await openRate(fastify, ratePerMinute);
  serverCharges.set(fastify.server, charge);
  fastify.addHook('preHandler', async (request, reply) => {
    const principal = principalOf(request);
    if (principal === undefined || request.routeOptions.url !== graphqlPath) return;
    const arrived = charged.get(request.raw) ?? performance.now();
    if (!charged.has(request.raw)) {
      const rate = await charge(principal);
      if (rate.isExceeded) return refuseRate(reply, rate.ttlInSeconds);
    }
    const bound: Bound = { arrived, reply, timer: undefined, onDeadline: [] };
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
  return charge;
}

/**
 * Says that a request which goes the general way is charged already.
 *
 * @param arrived  when its body had arrived, from which its time counts [ms of `performance.now`]
 */
export function noteCharged(request: IncomingMessage, arrived: number): void {
  charged.set(request, arrived);
}

async function openRate(fastify: FastifyInstance, ratePerMinute: number): Promise<Charge> {
  await fastify.register(rateLimit, { global: false, cache: 10_000 });
  type Charged = Pick<FastifyRequest, 'routeOptions'> & { readonly caller: string };
  const count = fastify.createRateLimit({
    max: ratePerMinute,
    timeWindow: rateWindow,
    keyGenerator: (request) => (request as unknown as Charged).caller,
  }) as unknown as (charged: Charged) => Promise<Rate>;
  const routeOptions = {} as FastifyRequest['routeOptions'];
  return ({ firmId, subject }) => count({ caller: `${firmId}:${subject}`, routeOptions });
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
  const principal = principalOf(request);
  if (charge === undefined || principal === undefined) return null;
  for (let count = 0; count < more; count += 1) {
    const { isExceeded, ttlInSeconds } = await charge(principal);
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
  const { isExceeded, ttlInSeconds } = await charge(principal);
  return isExceeded ? Math.max(1, ttlInSeconds) : null;
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
  const { status, headers, body } = lateAnswer;
  reply.raw.writeHead(status, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'application/json; charset=utf-8',
    ...Object.fromEntries(headers),
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
