import type { Principal } from '@ballast/use-cases';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { TokenError, type TokenVerifier } from '../authentication/token';

/** Path of the GraphQL endpoint. */
export const graphqlPath = '/graphql';

/** Longest token that is looked at; the longest honest ones name thousands of accounts. */
const tokenLengthMaximum = 16_384;

const principals = new WeakMap<object, Principal>();

/** Who sent a request that passed the gate. */
export function principalOf(request: FastifyRequest): Principal | undefined {
  return principals.get(request.raw);
}

/**
 * Guards the GraphQL endpoint before anything is read: POST with JSON in UTF-8 only, and a verified bearer token. What it
 * refuses is answered in the form of a GraphQL error, because clients of this path read nothing else.
 */
export function addRequestGate(fastify: FastifyInstance, verify: TokenVerifier): void {
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', async (request, reply) => {
    secureHeaders(reply);
    if (pathOf(request) !== graphqlPath) return;
    reply.header('cache-control', 'no-store');
    requireJsonPost(request, reply);
    principals.set(request.raw, await authenticate(request, reply, verify));
  });
}

function secureHeaders(reply: FastifyReply): void {
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
  reply.header('x-frame-options', 'DENY');
}

function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url.split('?', 1)[0] ?? '';
}

function requireJsonPost(request: FastifyRequest, reply: FastifyReply): void {
  if (request.method !== 'POST') {
    reply.header('allow', 'POST');
    throw refusal('BAD_USER_INPUT', 'send operations by POST', 405);
  }
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (type?.trim() !== 'application/json' || !isUtf8)
    throw refusal('BAD_USER_INPUT', 'send the operation as application/json in UTF-8', 415);
}

async function authenticate(request: FastifyRequest, reply: FastifyReply, verify: TokenVerifier): Promise<Principal> {
  const header = request.headers.authorization;
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '')?.[1];
  const headerCount = request.raw.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  ).length;
  try {
    if (headerCount > 1) throw new TokenError('UNAUTHENTICATED', 'send one Authorization header');
    if (token === undefined || token.length > tokenLengthMaximum)
      throw new TokenError('UNAUTHENTICATED', 'send the header "Authorization: Bearer <token>"');
    return await verify(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    throw refusal(error.code, error.message);
  }
}

/** A refusal by the transport; `status` where HTTP has a finer word than the code. */
export function refusal(code: string, message: string, status?: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...(status === undefined ? {} : { status }) } });
}
