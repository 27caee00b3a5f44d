import { types } from 'node:util';

/**
 * The closed list of reasons for which the record refuses or cannot answer. Outer layers map a code to a transport:
 * the first group to UNAVAILABLE or a configuration exit, the second to a refusal of the caller's input.
 */
export const persistenceErrorCodes = [
  'POSTGRES_NOT_FOUND',
  'POSTGRES_NOT_STARTED',
  'POSTGRES_VERSION_MISMATCH',
  'PLATFORM_UNSUPPORTED',
  'LOCK_TIMEOUT',
  'CONFIGURATION_INVALID',
  'ROLE_UNSAFE',
  'TABLE_UNPROTECTED',
  'SCHEMA_MISMATCH',
  'UNAVAILABLE',
  'FORBIDDEN',
  'CONFLICT',
  'NOT_FOUND',
  'GIVEN_UP',
  'REFERENCE_MISSING',
  'VALUE_REFUSED',
  'RUN_NOT_OPEN',
] as const;

export type PersistenceErrorCode = (typeof persistenceErrorCodes)[number];

/** A refusal by the record: the code says which rule; the message never quotes SQL and is safe to log. */
export class PersistenceError extends Error {
  readonly code: PersistenceErrorCode;

  constructor(code: PersistenceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PersistenceError';
    this.code = code;
  }
}

const codeBySqlState: Readonly<Record<string, PersistenceErrorCode>> = {
  '42501': 'FORBIDDEN', // insufficient privilege, and a row that violates row level security
  '23505': 'CONFLICT', // unique
  '23P01': 'CONFLICT', // exclusion: two versions of one fact overlap
  '40001': 'CONFLICT',
  '40P01': 'CONFLICT',
  '23503': 'REFERENCE_MISSING',
  '23502': 'VALUE_REFUSED',
  '23514': 'VALUE_REFUSED', // check, domain, and a row outside every partition
  '22003': 'VALUE_REFUSED',
  '22007': 'VALUE_REFUSED',
  '22008': 'VALUE_REFUSED',
  '22021': 'VALUE_REFUSED', // U+0000 in text
  '22P02': 'VALUE_REFUSED',
  '22P05': 'VALUE_REFUSED',
  '55P03': 'UNAVAILABLE', // lock not available in time
  '57014': 'UNAVAILABLE', // statement timeout
  '53100': 'UNAVAILABLE', // disk full
  '53200': 'UNAVAILABLE', // out of memory
  '53300': 'UNAVAILABLE',
  '57P01': 'UNAVAILABLE',
  '57P02': 'UNAVAILABLE',
  '57P03': 'UNAVAILABLE',
  '58030': 'UNAVAILABLE', // input or output failed
  '25P03': 'UNAVAILABLE', // idle in transaction too long
  '25006': 'UNAVAILABLE', // read-only transaction: a standby, or a server that takes no writes
  '28000': 'CONFIGURATION_INVALID', // no such login
  '28P01': 'CONFIGURATION_INVALID', // wrong password
  '3D000': 'CONFIGURATION_INVALID', // no such database
};

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
const lostConnection =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered|Cannot use a pool after/;

interface DriverFailure {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
}

/**
 * Translates a failure of the driver into a PersistenceError: SQLSTATE and network codes become one of the closed list,
 * and the constraint's own name (which says the rule) is kept. Anything unknown is returned unchanged: it is a bug.
 */
export function toPersistenceError(failure: unknown): unknown {
  // Errors of Node itself may come from another realm, where `instanceof` does not know them.
  if (!types.isNativeError(failure) || failure instanceof PersistenceError) return failure;
  const { code, constraint, table, column } = failure as Error & DriverFailure;
  if (code !== undefined && code in codeBySqlState) {
    const rule = constraint ?? column ?? table;
    // The only rule whose refusal says in our own words what is wrong.
    if (constraint === 'history_month_is_open')
      return new PersistenceError('GIVEN_UP', failure.message, { cause: failure });
    return new PersistenceError(
      codeBySqlState[code] as PersistenceErrorCode,
      `the record refused the statement (${code}${rule === undefined ? '' : `, ${rule}`})`,
      { cause: failure },
    );
  }
  // TypeORM gives a broken connection back to the pool at once; what follows in the transaction meets this.
  if (failure.name === 'QueryRunnerAlreadyReleasedError') {
    return new PersistenceError('UNAVAILABLE', 'the connection was lost, or the transaction is over', {
      cause: failure,
    });
  }
  if (
    (code !== undefined && (networkCodes.has(code) || code.startsWith('08'))) ||
    lostConnection.test(failure.message)
  ) {
    return new PersistenceError('UNAVAILABLE', 'the database cannot be reached', { cause: failure });
  }
  return failure;
}
