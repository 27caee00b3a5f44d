import type { Principal } from '@ballast/use-cases';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TokenError, type TokenVerifier } from '../authentication/token';
import { statusOf, type TransportErrorCode } from '../graphql/error-code';

/** Path of the GraphQL endpoint. */
export const graphqlPath = '/graphql';

const authorization = 'authorization';

/** Longest token that is looked at; the longest honest ones name hundreds of accounts. */
const tokenLengthMaximum = 15_000;

/** Headers of every answer. */
export const securityHeaders = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['strict-transport-security', 'max-age=31536000'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
] as const;

/** Headers of every answer of the endpoint. */
export const endpointHeaders = [['cache-control', 'no-store']] as const;

const principals = new WeakMap<object, Principal>();

/** Who sent a request that passed the gate. */
export function principalOf(request: FastifyRequest): Principal | undefined {
  return principals.get(request.raw);
}

/** Says who opened a connection, once its first message has told. */
export function introduce(request: FastifyRequest, principal: Principal): void {
  principals.set(request.raw, principal);
}

/** Why a request is not answered, in the form of a GraphQL error. */
export interface Refusal {
  readonly code: TransportErrorCode;
  readonly message: string;
  /** Where HTTP has a finer word than the code. */
  readonly status?: number;
  readonly header?: readonly [string, string];
}

/**
 * Guards the GraphQL endpoint before anything is read: POST with JSON in UTF-8 only, and a verified bearer token. What it
 * refuses is answered as a GraphQL error.
 */
export function addRequestGate(fastify: FastifyInstance, verify: TokenVerifier): void {
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', (request, reply, done) => {
    secureHeaders(reply);
    if (pathOf(request) !== graphqlPath) return done();
    for (const [name, value] of endpointHeaders) reply.header(name, value);
    // A WebSocket says who it is with its first message.
    if (isWebSocketUpgrade(request)) return done();
    const settle = (result: Principal | Refusal): void => {
      if (!('subject' in result)) return void refuseRequest(reply, result);
      principals.set(request.raw, result);
      done();
    };
    const result = findWrongForm(request) ?? authenticate(request, verify);
    if (result instanceof Promise) result.then(settle, done);
    else settle(result);
  });
}

function isWebSocketUpgrade({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

function secureHeaders(reply: FastifyReply): void {
  for (const [name, value] of securityHeaders) reply.header(name, value);
}

function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url.split('?', 1)[0] ?? '';
}

/** Answers a refused request in the form of a GraphQL error, because clients of this path read nothing else. */
export function refuseRequest(reply: FastifyReply, { code, message, status, header }: Refusal): FastifyReply {
  if (header !== undefined) reply.header(...header);
  return reply.code(status ?? statusOf(code)).send({ data: null, errors: [{ message, extensions: { code } }] });
}

function findWrongForm(request: FastifyRequest): Refusal | null {
  const code = 'BAD_USER_INPUT';
  if (request.method !== 'POST')
    return { code, message: 'send operations by POST', status: 405, header: ['allow', 'POST'] };
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (type?.trim() === 'application/json' && isUtf8) return null;
  return { code, message: 'send the operation as application/json in UTF-8', status: 415 };
}

/** The bearer token of a request; null when it has none of the right form, or more than one. */
export function bearerTokenOf(request: IncomingMessage): string | null {
  if (namesSeveral(request)) return null;
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined || token.length > tokenLengthMaximum ? null : token;
}

/** Whether a request has more than one Authorization header. */
function namesSeveral({ rawHeaders }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === authorization.length && name.toLowerCase() === authorization) count += 1;
  }
  return count > 1;
}

/** At once for a token that is remembered. */
function authenticate(
  request: FastifyRequest,
  verify: TokenVerifier,
): Principal | Refusal | Promise<Principal | Refusal> {
  const header = ['www-authenticate', 'Bearer'] as const;
  const code = 'UNAUTHENTICATED';
  if (namesSeveral(request.raw)) return { code, message: 'send one Authorization header', header };
  const token = bearerTokenOf(request.raw);
  if (token === null) return { code, message: 'send the header "Authorization: Bearer <token>"', header };
  const verified = verify(token);
  if (!(verified instanceof Promise)) return verified.principal;
  return verified.then(
    ({ principal }) => principal,
    (error: unknown) => {
      if (!(error instanceof TokenError)) throw error;
      return { code: error.code, message: error.message, ...(error.code === code ? { header } : {}) };
    },
  );
}
