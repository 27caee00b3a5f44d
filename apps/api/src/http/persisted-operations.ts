import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { Principal, Role } from '@ballast/use-cases';
import type { FastifyInstance } from 'fastify';
import { ConfigurationError } from '../api-config';
import { graphqlPath, principalOf, type Refusal, refuseRequest } from './request-gate';

/** Operations the service answers, by the SHA-256 of their text in hexadecimal digits. */
export type OperationManifest = ReadonlyMap<string, string>;

/** What a request asks for, as far as the allow-list looks at it. */
export interface RequestBody {
  query?: unknown;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } | null } | null;
}

/** What decides which operations are answered. */
export interface OperationPolicy {
  /** The allow-list; null answers every operation. */
  readonly manifest: OperationManifest | null;
  /** Roles that may ask beyond the list. */
  readonly adHocRoles: readonly Role[];
}

/**
 * Reads the allow-list: one JSON object, SHA-256 → text of the operation.
 *
 * @throws ConfigurationError when the file cannot be read, or a hash is not that of its text
 */
export function readOperationManifest(file: string): OperationManifest {
  const key = 'PERSISTED_OPERATIONS_FILE';
  let content: unknown;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    throw new ConfigurationError(key, 'expected a readable file of JSON');
  }
  if (content === null || typeof content !== 'object' || Array.isArray(content))
    throw new ConfigurationError(key, 'expected one JSON object: SHA-256 → text of the operation');
  const entries = Object.entries(content as Record<string, unknown>);
  for (const [hash, text] of entries)
    if (typeof text !== 'string' || hashOf(text) !== hash)
      throw new ConfigurationError(key, `the entry ${hash.slice(0, 12)}… is not the SHA-256 of its text`);
  return new Map(entries as [string, string][]);
}

/**
 * Finds the text a request stands for and writes it into the body.
 *
 * A hash must be known, and must fit the text where both are sent. With an allow-list, text that is not on it is for the
 * holders of the given roles only; without one, every text is taken.
 *
 * @returns why the request is refused, or null
 */
export function resolveOperation(
  body: RequestBody,
  principal: Principal,
  { manifest, adHocRoles }: OperationPolicy,
): Refusal | null {
  const { query } = body;
  const hash = body.extensions?.persistedQuery?.sha256Hash;
  if (hash != null) {
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash))
      return { code: 'BAD_USER_INPUT', message: 'sha256Hash: expected 64 hexadecimal digits' };
    if (typeof query === 'string' && hashOf(query) !== hash)
      return { code: 'BAD_USER_INPUT', message: 'sha256Hash: is not the SHA-256 of the query' };
    const known = manifest?.get(hash);
    if (known !== undefined) {
      body.query = known;
      return null;
    }
    if (typeof query !== 'string')
      return { code: 'PERSISTED_QUERY_NOT_FOUND', message: 'no operation is known under this hash' };
  }
  if (manifest === null || typeof query !== 'string' || manifest.has(hashOf(query))) return null;
  if (principal.roles.some((role) => adHocRoles.includes(role))) return null;
  return { code: 'FORBIDDEN', message: 'only operations of the published list are answered' };
}

/** Looks every request of the GraphQL endpoint up in the allow-list before its document is parsed. */
export function addOperationPolicy(fastify: FastifyInstance, policy: OperationPolicy): void {
  fastify.addHook('preHandler', (request, reply, done) => {
    const principal = principalOf(request);
    const { body } = request;
    if (
      principal === undefined ||
      request.routeOptions.url !== graphqlPath ||
      body === null ||
      typeof body !== 'object'
    )
      return done();
    const refusal = resolveOperation(body, principal, policy);
    if (refusal === null) done();
    else refuseRequest(reply, refusal);
  });
}

/** SHA-256 of a text in hexadecimal digits. */
function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
