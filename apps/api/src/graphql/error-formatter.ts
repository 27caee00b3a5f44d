import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isErrorCode, statusOf, type TransportErrorCode } from './error-code';

/** What Mercurius hands to its error formatter. */
interface FailedExecution {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLError[];
}

/** Told about every failure that is a defect of ours or an outage, with the original error. */
export type FailureLog = (entry: {
  readonly code: string;
  /** First place in the answer that failed so. */
  readonly path: string;
  /** How many places failed so. */
  readonly count: number;
  readonly error: unknown;
}) => void;

const messageLengthMaximum = 500;

/** Refusals of the record, as codes of the API. Everything not listed here is a defect. */
const codeByPersistenceCode: Readonly<Record<string, TransportErrorCode>> = {
  UNAVAILABLE: 'UNAVAILABLE',
  LOCK_TIMEOUT: 'UNAVAILABLE',
  POSTGRES_NOT_STARTED: 'UNAVAILABLE',
  FORBIDDEN: 'FORBIDDEN',
  CONFLICT: 'CONFLICT',
  NOT_FOUND: 'NOT_FOUND',
  REFERENCE_MISSING: 'BAD_USER_INPUT',
  VALUE_REFUSED: 'BAD_USER_INPUT',
};

/** Messages of those refusals: the record's own words name constraints, which are nobody's business. */
const messageByCode: Readonly<Partial<Record<TransportErrorCode, string>>> = {
  UNAVAILABLE: 'The service cannot reach its records at the moment; try again.',
  FORBIDDEN: 'Not permitted.',
  CONFLICT: 'The record changed in the meantime, or the entry exists already.',
  NOT_FOUND: 'Not found.',
  BAD_USER_INPUT: 'The record refused a value of the input.',
  INTERNAL_SERVER_ERROR: 'Internal error.',
};

interface Verdict {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
  /** Status given by the HTTP layer, for example 413 for a body beyond the limit. */
  readonly status?: number | undefined;
}

/**
 * Builds the one error formatter of the API: unwraps what Mercurius wraps, gives every error a code of the closed list,
 * hides the words of defects (and, where asked to, names of the schema that the caller did not write), and chooses the HTTP
 * status.
 *
 * The status is 200 when `data` is partial, otherwise that of the first error's code. An outage or a defect that left
 * no root field with a value is told by its status too (503, 500), so that clients and proxies can react.
 */
export function createErrorFormatter(log: FailureLog, { hideSuggestions }: { readonly hideSuggestions: boolean }) {
  return (execution: FailedExecution) => {
    const originals = (execution.errors ?? []).flatMap(unwrap);
    const judged = originals.map((error) => ({ error, verdict: judge(error) }));
    logFailures(judged, log);
    return {
      statusCode: statusFor(execution.data, judged),
      response: {
        data: execution.data ?? null,
        errors: judged.map((entry) => format(entry, hideSuggestions)) as unknown as GraphQLError[],
      },
    };
  };
}

/** Judges one failure outside of an answer, such as that of a stream: a code of the closed list, and no words of defects. */
export function toClientError(log: FailureLog): (failure: unknown) => GraphQLError {
  return (failure) => {
    const error =
      failure instanceof GraphQLError
        ? failure
        : new GraphQLError(messageOf(failure), { originalError: failure instanceof Error ? failure : null });
    const verdict = judge(error);
    logFailures([{ error, verdict }], log);
    const { message, extensions } = format({ error, verdict }, true);
    return new GraphQLError(message, { extensions: { ...extensions } });
  };
}

/** One entry per code, with the first place: a list of which every row failed is one failure. */
function logFailures(
  judged: readonly { readonly error: GraphQLError; readonly verdict: Verdict }[],
  log: FailureLog,
): void {
  const failed = judged.filter(({ verdict }) => statusOf(verdict.code) >= 500);
  for (const code of new Set(failed.map(({ verdict }) => verdict.code))) {
    const alike = failed.filter(({ verdict }) => verdict.code === code);
    const [first] = alike;
    if (first === undefined) continue;
    const path = (first.error.path ?? []).join('.');
    log({ code, path, count: alike.length, error: first.error.originalError ?? first.error });
  }
}

function unwrap(error: GraphQLError): GraphQLError[] {
  const inner = (error.originalError as { errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(inner) || inner.length === 0) return [error];
  // A refused document may break hundreds of rules at once; the first is enough, and cheap.
  const [cause] = inner as unknown[];
  return [
    cause instanceof GraphQLError ? cause : new GraphQLError(messageOf(cause), { originalError: cause as Error }),
  ];
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function judge(error: GraphQLError): Verdict {
  if (isErrorCode(error.extensions['code'])) return { code: error.extensions['code'], message: error.message };
  const cause = deepestCause(error);
  const { name, code, field, statusCode } = cause as {
    name?: string;
    code?: unknown;
    field?: string;
    statusCode?: number;
  };
  // Which month the firm gave up is no secret of the record's.
  if (name === 'PersistenceError' && code === 'GIVEN_UP') return { code: 'NOT_FOUND', message: cause.message };
  if (name === 'PersistenceError') return masked(codeByPersistenceCode[String(code)] ?? 'INTERNAL_SERVER_ERROR');
  if (cause instanceof GraphQLError && isErrorCode(cause.extensions['code']))
    return { code: cause.extensions['code'], message: cause.message };
  if (name === 'DomainError' || name === 'PricingInputError' || name === 'UseCaseError')
    return { code: transportCodeOf(String(code)), message: cause.message, field };
  if (typeof code === 'string' && code.startsWith('MER_ERR_')) return judgeMercurius(code, cause.message, statusCode);
  if (typeof code === 'string' && code.startsWith('FST_ERR_') && statusCode !== undefined && statusCode < 500)
    return { code: 'BAD_USER_INPUT', message: cause.message, status: statusCode };
  if (code === 'FST_ERR_VALIDATION' || 'validation' in cause) return { code: 'BAD_USER_INPUT', message: cause.message };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { code: 'BAD_USER_INPUT', message: 'The request cannot be read.', status: statusCode };
  return judgeDocument(error);
}

function deepestCause(error: GraphQLError): Error {
  let cause: Error = error;
  while (cause instanceof GraphQLError && cause.originalError != null) cause = cause.originalError;
  return cause;
}

/** Core refusals of an input are the caller's; the others keep their own word, which the contract lists. */
function transportCodeOf(code: string): string {
  if (code.startsWith('INVALID_') || code === 'CURRENCY_MISMATCH') return 'BAD_USER_INPUT';
  if (code === 'NOT_FINITE' || !isErrorCode(code)) return 'INTERNAL_SERVER_ERROR';
  return code;
}

function judgeMercurius(code: string, message: string, statusCode: number | undefined): Verdict {
  if (code === 'MER_ERR_GQL_QUERY_DEPTH') return { code: 'QUERY_TOO_COSTLY', message };
  if (code === 'MER_ERR_GQL_PERSISTED_QUERY_NOT_FOUND') {
    const unnamed = message === 'Unknown query';
    return unnamed
      ? { code: 'BAD_USER_INPUT', message: 'query: required, the text of one GraphQL operation' }
      : { code: 'PERSISTED_QUERY_NOT_FOUND', message };
  }
  if (statusCode !== undefined && statusCode < 500) return { code: 'BAD_USER_INPUT', message, status: statusCode };
  return masked('INTERNAL_SERVER_ERROR');
}

/** An error of graphql itself: no cause of ours stands behind it. */
function judgeDocument(error: GraphQLError): Verdict {
  const { message } = error;
  if (/^Syntax Error: Document contains more/.test(message)) return { code: 'QUERY_TOO_COSTLY', message };
  if (/^Syntax Error/.test(message)) return { code: 'GRAPHQL_PARSE_FAILED', message };
  const ofVariables = /^Variable "\$[^"]*" (?:got invalid value|of (?:required|non-null) type)/.test(message);
  const ofOperation = /^(?:Must provide an operation|Unknown operation named|Must provide operation name)/.test(
    message,
  );
  const ofArgument = /^Argument "/.test(message) && error.path !== undefined;
  const ofInput = /^Too many errors processing variables/.test(message);
  if (ofVariables || ofOperation || ofArgument || ofInput) return { code: 'BAD_USER_INPUT', message };
  if (error.path === undefined && error.originalError === undefined && error.nodes !== undefined)
    return { code: 'GRAPHQL_VALIDATION_FAILED', message };
  return masked('INTERNAL_SERVER_ERROR');
}

function masked(code: TransportErrorCode): Verdict {
  return { code, message: messageByCode[code] ?? code };
}

function statusFor(data: FailedExecution['data'], judged: readonly { readonly verdict: Verdict }[]): number {
  const empty = data == null || Object.values(data).every((value) => value == null);
  const worst = judged.find(({ verdict }) => statusOf(verdict.code) >= 500)?.verdict;
  if (empty && worst !== undefined) return statusOf(worst.code);
  if (data != null) return 200;
  const first = judged[0]?.verdict;
  return first === undefined ? 500 : (first.status ?? statusOf(first.code));
}

function format(
  { error, verdict }: { error: GraphQLError; verdict: Verdict },
  hideSuggestions: boolean,
): GraphQLFormattedError {
  // Names close to a mistaken one would tell the schema piece by piece.
  const message = hideSuggestions ? verdict.message.replace(/ Did you mean [^?]*\?/g, '') : verdict.message;
  return {
    message: message.length > messageLengthMaximum ? `${message.slice(0, messageLengthMaximum)}…` : message,
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { code: verdict.code, ...(verdict.field === undefined ? {} : { field: verdict.field }) },
  };
}
