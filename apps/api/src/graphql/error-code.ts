import { domainErrorCodes } from '@ballast/domain';

/** Transport codes of `errors[].extensions.code`; beside them stand the domain codes of libs/domain. The list is closed. */
export const transportErrorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'QUERY_TOO_COSTLY',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type TransportErrorCode = (typeof transportErrorCodes)[number];

const statusByCode: Readonly<Partial<Record<string, number>>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** HTTP status of a request refused as a whole for a code. */
export function statusOf(code: string): number {
  return statusByCode[code] ?? 400;
}

const known = new Set<string>([...transportErrorCodes, ...domainErrorCodes]);

/** Tells whether a word is one of the codes a client may meet. */
export function isErrorCode(code: unknown): code is string {
  return typeof code === 'string' && known.has(code);
}
